"""Expressions from the interpreter's own tree, which is there many times sooner than libcst's.

It gives no parentheses and no punctuation: they are looked up in the text. Where it is not certain what libcst would
say, `UnsureError` is raised, and libcst is asked.
"""

from __future__ import annotations

import _ast as ast
from typing import TYPE_CHECKING, Any

from flaglint.refs.ast_places import Places, UnsureError
from flaglint.remove import cst
from flaglint.remove.cst.base import NOWHERE, move, outer
from flaglint.remove.cst.formatting import parts_of
from flaglint.remove.cst.read_parameters import read_parameters
from flaglint.remove.cst.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flaglint.remove.cst.formatting import Part

_ENCLOSABLE = frozenset(" \t\f\r\n\\#)")
_UNARY = {ast.Invert: cst.BitInvert, ast.USub: cst.Minus, ast.Not: cst.Not, ast.UAdd: cst.Plus}
_BOOLEAN = {ast.And: cst.And, ast.Or: cst.Or}
_BINARY = {
    ast.Add: cst.Add,
    ast.BitAnd: cst.BitAnd,
    ast.BitOr: cst.BitOr,
    ast.BitXor: cst.BitXor,
    ast.Div: cst.Divide,
    ast.FloorDiv: cst.FloorDivide,
    ast.LShift: cst.LeftShift,
    ast.MatMult: cst.MatrixMultiply,
    ast.Mod: cst.Modulo,
    ast.Mult: cst.Multiply,
    ast.Pow: cst.Power,
    ast.RShift: cst.RightShift,
    ast.Sub: cst.Subtract,
}
_COMPARED = {
    ast.Eq: cst.Equal,
    ast.Gt: cst.GreaterThan,
    ast.GtE: cst.GreaterThanEqual,
    ast.In: cst.In,
    ast.Is: cst.Is,
    ast.IsNot: cst.IsNot,
    ast.Lt: cst.LessThan,
    ast.LtE: cst.LessThanEqual,
    ast.NotEq: cst.NotEqual,
    ast.NotIn: cst.NotIn,
}


