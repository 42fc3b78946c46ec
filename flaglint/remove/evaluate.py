"""What an expression comes to once the flag is pinned: its value, or at least its truth, and what must still run.

Only expressions that follow from a mark are looked at; a constant that was there before is left as it is. `known` is
about values and wants nothing to be lost; `truth` is about a place where only true or false matters, such as a test,
and says which operands must still be evaluated, in order, for their effects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.comparing import compare_values, display_values, part_of_variant, single_index
from flaglint.remove.cst.parsing import parse_expression
from flaglint.remove.purity import is_bool, is_droppable, read_effects
from flaglint.remove.tree import dotted, walk
from flaglint.remove.values import Known, literal_value

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from flaglint.remove.tree import Tree
    from flaglint.remove.values import Marks

_METHODS = frozenset({"startswith", "endswith", "lower", "upper", "strip", "casefold", "title"})
BUILTINS = frozenset({"all", "any", "bool", "int", "str"})  # calls of which are evaluated
# What may have a value that follows from a mark.
_FORMS = frozenset({cst.Name, cst.UnaryOperation, cst.BooleanOperation, cst.Comparison, cst.IfExp, cst.Call})
_FORMS |= {cst.Attribute, cst.Subscript}


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of an expression, the reads it follows from, and the sources of what must still run, in order."""

    is_true: bool
    origins: frozenset[int]
    effects: tuple[str, ...] = ()


