"""References and wrappers as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from flaglint.letters import in_a_cell, in_json
from flaglint.model import Kind, Literal, OneOf, Pattern
from flaglint.render.frames import place
from flaglint.render.sources import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from flaglint.graph import FlagGraph
    from flaglint.model import FileCounts, Reference, Wrapper

_COLUMNS = (
    "key", "path", "line", "column", "end_line", "end_column", "kind", "role", "sdk", "via", "confidence", "default",
    "value_type",
)  # fmt: skip
_STEPS = 6  # to a key that the text shows; JSON and CSV have all
_WRAPPER_COLUMNS = ("qualname", "path", "line", "column", "sdk", "parameter", "key", "via", "value_type")
# The plural of each kind, as a summary counts them.
_PLURALS = {
    "read": "reads",
    "declaration": "declarations",
    "override": "overrides",
    "mention": "mentions",
    "text": "texts",
}


def named(reference: Reference, keys: Sequence[str]) -> Iterator[str]:
    """Yield the known keys that a reference names, of those asked for; none when the key is not known to the letter."""
    match reference.key:
        case Literal(key):
            all_keys: tuple[str, ...] = (key,)
        case OneOf(several):
            all_keys = several
        case _:
            all_keys = ()
    yield from (key for key in all_keys if not keys or key in keys)


def _dynamic(references: Iterable[Reference], keys: Sequence[str]) -> list[Reference]:
    """Return the references whose key is put together at run time: all, or those that can spell a key asked for."""
    return [
        ref
        for ref in references
        if not isinstance(ref.key, Literal | OneOf)
        and (not keys or (isinstance(ref.key, Pattern) and any(ref.key.matches(key) for key in keys)))
    ]


def _glob(reference: Reference) -> str:
    return reference.key.glob if isinstance(reference.key, Pattern) else "*"


# ------------------------------------------------------------------------------------------------------ JSON, CSV


def as_json(references: Sequence[Reference], graph: FlagGraph, counts: FileCounts, keys: Sequence[str]) -> str:
    """Return the document that rules/schemas/references.schema.json describes."""
    document = {
        "version": 1,
        "references": [_row(ref, key=key) for ref in references for key in named(ref, keys)],
        "dynamic": [_row(ref, pattern=_glob(ref)) for ref in _dynamic(references, keys)],
        "skipped": [{"path": skip.path, "reason": skip.reason} for skip in graph.skipped],
        "files": {
            "seen": counts.seen,
            "screened": counts.screened,
            "parsed": counts.parsed,
        },
    }
    return in_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _row(reference: Reference, **name: str) -> dict[str, Any]:
    return {
        **name,
        **reference.span.as_data(),
        "kind": reference.kind.value,
        "role": reference.role,
        "sdk": reference.sdk,
        "via": list(reference.via),
        "confidence": reference.confidence.value,
        "default": reference.default.text if reference.default else None,
        "value_type": reference.value_type.value,
    }


def as_csv(references: Sequence[Reference], keys: Sequence[str]) -> str:
    """Return one line per reference and key; a pattern stands in the column of the key, with its stars."""
    written = io.StringIO()
    table = csv.DictWriter(written, _COLUMNS, lineterminator="\n")
    table.writeheader()
    for reference in references:
        names = [*named(reference, keys), *(_glob(ref) for ref in _dynamic([reference], keys))]
        for name in names:
            table.writerow(_cells({**_row(reference, key=name), "via": "; ".join(reference.via)}))
    return written.getvalue()


# ----------------------------------------------------------------------------------------------------------- text


def as_text(
    references: Sequence[Reference], graph: FlagGraph, keys: Sequence[str], strong: Callable[[str], str] = str
) -> str:
    """Return the references below their keys, each on a line that terminals and editors link."""
    by_key: dict[str, list[Reference]] = {key: [] for key in keys or graph.flags}
    for reference in references:
        for key in named(reference, keys):
            by_key.setdefault(key, []).append(reference)
    lines: list[str] = []
    for key in sorted(by_key):
        spelt = sorted({_glob(ref) for ref in graph.patterns(key)})
        aside = (
            [f"  may be read as {', '.join(safe(glob) for glob in spelt)}, put together at run time"] if spelt else []
        )
        lines += _block(strong(safe(key)), _defined(graph, key) + aside, by_key[key])
    patterns: dict[str, list[Reference]] = {}
    for reference in _dynamic(references, keys):
        patterns.setdefault(_glob(reference), []).append(reference)
    for glob in sorted(patterns):
        lines += _block(f"{strong(safe(glob))} (put together at run time)", [], patterns[glob])
    return "".join(f"{line}\n" for line in lines)


def _block(title: str, defined: list[str], references: Sequence[Reference]) -> Iterator[str]:
    counts = Counter(ref.kind.value for ref in references)
    parts = [
        f"{count} {kind if count == 1 else _PLURALS[kind]}" for kind, count in sorted(counts.items(), key=_by_kind)
    ]
    yield f"{title}: {', '.join(parts) or 'no references'}"
    yield from defined
    for reference in references:
        yield f"  {place(reference.span)}: {safe(_described(reference))}"


def _by_kind(item: tuple[str, int]) -> int:
    return list(_PLURALS).index(item[0])


def _defined(graph: FlagGraph, key: str) -> list[str]:
    return [f"  {place(flag.key_span)}: defined" for flag in graph.flags.get(key, ()) if flag.format != "python"]


def _described(reference: Reference) -> str:
    words: list[str] = [reference.kind.value]
    if reference.kind is Kind.READ:
        words.append(f"({reference.role})")
    elif reference.kind is Kind.TEXT:
        words.append(f"({reference.language})")
    if reference.via and reference.via != ("literal",):
        words.append(f"via {_steps(reference.via)}")
    if reference.sdk:
        words.append(f"[{reference.sdk}]")
    if reference.confidence.value != "certain":
        words.append(reference.confidence.value)
    return " ".join(words)


def _steps(via: Sequence[str]) -> str:
    """Return the steps to a key on one line: of very many, as forty classes that each set one, the first."""
    if len(via) <= _STEPS:
        return ", ".join(via)
    return f"{', '.join(via[: _STEPS - 1])} and {len(via) - _STEPS + 1} more"


# ------------------------------------------------------------------------------------------------------- wrappers


def wrappers_of(wrappers: Sequence[Wrapper], keys: Sequence[str]) -> list[Wrapper]:
    """Return the wrappers of a fixed key that was asked for, or all, in the order of path and place."""
    fixed = [w for w in wrappers if not keys or (isinstance(w.key, Literal) and w.key.key in keys)]
    return sorted(fixed, key=lambda wrapper: (wrapper.span, wrapper.qualname))


def wrappers_as_text(wrappers: Sequence[Wrapper], strong: Callable[[str], str] = str) -> str:
    """Return one line per wrapper: where it is, and which key it reads for its callers."""
    lines = []
    for wrapper in wrappers:
        reads = _what_it_reads(wrapper)
        via = safe(f" via {', '.join(wrapper.via)}") if wrapper.via else ""
        lines.append(f"{place(wrapper.span)}: {strong(safe(wrapper.qualname))} reads {reads}{via} [{wrapper.sdk}]\n")
    return "".join(lines)


def _what_it_reads(wrapper: Wrapper) -> str:
    key = safe(_key_of(wrapper))
    if not wrapper.parameter:
        return f"`{key}`"
    return f"`{key}`, made from `{wrapper.parameter}`," if key else f"the key in `{wrapper.parameter}`"


def wrappers_as_json(wrappers: Sequence[Wrapper]) -> str:
    """Return the wrappers as a document of their own."""
    document = {"version": 1, "wrappers": _wrapper_rows(wrappers)}
    return in_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def wrappers_as_csv(wrappers: Sequence[Wrapper]) -> str:
    """Return one line per wrapper, with the columns of the JSON document."""
    written = io.StringIO()
    table = csv.DictWriter(written, _WRAPPER_COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in _wrapper_rows(wrappers):
        table.writerow(_cells({**row, "via": "; ".join(row["via"])}))
    return written.getvalue()


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {name: in_a_cell(value) if isinstance(value, str) else value for name, value in row.items()}


def _wrapper_rows(wrappers: Sequence[Wrapper]) -> list[dict[str, Any]]:
    return [
        {
            "qualname": wrapper.qualname,
            "path": wrapper.span.path,
            "line": wrapper.span.start.line,
            "column": wrapper.span.start.column,
            "sdk": wrapper.sdk,
            "parameter": wrapper.parameter or None,
            "key": _key_of(wrapper) or None,
            "via": list(wrapper.via),
            "value_type": wrapper.value_type.value,
        }
        for wrapper in wrappers
    ]


def _key_of(wrapper: Wrapper) -> str:
    match wrapper.key:
        case Literal(key):
            return key
        case OneOf(keys):
            return " or ".join(keys)
        case Pattern() as pattern:
            return pattern.glob
    return ""
