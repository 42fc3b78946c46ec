"""Keys in files that are not Python: one search over the bytes for all keys, their spellings and template tags.

Nothing is parsed, so a hit says that the key stands there as a word of its own and no more; only a template tag that
an SDK pack describes is a read. Time is linear in the bytes, whatever the length of a line.
"""

from __future__ import annotations

import codecs
import os
import re
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from flaglint.model import Confidence, Key, Kind, Literal, OneOf, Reference, Skipped, Span, ValueType
from flaglint.patterns import late
from flaglint.records import dataclass, replace
from flaglint.refs.languages import Family, family_of, language_of
from flaglint.refs.occurrences import judge
from flaglint.refs.sieve import Sieve
from flaglint.refs.spellings import aliases_of
from flaglint.source import Text, decode, is_binary, positions, positions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from flaglint.refs.spec import Pack, TemplateTag

_COMMENTS: Final = late(rb"\{#.*?#\}|\{%-?\s*comment\b.*?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEMPLATES: Final = frozenset({"html", "jinja", "xml", "text"})
_LARGE: Final = 100_000  # bytes of a file that is worth handing to a thread
_AHEAD: Final = 64_000_000  # bytes that are held for the threads at most
_NAMED: Final = 3  # keys that the reason for skipping a file lists


class _Hit(NamedTuple):
    start: int
    end: int
    reference: Callable[[Span], Reference]


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What is searched for: a key, or another spelling of one key or several."""

    text: str
    key: Key
    via: str = ""


def find_text(
    files: Iterable[tuple[str, bytes]],
    keys: Collection[str],
    packs: Iterable[Pack] = (),
    *,
    tags_of: Collection[str] | None = None,
) -> Iterator[Reference | Skipped]:
    """Yield where `keys` stand in files that are not Python, given as path and bytes, by file and place.

    Kind `read` for a template tag of a pack, `text` for all others. The `aliases` of packs are
    transformations (`camelCase`, `prefix-stripped`, ...) that give other spellings of every key. `tags_of` names the
    packs whose tags are sure to be theirs (None: all); those of others are reads of `keys` only. A binary file is
    Skipped when it holds a key, so that nobody calls that key unused; one that holds none is of no concern.
    """
    search = _TextSearch(keys, tuple(packs), tags_of)
    for path, data, places in _searched(search, files):
        yield from search.file(path, data, places)


def _searched(
    search: _TextSearch, files: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes, list[tuple[int, int, int]] | None]]:
    """Yield the files with where the spellings stand in the large ones, which threads look for ahead of the reader."""
    pool = None
    waiting: deque[tuple[str, bytes, Future[list[tuple[int, int, int]]] | None]] = deque()
    held = 0
    try:
        for path, data in files:
            places = None
            if len(data) >= _LARGE:
                if pool is None:
                    from concurrent.futures import ThreadPoolExecutor  # 3 ms

                    pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1))
                places = pool.submit(search.places_of, data)
            waiting.append((path, data, places))
            held += len(data)
            while waiting and (held > _AHEAD or waiting[0][2] is None or waiting[0][2].done()):
                first, text, found = waiting.popleft()
                held -= len(text)
                yield first, text, found.result() if found is not None else None
        for first, text, found in waiting:
            yield first, text, found.result() if found is not None else None
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


class _TextSearch:
    """The sieve for all spellings, and the template tags of the packs."""

    def __init__(self, keys: Collection[str], packs: Sequence[Pack], tags_of: Collection[str] | None) -> None:
        self._keys = frozenset(keys)
        names = dict.fromkeys(name for pack in packs for name in pack.aliases)
        self._spellings = _spellings(self._keys, tuple(names))
        self._judges: dict[Family, list[Callable[[bytes, int, int], Confidence | None]]] = {}
        self._tags = [
            (pack.name, tag if tags_of is None or pack.name in tags_of else replace(tag, likely=True), compiled(tag))
            for pack in packs
            for tag in pack.templates
        ]
        self._tags_by_ending: dict[str, list[tuple[str, TemplateTag, re.Pattern[bytes]]]] = {}
        self._sieve = Sieve([spelling.text.encode() for spelling in self._spellings]) if self._spellings else None

    def places(self, data: bytes) -> list[tuple[int, int, int]]:
        """Return where spellings stand in some bytes: number, start and end, whatever bounds them."""
        return self._sieve.places(data) if self._sieve is not None else []

    def places_of(self, data: bytes) -> list[tuple[int, int, int]]:
        """Return the places in a file; in a binary one, those in what is left of it without its null bytes."""
        return self.places(_letters(data) if is_binary(data) else data)

    def file(
        self, path: str, data: bytes, places: list[tuple[int, int, int]] | None = None
    ) -> Iterator[Reference | Skipped]:
        """Yield what one file holds; `places` are those of `places_of`, when they are known."""
        if data.startswith(_WIDE) and isinstance(text := decode(path, data), Text):
            data, places = text.text.encode(), None
            text = Text(path, data, text.text, "utf-8")
        elif is_binary(data):
            yield from self._binary(path, data, places)
            return
        else:
            text = None
        language = language_of(path)
        hits = self._tag_hits(path, data, language)
        hits += self._word_hits(data, language, hits, places)
        if not hits:
            return
        hits.sort(key=lambda hit: (hit.start, hit.end))
        offsets = sorted({offset for hit in hits for offset in (hit.start, hit.end)})
        stand = positions(path, data, offsets) if text is None else positions_in(text, offsets)
        if isinstance(stand, Skipped):
            yield stand
            return
        for hit in hits:
            yield hit.reference(Span(path, stand[hit.start], stand[hit.end]))

    def _binary(self, path: str, data: bytes, places: list[tuple[int, int, int]] | None) -> Iterator[Skipped]:
        """Name a binary file that holds a key, also one written two bytes to the letter without saying so."""
        if places == []:
            return
        held = {key for hit in self._words(_letters(data), Family.CODE, places) for key in _texts(hit[2].key)}
        if held:
            named = ", ".join(f"`{key}`" for key in sorted(held)[:_NAMED])
            more = f" and {len(held) - _NAMED} more" if len(held) > _NAMED else ""
            yield Skipped(path, f"it is binary, and holds {named}{more}")

    # -------------------------------------------------------------------------------------------------------- words

    def _words(
        self, data: bytes, family: Family, places: list[tuple[int, int, int]] | None = None
    ) -> list[tuple[int, int, _Spelling, Confidence]]:
        """Return the spellings that stand in `data` as words of their own; of two that overlap, the longer one."""
        if self._sieve is None:
            return []
        judges = self._judges.get(family)
        if judges is None:
            judges = self._judges[family] = [
                judge(spelling.text, family, is_alias=bool(spelling.via)) for spelling in self._spellings
            ]
        found = []
        for number, start, end in self.places(data) if places is None else places:
            confidence = judges[number](data, start, end)
            if confidence is not None:
                found.append((start, end, self._spellings[number], confidence))
        found.sort(key=lambda item: (item[0], -item[1]))
        kept: list[tuple[int, int, _Spelling, Confidence]] = []
        for item in found:
            if not kept or item[0] >= kept[-1][1]:
                kept.append(item)
        return kept

    def _word_hits(
        self, data: bytes, language: str, tags: list[_Hit], places: list[tuple[int, int, int]] | None
    ) -> list[_Hit]:
        taken = [(hit.start, hit.end) for hit in tags]
        hits = []
        for start, end, spelling, confidence in self._words(data, family_of(language), places):
            if any(begin <= start and end <= stop for begin, stop in taken):
                continue
            hits.append(_Hit(start, end, _text_reference(spelling, confidence, language)))
        return hits

    # -------------------------------------------------------------------------------------------------------- tags

    def _tag_hits(self, path: str, data: bytes, language: str) -> list[_Hit]:
        tags = self._tags_of(path)
        if not tags:
            return []
        found: dict[tuple[int, int], _Hit] = {}
        for sdk, tag, pattern in tags:
            for match in pattern.finditer(data):
                key = match["key"].decode("utf-8", "replace")
                if tag.likely and key not in self._keys:
                    continue
                if any(match.start("key") < hit.end and hit.start < match.end("key") for hit in found.values()):
                    continue
                found[match.span()] = _Hit(*match.span(), _tag_reference(key, sdk, tag, language))
        if not found:
            return []
        commented = [span.span() for span in _COMMENTS.finditer(data)] if language in _TEMPLATES else []
        return [
            hit
            for hit in found.values()
            if not any(begin <= hit.start and hit.end <= stop for begin, stop in commented)
        ]

    def _tags_of(self, path: str) -> list[tuple[str, TemplateTag, re.Pattern[bytes]]]:
        name = path.rpartition("/")[2].lower()
        ending = name[name.find(".") :] if "." in name else ""
        if ending not in self._tags_by_ending:
            self._tags_by_ending[ending] = [tag for tag in self._tags if ending.endswith(tag[1].extensions)]
        return self._tags_by_ending[ending]


def _letters(data: bytes) -> bytes:
    """Return the bytes of a binary file without those that are null: of two bytes to the letter, one often is."""
    return data.replace(b"\0", b"")


def compiled(tag: TemplateTag) -> re.Pattern[bytes]:
    """Return the pattern of a template tag for bytes."""
    return re.compile(tag.pattern.encode())


def _spellings(keys: frozenset[str], aliases: tuple[str, ...]) -> list[_Spelling]:
    """Return all keys and their other spellings; one that several keys share stands for any of them."""
    owners: dict[str, dict[str, str]] = {}
    for key in sorted(keys):
        for alias, via in aliases_of(key, aliases).items():
            if alias not in keys:
                owners.setdefault(alias, {})[key] = via
    found = [_Spelling(key, Literal(key)) for key in sorted(keys) if key]
    for alias, by_key in sorted(owners.items()):
        first, via = next(iter(by_key.items()))
        meant = Literal(first) if len(by_key) == 1 else OneOf(tuple(sorted(by_key)))
        found.append(_Spelling(alias, meant, f"alias {via} `{alias}`"))
    return found


def _texts(key: Key) -> tuple[str, ...]:
    return key.keys if isinstance(key, OneOf) else (key.key,) if isinstance(key, Literal) else ()


def _text_reference(spelling: _Spelling, confidence: Confidence, language: str) -> Callable[[Span], Reference]:
    return lambda span: Reference(
        key=spelling.key,
        span=span,
        kind=Kind.TEXT,
        role="text",
        via=(spelling.via,) if spelling.via else (),
        confidence=Confidence.POSSIBLE if spelling.via else confidence,
        language=language,
    )


def _tag_reference(key: str, sdk: str, tag: TemplateTag, language: str) -> Callable[[Span], Reference]:
    return lambda span: Reference(
        key=Literal(key),
        span=span,
        kind=Kind.READ,
        role="template",
        sdk=sdk,
        via=("template tag",),
        confidence=Confidence.LIKELY if tag.likely else Confidence.CERTAIN,
        value_type=ValueType.BOOLEAN,
        language=language,
        traits=frozenset({"inverted"}) if tag.inverted else frozenset(),
    )
