"""The syntax tree of a stretch of source, with the place of every node in it.

Edits are cuts of the source text, so that nothing is ever printed from the tree. One pass of libcst's own code
generator gives the places; where it does not give back what it read (blanks before the colon of `except X :`), they
are moved to where the same characters stand in the source.
"""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import libcst as cst
from libcst._nodes.internal import CodegenState  # the class behind `Module.code`; no public name, stable since 0.3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Node: TypeAlias = cst.CSTNode

N = TypeVar("N", bound=cst.CSTNode)

_BLANK = " \t\f\\\r\n"
_LAYOUT = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine, cst.Newline, cst.Comment)
COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
FUNCTIONS = (cst.FunctionDef, cst.Lambda)
LOOPS = (cst.For, cst.While)
TRIES = (cst.Try, cst.TryStar)


class SyntaxProblem(ValueError):  # noqa: N818 - a problem of the source, not of the program
    """A stretch of source that does not parse."""


class _Narrowing:
    """Records the place of a node without its own parentheses and surrounding blanks."""

    __slots__ = ("ends", "node", "start", "starts", "state")

    def __init__(self, state: _Places, node: Node, starts: Node | None, ends: Node | None) -> None:
        self.state, self.node, self.starts, self.ends, self.start = state, node, starts, ends, 0

    def __enter__(self) -> None:
        self.start = self.state.offset

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:  # the places below are not all known then
            return
        places = self.state.inner
        start = self.start if self.starts is None else places[self.starts][0]
        end = self.state.offset if self.ends is None else places[self.ends][1]
        places[self.node] = (start, end)


class _Places(CodegenState):
    def __init__(self, module: cst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.offset = 0
        self.outer: dict[Node, tuple[int, int]] = {}
        self.inner: dict[Node, tuple[int, int]] = {}
        self._open: list[int] = []

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.offset += len(value)

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def before_codegen(self, node: Node) -> None:  # noqa: ARG002 - libcst passes it
        self._open.append(self.offset)

    def after_codegen(self, node: Node) -> None:
        place = (self._open.pop(), self.offset)
        self.outer[node] = place
        self.inner.setdefault(node, place)

    def record_syntactic_position(
        self, node: Node, *, start_node: Node | None = None, end_node: Node | None = None
    ) -> Any:
        return _Narrowing(self, node, start_node, end_node)


class Tree:
    """A parsed text. `inner` places leave a node's own parentheses out, `outer` ones take them in."""

    def __init__(self, text: str) -> None:
        """Parse `text`; raises SyntaxProblem when it is no Python that libcst reads."""
        self.text = text
        try:
            self.module = cst.parse_module(text)
            state = _Places(self.module)
            self.module._codegen(state)  # noqa: SLF001 - what `Module.code` calls, with a state of our own
        except cst.ParserSyntaxError as error:
            raise SyntaxProblem(f"line {error.raw_line}: {error.message.removeprefix('parser error: ')}") from error
        except cst.CSTValidationError as error:  # the parser takes a name that its tree refuses
            raise SyntaxProblem(str(error)) from error
        except RecursionError as error:
            raise SyntaxProblem("expressions nest too deeply to be read") from error
        self._inner, self._outer = state.inner, state.outer
        generated = "".join(state.tokens)
        self._moved = None if generated == text else _alignment(generated, text)
        self._parents: dict[Node, Node] = {}
        self.nodes = self._adopt()  # all, each before those below it
        self._by_kind: dict[type, list[Node]] | None = None
        self._by_place: dict[tuple[int, int], list[Node]] | None = None

    def _adopt(self) -> tuple[Node, ...]:
        found: list[Node] = []
        pending: list[Node] = [self.module]
        while pending:
            node = pending.pop()
            found.append(node)
            below = children(node)
            self._parents.update(dict.fromkeys(below, node))
            pending += reversed(below)
        return tuple(found)

    def of(self, *kinds: type[N]) -> list[N]:
        """Return the nodes of some kinds, each a class without subclasses, kind by kind."""
        if self._by_kind is None:
            self._by_kind = {}
            for node in self.nodes:
                self._by_kind.setdefault(type(node), []).append(node)
        return [node for kind in kinds for node in self._by_kind.get(kind, ())]  # type: ignore[misc] # by its kind

    def _place(self, place: tuple[int, int]) -> tuple[int, int]:
        if self._moved is None:
            return place
        start, end = place
        if start == end:
            return self._moved[start], self._moved[start]
        return self._moved[start], self._moved[end - 1] + 1

    def inner(self, node: Node) -> tuple[int, int]:
        """Return where `node` stands, without its own parentheses."""
        return self._place(self._inner[node])

    def outer(self, node: Node) -> tuple[int, int]:
        """Return where the expression `node` stands, with its own parentheses."""
        opening: tuple[Node, ...] = tuple(getattr(node, "lpar", ()))
        if not opening:
            return self.inner(node)
        closing: tuple[Node, ...] = tuple(getattr(node, "rpar", ()))
        return self._place(self._outer[opening[0]])[0], self._place(self._outer[closing[-1]])[1]

    def source(self, node: Node) -> str:
        """Return the text of `node` without its own parentheses."""
        start, end = self.inner(node)
        return self.text[start:end]

    def parent(self, node: Node) -> Node | None:
        """Return the node that holds `node`; the module has none."""
        return self._parents.get(node)

    def ancestors(self, node: Node) -> Iterator[Node]:
        """Yield the nodes around `node`, innermost first."""
        above = self._parents.get(node)
        while above is not None:
            yield above
            above = self._parents.get(above)

    def enclosing(self, node: Node, kinds: type[N] | tuple[type[N], ...]) -> N | None:
        """Return the innermost node of one of `kinds` around `node`."""
        return next((above for above in self.ancestors(node) if isinstance(above, kinds)), None)

    def at(self, start: int, end: int) -> cst.BaseExpression | None:
        """Return the outermost expression that stands at `[start, end)`, with or without its parentheses."""
        if self._by_place is None:
            self._by_place = {}
            for node in self.nodes:
                if is_expression(node):
                    self._by_place.setdefault(self.inner(node), []).append(node)
                    if getattr(node, "lpar", ()):
                        self._by_place.setdefault(self.outer(node), []).append(node)
        found = self._by_place.get((start, end))
        return found[0] if found else None  # type: ignore[return-value] # only expressions are put in


def _alignment(generated: str, text: str) -> list[int]:
    """Return, for each offset of `generated`, that of the same character in `text`; they differ in blanks alone."""
    moved: list[int] = []
    there = 0
    for character in generated:
        if there < len(text) and text[there] != character:
            ahead = there
            while ahead < len(text) and text[ahead] != character and text[ahead] in _BLANK:
                ahead += 1
            if ahead < len(text) and text[ahead] == character:
                there = ahead
            elif character not in _BLANK:
                raise SyntaxProblem("the parser does not give back what it read")
        moved.append(there)
        if there < len(text) and text[there] == character:
            there += 1
    moved.append(len(text))
    return moved


_SEQUENCES = frozenset({tuple, list})
_BRACKETS = ("lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace")
_PUNCTUATION = ("semicolon", "comma", "dot", "equal", "colon", "first_colon", "second_colon")
_OF_THE_TEXT = ("header", "footer", "indent", "default_indent", "default_newline", "encoding")
_TOKENS = frozenset({*_BRACKETS, *_PUNCTUATION, *_OF_THE_TEXT})
_FIELDS: dict[type, Callable[[Node], tuple[Any, ...]]] = {}
_IS_NODE: dict[type, bool] = {}  # libcst's nodes are abstract base classes, on which isinstance is slow


_IS_EXPRESSION: dict[type, bool] = {}


def is_expression(node: Node) -> bool:
    """Whether a node is an expression."""
    kind = type(node)
    found = _IS_EXPRESSION.get(kind)
    if found is None:
        found = _IS_EXPRESSION[kind] = isinstance(node, cst.BaseExpression)
    return found


def _is_node(value: object) -> bool:
    found = _IS_NODE[type(value)] = isinstance(value, cst.CSTNode) and not isinstance(value, _LAYOUT)
    return found


def _fields_of(kind: type) -> Callable[[Node], tuple[Any, ...]]:
    """Return what gets the values of the fields that can hold nodes."""
    names = [
        item.name
        for item in fields(kind)
        if item.name not in _TOKENS and not item.name.startswith(("whitespace", "leading", "lines_after"))
    ]
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda node: (getattr(node, names[0]),)) if names else (lambda _: ())


