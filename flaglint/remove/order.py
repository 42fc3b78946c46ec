"""The order in which Python evaluates: may something in an expression run before the rest of its statement?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.tree import COMPREHENSIONS, children
from flaglint.remove.values import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container

    from flaglint.remove.draft import Stretch
    from flaglint.remove.scopes import Scope
    from flaglint.remove.tree import Node, Tree


def runs_first(tree: Tree, node: Node, root: Node, is_stable: Callable[[cst.Name], bool]) -> bool:
    """Whether `node` is evaluated whenever `root` is, once, and before anything that it could change or be changed by.

    `is_stable` says of a name whether its value cannot change while an expression is evaluated.
    """
    below = node
    while below is not root:
        above = tree.parent(below)
        if above is None or not _always_evaluates(above, below):
            return False
        for sibling in _evaluated_before(above, below):
            if not _is_still(sibling, is_stable, called=isinstance(above, cst.Call) and above.func is sibling):
                return False
        below = above
    return True


def in_truth_context(tree: Tree, node: Node, shadowed: Container[str] = ()) -> bool:
    """Whether only the truth of the value of `node` matters where it stands; `shadowed` are names of no builtins."""
    below = node
    for above in tree.ancestors(node):
        match above:
            case cst.BooleanOperation():
                below = above
                continue
            case cst.IfExp() if above.test is not below:
                below = above
                continue
            case cst.If() | cst.While() | cst.IfExp() | cst.Assert() | cst.CompIf():
                return above.test is below
            case cst.UnaryOperation():
                return isinstance(above.operator, cst.Not)
            case cst.MatchCase():
                return above.guard is below
            case cst.Expr():
                return True
            case cst.Arg():
                return _asks_for_truth(tree, above, [name for name in ("bool",) if name not in shadowed])
            case cst.Element():
                argument = tree.enclosing(above, cst.Arg)
                return (
                    argument is not None
                    and isinstance(argument.value, (cst.List, cst.Tuple, cst.Set))
                    and argument.value is tree.parent(above)
                    and _asks_for_truth(tree, argument, [name for name in ("any", "all") if name not in shadowed])
                )
        return False
    return False


def _asks_for_truth(tree: Tree, argument: cst.Arg, names: Collection[str]) -> bool:
    """Whether an argument is the only one of a builtin that wants nothing but its truth, or that of its elements."""
    call = tree.parent(argument)
    return (
        isinstance(call, cst.Call)
        and isinstance(call.func, cst.Name)
        and call.func.value in names
        and len(call.args) == 1
        and not argument.star
    )


def _always_evaluates(above: Node, below: Node) -> bool:
    if isinstance(above, (cst.Lambda, cst.FormattedStringExpression)):
        return isinstance(above, cst.FormattedStringExpression)
    if isinstance(above, cst.BooleanOperation):
        return above.left is below
    if isinstance(above, cst.IfExp):
        return above.test is below
    if isinstance(above, cst.Comparison):
        return above.left is below or (len(above.comparisons) >= 1 and above.comparisons[0] is below)
    if isinstance(above, COMPREHENSIONS):
        return above.for_in is below
    if isinstance(above, cst.CompFor):
        return above.iter is below
    return not isinstance(above, (cst.FunctionDef, cst.ClassDef, cst.CompIf))


def _evaluated_before(above: Node, below: Node) -> list[Node]:
    if isinstance(above, cst.DictComp):
        return []
    if isinstance(above, (cst.Assign, cst.AnnAssign)):
        return []  # the value comes before the targets
    if isinstance(above, cst.AugAssign):
        return [above.target]
    if isinstance(above, (*COMPREHENSIONS, cst.CompFor, cst.IfExp)):
        return []
    siblings = children(above)
    return siblings[: siblings.index(below)] if below in siblings else siblings


def _is_still(node: Node, is_stable: Callable[[cst.Name], bool], *, called: bool = False) -> bool:
    """Whether evaluating `node` has no effects, and gives the same before and after anything else runs."""
    if isinstance(node, cst.Name):
        return called or is_stable(node)
    if isinstance(node, (cst.BaseNumber, cst.SimpleString, cst.Ellipsis, cst.Lambda)):
        return True
    if isinstance(node, cst.Attribute):
        return called and _is_still(node.value, is_stable, called=True)
    if isinstance(node, (cst.Call, cst.Await, cst.Yield, cst.NamedExpr, cst.Subscript, cst.BaseComp)):
        return False
    if isinstance(node, (cst.Comparison, cst.BinaryOperation)):
        return False  # an operand may be an object that someone changes meanwhile
    return all(_is_still(child, is_stable) for child in children(node))


class Stability:
    """Tells which names keep their value while an expression is evaluated."""

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch  # whose scopes are only looked at when someone asks

    @cached_property
    def _by_node(self) -> dict[cst.CSTNode, Scope]:
        return {use.node: inner for inner in self._stretch.scope.walk() for use in inner.uses}

    def is_stable(self, name: cst.Name) -> bool:
        """Whether nothing but the function that reads it can rebind the variable `name`."""
        scope = self._by_node.get(name)
        if scope is None:
            return True
        owner = scope.owner_of(name.value)
        if owner.kind == "module":
            bindings = owner.bindings.get(name.value, ())
            return all(
                isinstance(item.owner, (cst.FunctionDef, cst.ClassDef, cst.ImportAlias)) for item in bindings
            ) and (bool(bindings) or MARK.fullmatch(name.value) is not None)
        return len(owner.all_bindings(name.value)) == len(owner.bindings.get(name.value, ()))
