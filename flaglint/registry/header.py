"""Reading what holds for a whole registry, from all of its files: bucketing, environments, attributes, segments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from flaglint.definition import Attribute
from flaglint.model import Label
from flaglint.records import dataclass, field
from flaglint.registry.conditions import KINDS, RESERVED, TARGETING_KEY
from flaglint.registry.nodes import AliasNode, MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import nearest_or_all, shown
from flaglint.registry.scalars import UnfitScalarError, core_value
from flaglint.registry.variants import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flaglint.model import Span
    from flaglint.registry.nodes import Node
    from flaglint.registry.reading import Reader

FIELDS = (
    "version", "bucketing", "environments", "critical", "attributes", "segments", "flags", "removed",
)  # fmt: skip
BUCKETINGS = ("flagd-v2", "flagd-v3")
_Value = TypeVar("_Value")
Fields = dict[str, tuple[ScalarNode, "Node"]]


@dataclass(slots=True)
class Header:
    """What the files say together. Of two that disagree the first counts."""

    bucketing: str = "flagd-v2"
    environments: tuple[str, ...] = ("default",)
    critical: tuple[str, ...] = ()
    attributes: dict[str, Attribute] = field(default_factory=dict)
    declared: set[str] | None = None  # names under `attributes`, also of broken entries; None when there is no such map
    segments: dict[str, ScalarNode] = field(default_factory=dict)  # the key of the definition that counts


def read_header(files: Sequence[tuple[Reader, Fields]]) -> Header:
    """Return what holds for all flags of the files."""
    header = Header()
    if bucketing := _agreed(files, "bucketing", _bucketing):
        header.bucketing = bucketing
    if environments := _agreed(files, "environments", partial(_environments, what="`environments`")):
        header.environments = environments
    header.critical = _agreed(files, "critical", partial(_environments, what="`critical`")) or header.environments
    places: dict[str, Span] = {}
    for reader, fields in files:
        if "version" in fields:
            _check_version(reader, fields["version"][1])
        if "attributes" in fields:
            _read_attributes(reader, fields["attributes"][1], header)
        if "segments" in fields:
            _find_segments(reader, fields["segments"][1], header, places)
        if "critical" in fields:
            _check_critical(reader, fields["critical"][1], header.environments)
    return header


def _agreed(files: Sequence[tuple[Reader, Fields]], name: str, read: Callable[[Reader, Node], _Value]) -> _Value | None:
    """Return what the first file that says it says; another word in a later one is a problem."""
    first: tuple[_Value, Span] | None = None
    for reader, fields in files:
        if name not in fields:
            continue
        node = fields[name][1]
        value = read(reader, node)
        if not value:
            continue
        if first is None:
            first = (value, reader.span(node))
        elif first[0] != value:
            reader.report(
                node,
                f"`{name}` says something else than in another file",
                "write it in one file only, or equal everywhere",
                related=(Label(first[1], "said here"),),
            )
    return first[0] if first else None


def _check_version(reader: Reader, node: Node) -> None:
    if isinstance(node, ScalarNode):
        try:
            version = core_value(node)
        except UnfitScalarError:
            version = None
        if version == 1 and not isinstance(version, bool):
            return
    if not isinstance(node, AliasNode):
        reader.report(node, f"`version` must be `1`, not {shown(node)}", "write `version: 1`")


def _bucketing(reader: Reader, node: Node) -> str:
    return reader.choice(node, "`bucketing`", BUCKETINGS)


def _environments(reader: Reader, node: Node, *, what: str) -> tuple[str, ...]:
    """Return a list of names, each once."""
    names: dict[str, None] = {}
    for item in reader.items(node, what):
        name = reader.text(item, "an environment")
        if name in names:
            reader.report(item, f"`{name}` is listed twice", "take one out")
        elif name and not NAME.fullmatch(name):
            reader.report(item, f"{shown(item)} cannot name an environment", "use letters, digits, `_`, `.` and `-`")
        if name:
            names[name] = None
    if isinstance(node, SequenceNode) and not node.items:
        reader.report(node, f"{what} is empty", "leave it out")
    return tuple(names)


def _check_critical(reader: Reader, node: Node, environments: tuple[str, ...]) -> None:
    for item in node.items if isinstance(node, SequenceNode) else ():
        if isinstance(item, ScalarNode) and not item.is_null and item.text not in environments:
            advice = nearest_or_all(item.text, environments, "environment")
            reader.report(item, f"there is no environment `{item.text}`", advice)


def _read_attributes(reader: Reader, node: Node, header: Header) -> None:
    if header.declared is None:
        header.declared = {TARGETING_KEY}
        header.attributes[TARGETING_KEY] = Attribute(TARGETING_KEY, "string", reader.span(node))
    for name, key, value in reader.entries(node, "`attributes`"):
        reader.about(f"attribute `{name}`")
        header.declared.add(name)
        attribute = _attribute(reader, name, key, value)
        if attribute is None:
            continue
        known = header.attributes.get(name)
        if known is not None and name != TARGETING_KEY:
            reader.report(
                key, "it is declared in another file, too", related=(Label(known.span, "first declared here"),)
            )
        elif known is None or attribute.kind == "string":
            header.attributes[name] = attribute
        else:
            reader.report(value, f"`{TARGETING_KEY}` is a string", "leave it out: it is always there")
    reader.about("")


def _attribute(reader: Reader, name: str, key: ScalarNode, node: Node) -> Attribute | None:
    if name in RESERVED:
        reader.report(key, f"`{name}` is a word of the format and cannot name an attribute")
        return None
    if "." in name:
        reader.report(key, "an attribute has no dot in its name", "nested attributes are not read")
        return None
    span = reader.span(key, node)
    if not isinstance(node, MappingNode):
        kind = reader.choice(node, "the kind", sorted(KINDS - {"enum"}))
        return Attribute(name, kind, span) if kind else None
    fields = reader.fields(node, "an attribute", ("enum",), required={"enum": "write `{enum: [a, b]}`"})
    if "enum" not in fields:
        return None
    values = reader.texts(fields["enum"][1], "`enum`")
    if isinstance(fields["enum"][1], SequenceNode) and not values:
        reader.report(fields["enum"][1], "`enum` has no values", "write `string` where any text may stand")
    return Attribute(name, "enum", span, values)


def _find_segments(reader: Reader, node: Node, header: Header, places: dict[str, Span]) -> None:
    for name, key, _ in reader.entries(node, "`segments`"):
        if name not in header.segments:
            header.segments[name] = key
            places[name] = reader.span(key)
            continue
        reader.report(
            key,
            f"segment `{name}` is defined in another file, too",
            "keep one of the two",
            related=(Label(places[name], "first defined here"),),
        )
