"""The statements of changed files that a removal left as they were, and what was found in them before."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from flaglint.model import Kind, Literal, OneOf, Span
from flaglint.records import replace
from flaglint.remove.draft import units_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from flaglint.model import Reference
    from flaglint.refs.outline import Unit
    from flaglint.remove.sources import Sources

    Found: TypeAlias = dict[str, tuple[tuple[Reference, int], ...]]  # by text, with the offset in it

_NAME = re.compile(r"[^\W\d]\w*")
_KINDS = frozenset({Kind.READ, Kind.OVERRIDE, Kind.DECLARATION, Kind.MENTION})


class Unchanged:
    """What the files said before: their statements, and the members of their classes.

    One that stands in the new text as it did in the old refers to what it referred to. Where that is nothing, or flags
    that stay, it is not read again; any other is.
    """

    def __init__(
        self,
        sources: Sources,
        references: Iterable[Reference],
        gone: Collection[str] = (),
        wrappers: Iterable[str] = (),
    ) -> None:
        """`references` are those of the files as they were, `wrappers` the dotted names of what reads flags."""
        self._sources = sources
        self._gone = frozenset(gone)
        self._wrappers = frozenset([name.rpartition(".")[2] for name in wrappers])
        self._said: dict[str, tuple[frozenset[str], frozenset[str]]] = {}  # what refers to flags, and by which names
        self._references: dict[str, list[Reference]] = {}
        for reference in references:
            self._references.setdefault(reference.span.path, []).append(reference)
        self._known: dict[str, Found] = {}

    def is_dull(self, path: str, text: str) -> bool:
        """Whether a statement of a file was there before, word for word, and refers to none of the flags that go."""
        return text in self._found_in(path)

    def is_no_reference(self, path: str, head: str, text: str) -> bool:
        """Whether an expression stood in a file before, word for word, and was nowhere in it one to a flag.

        One that spells a flag that goes, or calls what reads flags for its callers, is not taken for such.
        """
        file = self._sources.text(path)
        if file is None or head in self._wrappers or text not in file.text or any(key in text for key in self._gone):
            return False
        if path not in self._said:
            places = [self._place(item) for item in self._references.get(path, ())]
            texts = [file.text[start:end] for start, end in places]
            self._said[path] = frozenset(texts), frozenset([word for one in texts for word in _called(one)])
        said, called = self._said[path]
        return text not in said and head not in called

    def kept(self, changed: Mapping[str, bytes]) -> Iterator[Reference]:
        """Yield what the statements that are not read again refer to, where it stands in the files as `changed`."""
        after = self._sources.changed(changed)
        for path in sorted(changed):
            found = self._found_in(path)
            text = after.text(path) if any(found.values()) else None
            for unit in _leaves(text.text) if text is not None else ():
                for reference, offset in found.get(text.text[unit.start : unit.end], ()):  # type: ignore[union-attr]
                    size = self._place(reference)[1] - self._place(reference)[0]
                    start = unit.start + offset
                    span = Span(path, text.position(start), text.position(start + size))  # type: ignore[union-attr]
                    yield replace(reference, span=span)

    def _place(self, reference: Reference) -> tuple[int, int]:
        text = self._sources.text(reference.span.path)
        assert text is not None  # something was found in it
        return text.offset(reference.span.start), text.offset(reference.span.end)

    def _found_in(self, path: str) -> Found:
        if path not in self._known:
            self._known[path] = self._look(path)
        return self._known[path]

    def _look(self, path: str) -> Found:
        file = self._sources.text(path)
        if file is None:
            return {}
        placed = sorted(
            ((self._place(item)[0], item) for item in self._references.get(path, ())), key=lambda one: one[0]
        )
        starts = [start for start, _ in placed]
        found: Found = {}
        read: set[str] = set()  # what is to be read again
        for unit in _leaves(file.text):
            text = file.text[unit.start : unit.end]
            inside = placed[bisect_left(starts, unit.start) : bisect_left(starts, unit.end)]
            if not all(self._stays(reference) for _, reference in inside):
                read.add(text)
            own = [one for one in inside if not any(member.start <= one[0] < member.end for member in unit.members)]
            found[text] = tuple((reference, start - unit.start) for start, reference in own)
        return {text: references for text, references in found.items() if text not in read}

    def _stays(self, reference: Reference) -> bool:
        """Whether a reference is plainly one to a flag that stays."""
        key = reference.key
        names = (key.key,) if isinstance(key, Literal) else key.keys if isinstance(key, OneOf) else ()
        is_plain = reference.kind in _KINDS and reference.language == "python"
        return is_plain and bool(names) and self._gone.isdisjoint(names) and not reference.related


def _called(text: str) -> list[str]:
    """Return the names before the first bracket of a call: one of them is what is called."""
    return _NAME.findall(text.partition("(")[0])


def _leaves(text: str) -> Iterator[Unit]:
    for unit in units_of(text):
        yield unit
        yield from unit.members
