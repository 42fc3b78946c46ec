"""Turns expressions of `ast` into `ir`, and registers each call, subscript and attribute that is read as a site.

The same as `cst_expressions` says of the same text, node by node and in the same order: a test holds them together.
"""

from __future__ import annotations

import _ast as ast
import sys
from typing import TYPE_CHECKING, Any

from flaglint.refs import ir
from flaglint.refs.ast_fields import fields_of
from flaglint.refs.ast_literals import Scalar, literal
from flaglint.refs.ast_places import Places, UnsureError
from flaglint.refs.cursor import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from flaglint.refs.ast_fields import Field
    from flaglint.refs.cursor import Cursor

_FIELDS_HAVE_PLACES = sys.version_info >= (3, 12)
_STR_CONVERSIONS = frozenset({-1, ord("s")})
_CONSTANTS: dict[object, ir.Expr] = {True: ir.Value(value=True), False: ir.Value(value=False), None: ir.Value(None)}

_RECEIVER, _CALLEE, _ARGUMENT, _INDEX = Use("receiver"), Use("callee"), Use("argument"), Use("index")
_OPERAND, _ELEMENT, _BOOLEAN, _ITERABLE = Use("operand"), Use("element"), Use("boolean-operand"), Use("iterable")
_KEY, _VALUE, _FORMATTED, _TEST = Use("dict-key"), Use("dict-value"), Use("f-string"), Use("conditional-expression")
_DEFAULT, _ANNOTATION, _FILTER, _BODY = Use("default"), Use("annotation"), Use("comprehension"), Use("lambda-body")


