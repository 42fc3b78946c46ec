"""Following a constant through the names it is bound to, inside one stretch of code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.comparing import display_values
from flaglint.remove.matching import is_decidable
from flaglint.remove.neutral import chosen as chosen_arm
from flaglint.remove.order import in_truth_context
from flaglint.remove.tree import FUNCTIONS, LOOPS
from flaglint.remove.values import Known, literal_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.remove.evaluate import Evaluator
    from flaglint.remove.scopes import Binding, Scope, Use
    from flaglint.remove.tree import Node, Tree


def bound_constant(bindings: Sequence[Binding], evaluator: Evaluator) -> Known | None:
    """Return the value that all bindings of a name give it, if they agree and one of them follows from the flag."""
    found: Known | None = None
    values = []
    for binding in bindings:
        if binding.value is None or not isinstance(binding.owner, (cst.Assign, cst.AnnAssign, cst.NamedExpr)):
            return None
        known = evaluator.known(binding.value)
        if known is not None:
            found = (
                known
                if found is None
                else Known(found.value, found.origins | known.origins, found.shape, found.variant)
            )
            values.append((type(known.value), known.value, known.shape))
            continue
        plain = literal_value(binding.value)
        if plain is None:
            return None
        values.append((type(plain[0]), plain[0], "plain"))
    if found is None or (isinstance(found.value, list | dict) and found.shape == "plain"):
        return None
    return found if all(value == values[0] for value in values) else None


def local_constants(scope: Scope, tree: Tree, evaluator: Evaluator) -> Iterator[tuple[Use, Known]]:
    """Yield the reads of local names of functions that are constant, each with its value."""
    for inner in scope.walk():
        if inner.kind != "function" or inner.is_dynamic:
            continue
        for name, bindings in inner.bindings.items():
            everything = inner.all_bindings(name)
            if inner.owner_of_binding(name) is not inner or len(everything) != len(bindings):
                continue
            known = bound_constant(everything, evaluator)
            chosen = None if known is not None else chosen_constant(everything, evaluator)
            if known is None and chosen is None:
                continue
            uses = [
                use
                for use in inner.all_uses(name)
                if not use.deletes and not use.in_text and comes_after(tree, everything[0], use, inner)
            ]
            if known is not None:
                followed = {node for _, node in worth_following(known, [(tree, use.node) for use in uses])}
                yield from ((use, known) for use in uses if use.node in followed)
            elif chosen is not None:
                yield from ((use, chosen) for use in uses if _is_decided(tree, use.node, evaluator))


def chosen_constant(bindings: Sequence[Binding], evaluator: Evaluator) -> Known | None:
    """Return the literal that the only binding of a name gives it, because the flag chose that one of two."""
    only = bindings[0] if len(bindings) == 1 else None
    if only is None or only.value is None or not isinstance(only.owner, (cst.Assign, cst.AnnAssign)):
        return None
    found = chosen_arm(only.value, evaluator)
    plain = literal_value(found[0]) if found is not None else None
    if found is None or plain is None or not isinstance(plain[0], str | int | float | None):
        return None
    return Known(plain[0], found[1].origins)


def _is_decided(tree: Tree, node: Node, evaluator: Evaluator) -> bool:
    """Whether nothing is left of an expression where it stands once it is known: it is tested, or compared."""
    above = tree.parent(node)
    if isinstance(above, cst.ComparisonTarget):
        above = tree.parent(above)
    if isinstance(above, cst.Comparison):
        others = [
            item for item in (above.left, *(target.comparator for target in above.comparisons)) if item is not node
        ]
        return all(literal_value(item) or display_values(item) or evaluator.named(item) for item in others)
    if isinstance(above, cst.Match):
        return all(is_decidable(case.pattern) for case in above.cases)
    if isinstance(above, cst.While):
        return False  # `while 5:` would be left of one that never ends
    return in_truth_context(tree, node, evaluator.shadowed)


def worth_following(known: Known, places: Sequence[tuple[Tree, Node]]) -> list[tuple[Tree, Node]]:
    """Return the places to put a constant in: all, unless a text or a number would be repeated.

    Then those where it decides something are enough, and the name stands for the value in the others. It always does
    where an f-string writes its source (`{name=}`).
    """
    places = [(tree, node) for tree, node in places if not writes_source(tree, node)]
    if known.shape != "plain" or isinstance(known.value, bool | None):
        return list(places)
    deciding = [(tree, node) for tree, node in places if _decides(tree, node)]
    return list(places) if len(places) - len(deciding) <= 1 else deciding


def writes_source(tree: Tree, node: Node) -> bool:
    """Whether an expression stands in a field of an f-string that writes its source beside its value."""
    field = tree.enclosing(node, cst.FormattedStringExpression)
    return field is not None and field.equal is not None


def _decides(tree: Tree, node: Node) -> bool:
    """Whether a value is compared, matched, looked up or tested where it stands."""
    above = tree.parent(node)
    if isinstance(above, (cst.Comparison, cst.ComparisonTarget, cst.Index, cst.BooleanOperation, cst.UnaryOperation)):
        return True
    if isinstance(above, (cst.If, cst.While, cst.IfExp, cst.Assert)):
        return above.test is node
    return isinstance(above, cst.Match)


def comes_after(tree: Tree, binding: Binding, use: Use, scope: Scope) -> bool:
    """Whether `binding` has surely been made when `use` is read: its block is around the use, and it stands before it.

    A use in a nested function counts from where that function is defined.
    """
    place: Node = use.node
    owner = use.scope
    while owner is not scope:
        if owner.node is not None and isinstance(owner.node, FUNCTIONS):
            place = owner.node
        assert owner.parent is not None
        owner = owner.parent
    owner_start = tree.inner(binding.owner)[0]
    if isinstance(binding.owner, cst.NamedExpr):
        return _walrus_before(tree, binding.owner, place)
    if tree.inner(place)[0] <= owner_start:
        return False
    block = _block_of(tree, binding.owner)
    return any(above is block for above in tree.ancestors(place))


def _block_of(tree: Tree, statement: Node) -> Node | None:
    """Return the suite that a simple statement stands in; a line of several statements is no suite."""
    above = tree.parent(statement)
    return tree.parent(above) if isinstance(above, cst.SimpleStatementLine) else above


def _walrus_before(tree: Tree, walrus: cst.NamedExpr, place: Node) -> bool:
    """Whether a walrus runs before `place`: unconditionally in an earlier statement, or in the test around it."""
    if tree.inner(place)[0] < tree.inner(walrus)[1]:
        return False
    below: Node = walrus
    for above in tree.ancestors(walrus):
        if isinstance(above, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            if isinstance(above, LOOPS) and not isinstance(above, cst.For):
                return any(item is above for item in tree.ancestors(place))
            block = _block_of(tree, above) if isinstance(above, cst.BaseSmallStatement) else tree.parent(above)
            if isinstance(above, cst.If) and isinstance(tree.parent(above), cst.If):
                return any(item is above for item in tree.ancestors(place))
            return any(item is block for item in tree.ancestors(place))
        if isinstance(above, cst.BooleanOperation) and above.right is below:
            return any(item is above.right for item in tree.ancestors(place)) or (
                isinstance(above.operator, cst.And) and _in_body_of_test(tree, above, place)
            )
        if isinstance(above, (cst.IfExp, cst.Lambda, cst.CompFor, cst.CompIf, cst.GeneratorExp)):
            return False
        below = above
    return False


def _in_body_of_test(tree: Tree, test: Node, place: Node) -> bool:
    """Whether `place` runs only when the whole of `test`, the test of an `if` or `while`, was true."""
    above = tree.parent(test)
    return (
        isinstance(above, (cst.If, cst.While))
        and above.test is test
        and any(item is above.body for item in tree.ancestors(place))
    )
