"""A flag under another key, in the registry and in the code: planned as edits, proven on what the result says.

A reference is rewritten where it spells the key, or where the constant does from which it gets it. Then the project is
looked at again as it would be: each reference must be what it was, but for the key, or the rename is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import EditError
from flaglint.model import Edit, Kind, Position, Skipped, Span, Unknown
from flaglint.records import dataclass, field
from flaglint.remove.changed import is_migration
from flaglint.remove.inside import in_values
from flaglint.remove.outcome import Change, Leftover, Plan
from flaglint.remove.rename_literals import Spelling, is_word, spellings
from flaglint.remove.rename_mentions import mentions, texts
from flaglint.remove.rename_proof import differences, keys_named
from flaglint.remove.verify import compiles
from flaglint.source import decode, is_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from flaglint.graph import FlagGraph
    from flaglint.model import Reference
    from flaglint.registry.edit import Draft
    from flaglint.source import Text

    Recognise: TypeAlias = Callable[[Mapping[str, bytes]], Iterable[Reference]]

_PUT_TOGETHER = frozenset({"concatenation", "f-string", "format", "join", "%"})
_EDITED_FORMATS = frozenset({"native", "python"})


@dataclass(frozen=True)
class Rename:
    """A rename that was proven but not written. A refusal that is `hard` stays one, whatever is allowed."""

    old: str
    new: str
    changes: tuple[Change, ...] = ()
    references: int = 0  # reads, overrides and declarations that have the new key
    refused: tuple[Leftover, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    is_hard: bool = False

    def as_plan(self) -> Plan:
        """Return the changes as a plan, which is what can be written."""
        return Plan(pins={}, changes=self.changes)


@dataclass
class _Work:
    """What is known while a rename is planned. `edits` are character offsets by path."""

    files: Mapping[str, bytes]  # the Python files that hold the old key
    old: str
    new: str
    edits: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    refused: list[Leftover] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    texts: dict[str, Text | Skipped] = field(default_factory=dict)

    def text(self, path: str) -> Text | None:
        if path not in self.texts:
            data = self.files.get(path)
            self.texts[path] = Skipped(path, "it does not hold the key") if data is None else decode(path, data)
        found = self.texts[path]
        return None if isinstance(found, Skipped) else found

    def refuse(self, span: Span, code: str, sentence: str) -> None:
        self.refused.append(Leftover(span, code, sentence, self.old))

    def left(self, span: Span, code: str, sentence: str) -> None:
        self.leftovers.append(Leftover(span, code, sentence, self.old))


def plan_rename(
    files: Mapping[str, bytes],
    graph: FlagGraph,
    old: str,
    new: str,
    *,
    recognise: Recognise,
    draft: Draft,
    removed_on: date | None = None,
) -> Rename:
    """Return the rename of a flag that `graph` knows to a key that is free.

    `files` are those of the project; `recognise` finds all references of the project with some files changed, by path.
    With a day, the old key gets a tombstone in the registry of `draft`.
    """
    python = {path: data for path in files if is_python(path) and old.encode() in (data := files[path])}
    work = _Work(python, old, new)
    _registry(work, graph, draft, removed_on)
    _references(work, graph)
    _unseen(work, graph, files)
    changes = (*_changes(work), *_registry_changes(draft))
    renamed, is_hard = _prove(work, graph, changes, recognise, files)
    edited = {path: list(places) for path, places in work.edits.items()}
    left = sorted(
        [*work.leftovers, *texts(python, old, edited), *_other_texts(work, graph)], key=lambda item: item.span
    )
    _computed(work, graph, left)
    refused = tuple(sorted(work.refused, key=lambda item: item.span))
    return Rename(old, new, changes, renamed, refused, _once(left, refused), is_hard)


def _once(leftovers: Iterable[Leftover], refused: Sequence[Leftover]) -> tuple[Leftover, ...]:
    """Leave out what stands inside a place that was refused, or is left for a reason of its own."""
    spans = [item.span for item in refused]
    kept = []
    for item in leftovers:
        span = item.span
        if not any(at.path == span.path and at.start <= span.start and span.end <= at.end for at in spans):
            kept.append(item)
            spans.append(span)
    return tuple(kept)


def _registry(work: _Work, graph: FlagGraph, draft: Draft, removed_on: date | None) -> None:
    from flaglint.registry.edit import rename_flag

    for flag in graph.flags.get(work.old, ()):
        if flag.format not in _EDITED_FORMATS:
            sentence = f"it is defined in the format `{flag.format}`, which is edited where it comes from"
            work.refuse(flag.key_span, "foreign-registry", sentence)
    if any(flag.key == work.old and flag.format == "native" for flag in draft.registry.flags):
        try:
            rename_flag(draft, work.old, work.new, removed_on=removed_on)
        except EditError as error:
            at = Position(max(error.line, 1), max(error.column, 1))
            work.refuse(Span(error.path, at, at), "registry-kept", error.message)


def _references(work: _Work, graph: FlagGraph) -> None:
    """Choose what is rewritten: the keys that references spell, and the strings from which others get theirs."""
    unspelled = []
    for reference in graph.by_key.get(work.old, ()):
        if reference.language != "python" or reference.kind in {Kind.MENTION, Kind.TEXT}:
            continue
        if is_migration(reference.span.path):
            work.left(reference.span, "migration", "a migration is history and never edited: add a new one")
            continue
        text = work.text(reference.span.path)
        found = spellings(text, reference, work.old) if text is not None else ()
        if not found:
            unspelled.append(reference)
        for spelling in found:
            _rewrite(work, text, spelling)
    code = [item for item in graph.references if item.language == "python"]
    for mention, feeds in mentions(work.files, work.old, code, unspelled):
        if is_migration(mention.span.path):
            continue
        text = work.text(mention.span.path)
        assert text is not None  # it was found there
        place = Spelling(text.offset(mention.span.start), text.offset(mention.span.end))
        _rewrite(work, text, place)
        if not feeds:
            sentence = "this string was rewritten, though no read is seen to get its key from it"
            work.left(mention.span, "unproven-string", sentence)


def _rewrite(work: _Work, text: Text | None, spelling: Spelling) -> None:
    assert text is not None  # the spelling comes from it
    if spelling.is_keyword and not is_word(work.new):
        span = Span(text.path, text.position(spelling.start), text.position(spelling.end))
        work.refuse(span, "keyword-name", f"it is the name of an argument here, and `{work.new}` cannot be one")
        return
    new = spelling.rewritten(text.text, work.new)
    try:
        new.encode(text.encoding)
    except UnicodeEncodeError:
        span = Span(text.path, text.position(spelling.start), text.position(spelling.end))
        work.refuse(span, "encoding", f"`{work.new}` cannot be written in this file's encoding, {text.encoding}")
        return
    work.edits.setdefault(text.path, {})[spelling.start, spelling.end] = new


def _unseen(work: _Work, graph: FlagGraph, files: Mapping[str, bytes]) -> None:
    """Refuse what may be the key and cannot be rewritten: patterns, statements and files that are not understood."""
    for reference in graph.patterns(work.old):
        glob = getattr(reference.key, "glob", "")
        work.refuse(reference.span, "dynamic-key", f"`{glob}` is put together at run time and can be `{work.old}`")
    for failure in graph.failures:
        if work.old in failure.mentions:
            work.refuse(failure.span, "unparsable-file", "the statement that names it cannot be parsed")
    for skipped in graph.skipped:
        if is_python(skipped.path) and work.old.encode() in files.get(skipped.path, b""):
            start = Position(1, 1)
            work.refuse(Span(skipped.path, start, start), "unparsable-file", f"it names the key: {skipped.reason}")


def _computed(work: _Work, graph: FlagGraph, left: Iterable[Leftover]) -> None:
    """Refuse reads of a key that is not known, in files of which a string names the flag and was not rewritten.

    `"old other".split()` and `json.loads` of a text hold keys that nobody sees; a docstring holds none.
    """
    named = {(item.span.path, item.span.start) for item in left if item.code == "named-elsewhere"}
    for reference in graph.dynamic:
        path = reference.span.path
        text = work.text(path) if isinstance(reference.key, Unknown) and not reference.is_test else None
        if text is not None and any((path, text.position(at)) in named for at in in_values(text, work.old)):
            sentence = f"it reads a key that is not known, and a string in this file names `{work.old}`"
            work.refuse(reference.span, "dynamic-key", sentence)


def _other_texts(work: _Work, graph: FlagGraph) -> Iterator[Leftover]:
    for reference in graph.by_key.get(work.old, ()):
        if reference.language == "python" and reference.kind is not Kind.TEXT:
            continue
        if reference.kind is Kind.READ:
            yield Leftover(reference.span, "template-read", "a template reads the flag; it was not rewritten", work.old)
        else:
            yield Leftover(reference.span, "text-reference", "it names the flag; it was not rewritten", work.old)


def _changes(work: _Work) -> Iterator[Change]:
    for path, places in sorted(work.edits.items()):
        text = work.text(path)
        assert text is not None  # it has places
        edits = []
        after, position = b"", 0
        for (start, end), new in sorted(places.items()):
            first, last = text.byte_offset(start), text.byte_offset(end)
            edits.append(Edit(path, first, last, new.encode(text.encoding)))
            after += text.data[position:first] + edits[-1].text
            position = last
        after += text.data[position:]
        if compiles(path, text.text) and not compiles(path, _decoded(path, after)):
            span = Span(path, text.position(0), text.position(0))
            work.refuse(span, "not-verified", "the file would not compile any more")
            continue
        yield Change(path, text.data, after, tuple(edits))


def _decoded(path: str, data: bytes) -> str:
    text = decode(path, data)
    return "" if isinstance(text, Skipped) else text.text


def _registry_changes(draft: Draft) -> Iterator[Change]:
    edits = draft.edits()
    for path, before, after in draft.changed():
        yield Change(path, before, after, tuple(edit for edit in edits if edit.path == path))


def _prove(
    work: _Work,
    graph: FlagGraph,
    changes: Sequence[Change],
    recognise: Recognise,
    files: Mapping[str, bytes],
) -> tuple[int, bool]:
    """Look at the result; return how many references have the new key, and whether something would break."""
    is_hard = any(item.code == "registry-kept" for item in work.refused)
    after = tuple(recognise({change.path: change.after for change in changes}))
    refused_keywords = {item.span for item in work.refused if item.code == "keyword-name"}
    for difference in differences(graph.references, after, changes, work.old, work.new, files):
        span = difference.reference.span
        if is_migration(span.path):
            continue
        if not difference.is_kept:
            is_hard = True
            work.refuse(span, "other-meaning", _other_meaning(difference.reference, work.old))
        elif not any(at.path == span.path and span.start <= at.start and at.end <= span.end for at in refused_keywords):
            work.refuse(span, "unknown-spelling", _unknown_spelling(difference.reference))
    kinds = {Kind.MENTION, Kind.TEXT}
    named = [ref for ref in after if work.new in keys_named(ref.key) and ref.language == "python"]
    return sum(ref.kind not in kinds for ref in named), is_hard


def _other_meaning(reference: Reference, old: str) -> str:
    if old in keys_named(reference.key):
        return "more than the key would change here: a default or a value that is compared with is the same string"
    return f"this is another flag, or another part of a key, which is made from the string of `{old}`"


def _unknown_spelling(reference: Reference) -> str:
    steps = [step for step in reference.via if step != "literal"]
    made = next((step for step in steps if step.split(" ")[0] in _PUT_TOGETHER), "")
    if made:
        return f"the key is put together from parts: {made}"
    if steps:
        return f"the key comes from {steps[-1]}, where it does not stand as one string"
    return "the key does not stand here as one string"
