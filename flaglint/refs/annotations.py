"""What the comments beside a declaration in Python say of the flag, as notes: (field of a flag, text).

Three kinds are understood. Open edX annotations (`.. toggle_name: x`, `.. toggle_target_removal_date: 2026-12-31`; the
fields are those of OEP-17 and of code-annotations' `feature_toggle_annotations.yaml`), lines of the form
`@expires: 2026-12-31`, and plain words, which are the description.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from flaglint.model import Kind, Literal, OneOf, Position, Reference, Span, ValueType, in_order
from flaglint.patterns import late
from flaglint.records import dataclass, replace
from flaglint.refs import TOGGLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from flaglint.source import Text

Notes: TypeAlias = "tuple[tuple[str, str], ...]"

_NAME = TOGGLE.decode()
ANNOTATION = "annotation"  # the note that tells that Open edX annotations stand here; its text is their name
_FIELD = late(r"\.\.\s+(?P<name>\w+)\s*:\s*(?P<text>.*)")
_AT = late(r"@(?P<name>[A-Za-z][\w-]*)\s*:\s*(?P<text>.+)")
_TOOL = late(r"(?:flaglint|noqa|type|pylint|pyright|mypy|ruff|fmt|isort|nosec|pragma)\b\s*(?::|$|\[|=)")
_AFTER = late(r"""(?:[^#'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")*+#(?P<text>.*)""")
_NAMED = late(r"\w+(?:\.\w+)*\[(?P<quote>['\"])(?P<key>[^'\"]+)(?P=quote)\]")  # FEATURES['ENABLE_X']
_NO_DAY = frozenset({"", "none", "n/a", "na", "never", "tbd", "null"})
_URL = late(r"https?://[^\s,]+")
_OWN = frozenset({"description", "type", "owner", "created", "expires", "permanent"})
_HEADS = 2  # declarations without a comment of their own below one that makes it a heading
# What OEP-17 calls a use case, where it tells that a toggle is to stay: with the type that flaglint gives it.
_STAYING = {"circuit_breaker": "ops", "vip": "permission", "open_edx": ""}


@dataclass(frozen=True, slots=True)
class Comment:
    """A block of comment lines without their marks, and its first and last line in the file (1-based)."""

    lines: tuple[str, ...]
    first: int
    last: int


def annotated(references: Sequence[Reference], texts: Mapping[str, Text]) -> tuple[Reference, ...]:
    """Return the references with what the comments beside their declarations say.

    Open edX annotations that belong to no declaration, as those above the read of a setting, declare a key of their
    own when the same file reads it. `texts` are the files with declarations or annotations, by path.
    """
    found: dict[int, Reference] = {}
    added: list[Reference] = []
    by_path: dict[str, list[int]] = {path: [] for path in texts}
    for number, reference in enumerate(references):
        if reference.span.path in by_path:
            by_path[reference.span.path].append(number)
    for path, numbers in by_path.items():
        declared = [references[number] for number in numbers if references[number].kind is Kind.DECLARATION]
        lines = texts[path].lines
        starts = Counter(reference.span.start.line for reference in declared)
        taken: set[int] = set()
        for number in numbers:
            reference = references[number]
            if reference.kind is not Kind.DECLARATION or starts[reference.span.start.line] > 1:
                continue  # a comment beside several keys says nothing of one
            comment = _above(lines, reference.span.start.line) or _behind(lines, reference.span)
            if comment is None or (_is_heading(lines, comment, starts) and not _fields(comment)):
                continue
            taken.update(range(comment.first, comment.last + 1))
            if notes := notes_of(comment):
                found[number] = replace(reference, notes=notes)
        if _NAME in texts[path].text:
            added += _orphans(path, lines, taken, [references[number] for number in numbers])
    if not found and not added:
        return tuple(references)
    kept = [found.get(number, reference) for number, reference in enumerate(references)]
    return in_order([*kept, *added])


def notes_of(comment: Comment) -> Notes:
    """Return what a comment tells of a flag, field by field."""
    fields = _fields(comment)
    if fields:
        return tuple(_of_annotations(fields))
    words: list[str] = []
    notes: list[tuple[str, str]] = []
    for line in comment.lines:
        at = _AT.fullmatch(line)
        if at is None:
            words.append(line)
        elif at["name"] in _OWN:
            notes.append((at["name"], at["text"].strip()))
        elif _URL.fullmatch(at["text"].strip()):
            notes.append((f"link.{at['name']}", at["text"].strip()))
        else:
            notes.append(("tag", f"{at['name']}:{at['text'].strip()}"))
    description = " ".join(filter(None, words))
    return (*((("description", description),) if any(map(str.isalpha, description)) else ()), *notes)


def _of_annotations(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the notes that the annotations of a toggle come to."""
    yield ANNOTATION, fields.get("toggle_name", "")
    warning = fields.get("toggle_warning") or fields.get("toggle_warnings", "")
    description = " ".join(filter(None, [fields.get("toggle_description", ""), warning and f"Warning: {warning}"]))
    if description:
        yield "description", description
    cases = [word.strip() for word in fields.get("toggle_use_cases", "").split(",") if word.strip()]
    goes = _told(fields.get("toggle_target_removal_date", "") or fields.get("toggle_expiration_date", ""))
    staying = next((case for case in cases if case in _STAYING), "")
    if goes or "temporary" in cases:
        yield "type", "release"
    elif staying:
        yield "permanent", f"its use case is {staying}"
        if _STAYING[staying]:
            yield "type", _STAYING[staying]
    if born := _told(fields.get("toggle_creation_date", "")):
        yield "created", born
    if goes:
        yield "expires", goes
    if owner := fields.get("toggle_owner"):
        yield "owner", owner
    if (default := fields.get("toggle_default", "").lower()) in {"true", "false"}:
        yield "default", default
    for name in ("toggle_tickets", "toggle_removal_ticket"):
        for url in _URL.findall(fields.get(name, "")):
            yield f"link.{name.removeprefix('toggle_')}", url
    for name in ("toggle_implementation", "toggle_status", "toggle_category"):
        if fields.get(name):
            yield "tag", f"{name.removeprefix('toggle_')}:{fields[name]}"
    yield from (("tag", case) for case in cases)


def _told(text: str) -> str:
    """Return a day as it is written; empty for the words that say that there is none."""
    return "" if text.lower() in _NO_DAY else text


def _fields(comment: Comment) -> dict[str, str]:
    """Return the annotations of a block by name, with what goes on in further lines; empty when it holds none."""
    found: dict[str, str] = {}
    name = ""
    for line in comment.lines:
        field = _FIELD.fullmatch(line)
        if field is not None:
            name = field["name"]
            found.setdefault(name, field["text"].strip())
        elif name and line:
            found[name] = f"{found[name]} {line}".strip()
    return found if any(field.startswith("toggle_") for field in found) else {}


def _above(lines: Sequence[str], line: int) -> Comment | None:
    """Return the comment that ends on the line before `line` (1-based); a ruler of dashes or signs bounds it."""
    block: list[str] = []
    at = line - 1
    while at > 0 and (text := lines[at - 1].strip()).startswith("#"):
        said = text.lstrip("#").strip()
        if said and not any(map(str.isalnum, said)):
            break
        block.append(said)
        at -= 1
    block.reverse()
    begins = [index for index, said in enumerate(block) if said.startswith(".. toggle_name")]
    if len(begins) > 1:  # the annotations of another toggle stand right above
        at, block = at + begins[-1], block[begins[-1] :]
    kept = tuple("" if _TOOL.match(said) else said for said in block)
    return Comment(kept, at + 1, line - 1) if any(kept) else None


def _behind(lines: Sequence[str], span: Span) -> Comment | None:
    """Return the comment at the end of the last line of a declaration."""
    line = lines[span.end.line - 1] if span.end.line <= len(lines) else ""
    found = _AFTER.fullmatch(line[span.end.column - 1 :])
    said = found["text"].strip("# \t") if found is not None else ""
    return Comment((said,), span.end.line, span.end.line) if said and not _TOOL.match(said) else None


def _is_heading(lines: Sequence[str], comment: Comment, starts: Mapping[int, int]) -> bool:
    """Whether a comment stands above several declarations, line by line without one of their own, and means all."""
    following = 0
    line = comment.last + 2
    while line <= len(lines) and line in starts and "#" not in lines[line - 1]:
        following += 1
        line += 1
    return following >= _HEADS


def _orphans(path: str, lines: Sequence[str], taken: set[int], here: Sequence[Reference]) -> Iterator[Reference]:
    """Yield a declaration for each block of annotations that belongs to none, if the file reads its key."""
    read = {key for reference in here if reference.kind is Kind.READ for key in _keys(reference)}
    declared = {key for reference in here if reference.kind is Kind.DECLARATION for key in _keys(reference)}
    for comment in _blocks(lines):
        fields = _fields(comment) if not taken.intersection(range(comment.first, comment.last + 1)) else {}
        named = fields.get("toggle_name", "")
        inside = _NAMED.fullmatch(named)
        key = inside["key"] if inside is not None else named
        if key in read and key not in declared:
            start = lines[comment.first - 1].index(key) + 1
            yield Reference(
                key=Literal(key),
                span=Span(path, Position(comment.first, start), Position(comment.first, start + len(key))),
                kind=Kind.DECLARATION,
                role="annotation",
                sdk=next(ref.sdk for ref in here if ref.kind is Kind.READ and key in _keys(ref)),
                via=("annotation",),
                value_type=ValueType.UNKNOWN,
                is_test=any(ref.is_test for ref in here),
                notes=notes_of(comment),
            )


def _blocks(lines: Sequence[str]) -> Iterator[Comment]:
    """Yield the comment lines that hold annotations of toggles, block by block; each begins with `toggle_name`."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("#") and _NAME in text:
            last = number
            while last < len(lines) and _goes_on(lines[last]):
                last += 1
            yield Comment(tuple(one.strip().lstrip("#").strip() for one in lines[number - 1 : last]), number, last)


def _goes_on(line: str) -> bool:
    text = line.strip()
    return text.startswith("#") and _NAME not in text


def _keys(reference: Reference) -> Iterable[str]:
    if isinstance(reference.key, Literal):
        return (reference.key.key,)
    return reference.key.keys if isinstance(reference.key, OneOf) else ()
