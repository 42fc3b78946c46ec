"""Where nodes stand in their text: one pass of libcst's code generator that counts characters instead of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst
from libcst._nodes.internal import CodegenState  # the class behind `Module.code`; no public name, stable since 0.3

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = frozenset({cst.Name, cst.SimpleString, cst.ConcatenatedString, cst.FormattedString})
_WITH_PARENTHESES = frozenset(
    {
        cst.Call,
        cst.Subscript,
        cst.Attribute,
        cst.Assign,
        cst.AnnAssign,
        cst.AugAssign,
        cst.FunctionDef,
        cst.ClassDef,
        cst.DictElement,
        cst.StarredDictElement,
        cst.Await,
    }
)
_RECORDED = _PLAIN | _WITH_PARENTHESES  # looked up by exact type: libcst's nodes are ABCs, isinstance is slow on them


class _Ignored:
    def __enter__(self) -> None: ...
    def __exit__(self, *args: object) -> None: ...


_IGNORED = _Ignored()


class _WithoutParentheses:
    """Narrows a recorded place to what stands inside the node's own parentheses."""

    __slots__ = ("node", "start", "state")

    def __init__(self, state: _CountingState, node: cst.CSTNode) -> None:
        self.state, self.node, self.start = state, node, 0

    def __enter__(self) -> None:
        self.start = self.state.offset

    def __exit__(self, *args: object) -> None:
        self.state.inner[self.node] = (self.start, self.state.offset)


class _CountingState(CodegenState):
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.offset = 0
        self.outer: dict[cst.CSTNode, tuple[int, int]] = {}
        self.inner: dict[cst.CSTNode, tuple[int, int]] = {}
        self._open: list[int] = []

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.offset += len(value)

    def add_indent_tokens(self) -> None:
        self.tokens.extend(self.indent_tokens)
        for token in self.indent_tokens:
            self.offset += len(token)

    def before_codegen(self, node: cst.CSTNode) -> None:
        if type(node) in _RECORDED:
            self._open.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        if type(node) in _RECORDED:
            self.outer[node] = (self._open.pop(), self.offset)

    def record_syntactic_position(self, node: cst.CSTNode, **_: object) -> Any:
        if type(node) in _WITH_PARENTHESES:
            return _WithoutParentheses(self, node)
        return _IGNORED


def positions(module: cst.Module, text: str) -> Mapping[cst.CSTNode, tuple[int, int]]:
    """Return the `[start, end)` of the nodes that sites and bindings are made of, in code points of `text`.

    Where libcst does not give back the text it read (spaces before a colon in `except X :`), the places are moved to
    where the same characters stand in `text`; a node that cannot be placed is left out.
    """
    state = _CountingState(default_indent=module.default_indent, default_newline=module.default_newline)
    module._codegen(state)  # noqa: SLF001 - what `Module.code` calls, with a state of our own
    found = {**state.outer, **state.inner}
    generated = "".join(state.tokens)
    if generated == text:
        return found
    moved = _alignment(generated, text)
    return {
        node: (moved[start], moved[end - 1] + 1)
        for node, (start, end) in found.items()
        if start < end and start in moved and end - 1 in moved
    }


def _alignment(generated: str, text: str) -> dict[int, int]:
    """Map offsets of `generated` to those of `text`, which differ in blanks alone."""
    moved: dict[int, int] = {}
    there = 0
    for here, character in enumerate(generated):
        while there < len(text) and text[there] != character and text[there] in " \t\f\\\r\n":
            there += 1
        if there < len(text) and text[there] == character:
            moved[here] = there
            there += 1
        elif character not in " \t\f\\\r\n":
            break
    return moved
