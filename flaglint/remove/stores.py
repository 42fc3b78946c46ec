"""Bindings of locals that are of no use any more, but for what they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.remove import cst
from flaglint.remove.handed import only_hands_out
from flaglint.remove.purity import is_droppable, read_effects
from flaglint.remove.rope import Cut
from flaglint.remove.tree import dotted, flat, is_text, walk
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.scopes import Binding, Scope
    from flaglint.remove.step import Step
    from flaglint.remove.tree import Tree

_WHOLE = late(r"\b(?:vars|getattr|asdict)\(|\b__(?:dict|slots|getstate|getattribute|getattr)__\b")  # all that it keeps


def drop_overwritten(stretch: Stretch, scope: Scope, step: Step) -> None:
    """Take `x = None` away where the very next statement binds `x` to what follows from the flag."""
    for name, bindings in scope.bindings.items():
        if len(bindings) < 2 or scope.owner_of_binding(name) is not scope:
            continue
        for binding in bindings:
            if binding.value is None or PREFIX not in stretch.tree.source(binding.value):
                continue
            before = _statement_before(stretch, binding) if _is_plain(binding) else None
            if before is not None and _binds_only(before, name):
                step.remove(before, frozenset())


def _statement_before(stretch: Stretch, binding: Binding) -> cst.Assign | None:
    """Return the assignment right before that of a binding, in the same suite."""
    tree = stretch.tree
    line = tree.parent(binding.owner)
    suite = tree.parent(line) if isinstance(line, cst.SimpleStatementLine) else line
    statements = flat(suite) if suite is not None else []
    index = next((number for number, item in enumerate(statements) if item is binding.owner), 0)
    before = statements[index - 1] if index else None
    return before if isinstance(before, cst.Assign) else None


def _binds_only(node: cst.Assign, name: str) -> bool:
    target = node.targets[0].target
    return len(node.targets) == 1 and isinstance(target, cst.Name) and target.value == name and is_droppable(node.value)


def _is_plain(binding: Binding) -> bool:
    """Whether a binding is `x = known`, which reads nothing and cannot raise."""
    owner = binding.owner
    return isinstance(owner, cst.Assign) and len(owner.targets) == 1 and isinstance(owner.value, cst.Name)


def leave_value(stretch: Stretch, binding: Binding, original: Scope, step: Step) -> bool:
    """Leave what an assignment runs as a statement, where the local was bound by a walrus and nobody reads it."""
    owner = binding.owner
    known = original.bindings.get(binding.name, ())
    if not known or not all(isinstance(item.owner, cst.NamedExpr) for item in known):
        return False
    if (
        not isinstance(owner, cst.Assign)
        or len(owner.targets) != 1
        or not isinstance(owner.value, (cst.Call, cst.Await))
    ):
        return False
    if not step.claim(owner):
        return False
    step.rewrite([Cut(stretch.tree.inner(owner)[0], stretch.tree.outer(owner.value)[0])])
    return True


def remove_asked(engine: FileEngine, stretch: Stretch, binding: Binding, original: Scope, step: Step) -> bool:
    """Take out a local that was there for the reads which went to be asked of: `flags = get_identity_flags(user)`.

    A function of the project that does more than hand it out must still run.
    """
    owner, value = binding.owner, binding.value
    if not isinstance(owner, cst.Assign) or len(owner.targets) != 1 or not isinstance(value, cst.Call):
        return False
    home = next(item for item in engine.draft.original if item.parsed.has_scope(original.module))
    uses = [home.tree.inner(use.node)[0] + home.base for use in original.all_uses(binding.name)]
    if len(original.bindings[binding.name]) != 1 or not uses or not engine.certain.issuperset(uses):
        return False
    if read_effects(value, step.evaluator.harmless) or engine.computing is None:
        return False
    if not only_hands_out(engine.computing, engine.path, value):
        return False
    calls = [item for item in walk(value) if isinstance(item, cst.Call)]  # of `client().flags()`, each for itself
    ends = [(start + stretch.base, end + stretch.base - 1) for start, end in map(stretch.tree.inner, calls)]
    places = [tuple(map(engine.draft.rope.origin, place)) for place in ends]
    if any(None in place for place in places) or not step.remove(owner, frozenset()):
        return False
    engine.asked += [(first, last + 1) for first, last in places if first is not None and last is not None]
    return True


def remove_described(tree: Tree, owner: cst.Assign | cst.AnnAssign, step: Step) -> bool:
    """Take an assignment away with the text right below that describes it: of a constant, or of an attribute."""
    if not step.remove(owner, frozenset()):
        return False
    line = tree.parent(owner)
    suite = tree.parent(line) if isinstance(line, cst.SimpleStatementLine) else None
    if suite is None or isinstance(tree.enclosing(owner, (cst.FunctionDef, cst.ClassDef)), cst.FunctionDef):
        return True
    statements = flat(suite)
    index = next(number for number, item in enumerate(statements) if item is owner)
    below = statements[index + 1] if index + 1 < len(statements) else None
    if below is not None and is_text(below):
        if len(tree.text[tree.inner(owner)[1] : tree.inner(below)[0] + 1].splitlines()) == 2:
            step.remove(below, frozenset())
    return True


def follow_declarations(stretch: Stretch, scope: Scope, original: Scope | None, step: Step) -> None:
    """Let `global` and `nonlocal` follow: they go for names that this removal left without a binding here."""
    assert isinstance(scope.node, cst.FunctionDef)
    for node in walk(scope.node.body) if scope.globals or scope.nonlocals else ():
        if (
            not isinstance(node, (cst.Global, cst.Nonlocal))
            or stretch.tree.enclosing(node, cst.FunctionDef) is not scope.node
        ):
            continue
        idle = [
            item
            for item in node.names
            if item.name.value not in scope.bindings and original is not None and item.name.value in original.bindings
        ]
        if len(idle) == len(node.names):
            step.remove(node, frozenset())
        elif idle and step.claim(node):
            left = [item.name.value for item in node.names if item not in idle]
            word = "global" if isinstance(node, cst.Global) else "nonlocal"
            step.rewrite([Cut(*stretch.tree.inner(node), f"{word} {', '.join(left)}")])


def forget_name(stretch: Stretch, owner: cst.WithItem | cst.ExceptHandler | cst.ExceptStarHandler, step: Step) -> bool:
    """Take ` as name` off a context manager, or off an exception that is caught."""
    what, bound = (owner.item, owner.asname) if isinstance(owner, cst.WithItem) else (owner.type, owner.name)
    if what is None or bound is None or not isinstance(bound.name, cst.Name) or not step.claim(owner):
        return False
    step.rewrite([Cut(stretch.tree.outer(what)[1], stretch.tree.outer(bound.name)[1])])
    return True


def is_lost_by_own_object(engine: FileEngine, stretch: Stretch, node: cst.Assign, bases: frozenset[str]) -> bool:
    """Whether a statement, one of several of a method, sets what the file now reads less often of objects of a class.

    The class has no base but these, which read none of what is set.
    """
    target, tree = node.targets[0].target, stretch.tree
    function = tree.enclosing(node, (cst.FunctionDef, cst.Lambda))
    owner = tree.enclosing(function, (cst.FunctionDef, cst.ClassDef)) if function is not None else None
    if not isinstance(target, cst.Attribute) or not isinstance(owner, cst.ClassDef) or owner.decorators:
        return False
    if not isinstance(function, cst.FunctionDef) or function.decorators or target.attr.value.startswith("__"):
        return False
    first = next((item.name.value for item in (*function.params.posonly_params, *function.params.params)), "")
    if dotted(target.value) != first or not {dotted(arg.value).rpartition(".")[2] for arg in owner.bases} <= bases:
        return False
    word = f".{target.attr.value}"
    if engine.draft.text.count(word) >= engine.draft.rope.original.count(word):
        return False
    if _WHOLE.search(tree.source(owner)):
        return False
    return any(item is not node and not is_text(item) for item in flat(function.body))
