"""Two keys that run together in a registry declared in Python, because a comma, or a value, is missing between them."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

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
_OPENS_A_PAIR = frozenset("{,")
_NAMESPACE = r"[\w-]+[:./]"


@rule(code="FLG410", name="joined-keys", severity=Severity.ERROR, scope="file", needs=("read_text",), since="0.1")
def joined_keys(graph: FlagGraph, settings: Settings, *, read_text: Callable[[str], bytes | None]) -> Iterator[Finding]:
    """Yield items of a collection of keys that are made of two string literals; one in brackets of its own is meant.

    Nobody puts brackets around a key of a dictionary: there it counts what the literals say by themselves.
    """
    declared: dict[str, list[Reference]] = {}
    for ref in graph.references:
        if ref.kind is Kind.DECLARATION and is_python(ref.span.path):
            declared.setdefault(ref.span.path, []).append(ref)
    for path, refs in declared.items():
        data = read_text(path)
        text = Skipped(path, "") if data is None else decode(path, data)
        if isinstance(text, Skipped):
            continue
        left: set[str] = set()
        found: dict[Span, _Run] = {}
        for ref in refs:
            for key in keys_of(ref):
                if not _stands_at(text, ref.span, key):
                    here = {run.span: run for run in _runs(text, _strings_at(text, ref.span)) if run.key == key}
                    found |= here
                    left |= set() if here else {key}
        if left:  # in most files none: their strings need not be found
            from flaglint.refs.outline import outline

            found |= {run.span: run for run in _runs(text, outline(text.text).strings) if run.key in left}
        for run in found.values():
            if not run.is_dict_key or _are_keys(run.parts, graph):
                missing = "`: value,`" if run.is_dict_key else "a comma"
                yield joined_keys.at(
                    run.span,
                    key=run.key,
                    message=f"`{run.key}` is {len(run.parts)} string literals that run together: is {missing} missing?",
                    help=f"put {missing} after `{run.parts[0]}`"
                    + ("" if run.is_dict_key else "; if one key is meant, put it in brackets of its own"),
                )


class _Run(NamedTuple):
    """An item, or a key of a dictionary, that is several string literals, with what each says."""

    parts: list[str]
    span: Span
    is_dict_key: bool

    @property
    def key(self) -> str:
        """What they say together."""
        return "".join(self.parts)


def _are_keys(parts: list[str], graph: FlagGraph) -> bool:
    """Whether parts of a key are keys themselves: by the rest of the project, or because each names its namespace."""
    if any(part in graph.flags or part in graph.by_key for part in parts):
        return True
    spaces = {found[0] if (found := re.match(_NAMESPACE, part)) else "" for part in parts}
    return len(spaces) == 1 and "" not in spaces


def _stands_at(text: Text, span: Span, key: str) -> bool:
    """Whether a key stands at a place, which is a part of one line, in one piece."""
    start, end = span.start, span.end
    return start.line == end.line and key in text.lines[start.line - 1][start.column - 1 : end.column - 1]


def _strings_at(text: Text, span: Span) -> list[tuple[int, int]]:
    """Return the stretches of the string literals at a place; none where the text has no such place."""
    from flaglint.refs.lexing import Stretches  # only registries declared in Python pay for it

    stretches = Stretches([], [])
    with suppress(ValueError):
        stretches.add(text.text, text.offset(span.start), text.offset(span.end))
    return stretches.strings


def _runs(text: Text, strings: list[tuple[int, int]]) -> Iterator[_Run]:
    """Yield the items and keys of collections that are several of the string literals."""
    import ast

    index = 0
    while index < len(strings):
        last = index
        while last + 1 < len(strings) and _is_blank(text.text[strings[last][1] : strings[last + 1][0]]):
            last += 1
        run = strings[index : last + 1]
        index = last + 1
        kind = _kind_of(text.text, run[0][0], run[-1][1]) if len(run) > 1 else ""
        if not kind:
            continue
        try:
            parts = [ast.literal_eval(text.text[start:end]) for start, end in run]
        except (SyntaxError, ValueError):
            continue
        if all(isinstance(part, str) for part in parts):
            span = Span(text.path, text.position(run[0][0]), text.position(run[-1][1]))
            yield _Run(parts, span, kind == "key")


def _is_blank(between: str) -> bool:
    found = re.fullmatch(_NOTHING, between)
    return found is not None


def _kind_of(text: str, start: int, end: int) -> str:
    """Return whether the literals between `start` and `end` are an item among others, or the key of one.

    Empty when they are neither, or stand alone in round brackets.
    """
    before = _before(text, start)
    found = re.compile(_NOTHING).match(text, end)
    after = text[found.end() : found.end() + 1] if found else ""
    if after == ":" and before in _OPENS_A_PAIR:
        return "key"
    is_item = before in _OPENS_A_LIST and after in _ENDS_AN_ITEM and (before, after) != ("(", ")")
    return "item" if is_item else ""


def _before(text: str, start: int) -> str:
    """Return the last character of code before `start`; comments are passed over line by line."""
    while start > 0:
        line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        code = text[line_start:start].partition("#")[0].rstrip()
        if code:
            return code[-1]
        start = line_start - 1 if line_start else 0
    return ""
