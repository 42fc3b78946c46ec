"""Keys in files that are not Python: one search over the bytes for all keys, their spellings and template tags.

Nothing is parsed, so a hit says that the key stands there as a word of its own and no more; only a template tag that
an SDK pack describes is a read. Time is linear in the bytes, whatever the length of a line.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from flaglint.model import Confidence, Key, Kind, Literal, OneOf, Reference, Skipped, Span, ValueType, keys_in
from flaglint.patterns import late
from flaglint.records import dataclass, replace
from flaglint.refs import DIRECTIVE
from flaglint.refs.languages import Family, family_of, language_of
from flaglint.refs.needles import Needles, any_of, needles_of
from flaglint.refs.occurrences import WORD, judge
from flaglint.refs.sieve import Sieve
from flaglint.refs.spellings import aliases_of
from flaglint.refs.texts import Texts
from flaglint.source import Text, decode, is_binary, positions, positions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from flaglint.refs.spec import Pack, TemplateTag

_COMMENTS: Final = late(rb"\{#.*?#\}|\{%-?\s*comment\b.*?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEMPLATES: Final = frozenset({"html", "jinja", "xml", "text"})
_HEAD: Final = 3  # letters of a key that are looked for where each may have two bytes
_NAMED: Final = 3  # keys that the reason for skipping a file lists


class _Hit(NamedTuple):
    start: int
    end: int
    reference: Callable[[Span], Reference]


class _Tag(NamedTuple):
    sdk: str
    tag: TemplateTag
    pattern: re.Pattern[bytes]
    needles: Needles


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What is searched for: a key, or another spelling of one key or several."""

    text: str
    key: Key
    via: str = ""


class TextSearch:
    """Searches files for keys and their other spellings, and for the template tags of packs.

    A template tag of a pack is a `read`, all others are `text`. The `aliases` of packs are transformations
    (`camelCase`, `prefix-stripped`, ...) that give other spellings of every key. `tags_of` names the packs whose tags
    are sure to be theirs (None: all); those of others are reads of `keys` only. A binary file is Skipped when it holds
    a key, so that nobody calls that key unused; one that holds none is of no concern.
    """

    def __init__(
        self, keys: Collection[str], packs: Sequence[Pack] = (), *, tags_of: Collection[str] | None = None
    ) -> None:
        self._keys = frozenset(keys)
        names = dict.fromkeys(name for pack in packs for name in pack.aliases)
        self._spellings = _spellings(self._keys, tuple(names))
        self._judges: dict[Family, list[Callable[[bytes, int, int], Confidence | None]]] = {}
        self._tags = [
            _Tag(
                pack.name,
                tag if tags_of is None or pack.name in tags_of else replace(tag, likely=True),
                compiled(tag),
                needles_of(tag.pattern),
            )
            for pack in packs
            for tag in pack.templates
        ]
        self._tags_by_ending: dict[str, tuple[Needles, list[_Tag]]] = {}
        self._directive: Any = BytesAhoCorasick([DIRECTIVE])  # several times as fast as `in`
        texts = [spelling.text.encode() for spelling in self._spellings]
        self._sieve = Sieve(texts, WORD) if texts else None
        self._heads = Sieve(_heads(self._spellings)) if texts else None

    def file(self, path: str, data: bytes) -> Texts:
        """Return what one file says."""
        is_commented = bool(self._directive.find_matches_as_indexes(data))
        if data.startswith(_WIDE) and isinstance(text := decode(path, data), Text):
            data = text.text.encode()
            text = Text(path, data, text.text, "utf-8")
        elif is_binary(data):
            return Texts(self._in_binary(path, data), is_commented)
        else:
            text = None
        language = language_of(path)
        hits = self._tag_hits(path, data, language)
        hits += self._word_hits(data, language, hits)
        if not hits:
            return Texts((), is_commented)
        hits.sort(key=lambda hit: (hit.start, hit.end))
        offsets = sorted({offset for hit in hits for offset in (hit.start, hit.end)})
        stand = positions(path, data, offsets) if text is None else positions_in(text, offsets)
        if isinstance(stand, Skipped):
            return Texts((stand,), is_commented)
        return Texts([hit.reference(Span(path, stand[hit.start], stand[hit.end])) for hit in hits], is_commented)

    def _in_binary(self, path: str, data: bytes) -> tuple[Skipped, ...]:
        """Name a binary file that holds a key, also one written two bytes to the letter without saying so."""
        if self._heads is None:
            return ()
        found = self._words(data, Family.CODE)
        if self._heads.places(data):
            found += self._words(data.translate(None, b"\0"), Family.CODE)
        held = {key for _, _, spelling, _ in found for key in keys_in(spelling.key)}
        if not held:
            return ()
        named = ", ".join(f"`{key}`" for key in sorted(held)[:_NAMED])
        more = f" and {len(held) - _NAMED} more" if len(held) > _NAMED else ""
        return (Skipped(path, f"it is binary, and holds {named}{more}"),)

    # -------------------------------------------------------------------------------------------------------- words

    def _words(self, data: bytes, family: Family) -> list[tuple[int, int, _Spelling, Confidence]]:
        """Return the spellings that stand in `data` as words of their own; of two that overlap, the longer one."""
        places = self._sieve.places(data) if self._sieve is not None else []
        if not places:
            return []
        judges = self._judges.get(family)
        if judges is None:
            judges = self._judges[family] = [
                judge(spelling.text, family, is_alias=bool(spelling.via)) for spelling in self._spellings
            ]
        found = []
        for number, start, end in places:
            confidence = judges[number](data, start, end)
            if confidence is not None:
                found.append((start, end, self._spellings[number], confidence))
        found.sort(key=lambda item: (item[0], -item[1]))
        kept: list[tuple[int, int, _Spelling, Confidence]] = []
        for item in found:
            if not kept or item[0] >= kept[-1][1]:
                kept.append(item)
        return kept

    def _word_hits(self, data: bytes, language: str, tags: list[_Hit]) -> list[_Hit]:
        taken = [(hit.start, hit.end) for hit in tags]
        hits = []
        for start, end, spelling, confidence in self._words(data, family_of(language)):
            if any(begin <= start and end <= stop for begin, stop in taken):
                continue
            hits.append(_Hit(start, end, _text_reference(spelling, confidence, language)))
        return hits

    # -------------------------------------------------------------------------------------------------------- tags

    def _tag_hits(self, path: str, data: bytes, language: str) -> list[_Hit]:
        needles, tags = self._tags_of(path)
        if not tags or not needles.may_match(data):
            return []
        found: dict[tuple[int, int], _Hit] = {}
        for sdk, tag, pattern, own in tags:
            if not own.may_match(data):
                continue
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

    def _tags_of(self, path: str) -> tuple[Needles, list[_Tag]]:
        name = path.rpartition("/")[2].lower()
        ending = name[name.find(".") :] if "." in name else ""
        if ending not in self._tags_by_ending:
            tags = [tag for tag in self._tags if ending.endswith(tag.tag.extensions)]
            self._tags_by_ending[ending] = any_of(tag.needles for tag in tags), tags
        return self._tags_by_ending[ending]


def _heads(spellings: Sequence[_Spelling]) -> list[bytes]:
    """Return how spellings begin where each letter has two bytes, of which one is null, whichever comes first."""
    return sorted({b"\0".join(letter.encode() for letter in spelling.text[:_HEAD]) for spelling in spellings})


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
