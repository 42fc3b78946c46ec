"""Turns libcst expressions into `ir`, and registers each call, subscript and attribute that is read as a site."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import libcst as cst

from flaglint.refs import ir
from flaglint.refs.cst_literals import formatted_text, literal, literal_string
from flaglint.refs.cursor import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flaglint.refs.cst_literals import Scalar
    from flaglint.refs.cursor import Cursor

AnyComprehension = cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp

_CONSTANTS: dict[str, ir.Expr] = {"True": ir.Value(value=True), "False": ir.Value(value=False), "None": ir.Value(None)}
_SKIPPED_FIELDS = (
    "whitespace",
    "lpar",
    "rpar",
    "comma",
    "lines",
    "header",
    "footer",
    "colon",
    "semicolon",
    "dot",
    "equal",
)
_FIELDS: dict[type, tuple[str, ...]] = {}


class ExpressionReader:
    """Reads the expressions of one unit where its cursor stands."""

    def __init__(self, cursor: Cursor, places: Mapping[cst.CSTNode, tuple[int, int]], shift: int) -> None:
        self.cursor = cursor
        self._places = places
        self._shift = shift

    def place(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return the `[start, end)` of a node in the unit, in code points."""
        start, end = self._places.get(node, (0, 0))
        return max(0, start - self._shift), max(0, end - self._shift)

    def site(self, expr: ir.Call | ir.Subscript | ir.Attribute, head: str, node: cst.CSTNode, use: Use) -> None:
        self.cursor.site(expr, head, *self.place(node), use)

    def read(self, node: cst.BaseExpression, role: str, **use: Any) -> ir.Expr:
        """Return `node` as `ir`, and register the sites in it. `role` is the place that its value goes to."""
        return self.read_for(node, Use(role, **use))

    def read_for(self, node: cst.BaseExpression, use: Use) -> ir.Expr:
        reader = _READERS.get(type(node))
        if reader is None:
            self.descend(node)
            return ir.OPAQUE
        return reader(self, node, use)

    def name(self, node: cst.Name, use: Use) -> ir.Expr:
        constant = _CONSTANTS.get(node.value)
        if constant is not None:
            return constant
        if use.compared:
            self.cursor.scope.compares.setdefault(node.value, []).extend(use.compared)
        return self.cursor.name_at(node.value)

    def number(self, node: cst.Integer | cst.Float, _: Use) -> ir.Expr:
        return literal(node) or ir.OPAQUE

    def attribute(self, node: cst.Attribute, use: Use) -> ir.Expr:
        attribute = ir.Attribute(self.read(node.value, "receiver"), node.attr.value)
        self.site(attribute, node.attr.value, node, use)
        return attribute

    def subscript_read(self, node: cst.Subscript, use: Use) -> ir.Expr:
        subscript = self.subscript(node)
        self.site(subscript, "", node, use)
        return subscript

    def unary(self, node: cst.UnaryOperation, use: Use) -> ir.Expr:
        if isinstance(node.operator, cst.Not):
            return ir.Negation(self.read_for(node.expression, use._replace(negated=not use.negated, compared=())))
        self.read(node.expression, "operand")
        return literal(node) or ir.OPAQUE

    def boolean(self, node: cst.BooleanOperation, _: Use) -> ir.Expr:
        left = self.read(node.left, "boolean-operand")
        return ir.Choice((left, self.read(node.right, "boolean-operand")), is_boolean=True)

    def conditional(self, node: cst.IfExp, use: Use) -> ir.Expr:
        first = len(self.cursor.sites)
        self.read(node.test, "conditional-expression")
        with self.cursor.guarded(since=first):
            body = self.read(node.body, "conditional-branch", target=use.target)
            return ir.Choice((body, self.read(node.orelse, "conditional-branch", target=use.target)))

    def display(self, node: cst.List | cst.Tuple | cst.Set, _: Use) -> ir.Expr:
        items = tuple(self.element(item) for item in node.elements)
        return ir.Sequence(items, tuple(self.place(_first(item.value)) for item in node.elements))

    def walrus(self, node: cst.NamedExpr, use: Use) -> ir.Expr:
        name = node.target.value if isinstance(node.target, cst.Name) else ""
        value = self.read_for(node.value, use._replace(target=name))
        if name:
            self.cursor.function_scope().bindings.setdefault(name, []).append(
                ir.Assigned(value, self.cursor.current, when=self.cursor.moment())
            )
        return value

    def yielded(self, node: cst.Yield, _: Use) -> ir.Expr:
        self.cursor.function_scope().yields = True
        self.descend(node)
        return ir.OPAQUE

    def descend(self, node: cst.CSTNode) -> None:
        """Read the expressions below a node that has no meaning of its own here."""
        kind = type(node)
        names = _FIELDS.get(kind)
        if names is None:
            names = tuple(f.name for f in fields(kind) if not any(word in f.name for word in _SKIPPED_FIELDS))
            _FIELDS[kind] = names
        for name in names:
            value = getattr(node, name)
            for child in value if isinstance(value, list | tuple) else (value,):
                if isinstance(child, cst.BaseExpression):
                    self.read(child, "operand")
                elif isinstance(child, cst.CSTNode):
                    self.descend(child)

    def call(self, node: cst.Call, use: Use) -> ir.Expr:
        if isinstance(node.func, cst.Attribute):
            func: ir.Expr = ir.Attribute(self.read(node.func.value, "receiver"), node.func.attr.value)
            head = node.func.attr.value
        else:
            func = self.read(node.func, "callee")
            head = func.id if isinstance(func, ir.Name) else ""
        args = tuple(
            ir.Arg(self.read(arg.value, "argument"), arg.keyword.value if arg.keyword else "", arg.star)
            for arg in node.args
        )
        call = ir.Call(func, args)
        self.site(call, head, node, use)
        return call

    def awaited(self, node: cst.Await, use: Use) -> ir.Expr:
        return ir.Awaited(self.read_for(node.expression, use._replace(awaited=True)))

    def subscript(self, node: cst.Subscript) -> ir.Subscript:
        base = self.read(node.value, "receiver")
        index: ir.Expr = ir.OPAQUE
        if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
            index = self.read(node.slice[0].slice.value, "index")
        else:
            for element in node.slice:
                self.descend(element)
        return ir.Subscript(base, index)

    def read_target(self, node: cst.Subscript | cst.Attribute) -> ir.Subscript | ir.Attribute:
        """Return the target of a store; it is no site itself."""
        if isinstance(node, cst.Subscript):
            return self.subscript(node)
        return ir.Attribute(self.read(node.value, "receiver"), node.attr.value)

    def string(self, node: cst.BaseExpression, _: Use) -> ir.Expr:
        text = literal_string(node)
        if text is not None:
            return ir.Text(text)
        return ir.joined_text(self.string_parts(node))

    def string_parts(self, node: cst.BaseExpression) -> list[ir.Expr]:
        if isinstance(node, cst.ConcatenatedString):
            return self.string_parts(node.left) + self.string_parts(node.right)
        if not isinstance(node, cst.FormattedString):
            text = literal_string(node)
            return [ir.Text(text)] if text is not None else [ir.OPAQUE]
        parts: list[ir.Expr] = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                parts.append(ir.Text(formatted_text(node, part.value)))
            elif isinstance(part, cst.FormattedStringExpression):
                value = self.read(part.expression, "f-string")
                if part.equal is not None:  # `{name=}` writes the expression, too
                    parts.append(ir.Text(_spelled(part)))
                plain = {"s"} if part.equal is not None else {None, "s"}
                parts.append(value if part.format_spec is None and part.conversion in plain else ir.OPAQUE)
                if part.format_spec is not None:
                    for nested in part.format_spec:
                        self.descend(nested)
        return parts

    def comparison(self, node: cst.Comparison, _: Use) -> ir.Expr:
        values: list[Scalar] = []
        operands = [node.left, *(item.comparator for item in node.comparisons)]
        for operand in operands:
            found = literal(operand)
            if found is not None:
                values.append(found.value)
            elif isinstance(operand, cst.Tuple | cst.List | cst.Set):
                values += [item.value for element in operand.elements if (item := literal(element.value)) is not None]
        ordering = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
        if any(isinstance(item.operator, ordering) for item in node.comparisons):
            values = []  # `> 100` asks for no value of its own
        for operand in operands:
            self.read(operand, "comparison", compared=tuple(values))
        return ir.OPAQUE

    def binary(self, node: cst.BinaryOperation, _: Use) -> ir.Expr:
        left, right = self.read(node.left, "operand"), self.read(node.right, "operand")
        if isinstance(node.operator, cst.Add):
            if isinstance(left, ir.Sequence) and isinstance(right, ir.Sequence):
                return ir.Sequence((*left.items, *right.items), (*left.offsets, *right.offsets))
            return ir.Join((*ir.parts_of(left), *ir.parts_of(right)))
        if isinstance(node.operator, cst.Modulo):
            return ir.Percent(left, right)
        if isinstance(node.operator, cst.BitOr):
            return ir.Mapping(((None, left), (None, right)))
        return ir.OPAQUE

    def element(self, node: cst.BaseElement) -> ir.Expr:
        value = self.read(node.value, "element")
        return ir.Spread(value) if isinstance(node, cst.StarredElement) else value

    def dictionary(self, node: cst.Dict, _: Use) -> ir.Mapping:
        pairs: list[tuple[ir.Expr | None, ir.Expr]] = []
        offsets: list[tuple[int, int]] = []
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                pairs.append((self.read(element.key, "dict-key"), self.read(element.value, "dict-value")))
                offsets.append(self.place(element.key))
            else:
                pairs.append((None, self.read(element.value, "dict-value")))
                offsets.append(self.place(element))
        return ir.Mapping(tuple(pairs), tuple(offsets))

    def annotation(self, node: cst.Annotation) -> ir.Expr:
        """Return what an annotation names; a string annotation is read as a name or a dotted name."""
        before = len(self.cursor.sites)
        value = self.read(node.annotation, "annotation")
        del self.cursor.sites[before:]
        return ir.named_in(value) if isinstance(value, ir.Text) else value

    def parameters(self, node: cst.Parameters) -> tuple[ir.Parameter, ...]:
        found = [self.parameter(item) for item in (*node.posonly_params, *node.params)]
        if isinstance(node.star_arg, cst.Param):
            found.append(self.parameter(node.star_arg, star="*"))
        found += [self.parameter(item, keyword_only=True) for item in node.kwonly_params]
        if node.star_kwarg is not None:
            found.append(self.parameter(node.star_kwarg, star="**"))
        return tuple(found)

    def parameter(self, node: cst.Param, *, star: str = "", keyword_only: bool = False) -> ir.Parameter:
        default = self.read(node.default, "default") if node.default is not None else None
        annotation = self.annotation(node.annotation) if node.annotation is not None else None
        return ir.Parameter(node.name.value, default, annotation, star, keyword_only)

    def function(self, node: cst.Lambda, _: Use) -> ir.Lambda:
        self.cursor.scopes.append(
            ir.Scope("lambda", "<lambda>", self.cursor.current, self.parameters(node.params), statements=1)
        )
        index = len(self.cursor.scopes) - 1
        with self.cursor.inside(index):
            self.cursor.scope.returns.append(self.read(node.body, "lambda-body"))
        return ir.Lambda(index)

    def comprehension(self, node: AnyComprehension, _: Use) -> ir.Comprehension:
        self.cursor.scopes.append(ir.Scope("comprehension", "", self.cursor.current))
        index = len(self.cursor.scopes) - 1
        clause: cst.CompFor | None = node.for_in
        key: ir.Expr | None = None
        with self.cursor.inside(index):
            while clause is not None:
                iterable = self.read(clause.iter, "iterable")
                self.bind_loop(clause.target, iterable)
                self.cursor.loops += 1
                for condition in clause.ifs:
                    self.read(condition.test, "comprehension")
                clause = clause.inner_for_in
            if isinstance(node, cst.DictComp):
                key = self.read(node.key, "dict-key")
                element = self.read(node.value, "dict-value")
            else:
                element = self.read(node.elt, "element")
        return ir.Comprehension(element, index, key)

    def bind_loop(self, target: cst.BaseExpression, iterable: ir.Expr, path: tuple[int, ...] = ()) -> None:
        """Bind the names of a loop target."""
        if isinstance(target, cst.Name):
            self.cursor.add_binding(
                target.value, ir.Iterated(iterable, self.cursor.current, path, self.cursor.moment())
            )
        elif isinstance(target, cst.Tuple | cst.List):
            for index, element in enumerate(target.elements):
                self.bind_loop(element.value, iterable, (*path, index))
        elif isinstance(target, cst.Attribute | cst.Subscript):
            self.cursor.change(self.read_target(target))