class Evaluator:
    """Evaluates expressions of one tree.

    `pending` gives reads that are calls with arguments that must still run, by node; `harmless` are reads of other
    flags; `shadowed` are names that the file binds itself, so that they are no builtins; `constant` resolves a name to
    a display that never changes, and `named` an expression to the literal that it is a name of.
    """

    def __init__(
        self,
        tree: Tree,
        marks: Marks,
        *,
        pending: Mapping[cst.CSTNode, Known] | None = None,
        harmless: Container[cst.CSTNode] = (),
        shadowed: Container[str] = (),
        constant: Callable[[cst.Name], cst.BaseExpression | None] = lambda _: None,
        named: Callable[[cst.BaseExpression], tuple[Any] | None] = lambda _: None,
    ) -> None:
        self.tree = tree
        self.marks = marks
        self.pending = pending or {}
        self.harmless = harmless
        self.shadowed = shadowed
        self.constant = constant
        self.named = named

    # ------------------------------------------------------------------------------------------------------ values

    def known(self, node: cst.CSTNode) -> Known | None:
        """Return the value of an expression that follows from a mark and has no effects, else None."""
        if type(node) not in _FORMS:
            return None
        match node:
            case cst.Name():
                return self.marks.of(node)
            case cst.UnaryOperation(operator=cst.Not()):
                found = self.truth(node.expression)
                return self._from_truth(found, negated=True)
            case cst.BooleanOperation():
                return self._boolean(node)
            case cst.Comparison():
                return self._comparison(node)
            case cst.IfExp():
                test = self.truth(node.test)
                if test is None or test.effects:
                    return None
                chosen = node.body if test.is_true else node.orelse
                arm = self.known(chosen)
                arm = arm or _plain_bool(chosen)  # `x if flag else False` goes on folding
                return None if arm is None else Known(arm.value, arm.origins | test.origins, arm.shape, arm.variant)
            case cst.Call():
                return self._call(node)
            case cst.Attribute():
                return self._attribute(node)
            case cst.Subscript():
                return self._subscript(node)
        return None

    def _from_truth(self, found: Truth | None, *, negated: bool) -> Known | None:
        if found is None or found.effects:
            return None
        return Known(found.is_true != negated, found.origins)

    def _boolean(self, node: cst.BooleanOperation) -> Known | None:
        """`a and b` is a when a is false, else b: known when what decides is."""
        left = self.known(node.left)
        if left is not None:
            if left.is_true == isinstance(node.operator, cst.Or):
                return left
            right = self.known(node.right) or _plain_bool(node.right)
            return None if right is None else Known(right.value, left.origins | right.origins, right.shape)
        right = self.known(node.right)
        deciding = isinstance(node.operator, cst.Or)
        if (
            right is not None
            and right.value is deciding
            and right.shape == "plain"
            and is_bool(node.left)
            and is_droppable(node.left, self.harmless)
        ):
            return right  # `x is y or True` is True and nothing else
        return None

    def operand(self, node: cst.BaseExpression) -> tuple[Any, Known | None] | None:
        """Return the plain value of an operand, with what it follows from; a literal follows from nothing."""
        found = self.known(node)
        if found is not None:
            return (found.value, found) if found.shape == "plain" else self._variant_name(found)
        plain = literal_value(node)
        return (plain[0], None) if plain is not None else None

    def _by_name(self, node: cst.BaseExpression) -> tuple[Any, None] | None:
        plain = self.named(node)
        return (plain[0], None) if plain is not None else None

    @staticmethod
    def _variant_name(found: Known) -> tuple[Any, Known] | None:
        return (found.variant, found) if found.shape == "variant" and found.variant is not None else None

    def _comparison(self, node: cst.Comparison) -> Known | None:
        if all(self.known(part) is None for part in (node.left, *(item.comparator for item in node.comparisons))):
            return None
        left = self.operand(node.left) or self._by_name(node.left)
        if left is None:
            return None
        if len(node.comparisons) == 1 and isinstance(node.comparisons[0].operator, (cst.In, cst.NotIn)):
            return self._membership(left, node.comparisons[0])
        known = [left[1]] if left[1] is not None else []
        outcome = True
        for target in node.comparisons:
            right = self.operand(target.comparator) or self._by_name(target.comparator)
            compared = compare_values(target.operator, left[0], right[0]) if right is not None else None
            if right is None or compared is None:
                return None
            known += [right[1]] if right[1] is not None else []
            outcome, left = outcome and compared, right
        return known[0].becoming(outcome, *known[1:]) if known else None

    def _membership(self, left: tuple[Any, Known | None], target: cst.ComparisonTarget) -> Known | None:
        container = self.operand(target.comparator)
        if left[1] is not None:
            found = self._contains(left[0], target.comparator)
        elif container is not None and container[1] is not None and isinstance(container[0], str | list | dict):
            found = left[0] in container[0] if isinstance(left[0], str) or not isinstance(container[0], str) else None
        else:
            return None
        sources = [item for item in (left[1], container[1] if container is not None else None) if item is not None]
        return None if found is None else sources[0].becoming(found == isinstance(target.operator, cst.In), *sources)

    def _contains(self, value: Any, container: cst.BaseExpression) -> bool | None:
        display: cst.BaseExpression | None = container
        if isinstance(container, cst.Name):
            display = self.constant(container)
        if isinstance(display, cst.Call) and dotted(display.func) in {"frozenset", "set", "tuple", "list"}:
            display = display.args[0].value if len(display.args) == 1 else None
        values = display_values(display, self.named)
        if values is not None:
            return any(value is item or value == item for item in values)
        text = literal_value(display) if display is not None else None
        if text is not None and isinstance(text[0], str) and isinstance(value, str):
            return value in text[0]
        return None

    def _call(self, node: cst.Call) -> Known | None:
        if isinstance(node.func, cst.Name) and node.func.value in BUILTINS and node.func.value not in self.shadowed:
            return self._builtin(node, node.func.value)
        if isinstance(node.func, cst.Attribute):
            found = self.known(node.func.value)
            if found is None or found.shape == "details":
                return None
            return self._method(node, found, node.func.attr.value)
        return None

    def _builtin(self, node: cst.Call, name: str) -> Known | None:
        if len(node.args) != 1 or node.args[0].keyword is not None or node.args[0].star:
            return None
        argument = node.args[0].value
        if name == "bool":
            return self._from_truth(self.truth(argument), negated=False)
        if name in {"str", "int"} and (found := self.known(argument)) is not None and found.shape == "plain":
            if name == "str" and isinstance(found.value, str):
                return found
            if name == "int" and isinstance(found.value, bool | int):
                return found.becoming(int(found.value))
        if name in {"any", "all"} and isinstance(argument, (cst.List, cst.Tuple, cst.Set)):
            return self._any_all(argument, deciding=name == "any")
        return None

    def _any_all(self, display: cst.List | cst.Tuple | cst.Set, *, deciding: bool) -> Known | None:
        elements = [element.value for element in display.elements]
        if not all(
            isinstance(element, cst.Element) and is_droppable(element.value, self.harmless)
            for element in display.elements
        ):
            return None
        found = [self._truth_or_literal(element) for element in elements]
        known = [item for item in found if item is not None and not item.effects]
        if not any(item.origins for item in known):
            return None
        decided = [item for item in known if item.is_true == deciding]
        if decided:
            return Known(deciding, decided[0].origins)
        if known and len(known) == len(elements):
            return Known(not deciding, frozenset().union(*(item.origins for item in known)))
        return None

    def _truth_or_literal(self, node: cst.BaseExpression) -> Truth | None:
        plain = literal_value(node)
        return Truth(bool(plain[0]), frozenset()) if plain is not None else self.truth(node)

    def _method(self, node: cst.Call, found: Known, name: str) -> Known | None:
        arguments = [literal_value(arg.value) for arg in node.args]
        if any(arg.keyword is not None or arg.star for arg in node.args):
            return None
        if name == "get" and found.shape == "variant" and arguments and arguments[0] is not None:
            return part_of_variant(found, arguments[0][0])
        if found.shape == "plain" and isinstance(found.value, str) and name in _METHODS and all(arguments):
            return found.becoming(getattr(found.value, name)(*(item[0] for item in arguments if item is not None)))
        if found.shape == "plain" and isinstance(found.value, dict) and name == "get" and arguments and arguments[0]:
            key = arguments[0][0]
            if key in found.value:
                return found.becoming(found.value[key])
            default = arguments[1] if len(arguments) == 2 else (None,)
            return found.becoming(default[0]) if default is not None else None
        return None

    def _attribute(self, node: cst.Attribute) -> Known | None:
        found = self.known(node.value)
        if found is None:
            return None
        if found.shape == "details":
            if node.attr.value == "value":
                return found.becoming(found.value)
            return found.becoming(found.variant) if node.attr.value == "variant" and found.variant is not None else None
        if found.shape == "variant":
            return part_of_variant(found, node.attr.value)
        return None

    def _subscript(self, node: cst.Subscript) -> Known | None:
        index = single_index(node)
        found = self.known(node.value)
        if index is None or found is None:
            return None
        key = literal_value(index)
        if key is None:
            return None
        if found.shape == "variant":
            return part_of_variant(found, key[0])
        if (
            found.shape == "plain"
            and isinstance(found.value, dict)
            and isinstance(key[0], str)
            and key[0] in found.value
        ):
            return found.becoming(found.value[key[0]])
        return None

    # ------------------------------------------------------------------------------------------------------- truth

    def truth(self, node: cst.BaseExpression) -> Truth | None:
        """Return the truth of an expression in a place where nothing else of it matters, else None."""
        found = self.known(node)
        if found is not None:
            return Truth(found.is_true, found.origins)
        if node in self.pending:
            return self._pending_truth(node)
        match node:
            case cst.UnaryOperation(operator=cst.Not()):
                inner = self.truth(node.expression)
                return None if inner is None else Truth(not inner.is_true, inner.origins, inner.effects)
            case cst.BooleanOperation():
                return self._chain_truth(node)
            case cst.IfExp():
                test = self.truth(node.test)
                if test is None:
                    return None
                arm = self.truth(node.body if test.is_true else node.orelse)
                if arm is None:
                    return None
                return Truth(arm.is_true, arm.origins | test.origins, test.effects + arm.effects)
            case cst.Call(func=cst.Name(value="bool"), args=[single]) if (
                "bool" not in self.shadowed and not single.star
            ):
                return self.truth(single.value)
        return None

    def _pending_truth(self, node: cst.BaseExpression) -> Truth | None:
        found = self.pending[node]
        parts = read_effects(node, self.harmless)
        if any(below in self.pending for part in parts for below in walk(part)):
            return None
        kept = tuple(self.tree.text[slice(*self.tree.outer(item))] for item in parts)
        return Truth(found.is_true, found.origins, kept)

    def _chain_truth(self, node: cst.BooleanOperation) -> Truth | None:
        operands = chain(node)
        deciding = isinstance(node.operator, cst.Or)
        origins: frozenset[int] = frozenset()
        everything: list[Truth | None] = []
        for index, item in enumerate(operands):
            found = self._truth_or_literal(item)
            everything.append(found)
            if found is None:
                continue
            origins |= found.origins
            if found.is_true == deciding:
                if not origins or any(self._waits(earlier) for earlier in operands[:index]):
                    return None  # a constant that was there before decides
                return Truth(deciding, origins, self._kept(operands[:index], found, node.operator))
        if origins and all(item is not None for item in everything):
            kept = tuple(effect for item in everything if item is not None for effect in item.effects)
            return Truth(not deciding, origins, kept)
        return None

    def _waits(self, node: cst.BaseExpression) -> bool:
        """Whether a read stands in `node` that is no constant yet, so that its source cannot be moved."""
        return bool(self.pending) and self.truth(node) is None and any(below in self.pending for below in walk(node))

    def _kept(self, before: list[cst.BaseExpression], found: Truth, joined_by: cst.BaseBooleanOp) -> tuple[str, ...]:
        """Return what must still run of a chain that `found` decides: the operands before it, as far as they matter."""
        leading: list[str] = []
        conditions: list[tuple[str, bool]] = []  # operands whose outcome says whether the next one runs
        for item in before:
            earlier = self.truth(item)
            if earlier is not None and not conditions:
                leading += earlier.effects
            elif earlier is None or earlier.effects:
                conditions.append((self.tree.text[slice(*self.tree.outer(item))], is_droppable(item, self.harmless)))
        while conditions and conditions[-1][1] and not found.effects:
            conditions.pop()
        sources = [source for source, _ in conditions]
        if not sources:
            return (*leading, *found.effects)
        if found.effects:
            sources.append(f"({', '.join(found.effects)})" if len(found.effects) > 1 else in_chain(found.effects[0]))
        return (*leading, (" or " if isinstance(joined_by, cst.Or) else " and ").join(sources))


def _plain_bool(node: cst.BaseExpression) -> Known | None:
    """Return the value of `True` or `False`, which counts where it is all that the flag leaves."""
    plain = literal_value(node)
    return Known(plain[0], frozenset()) if plain is not None and isinstance(plain[0], bool) else None


def in_chain(source: str) -> str:
    """Return `source` as an operand of `and` or `or`: in parentheses when it binds less tightly."""
    parsed = parse_expression(f"({source})")
    loose = isinstance(parsed, (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Yield))
    return f"({source})" if loose and len(getattr(parsed, "lpar", ())) == 1 else source


def chain(node: cst.BooleanOperation) -> list[cst.BaseExpression]:
    """Return the operands of `a and b and c`, in order; an operand in parentheses stays whole."""
    operands: list[cst.BaseExpression] = []
    for side in (node.left, node.right):
        if isinstance(side, cst.BooleanOperation) and not side.lpar and type(side.operator) is type(node.operator):
            operands += chain(side)
        else:
            operands.append(side)
    return operands
