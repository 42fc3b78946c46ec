"""Two keys that run together in a registry declared in Python, because a comma is missing between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.lints.definitions import keys_of
from flaglint.lints.rule import rule
from flaglint.model import Kind, Severity, Skipped, Span
from flaglint.source import decode, is_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding, Reference
    from flaglint.source import Text

_NOTHING = r"(?:\s|\\\r?\n|#[^\r\n]*)*"
_OPENS_A_LIST = frozenset("[{(,")
_ENDS_AN_ITEM = frozenset("]}),")


@rule(code="FLG410", name="joined-keys", severity=Severity.ERROR, scope="file", needs=("read_text",), since="0.1")
def joined_keys(graph: FlagGraph, settings: Settings, *, read_text: Callable[[str], bytes | None]) -> Iterator[Finding]:
    """Yield items of a collection of keys that are made of two string literals; one in brackets of its own is meant."""
    declared: dict[str, list[Reference]] = {}
    for ref in graph.references:
        if ref.kind is Kind.DECLARATION and is_python(ref.span.path):
            declared.setdefault(ref.span.path, []).append(ref)
    for path, refs in declared.items():
        data = read_text(path)
        text = Skipped(path, "") if data is None else decode(path, data)
        if isinstance(text, Skipped):
            continue
        keys = {key for ref in refs for key in keys_of(ref) if not _stands_at(text, ref.span, key)}
        if not keys:  # as in most files: their strings need not be found
            continue
        for parts, span in _runs(text):
            key = "".join(parts)
            if key in keys:
                yield joined_keys.at(
                    span,
                    key=key,
                    message=f"`{key}` is {len(parts)} string literals that run together: is a comma missing?",
                    help=f"put a comma after `{parts[0]}`; if one key is meant, put it in brackets of its own",
                )


def _stands_at(text: Text, span: Span, key: str) -> bool:
    """Whether a key stands at a place, which is a part of one line, in one piece."""
    start, end = span.start, span.end
    return start.line == end.line and key in text.lines[start.line - 1][start.column - 1 : end.column - 1]


def _runs(text: Text) -> Iterator[tuple[list[str], Span]]:
    """Yield the items of collections that are several string literals, with what each says."""
    import ast

    from flaglint.refs.outline import outline  # only registries declared in Python pay for it

    strings = outline(text.text).strings
    index = 0
    while index < len(strings):
        last = index
        while last + 1 < len(strings) and _is_blank(text.text[strings[last][1] : strings[last + 1][0]]):
            last += 1
        run = strings[index : last + 1]
        index = last + 1
        if len(run) < 2 or not _is_item(text.text, run[0][0], run[-1][1]):
            continue
        try:
            parts = [ast.literal_eval(text.text[start:end]) for start, end in run]
        except (SyntaxError, ValueError):
            continue
        if all(isinstance(part, str) for part in parts):
            yield parts, Span(text.path, text.position(run[0][0]), text.position(run[-1][1]))


def _is_blank(between: str) -> bool:
    found = re.fullmatch(_NOTHING, between)
    return found is not None


def _is_item(text: str, start: int, end: int) -> bool:
    """Whether the literals between `start` and `end` are an item among others, and not alone in round brackets."""
    before = _before(text, start)
    found = re.compile(_NOTHING).match(text, end)
    after = text[found.end() : found.end() + 1] if found else ""
    return before in _OPENS_A_LIST and after in _ENDS_AN_ITEM and (before, after) != ("(", ")")


def _before(text: str, start: int) -> str:
    """Return the last character of code before `start`; comments are passed over line by line."""
    while start > 0:
        line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        code = text[line_start:start].partition("#")[0].rstrip()
        if code:
            return code[-1]
        start = line_start - 1 if line_start else 0
    return ""