def _first(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return the first element of a tuple: of `(KEY, description)` the key is what stands for the pair."""
    while isinstance(node, cst.Tuple | cst.List) and node.elements:
        node = node.elements[0].value
    return node


def _spelled(part: cst.FormattedStringExpression) -> str:
    """Return what `{name=}` writes before the value: the text up to and with the blanks behind the sign."""
    assert part.equal is not None
    module = cst.Module([])
    before, after = part.whitespace_before_expression, part.whitespace_after_expression
    pieces: tuple[cst.CSTNode, ...] = (before, part.expression, part.equal, after)
    return "".join(module.code_for_node(piece) for piece in pieces)


_READERS: dict[type, Callable[..., ir.Expr]] = {
    cst.Name: ExpressionReader.name,
    cst.SimpleString: ExpressionReader.string,
    cst.ConcatenatedString: ExpressionReader.string,
    cst.FormattedString: ExpressionReader.string,
    cst.Integer: ExpressionReader.number,
    cst.Float: ExpressionReader.number,
    cst.Call: ExpressionReader.call,
    cst.Attribute: ExpressionReader.attribute,
    cst.Subscript: ExpressionReader.subscript_read,
    cst.UnaryOperation: ExpressionReader.unary,
    cst.BooleanOperation: ExpressionReader.boolean,
    cst.Comparison: ExpressionReader.comparison,
    cst.IfExp: ExpressionReader.conditional,
    cst.Await: ExpressionReader.awaited,
    cst.BinaryOperation: ExpressionReader.binary,
    cst.List: ExpressionReader.display,
    cst.Tuple: ExpressionReader.display,
    cst.Set: ExpressionReader.display,
    cst.Dict: ExpressionReader.dictionary,
    cst.NamedExpr: ExpressionReader.walrus,
    cst.Lambda: ExpressionReader.function,
    cst.ListComp: ExpressionReader.comprehension,
    cst.SetComp: ExpressionReader.comprehension,
    cst.GeneratorExp: ExpressionReader.comprehension,
    cst.DictComp: ExpressionReader.comprehension,
    cst.Yield: ExpressionReader.yielded,
}
