"""Folding inside expressions: the part of an expression that still matters takes the place of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.remove import cst
from flaglint.remove.cst.base import code
from flaglint.remove.elements import without_element
from flaglint.remove.evaluate import chain
from flaglint.remove.neutral import chosen, left_of_sum
from flaglint.remove.purity import is_bool, is_droppable
from flaglint.remove.rope import Cut
from flaglint.remove.splats import unpacked
from flaglint.remove.surgery import keep_operands, replace_by_part, replace_by_text
from flaglint.remove.tree import children, dotted
from flaglint.remove.values import Known, literal_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.remove.evaluate import Evaluator
    from flaglint.remove.tree import Node, Tree

_FOLDED = frozenset(
    {cst.BooleanOperation, cst.IfExp, cst.UnaryOperation, cst.CompFor, cst.CompIf, cst.Assert, cst.While, cst.If}
    | {cst.Call, cst.Subscript, cst.FormattedString, cst.BinaryOperation}
)


class ExpressionFolder:
    """Finds the outermost foldable parts of an expression and returns the cuts that fold them, in tree offsets."""

    def __init__(
        self,
        tree: Tree,
        evaluator: Evaluator,
        entry: Callable[[cst.Name], cst.BaseExpression | None],
        looked_up: Callable[[Node], None] = lambda _: None,
    ) -> None:
        """`entry` gives the display that a name stands for where looking something up in it may be done now.

        `looked_up` is told of each expression that gives way to an entry from elsewhere.
        """
        self.tree = tree
        self.evaluator = evaluator
        self.marks = evaluator.marks
        self.entry = entry
        self.looked_up = looked_up
        self._unpacked_in: set[Node | None] = set()

    def fold(self, node: Node, *, truth: bool = False) -> Iterator[Cut]:
        """Yield the cuts that fold `node`; with `truth`, only whether it is true matters."""
        kind = type(node)
        if kind is cst.Name:
            return
        if isinstance(node, cst.BaseExpression) and node not in self.evaluator.pending:
            found = self._value(node, truth=truth)
            if found is not None:
                yield from replace_by_text(self.tree, node, self.marks.name(found))
                return
        yield from self._form(node, truth=truth) if kind in _FOLDED else self._below(node)

    def _below(self, node: Node) -> Iterator[Cut]:
        for child in children(node):
            yield from self.fold(child)

    def _form(self, node: Node, *, truth: bool) -> Iterator[Cut]:
        match node:
            case cst.BooleanOperation():
                yield from self._chain(node, truth=truth)
            case cst.IfExp():
                yield from self._choice(node, truth=truth)
            case cst.UnaryOperation(operator=cst.Not()):
                yield from self.fold(node.expression, truth=True)
            case cst.BinaryOperation():
                left = left_of_sum(node, self.evaluator)
                yield from self._below(node) if left is None else replace_by_part(self.tree, node, left)
            case cst.CompFor():
                yield from self._comprehension(node)
            case cst.CompIf() | cst.Assert() | cst.While() | cst.If():
                yield from self.fold(node.test, truth=True)
            case cst.Call():
                yield from self._call(node, truth=truth)
            case cst.Subscript():
                yield from self._lookup(node)
            case cst.FormattedString():
                yield from self._format(node)
            case _:
                yield from self._below(node)

    def _value(self, node: cst.BaseExpression, *, truth: bool) -> Known | None:
        found = self.evaluator.known(node)
        if found is None and truth:
            known = self.evaluator.truth(node)
            if known is not None and not known.effects:
                found = Known(known.is_true, known.origins)
        return found

    # ---------------------------------------------------------------------------------------------- and, or, if-else

    def _chain(self, node: cst.BooleanOperation, *, truth: bool) -> Iterator[Cut]:
        operands = chain(node)
        deciding = isinstance(node.operator, cst.Or)
        kept: list[int] = []
        for index, operand in enumerate(operands):
            found = self.evaluator.truth(operand)
            if found is not None and not found.effects and found.is_true != deciding:
                is_last = index == len(operands) - 1
                if not is_last or truth or self._is_plain_bool(operands, kept, operand, value=not deciding):
                    continue
            kept.append(index)
            if found is not None and found.is_true == deciding:
                break  # what follows is never evaluated
        if len(kept) == len(operands):
            for operand in operands:
                yield from self.fold(operand, truth=truth)
        elif kept:
            yield from keep_operands(self.tree, node, kept)
        else:
            for operand in operands:
                yield from self.fold(operand, truth=truth)

    def _is_plain_bool(self, operands: list[Any], kept: list[int], last: cst.BaseExpression, *, value: bool) -> bool:
        """Whether `x and True` is x: the last operand is that very constant, and what is left can be no other false."""
        found = self.evaluator.known(last)
        return (
            found is not None
            and found.shape == "plain"
            and found.value is value
            and bool(kept)
            and all(is_bool(operands[index]) for index in kept)
        )

    def _choice(self, node: cst.IfExp, *, truth: bool) -> Iterator[Cut]:
        found = chosen(node, self.evaluator)
        if found is not None:
            holder = self.tree.parent(self.tree.parent(node) or node)
            cuts = unpacked(self.tree, node, found[0])
            if cuts is None:
                yield from replace_by_part(self.tree, node, found[0])
            elif holder not in self._unpacked_in:  # one at a time: the cuts of two neighbours would meet
                self._unpacked_in.add(holder)
                yield from cuts
            return
        yield from self.fold(node.test, truth=True)
        yield from self.fold(node.body, truth=truth)
        yield from self.fold(node.orelse, truth=truth)

    def _comprehension(self, node: cst.CompFor) -> Iterator[Cut]:
        yield from self.fold(node.iter)
        for condition in node.ifs:
            found = self.evaluator.truth(condition.test)
            if found is not None and found.is_true and not found.effects:
                start, _ = self.tree.inner(condition)
                start -= len(self.tree.text[:start]) - len(self.tree.text[:start].rstrip())
                yield Cut(start, self.tree.outer(condition.test)[1])
            elif self.marks.of(condition.test) is None:
                yield from self.fold(condition)
        if node.inner_for_in is not None:
            yield from self.fold(node.inner_for_in)

    # ----------------------------------------------------------------------------------------------- calls, look-ups

    def _call(self, node: cst.Call, *, truth: bool) -> Iterator[Cut]:
        found = list(self._any_all(node, truth=truth)) or list(self._get(node))
        if found:
            yield from found
            return
        yield from self.fold(node.func)
        is_bool_call = isinstance(node.func, cst.Name) and node.func.value == "bool" and len(node.args) == 1
        for arg in node.args:
            yield from self.fold(arg.value, truth=is_bool_call and "bool" not in self.evaluator.shadowed)

    def _any_all(self, node: cst.Call, *, truth: bool) -> Iterator[Cut]:
        """`any([x, False])` needs no False; with one element left it is the truth of that."""
        name = node.func.value if isinstance(node.func, cst.Name) else ""
        if name not in {"any", "all"} or name in self.evaluator.shadowed or len(node.args) != 1:
            return
        display = node.args[0].value
        if not isinstance(display, (cst.List, cst.Tuple, cst.Set)):
            return
        elements = list(display.elements)
        neutral = [self._is_neutral(element, neutral=name == "all") for element in elements]
        left = [element for element, gone in zip(elements, neutral, strict=True) if not gone]
        if len(left) == len(elements) or not left:
            return
        if len(left) == 1 and isinstance(left[0], cst.Element) and "#" not in self.tree.source(display):
            yield from self._single(node, left[0].value, truth=truth)
            return
        # one at a time: the cuts of two neighbours would meet
        yield from without_element(self.tree, elements, elements[neutral.index(True)])

    def _single(self, node: cst.Call, element: cst.BaseExpression, *, truth: bool) -> Iterator[Cut]:
        if truth or is_bool(element):
            yield from replace_by_part(self.tree, node, element)
        else:
            start, end = self.tree.inner(element)
            whole = self.tree.inner(node)
            yield Cut(whole[0], start, "bool(")
            yield Cut(end, whole[1], ")")

    def _is_neutral(self, element: cst.BaseElement, *, neutral: bool) -> bool:
        found = self.evaluator.truth(element.value) if isinstance(element, cst.Element) else None
        return found is not None and not found.effects and found.is_true == neutral

    def _lookup(self, node: cst.Subscript) -> Iterator[Cut]:
        """`{"a": f, "b": g}["a"]` is f when nothing in the display does anything."""
        index = node.slice[0].slice if len(node.slice) == 1 else None
        known = self._key(index.value) if isinstance(index, cst.Index) else None
        if known is not None and known.shape != "details":
            key = known.variant if known.shape == "variant" else known.value
            if cuts := list(self._from_display(node, node.value, key, known)):
                yield from cuts
                return
        for child in children(node):
            yield from self.fold(child)

    def _key(self, node: cst.BaseExpression) -> Known | None:
        """Return what is known of a key: that it follows from the flag, or is the literal that the flag chose."""
        known = self.evaluator.known(node)
        found = chosen(node, self.evaluator) if known is None else None
        plain = literal_value(found[0]) if found is not None else None
        return known if found is None or plain is None else Known(plain[0], found[1].origins)

    def _get(self, node: cst.Call) -> Iterator[Cut]:
        """`display.get(key)` and `display.get(key, default)` with a known key."""
        if not isinstance(node.func, cst.Attribute) or node.func.attr.value != "get" or not 1 <= len(node.args) <= 2:
            return
        known = self._key(node.args[0].value)
        if known is None or known.shape == "details" or any(arg.keyword or arg.star for arg in node.args):
            return
        default = node.args[1].value if len(node.args) == 2 else None
        if default is None or is_droppable(default):
            key = known.variant if known.shape == "variant" else known.value
            yield from self._from_display(node, node.func.value, key, known, default=default, has_default=True)

    def _from_display(
        self,
        node: cst.BaseExpression,
        container: cst.BaseExpression,
        key: Any,
        known: Known,
        *,
        default: cst.BaseExpression | None = None,
        has_default: bool = False,
    ) -> Iterator[Cut]:
        display = self.entry(container) if isinstance(container, cst.Name) else container
        if display is None:
            return
        found = entry_of(display, key)
        if found is None and has_default and isinstance(display, cst.Dict) and keys_of(display) is not None:
            if display is not container:
                self.looked_up(node)
            if default is not None:
                yield from replace_by_part(self.tree, node, default)
            else:
                yield from replace_by_text(self.tree, node, self.marks.name(known.becoming(None)))
        elif found is not None and display is container:
            yield from replace_by_part(self.tree, node, found)
        elif found is not None and (dotted(found) or literal_value(found) is not None):
            self.looked_up(node)
            yield from replace_by_text(self.tree, node, code(found))

    # ------------------------------------------------------------------------------------------------------ f-strings

    def _format(self, node: cst.FormattedString) -> Iterator[Cut]:
        fields = [part for part in node.parts if isinstance(part, cst.FormattedStringExpression)]
        texts = [self._field_text(part, node) for part in fields]
        for part, text in zip(fields, texts, strict=True):
            if text is not None:
                yield Cut(*self.tree.inner(part), text)
            else:
                for child in children(part):
                    yield from self.fold(child)
        braces = any(
            "{" in part.value or "}" in part.value for part in node.parts if isinstance(part, cst.FormattedStringText)
        )
        if fields and all(text is not None for text in texts) and not braces:
            start = self.tree.inner(node)[0]
            for offset, letter in enumerate(node.start.rstrip("\"'")):
                if letter in "fF":
                    yield Cut(start + offset, start + offset + 1)

    def _field_text(self, part: cst.FormattedStringExpression, string: cst.FormattedString) -> str | None:
        """Return the text of a field that is constant now, if it can stand in the string as it is."""
        if part.conversion is not None or part.format_spec is not None or part.equal is not None:
            return None
        found = self.evaluator.known(part.expression)
        value = found.value if found is not None and found.shape == "plain" else None
        if found is None and isinstance(part.expression, cst.IfExp):
            test = self.evaluator.truth(part.expression.test)
            if test is not None and not test.effects:
                arm = literal_value(part.expression.body if test.is_true else part.expression.orelse)
                value = arm[0] if arm is not None and isinstance(arm[0], str) else None
        if not isinstance(value, str | bool | int):
            return None
        text = str(value)
        return text if text.isprintable() and not set("{}\\\"'") & set(text) and string.start else None


def keys_of(display: cst.Dict) -> list[Any] | None:
    """Return the keys of a dictionary display, or None when one of them, or an effect, is not known."""
    keys = []
    for element in display.elements:
        key = literal_value(element.key) if isinstance(element, cst.DictElement) else None
        if key is None or not is_droppable(element.value):
            return None
        keys.append(key[0])
    return keys


def entry_of(display: cst.BaseExpression, key: Any) -> cst.BaseExpression | None:
    """Return the expression that looking `key` up in a display gives, if all of the display is known to do nothing."""
    if isinstance(display, cst.Dict):
        keys = keys_of(display)
        found = [index for index, item in enumerate(keys or ()) if item == key]  # False finds what stands below 0
        return display.elements[found[-1]].value if found else None
    if isinstance(display, (cst.List, cst.Tuple)) and isinstance(key, int):
        plain = all(isinstance(element, cst.Element) and is_droppable(element.value) for element in display.elements)
        return display.elements[key].value if plain and -len(display.elements) <= key < len(display.elements) else None
    return None
