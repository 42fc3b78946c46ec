"""django-waffle's flags, switches and samples in Django's fixtures, as `manage.py dumpdata waffle` writes them.

The three have names of their own; one that two of them share is one `Flag` here, as code that reads it is not told
apart. `Flag.payload` is `{"kinds": {"flag": …, "switch": …, "sample": …}}`, for `evaluator.vendors.waffle`.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from flaglint.definition import Flag, Problem, Registry
from flaglint.model import Label
from flaglint.registry.foreign import ForeignFile, data, items, mapping, text, together
from flaglint.registry.graph import DUPLICATE_FLAG
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.timestamps import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "waffle"
_KINDS: Final = {"waffle.flag": "flag", "waffle.switch": "switch", "waffle.sample": "sample"}
_OWN_FLAG: Final = frozenset({"name", "everyone", "superusers"})  # fields of a model that stands in for waffle's
_SHAPES: Final[dict[str, Shape]] = {
    "flag": {
        "name!": "name",
        "everyone": "boolean",
        "testing": "boolean",
        "superusers": "boolean",
        "staff": "boolean",
        "authenticated": "boolean",
        "languages": "text",
        "note": "text",
        "groups": ["any"],
        "users": ["any"],
    },
    "switch": {"name!": "name", "active": "boolean", "note": "text"},
    "sample": {"name!": "name", "note": "text"},
}
# What a model has where a fixture leaves it out.
_DEFAULTS: Final[dict[str, dict[str, Any]]] = {"flag": {"superusers": True}, "switch": {"active": False}, "sample": {}}


def recognise(tree: Tree) -> bool:
    """Whether a file is a list of rows, one of them of waffle's models or of one that stands in for its flags."""
    return any(_kind(mapping(item)) for item in items(tree.root))


def _kind(row: MappingNode) -> str:
    """Return whether a row is a flag, a switch or a sample; empty for any other."""
    model = text(row.get("model")).lower()
    if model in _KINDS:
        return _KINDS[model]
    fields = row.get("fields")
    names = {name for name, _, _ in fields.texts()} if isinstance(fields, MappingNode) else set()
    return "flag" if model and names >= _OWN_FLAG else ""


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags, switches and samples of the files."""
    return together([_File(source) for source in sources])


class _File(ForeignFile):
    """One fixture."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, old_yaml=True)
        self._twice: list[Problem] = []

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong in the file, rows of one name included."""
        yield from super().problems()
        yield from self._twice

    def _flags(self) -> Iterator[Flag]:
        if not isinstance(self.tree.root, SequenceNode):
            self.reader.report(self.tree.root or self.root, "a fixture must be a list of rows")
        rows: dict[str, dict[str, tuple[ScalarNode, MappingNode]]] = {}
        broken: set[str] = set()
        replaced = self._replaced()
        for item in items(self.tree.root):
            row = mapping(item)
            kind, name = _kind(row), mapping(row.get("fields")).get("name")
            if not kind or not isinstance(name, ScalarNode) or not name.text:
                continue
            self.reader.about(f"`{name.text}`", name.text)
            if self._is_broken(row, kind) or id(row) in replaced:
                broken.add(name.text)
            known = rows.setdefault(name.text, {})
            if kind in known:
                self._note_twice(kind, known[kind][0], name)
                broken.add(name.text)
            known.setdefault(kind, (name, row))
        self.reader.about("")
        for key, found in rows.items():
            yield self._flag(key, found, broken=key in broken)

    def _is_broken(self, row: MappingNode, kind: str) -> bool:
        fields = row.get("fields") or row
        known = len(self.reader.problems)
        broken = self.is_broken(fields, _SHAPES[kind], f"a {kind}")
        percent = mapping(fields).get("percent")
        told = data(percent)
        if kind == "sample" and told is None:
            self.reader.report(fields, "a sample needs `percent`")
        elif percent is not None and told is not None and _percent(told) is None:
            self.reader.report(percent, "`percent` must be a number")
        return broken or len(self.reader.problems) > known

    def _replaced(self) -> set[int]:
        """Report rows of one model and primary key; a later one replaces the earlier when the fixture is loaded."""
        first: dict[tuple[str, str], MappingNode] = {}
        replaced: set[int] = set()
        for item in items(self.tree.root):
            row = mapping(item)
            number = text(row.get("pk"))
            if not _kind(row) or not number:
                continue
            known = first.setdefault((text(row.get("model")).lower(), number), row)
            if known is not row:
                replaced |= {id(known), id(row)}
                self.reader.report(row.get("pk") or row, f"the primary key {number} stands here twice")
        return replaced

    def _note_twice(self, kind: str, first: Node, again: ScalarNode) -> None:
        self._twice.append(
            Problem(
                DUPLICATE_FLAG,
                f"`{again.text}` is the name of two {kind}{'es' if kind == 'switch' else 's'}",
                self.reader.span(again),
                key=again.text,
                help="keep one of the two rows",
                related=(Label(self.reader.span(first), "first defined here"),),
            )
        )

    def _flag(self, key: str, found: dict[str, tuple[ScalarNode, MappingNode]], *, broken: bool) -> Flag:
        place, row = next(iter(found.values()))
        kinds: dict[str, Any] = {}
        created: list[date] = []
        notes: list[str] = []
        for kind, (_, one) in found.items():
            told = data(one.get("fields"))
            fields = told if isinstance(told, dict) else {}
            kinds[kind] = _deciding(kind, fields) if not broken else {}
            if kind == "flag" and text(one.get("model")).lower() not in _KINDS:
                kinds[kind]["model"] = text(one.get("model"))
            created += [day for day in [day_of(fields.get("created"))] if day is not None]
            notes += [note for note in [fields.get("note")] if isinstance(note, str) and note.strip()]
        return Flag(
            key,
            self.reader.span(row),
            self.reader.span(place),
            format=FORMAT,
            description="; ".join(notes),
            created=min(created, default=None),
            problems=broken,
            environment=self.environment,
            salt=key,
            field_spans=self.spans(row.get("fields") or row, [("description", "note"), ("created", "created")]),
            payload={"kinds": kinds},
        )


def _deciding(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what decides over a row, with the defaults of its model."""
    told = {name: value for name, value in fields.items() if value is not None}
    found = {**_DEFAULTS[kind], **{name: told[name] for name in _NAMES[kind] if name in told}}
    for name in ("groups", "users"):
        if name in found:
            found[name] = bool(found[name])
    if told.get("percent") is not None:
        found["percent"] = str(_percent(told["percent"]))
    modified = day_of(fields.get("modified"))
    if modified is not None:
        found["since"] = modified.isoformat()
    return found


_NAMES: Final = {
    "flag": ("everyone", "testing", "superusers", "staff", "authenticated", "languages", "groups", "users"),
    "switch": ("active",),
    "sample": (),
}


def _percent(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or len(str(value)) > 20:
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
