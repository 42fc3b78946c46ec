"""Where a value that is kept ends up as a literal, and what to tell a person about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.spread import returned
from flaglint.remove.tree import COMPREHENSIONS, dotted
from flaglint.remove.values import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Escape:
    """A literal that stays in the code: which reads it follows from, a reason code and a sentence."""

    origins: frozenset[int]
    code: str
    sentence: str


def escapes(engine: FileEngine) -> Iterator[Escape]:
    """Yield what the marks that are left in a file mean for people, in the order of the text."""
    for stretch in engine.draft.stretches():
        if MARK.search(stretch.text) is None or not stretch.parses:
            continue
        for scope in stretch.scope.walk():
            for use in scope.uses:
                known = engine.marks.of(use.node)
                if known is not None:
                    code, sentence = _meaning(stretch, use.node)
                    if code:
                        yield Escape(known.origins, code, sentence)


def _meaning(stretch: Stretch, node: Node) -> tuple[str, str]:
    tree = stretch.tree
    below = node
    for above in tree.ancestors(node):
        match above:
            case cst.CompIf():
                return "kept-operand", "what the comprehension goes through must still be gone through"
            case cst.BooleanOperation():
                return "kept-operand", "an operand beside it must still run where it stands"
            case cst.DictElement() if above.value is below:
                return "value-escapes", f"the value goes into the dictionary key {tree.source(above.key)}"
            case cst.Arg():
                return "value-escapes", _argument(tree, above)
            case cst.Param():
                return "value-escapes", f"it is the default of the parameter `{above.name.value}`"
            case cst.Lambda():
                return "value-escapes", "a lambda now returns a constant"
            case cst.Return():
                return _returned(tree, above)
            case cst.Assign() | cst.AnnAssign() | cst.NamedExpr():
                return _assigned(tree, above)
            case cst.While():
                return "", ""
            case cst.Yield():
                return "value-escapes", "the value is yielded"
            case _ if isinstance(above, (*COMPREHENSIONS, cst.List, cst.Tuple, cst.Set)):
                return "value-escapes", "the value goes into a collection"
            case cst.BaseSmallStatement() | cst.BaseCompoundStatement():
                return "value-escapes", "the value is used as it is"
        below = above
    return "", ""


def _argument(tree: Tree, arg: cst.Arg) -> str:
    call = tree.parent(arg)
    callee = dotted(call.func) if isinstance(call, cst.Call) else ""
    of = f" of `{callee}`" if callee else ""
    if arg.keyword is not None:
        return f"the value goes into the argument `{arg.keyword.value}`{of}"
    return f"the value goes into an argument{of}"


def _returned(tree: Tree, node: cst.Return) -> tuple[str, str]:
    function = tree.enclosing(node, cst.FunctionDef)
    if function is None or returned(function) is not node.value:
        return "value-escapes", "the value is returned"
    owner = tree.enclosing(function, (cst.ClassDef, cst.FunctionDef))
    what = "method" if isinstance(owner, cst.ClassDef) else "function"
    public = not function.name.value.startswith("_")

    return "public-constant", (
        f"the {'public ' if public else ''}{what} `{function.name.value}` now returns a constant "
        "to whoever still calls it"
    )


def _assigned(tree: Tree, node: cst.Assign | cst.AnnAssign | cst.NamedExpr) -> tuple[str, str]:
    target = node.targets[0].target if isinstance(node, cst.Assign) else node.target
    name = dotted(target) or tree.source(target)
    if isinstance(target, cst.Name):
        return (
            "rebound-variable",
            f"`{name}` keeps the value: it is bound elsewhere too, or read where that is not sure",
        )
    return "value-escapes", f"the value is stored in `{name}`"