class ExpressionReader:
    """Reads the expressions of one unit where its cursor stands."""

    def __init__(self, cursor: Cursor, places: Places) -> None:
        self.cursor = cursor
        self.places = places

    def read(self, node: ast.expr, use: Use) -> ir.Expr:
        """Return `node` as `ir`, and register the sites in it. `use` is the place that its value goes to."""
        return _READERS[type(node)](self, node, use)

    def site(self, expr: ir.Call | ir.Subscript | ir.Attribute, head: str, node: ast.expr, use: Use) -> None:
        start, end = self.places.place(node)
        self.cursor.site(expr, head, start, end, use)

    def name(self, node: ast.Name, use: Use) -> ir.Expr:
        cursor = self.cursor
        if use.compared:
            cursor.scope.compares.setdefault(node.id, []).extend(use.compared)
        cursor.order += 1
        return ir.Name(node.id, cursor.order, cursor.block_path)

    def constant(self, node: ast.Constant, _: Use) -> ir.Expr:
        value = node.value
        kind = type(value)
        if kind is str:
            return ir.Text(value)  # type: ignore[arg-type] # a string
        if value is None or kind is bool:
            return _CONSTANTS[value]
        if kind is int or kind is float:
            return ir.Value(value)  # type: ignore[arg-type] # a number
        return ir.Join((ir.OPAQUE,), "f-string") if isinstance(value, bytes) else ir.OPAQUE

    def attribute(self, node: ast.Attribute, use: Use) -> ir.Expr:
        value = node.value
        attribute = ir.Attribute(_READERS[type(value)](self, value, _RECEIVER), node.attr)
        self.site(attribute, node.attr, node, use)
        return attribute

    def subscript_read(self, node: ast.Subscript, use: Use) -> ir.Expr:
        subscript = self.subscript(node)
        self.site(subscript, "", node, use)
        return subscript

    def subscript(self, node: ast.Subscript) -> ir.Subscript:
        base = self.read(node.value, _RECEIVER)
        index = node.slice
        if isinstance(index, ast.Slice):
            self.slice(index)
            return ir.Subscript(base, ir.OPAQUE)
        if not isinstance(index, ast.Tuple):
            return ir.Subscript(base, self.read(index, _INDEX))
        if self.places.in_parentheses(index):  # one index that is a tuple, not several
            return ir.Subscript(base, self.read(index, _INDEX))
        for item in index.elts:
            if isinstance(item, ast.Slice):
                self.slice(item)
                continue
            inner = item.value if isinstance(item, ast.Starred) else item
            if len(index.elts) == 1:  # `x[a,]`
                return ir.Subscript(base, self.read(inner, _INDEX))
            self.read(inner, _OPERAND)
        return ir.Subscript(base, ir.OPAQUE)

    def slice(self, node: ast.Slice) -> None:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.read(part, _OPERAND)

    def read_target(self, node: ast.Subscript | ast.Attribute) -> ir.Subscript | ir.Attribute:
        """Return the target of a store; it is no site itself."""
        if isinstance(node, ast.Subscript):
            return self.subscript(node)
        return ir.Attribute(self.read(node.value, _RECEIVER), node.attr)

    def unary(self, node: ast.UnaryOp, use: Use) -> ir.Expr:
        if isinstance(node.op, ast.Not):
            return ir.Negation(self.read(node.operand, use._replace(negated=not use.negated, compared=())))
        self.read(node.operand, _OPERAND)
        return literal(node) or ir.OPAQUE

    def boolean(self, node: ast.BoolOp, _: Use) -> ir.Expr:
        first, *rest = node.values
        found = self.read(first, _BOOLEAN)
        for operand in rest:  # as written, from the left: (a or b) or c
            found = ir.Choice((found, self.read(operand, _BOOLEAN)), is_boolean=True)
        return found

    def conditional(self, node: ast.IfExp, use: Use) -> ir.Expr:
        first = len(self.cursor.sites)
        self.read(node.test, _TEST)
        branch = Use("conditional-branch", use.target)
        with self.cursor.guarded(since=first):
            body = self.read(node.body, branch)
            return ir.Choice((body, self.read(node.orelse, branch)))

    def display(self, node: ast.List | ast.Tuple | ast.Set, _: Use) -> ir.Expr:
        items = tuple([self.element(item) for item in node.elts])
        place = self.places.key_place
        return ir.Sequence(
            items, tuple([place(item.value if type(item) is ast.Starred else item) for item in node.elts])
        )

    def element(self, node: ast.expr) -> ir.Expr:
        if type(node) is ast.Starred:
            return ir.Spread(self.read(node.value, _ELEMENT))
        return _READERS[type(node)](self, node, _ELEMENT)

    def dictionary(self, node: ast.Dict, _: Use) -> ir.Mapping:
        pairs: list[tuple[ir.Expr | None, ir.Expr]] = []
        offsets: list[tuple[int, int]] = []
        place = self.places.key_place
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                read = _READERS[type(key)](self, key, _KEY)
                pairs.append((read, _READERS[type(value)](self, value, _VALUE)))
                offsets.append(place(key))
            else:
                pairs.append((None, self.read(value, _VALUE)))
                offsets.append(self.places.spread_place(value))
        return ir.Mapping(tuple(pairs), tuple(offsets))

    def walrus(self, node: ast.NamedExpr, use: Use) -> ir.Expr:
        name = node.target.id
        value = self.read(node.value, use._replace(target=name))
        self.cursor.function_scope().bindings.setdefault(name, []).append(
            ir.Assigned(value, self.cursor.current, when=self.cursor.moment())
        )
        return value

    def yielded(self, node: ast.Yield | ast.YieldFrom, _: Use) -> ir.Expr:
        self.cursor.function_scope().yields = True
        if node.value is not None:
            self.read(node.value, _OPERAND)
        return ir.OPAQUE

    def awaited(self, node: ast.Await, use: Use) -> ir.Expr:
        return ir.Awaited(self.read(node.value, use._replace(awaited=True)))

    def call(self, node: ast.Call, use: Use) -> ir.Expr:
        callee = node.func
        if type(callee) is ast.Attribute:
            head = callee.attr
            func: ir.Expr = ir.Attribute(self.read(callee.value, _RECEIVER), head)
        else:
            func = self.read(callee, _CALLEE)
            head = func.id if type(func) is ir.Name else ""
        call = ir.Call(func, tuple([self.argument(given) for given in _arguments(node)]))
        self.site(call, head, node, use)
        return call

    def argument(self, given: Any) -> ir.Arg:
        kind = type(given)
        if kind is ast.keyword:
            value = given.value
            return ir.Arg(_READERS[type(value)](self, value, _ARGUMENT), given.arg or "", "" if given.arg else "**")
        if kind is ast.Starred:
            return ir.Arg(self.read(given.value, _ARGUMENT), "", "*")
        return ir.Arg(_READERS[kind](self, given, _ARGUMENT))

    def comparison(self, node: ast.Compare, _: Use) -> ir.Expr:
        values: list[Scalar] = []
        operands = [node.left, *node.comparators]
        for operand in operands:
            found = literal(operand)
            if found is not None:
                values.append(found.value)
            elif isinstance(operand, ast.Tuple | ast.List | ast.Set):
                for element in operand.elts:
                    item = literal(element.value if isinstance(element, ast.Starred) else element)
                    values += [item.value] if item is not None else []
        is_ordered = any(isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for operator in node.ops)
        use = Use("comparison", compared=() if is_ordered else tuple(values))  # `> 100` asks for no value of its own
        for operand in operands:
            self.read(operand, use)
        return ir.OPAQUE

    def binary(self, node: ast.BinOp, _: Use) -> ir.Expr:
        left, right = self.read(node.left, _OPERAND), self.read(node.right, _OPERAND)
        if isinstance(node.op, ast.Add):
            if isinstance(left, ir.Sequence) and isinstance(right, ir.Sequence):
                return ir.Sequence((*left.items, *right.items), (*left.offsets, *right.offsets))
            return ir.Join((*ir.parts_of(left), *ir.parts_of(right)))
        if isinstance(node.op, ast.Mod):
            return ir.Percent(left, right)
        if isinstance(node.op, ast.BitOr):
            return ir.Mapping(((None, left), (None, right)))
        return ir.OPAQUE

    # ----------------------------------------------------------------------------------------------------- f-strings

    def formatted(self, node: ast.JoinedStr, _: Use) -> ir.Expr:
        return ir.joined_text(self.pieces(node.values, self.fields(node)))

    def fields(self, node: ast.JoinedStr) -> Sequence[Field | None]:
        """Return the places of the fields, where those of the nodes in them are needed and `ast` has wrong ones."""
        values = [item for item in node.values if isinstance(item, ast.FormattedValue)]
        if _FIELDS_HAVE_PLACES or all(_is_plain(item) for item in values):
            return [None] * len(values)
        found = fields_of(self.places.text, *self.places.span(node))
        if len(found) != len(values):
            raise UnsureError
        return found

    def pieces(self, values: Iterable[ast.expr], fields: Sequence[Field | None]) -> list[ir.Expr]:
        places = iter(fields)
        found: list[ir.Expr] = []
        for part in values:
            if isinstance(part, ast.Constant):
                found.append(ir.Text(part.value))  # type: ignore[arg-type] # the text between fields
            elif isinstance(part, ast.FormattedValue):
                found.append(self.piece(part, next(places)))
            else:
                raise UnsureError
        return found

    def piece(self, part: ast.FormattedValue, field: Field | None) -> ir.Expr:
        value = self.in_field(part.value, field, _FORMATTED)
        if isinstance(part.format_spec, ast.JoinedStr):
            self.descend(part.format_spec, field)
        return value if part.format_spec is None and part.conversion in _STR_CONVERSIONS else ir.OPAQUE

    def descend(self, spec: ast.JoinedStr, field: Field | None) -> None:
        nested = [item for item in spec.values if isinstance(item, ast.FormattedValue)]
        if field is not None and len(field.inner) != len(nested):
            raise UnsureError
        for number, item in enumerate(nested):
            inner = field.inner[number] if field is not None else None
            self.in_field(item.value, inner, _OPERAND)
            if isinstance(item.format_spec, ast.JoinedStr):
                self.descend(item.format_spec, inner)

    def in_field(self, node: ast.expr, field: Field | None, use: Use) -> ir.Expr:
        """Read the expression of a field: from its own text when the places of its nodes are wrong."""
        if field is None or isinstance(node, ast.Name | ast.Constant):
            return self.read(node, use)
        outer = self.places
        text = outer.text[field.start : field.end]
        parsed: Any = compile(f"({text})", "<field>", "eval", ast.PyCF_ONLY_AST, dont_inherit=True)
        self.places = Places(f"({text})", outer.base + field.start - 1)
        try:
            return self.read(parsed.body, use)
        finally:
            self.places = outer

    # -------------------------------------------------------------------------------------- functions, comprehensions

    def annotation(self, node: ast.expr) -> ir.Expr:
        """Return what an annotation names; a string annotation is read as a name or a dotted name."""
        before = len(self.cursor.sites)
        value = self.read(node, _ANNOTATION)
        del self.cursor.sites[before:]
        return ir.named_in(value) if isinstance(value, ir.Text) else value

    def parameters(self, node: ast.arguments) -> tuple[ir.Parameter, ...]:
        positional = [*node.posonlyargs, *node.args]
        defaults = [*[None] * (len(positional) - len(node.defaults)), *node.defaults]
        found = [self.parameter(item, default) for item, default in zip(positional, defaults, strict=True)]
        if node.vararg is not None:
            found.append(self.parameter(node.vararg, None, star="*"))
        for item, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            found.append(self.parameter(item, default, keyword_only=True))
        if node.kwarg is not None:
            found.append(self.parameter(node.kwarg, None, star="**"))
        return tuple(found)

    def parameter(
        self, node: ast.arg, value: ast.expr | None, *, star: str = "", keyword_only: bool = False
    ) -> ir.Parameter:
        default = self.read(value, _DEFAULT) if value is not None else None
        annotation = self.annotation(node.annotation) if node.annotation is not None else None
        return ir.Parameter(node.arg, default, annotation, star, keyword_only)

    def function(self, node: ast.Lambda, _: Use) -> ir.Lambda:
        parameters = self.parameters(node.args)
        self.cursor.scopes.append(ir.Scope("lambda", "<lambda>", self.cursor.current, parameters, statements=1))
        index = len(self.cursor.scopes) - 1
        with self.cursor.inside(index):
            self.cursor.scope.returns.append(self.read(node.body, _BODY))
        return ir.Lambda(index)

    def comprehension(self, node: Any, _: Use) -> ir.Comprehension:
        self.cursor.scopes.append(ir.Scope("comprehension", "", self.cursor.current))
        index = len(self.cursor.scopes) - 1
        key: ir.Expr | None = None
        with self.cursor.inside(index):
            for clause in node.generators:
                self.bind_loop(clause.target, self.read(clause.iter, _ITERABLE))
                self.cursor.loops += 1
                for condition in clause.ifs:
                    self.read(condition, _FILTER)
            if isinstance(node, ast.DictComp):
                if node.key is None or node.value is None:
                    raise UnsureError
                key = self.read(node.key, _KEY)
                element = self.read(node.value, _VALUE)
            else:
                element = self.read(node.elt, _ELEMENT)
        return ir.Comprehension(element, index, key)

    def bind_loop(self, target: ast.expr, iterable: ir.Expr, path: tuple[int, ...] = ()) -> None:
        """Bind the names of a loop target."""
        if isinstance(target, ast.Name):
            self.cursor.add_binding(target.id, ir.Iterated(iterable, self.cursor.current, path, self.cursor.moment()))
        elif isinstance(target, ast.Tuple | ast.List):
            for index, element in enumerate(target.elts):
                inner = element.value if isinstance(element, ast.Starred) else element
                self.bind_loop(inner, iterable, (*path, index))
        elif isinstance(target, ast.Attribute | ast.Subscript):
            self.cursor.change(self.read_target(target))