class ExpressionReader:
    """Makes nodes of the expressions of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = Places(text, 0)
        self.tokens = Tokens(text)
        self.taken: set[int] = set()  # parentheses that belong to a call, a definition or an import
        self._readers: dict[type, Callable[[Any], cst.BaseExpression]] = {
            ast.Attribute: self.attribute,
            ast.Await: self.awaited,
            ast.BinOp: self.binary,
            ast.BoolOp: self.boolean,
            ast.Call: self.call,
            ast.Compare: self.comparison,
            ast.Constant: self.constant,
            ast.Dict: self.dictionary,
            ast.DictComp: self.dict_comprehension,
            ast.GeneratorExp: self.generator,
            ast.IfExp: self.conditional,
            ast.JoinedStr: self.strings,
            ast.Lambda: self.function,
            ast.List: self.listed,
            ast.ListComp: self.list_comprehension,
            ast.Name: self.name,
            ast.NamedExpr: self.walrus,
            ast.Set: self.set_display,
            ast.SetComp: self.set_comprehension,
            ast.Starred: self.starred,
            ast.Subscript: self.subscript,
            ast.Tuple: self.tuple_display,
            ast.UnaryOp: self.unary,
            ast.Yield: self.yielded,
            ast.YieldFrom: self.yielded_from,
        }

    def read(self, node: Any) -> Any:
        """Return the node of an expression, with its parentheses."""
        reader = self._readers.get(type(node))
        if reader is None:
            raise UnsureError
        made = reader(node)
        made.text = self.text
        end = made.place[1]
        if self.text[end : end + 1] in _ENCLOSABLE:
            self.enclose(made)
        return made

    def optional(self, node: Any) -> Any:
        """Return the node of an expression that may not be there."""
        return self.read(node) if node is not None else None

    def enclose(self, made: cst.BaseExpression) -> None:
        """Find the parentheses of an expression that belong to nothing else."""
        tokens = self.tokens
        start, end = outer(made)
        while True:
            close = tokens.after(end)
            opening = tokens.opening.get(close, -1)
            if opening < 0 or opening in self.taken or tokens.after(opening + 1) != start:
                return
            made.lpar = (opening, *made.lpar)
            made.rpar = (*made.rpar, close)
            start, end = opening, close + 1

    # ---------------------------------------------------------------------------------------------------- names, text

    def name(self, node: ast.Name) -> cst.Name:
        start, end = self.places.span(node)
        return cst.Name((start, end), value=self.text[start:end])

    def word(self, start: int, word: str) -> cst.Name:
        """Return the name that stands at `start` and is `word`; raises UnsureError when it is spelled otherwise."""
        if not self.text.startswith(word, start):
            raise UnsureError
        made = cst.Name((start, start + len(word)), value=word)
        made.text = self.text
        return made

    def constant(self, node: ast.Constant) -> cst.BaseExpression:
        value = node.value
        if isinstance(value, (str, bytes)):
            return self.strings(node)
        place = start, end = self.places.span(node)
        source = self.text[start:end]
        if value is None or value is True or value is False:
            return cst.Name(place, value=source)
        if value is ...:
            return cst.Ellipsis(place)
        kind = cst.Integer if isinstance(value, int) else cst.Float if isinstance(value, float) else cst.Imaginary
        return kind(place, value=source)

    def strings(self, node: ast.Constant | ast.JoinedStr) -> cst.BaseString:
        place = self.places.span(node)
        pieces = [self.literal(*found) for found in self.tokens.literals(*place)]
        for piece in pieces:
            piece.text = self.text
        made = pieces.pop()
        while pieces:
            left = pieces.pop()
            made = cst.ConcatenatedString((left.place[0], place[1]), left=left, right=made)
            made.text = self.text
        return made

    def literal(self, start: int, quote: int, end: int) -> cst.BaseString:
        """Return one string literal, given where its first quote is."""
        prefix = self.text[start:quote].lower()
        if "t" in prefix:
            raise UnsureError
        if "f" not in prefix:
            return cst.SimpleString((start, end), value=self.text[start:end])
        width = 3 if self.text.startswith(self.text[quote] * 3, quote) and end - quote > 5 else 1
        parts = parts_of(self.text, quote + width, end - width, is_raw="r" in prefix)
        return cst.FormattedString((start, end), parts=self.parts(parts), start=self.text[start : quote + width])

    def parts(self, parts: Sequence[Part]) -> tuple[cst.BaseFormattedStringContent, ...]:
        return tuple([self.part(part) for part in parts])

    def part(self, part: Part) -> cst.BaseFormattedStringContent:
        place = part.start, part.end
        if part.expression is None:
            return cst.FormattedStringText(place, value=self.text[part.start : part.end])
        return cst.FormattedStringExpression(
            place,
            expression=self.field(*part.expression),
            conversion=part.conversion,
            format_spec=self.parts(part.spec) if part.spec is not None else None,
            equal=part.equal,
        )

    def field(self, start: int, end: int) -> cst.BaseExpression:
        """Return the expression of a field, read on its own: before Python 3.12 the places in it are wrong."""
        source = f"({self.text[start:end]})"
        parsed: Any = compile(source, "<field>", "eval", 0x400, dont_inherit=True)  # ast.PyCF_ONLY_AST
        reader = ExpressionReader(source)
        reader.taken.add(0)
        made: cst.BaseExpression = reader.read(parsed.body)
        move(made, start - 1, self.text)
        return made

    # ------------------------------------------------------------------------------------------------------ operations

    def attribute(self, node: ast.Attribute) -> cst.Attribute:
        value = self.read(node.value)
        place = self.places.span(node)
        return cst.Attribute(place, value=value, attr=self.word(place[1] - len(node.attr), node.attr))

    def awaited(self, node: ast.Await) -> cst.Await:
        return cst.Await(self.places.span(node), expression=self.read(node.value))

    def binary(self, node: ast.BinOp) -> cst.BinaryOperation:
        left = self.read(node.left)
        operator = _BINARY[type(node.op)](NOWHERE)
        return cst.BinaryOperation(self.places.span(node), left=left, operator=operator, right=self.read(node.right))

    def boolean(self, node: ast.BoolOp) -> cst.BaseExpression:
        kind = _BOOLEAN[type(node.op)]
        made: cst.BaseExpression = self.read(node.values[0])
        start = outer(made)[0]
        for value in node.values[1:]:
            right = self.read(value)
            made = cst.BooleanOperation((start, outer(right)[1]), left=made, operator=kind(NOWHERE), right=right)
            made.text = self.text
        return made

    def comparison(self, node: ast.Compare) -> cst.Comparison:
        left = self.read(node.left)
        end = outer(left)[1]
        targets = []
        for how, value in zip(node.ops, node.comparators, strict=True):
            comparator = self.read(value)
            begin, end = end, outer(comparator)[1]
            operator = _COMPARED[type(how)](NOWHERE)
            targets.append(cst.ComparisonTarget((begin, end), operator=operator, comparator=comparator))
        return cst.Comparison(self.places.span(node), left=left, comparisons=tuple(targets))

    def unary(self, node: ast.UnaryOp) -> cst.UnaryOperation:
        operator = _UNARY[type(node.op)](NOWHERE)
        return cst.UnaryOperation(self.places.span(node), operator=operator, expression=self.read(node.operand))

    def conditional(self, node: ast.IfExp) -> cst.IfExp:
        body, test, orelse = self.read(node.body), self.read(node.test), self.read(node.orelse)
        return cst.IfExp(self.places.span(node), test=test, body=body, orelse=orelse)

    def walrus(self, node: ast.NamedExpr) -> cst.NamedExpr:
        return cst.NamedExpr(self.places.span(node), target=self.read(node.target), value=self.read(node.value))

    def yielded(self, node: ast.Yield) -> cst.Yield:
        return cst.Yield(self.places.span(node), value=self.optional(node.value))

    def yielded_from(self, node: ast.YieldFrom) -> cst.Yield:
        place = self.places.span(node)
        start = self.tokens.word(place[0] + len("yield"), "from")
        item = self.read(node.value)
        return cst.Yield(place, value=cst.From((start, outer(item)[1]), item=item))

    def function(self, node: ast.Lambda) -> cst.Lambda:
        place = self.places.span(node)
        params = read_parameters(self, node.args, place[0] + len("lambda"))
        return cst.Lambda(place, params=params, body=self.read(node.body))

    def call(self, node: ast.Call) -> cst.Call:
        place = self.places.span(node)
        self.taken.add(self.tokens.opening[place[1] - 1])
        return cst.Call(place, func=self.read(node.func), args=self.arguments(node.args, node.keywords))

    def arguments(self, values: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> tuple[cst.Arg, ...]:
        """Return the arguments of a call in the order of the text."""
        given: list[ast.expr | ast.keyword] = [*values, *keywords]
        if values and keywords:
            given.sort(key=lambda item: (item.lineno, item.col_offset))
        return tuple([self.argument(item) for item in given])

    def argument(self, node: ast.expr | ast.keyword) -> cst.Arg:
        if isinstance(node, ast.keyword):
            start = self.places.span(node)[0]
            value = self.read(node.value)
            keyword = self.word(start, node.arg) if node.arg is not None else None
            star = "" if node.arg is not None else "**"
            return cst.Arg((start, outer(value)[1]), value=value, keyword=keyword, star=star)
        if isinstance(node, ast.Starred):
            start = self.places.span(node)[0]
            value = self.read(node.value)
            return cst.Arg((start, outer(value)[1]), value=value, keyword=None, star="*")
        value = self.read(node)
        return cst.Arg(outer(value), value=value, keyword=None, star="")

    def subscript(self, node: ast.Subscript) -> cst.Subscript:
        place = self.places.span(node)
        value = self.read(node.value)
        parts = [node.slice]
        if isinstance(node.slice, ast.Tuple) and not self.in_parentheses(node.slice):
            parts = node.slice.elts
        return cst.Subscript(place, value=value, slice=tuple([self.index(part) for part in parts]))

    def index(self, node: ast.expr) -> cst.SubscriptElement:
        if isinstance(node, ast.Slice):
            lower, upper, step = self.optional(node.lower), self.optional(node.upper), self.optional(node.step)
            place = self.places.span(node)
            return cst.SubscriptElement(place, slice=cst.Slice(place, lower=lower, upper=upper, step=step))
        star = "*" if isinstance(node, ast.Starred) else None
        value = self.read(node.value if isinstance(node, ast.Starred) else node)
        place = (self.places.span(node)[0] if star else outer(value)[0], outer(value)[1])
        return cst.SubscriptElement(place, slice=cst.Index(place, value=value, star=star))

    # -------------------------------------------------------------------------------------------------------- displays

    def in_parentheses(self, node: ast.Tuple) -> bool:
        """Whether the place of a tuple has its own parentheses in it."""
        start, end = self.places.span(node)
        return self.tokens.opening.get(end - 1) == start

    def tuple_display(self, node: ast.Tuple) -> cst.Tuple:
        elements = self.elements(node.elts)
        start, end = self.places.span(node)
        if self.in_parentheses(node):
            if not elements:
                made = cst.Tuple((end - 1, end - 1), elements=())
                made.lpar, made.rpar = (start,), (end - 1,)
                return made
            start = elements[0].place[0]
            end = self.tokens.after(elements[-1].place[1])
            end = end + 1 if self.text[end : end + 1] == "," else elements[-1].place[1]
        return cst.Tuple((start, end), elements=elements)

    def elements(self, nodes: Sequence[ast.expr]) -> tuple[cst.BaseElement, ...]:
        return tuple([self.element(node) for node in nodes])

    def element(self, node: ast.expr) -> cst.BaseElement:
        value = self.read(node)
        return value if isinstance(value, cst.StarredElement) else cst.Element(outer(value), value=value)

    def starred(self, node: ast.Starred) -> cst.StarredElement:
        return cst.StarredElement(self.places.span(node), value=self.read(node.value))

    def listed(self, node: ast.List) -> cst.List:
        return cst.List(self.places.span(node), elements=self.elements(node.elts))

    def set_display(self, node: ast.Set) -> cst.Set:
        return cst.Set(self.places.span(node), elements=self.elements(node.elts))

    def dictionary(self, node: ast.Dict) -> cst.Dict:
        elements: list[cst.BaseDictElement] = []
        for given, item in zip(node.keys, node.values, strict=True):
            key = self.optional(given)
            value = self.read(item)
            if key is None:
                stars = len(self.text[: outer(value)[0]].rstrip(" \t\f\r\n\\")) - 2
                elements.append(cst.StarredDictElement((self.tokens.word(stars, "**"), outer(value)[1]), value=value))
            else:
                elements.append(cst.DictElement((outer(key)[0], outer(value)[1]), key=key, value=value))
        return cst.Dict(self.places.span(node), elements=tuple(elements))

    def generator(self, node: ast.GeneratorExp) -> cst.GeneratorExp:
        element = self.read(node.elt)
        loop = self.loops(node.generators, outer(element)[1])
        return cst.GeneratorExp((outer(element)[0], loop.place[1]), elt=element, for_in=loop)

    def list_comprehension(self, node: ast.ListComp) -> cst.ListComp:
        element = self.read(node.elt)
        loop = self.loops(node.generators, outer(element)[1])
        return cst.ListComp(self.places.span(node), elt=element, for_in=loop)

    def set_comprehension(self, node: ast.SetComp) -> cst.SetComp:
        element = self.read(node.elt)
        loop = self.loops(node.generators, outer(element)[1])
        return cst.SetComp(self.places.span(node), elt=element, for_in=loop)

    def dict_comprehension(self, node: ast.DictComp) -> cst.DictComp:
        if node.key is None or node.value is None:
            raise UnsureError
        key, value = self.read(node.key), self.read(node.value)
        loop = self.loops(node.generators, outer(value)[1])
        return cst.DictComp(self.places.span(node), key=key, value=value, for_in=loop)

    def loops(self, nodes: Sequence[ast.comprehension], start: int) -> cst.CompFor:
        """Return the loops of a comprehension, which begin with the blanks behind what comes before them."""
        node, *inside = nodes
        target, iterable = self.read(node.target), self.read(node.iter)
        end = outer(iterable)[1]
        conditions = []
        for condition in node.ifs:
            test = self.read(condition)
            begin, end = end, outer(test)[1]
            conditions.append(cst.CompIf((begin, end), test=test))
        inner = self.loops(inside, end) if inside else None
        return cst.CompFor(
            (start, inner.place[1] if inner is not None else end),
            target=target,
            iter=iterable,
            ifs=tuple(conditions),
            inner_for_in=inner,
            asynchronous=cst.Asynchronous(NOWHERE) if node.is_async else None,
        )
