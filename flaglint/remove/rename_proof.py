"""Holds the references of a project after a rename against those before: the same, but for the one key."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from flaglint.model import Kind, Literal, OneOf, Skipped
from flaglint.records import replace
from flaglint.source import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from flaglint.model import Key, Reference
    from flaglint.remove.outcome import Change

Place: TypeAlias = "tuple[str, int, int, Kind]"  # path, character offsets after the rename, kind


class Difference(NamedTuple):
    """A reference that came out otherwise than a rename should leave it.

    `is_kept`: it still names the old key, and nothing about it changed.
    """

    reference: Reference
    is_kept: bool


def differences(
    before: Sequence[Reference],
    after: Iterable[Reference],
    changes: Iterable[Change],
    old: str,
    new: str,
    files: Mapping[str, bytes],
) -> Iterator[Difference]:
    """Yield what the rename of `old` to `new` by `changes` did to references, except giving them the new key."""
    moved = _Moved(changes, files)
    expected: dict[Place, list[Reference]] = defaultdict(list)
    for reference in before:
        if _is_code(reference):
            expected[moved.place(reference)].append(reference)
    found: dict[Place, list[Reference]] = defaultdict(list)
    for reference in after:
        if _is_code(reference):
            found[moved.place_after(reference)].append(reference)
    for place, references in expected.items():
        now = Counter(map(_meaning, found.get(place, ())))
        if now == Counter(_meaning(replace(ref, key=_renamed(ref.key, old, new))) for ref in references):
            continue
        is_kept = now == Counter(map(_meaning, references))
        named = [ref for ref in references if old in keys_named(ref.key)]
        yield Difference((named or references)[0], is_kept)


def keys_named(key: Key) -> tuple[str, ...]:
    """Return the keys that are known to the letter."""
    return (key.key,) if isinstance(key, Literal) else key.keys if isinstance(key, OneOf) else ()


def _is_code(reference: Reference) -> bool:
    return reference.language == "python" and reference.kind not in {Kind.MENTION, Kind.TEXT}


def _renamed(key: Key, old: str, new: str) -> Key:
    match key:
        case Literal(key=name) if name == old:
            return Literal(new)
        case OneOf(keys=names) if old in names:
            return OneOf(tuple(sorted(new if name == old else name for name in names)))
        case _:
            return key


def _meaning(reference: Reference) -> str:
    """Return what must stay the same, as text: a default may be a list."""
    default = reference.default
    known = (default.value,) if default is not None and default.known else ()
    return repr((reference.key, reference.sdk, known, reference.compared_with))


class _Moved:
    """Where the places of references are after the changes."""

    def __init__(self, changes: Iterable[Change], files: Mapping[str, bytes]) -> None:
        self._changes = {change.path: change for change in changes}
        self._files = files
        self._texts = {
            path: (decode(path, change.before), decode(path, change.after)) for path, change in self._changes.items()
        }

    def place(self, reference: Reference) -> Place:
        path, span = reference.span.path, reference.span
        if path not in self._changes:
            return _by_lines(reference)
        text, after = self._texts[path]
        assert not isinstance(text, Skipped)  # it was edited
        assert not isinstance(after, Skipped)
        start, end = (self._shifted(path, text.byte_offset(text.offset(at))) for at in (span.start, span.end))
        return path, after.char_offset(start), after.char_offset(end), reference.kind

    def place_after(self, reference: Reference) -> Place:
        path, span = reference.span.path, reference.span
        if path not in self._changes:
            return _by_lines(reference)
        _, after = self._texts[path]
        assert not isinstance(after, Skipped)
        return path, after.offset(span.start), after.offset(span.end), reference.kind

    def _shifted(self, path: str, offset: int) -> int:
        """Return where a byte of the old file is in the new one."""
        edits = self._changes[path].edits
        return offset + sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= offset)


def _by_lines(reference: Reference) -> Place:
    """Return a place in a file that did not change; line and column in one number each."""
    start, end = reference.span.start, reference.span.end
    return reference.span.path, start.line << 32 | start.column, end.line << 32 | end.column, reference.kind