def _arguments(node: ast.Call) -> Sequence[ast.expr | ast.keyword]:
    """Return the arguments of a call in the order of the text: `*rest` may stand behind a keyword."""
    if not node.keywords:
        return node.args
    given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    if node.args and _start(node.args[-1]) > _start(node.keywords[0]):
        given.sort(key=_start)
    return given


def _start(node: Any) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _is_plain(value: ast.FormattedValue) -> bool:
    return (
        value.format_spec is None and isinstance(value.value, ast.Name | ast.Constant) and value.conversion != ord("r")
    )


class _Readers(dict[type, "Callable[..., ir.Expr]"]):
    def __missing__(self, kind: type) -> Callable[..., ir.Expr]:
        raise UnsureError


_READERS = _Readers(
    {
        ast.Name: ExpressionReader.name,
        ast.Constant: ExpressionReader.constant,
        ast.JoinedStr: ExpressionReader.formatted,
        ast.Call: ExpressionReader.call,
        ast.Attribute: ExpressionReader.attribute,
        ast.Subscript: ExpressionReader.subscript_read,
        ast.UnaryOp: ExpressionReader.unary,
        ast.BoolOp: ExpressionReader.boolean,
        ast.Compare: ExpressionReader.comparison,
        ast.IfExp: ExpressionReader.conditional,
        ast.Await: ExpressionReader.awaited,
        ast.BinOp: ExpressionReader.binary,
        ast.List: ExpressionReader.display,
        ast.Tuple: ExpressionReader.display,
        ast.Set: ExpressionReader.display,
        ast.Dict: ExpressionReader.dictionary,
        ast.NamedExpr: ExpressionReader.walrus,
        ast.Lambda: ExpressionReader.function,
        ast.ListComp: ExpressionReader.comprehension,
        ast.SetComp: ExpressionReader.comprehension,
        ast.GeneratorExp: ExpressionReader.comprehension,
        ast.DictComp: ExpressionReader.comprehension,
        ast.Yield: ExpressionReader.yielded,
        ast.YieldFrom: ExpressionReader.yielded,
    }
)
