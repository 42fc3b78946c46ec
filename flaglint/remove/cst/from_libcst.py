"""Trees read with libcst's parser: slow, and able to read what this interpreter does not.

One pass of libcst's own code generator gives the places; where it does not give back what it read (blanks before the
colon of `except X :`), they are moved to where the same characters stand in the source.
"""

from __future__ import annotations

from typing import Any

import libcst
from libcst._nodes.internal import CodegenState  # the class behind `Module.code`; no public name, stable since 0.3

from flaglint.remove import cst
from flaglint.remove.cst.base import NOWHERE, Parenthesized, SyntaxProblem, fields_of

_BLANK = " \t\f\\\r\n"
_PLACELESS = (cst.Asynchronous, cst.BaseUnaryOp, cst.BaseBooleanOp, cst.BaseBinaryOp, cst.BaseCompOp, cst.BaseAugOp)


def read(text: str) -> cst.Module:
    """Return the tree of a text; raises SyntaxProblem when libcst does not read it."""
    try:
        module = libcst.parse_module(text)
        state = _Places(module)
        module._codegen(state)  # noqa: SLF001 - what `Module.code` calls, with a state of our own
        found = _Converter(state, text).node(module)
    except libcst.ParserSyntaxError as error:
        what = f"line {error.raw_line}: {error.message.removeprefix('parser error: ')}"
        raise SyntaxProblem(what, line=error.raw_line) from error
    except libcst.CSTValidationError as error:  # the parser takes a name that its tree refuses
        raise SyntaxProblem(str(error)) from error
    except RecursionError as error:
        raise SyntaxProblem("expressions nest too deeply to be read") from error
    assert isinstance(found, cst.Module)
    found.place = 0, len(text)
    return found


class _Narrowing:
    """Records the place of a node without its own parentheses and surrounding blanks."""

    __slots__ = ("ends", "node", "start", "starts", "state")

    def __init__(
        self, state: _Places, node: libcst.CSTNode, starts: libcst.CSTNode | None, ends: libcst.CSTNode | None
    ) -> None:
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
    def __init__(self, module: libcst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.offset = 0
        self.outer: dict[libcst.CSTNode, tuple[int, int]] = {}
        self.inner: dict[libcst.CSTNode, tuple[int, int]] = {}
        self._open: list[int] = []

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.offset += len(value)

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def before_codegen(self, node: libcst.CSTNode) -> None:  # noqa: ARG002 - libcst passes it
        self._open.append(self.offset)

    def after_codegen(self, node: libcst.CSTNode) -> None:
        place = (self._open.pop(), self.offset)
        self.outer[node] = place
        self.inner.setdefault(node, place)

    def record_syntactic_position(
        self,
        node: libcst.CSTNode,
        *,
        start_node: libcst.CSTNode | None = None,
        end_node: libcst.CSTNode | None = None,
    ) -> Any:
        return _Narrowing(self, node, start_node, end_node)


class _Converter:
    """Makes our nodes of libcst's."""

    def __init__(self, state: _Places, text: str) -> None:
        self._inner, self._outer = state.inner, state.outer
        self._text = text
        generated = "".join(state.tokens)
        self._moved = None if generated == text else _alignment(generated, text)

    def node(self, node: libcst.CSTNode) -> Any:
        """Return the node that stands for one of libcst's, or None for one that has no counterpart."""
        kind: type[cst.CSTNode] | None = getattr(cst, type(node).__name__, None)
        if kind is None or not issubclass(kind, cst.CSTNode):
            return None
        below = {name: self._value(getattr(node, name, None)) for name in fields_of(kind)}
        if issubclass(kind, _PLACELESS):
            return kind(NOWHERE, **below)
        made = kind(self._place(self._inner[node]), **below)
        if isinstance(made, cst.BaseExpression):
            made.text = self._text
        if isinstance(made, cst.ImportFrom) and isinstance(opening := getattr(node, "lpar", None), libcst.LeftParen):
            made.opening = self._place(self._inner[opening])[0]
        if isinstance(made, Parenthesized) and (brackets := tuple(getattr(node, "lpar", ()))):
            made.lpar = tuple(self._place(self._outer[item])[0] for item in brackets)
            made.rpar = tuple(self._place(self._outer[item])[1] - 1 for item in node.rpar)  # type: ignore[attr-defined]
        return made

    def _value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return tuple([self.node(item) for item in value])
        if isinstance(value, libcst.TrailingWhitespace):
            return self._header(value)
        if isinstance(value, libcst.AssignEqual):
            return self._place(self._inner[value])[0]
        if isinstance(value, libcst.CSTNode):
            return self.node(value)
        return value if isinstance(value, str) else None

    def _header(self, line: libcst.TrailingWhitespace) -> cst.Header:
        if line.comment is None:
            return cst.Header()
        return cst.Header(cst.Comment(self._place(self._inner[line.comment]), value=line.comment.value))

    def _place(self, place: tuple[int, int]) -> tuple[int, int]:
        if self._moved is None:
            return place
        start, end = place
        if start == end:
            return self._moved[start], self._moved[start]
        return self._moved[start], self._moved[end - 1] + 1


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