def children(node: Node) -> list[Node]:
    """Return the nodes right below `node` in the order of their fields; blanks, comments and brackets left out."""
    values = _FIELDS.get(type(node))
    if values is None:
        values = _FIELDS[type(node)] = _fields_of(type(node))
    found: list[Node] = []
    for value in values(node):
        kind = type(value)
        if kind in _SEQUENCES:
            found += [item for item in value if _IS_NODE.get(type(item)) or _is_node(item)]
        elif _IS_NODE.get(kind) or (kind not in _IS_NODE and _is_node(value)):
            found.append(value)
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and all nodes below it, each before those below it."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending += reversed(children(current))


def flat(suite: Node) -> list[Node]:
    """Return the statements of a suite, those that share a line one by one."""
    found: list[Node] = []
    for statement in getattr(suite, "body", ()):
        found += statement.body if isinstance(statement, cst.SimpleStatementLine) else [statement]
    return found


def dotted(node: Node) -> str:
    """Return `a.b.c` for a name or an attribute chain of names, else an empty text."""
    kind = type(node)  # libcst's nodes are abstract base classes, on which isinstance is slow
    if kind is cst.Name and isinstance(node, cst.Name):
        return node.value
    if kind is cst.Attribute and isinstance(node, cst.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr.value}" if base else ""
    return ""


def identifiers(tree: Tree) -> Iterator[str]:
    """Yield the names in a tree, and the attributes with a dot before them, each as often as it stands there."""
    for node in tree.of(cst.Name):
        above = tree.parent(node)
        is_attribute = isinstance(above, cst.Attribute) and above.attr is node
        yield f".{node.value}" if is_attribute else node.value
