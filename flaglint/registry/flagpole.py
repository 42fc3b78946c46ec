"""Sentry's Flagpole: YAML or JSON of features, each with segments of which the first that matches decides.

Features stand at the top, below `features`, or as options named `feature.<key>`. `Flag.payload` is the definition as
data, for `evaluator.vendors.flagpole`. The format is that of Flagpole's own JSON Schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Flag, Registry
from flaglint.model import ValueType
from flaglint.registry.foreign import fields_of, read_each
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import Reader, nearest_or_all, shown
from flaglint.registry.scalars import BOOLEANS, UnfitScalarError, day, plain_data
from flaglint.registry.variants import boolean_variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree

FORMAT = "flagpole"
_PREFIX = "feature."
_SECTIONS = ("features", "options")
_FIELDS = ("name", "owner", "description", "enabled", "segments", "created_at")
_SEGMENT = ("name", "rollout", "conditions", "experiment", "variant")
_OPERATORS = (
    "in",
    "not_in",
    "contains",
    "not_contains",
    "equals",
    "not_equals",
    "matches",
    "not_matches",
)


def recognise(tree: Tree) -> bool:
    """Whether a file has features with a list of segments, and an owner or the time when they were created."""
    return any(_is_feature(node) for _, _, node in _entries(tree.root))


def read(sources: Sequence[Source]) -> Registry:
    """Return the features of the files; they tell no environment, but for the one that the configuration gives."""
    return read_each(sources, _flags)


def _entries(root: Node | None) -> Iterator[tuple[str, ScalarNode, Node]]:
    """Yield key, place and definition of each feature; of options only those that are features."""
    if not isinstance(root, MappingNode):
        return
    sections = [root.get(name) for name in _SECTIONS]
    found = next((node for node in sections if isinstance(node, MappingNode)), root)
    is_of_options = found is root.get("options")
    seen: set[str] = set()
    for name, place, node in found.texts():
        key = name.removeprefix(_PREFIX)
        is_option = is_of_options and not name.startswith(_PREFIX)
        if key and key not in seen and not is_option:
            seen.add(key)
            yield key, place, node


def _is_feature(node: Node) -> bool:
    return (
        isinstance(node, MappingNode)
        and isinstance(node.get("segments"), SequenceNode)
        and any(node.get(name) is not None for name in ("owner", "created_at"))
    )


def _flags(source: Source, reader: Reader) -> Iterator[Flag]:
    root = source.tree.root
    if root is not None and not isinstance(root, MappingNode):
        reader.report(root, f"Flagpole's file must be a mapping of features, not {shown(root)}")
    for key, place, node in _entries(root):
        yield _flag(source, reader, key, place, node)
    reader.about("")


def _flag(source: Source, reader: Reader, key: str, place: ScalarNode, node: Node) -> Flag:
    reader.about(f"`{key}`", key)
    known = len(reader.problems)
    mapping = reader.mapping(node, "a feature")
    fields = fields_of(reader, mapping, _FIELDS, "a feature") if mapping is not None else {}
    if mapping is not None:
        _check(reader, fields, place)
    span = reader.span(place, node)
    enabled = fields.get("enabled")
    return Flag(
        key,
        span,
        reader.span(place),
        format=FORMAT,
        value_type=ValueType.BOOLEAN,
        description=_text(fields.get("description")),
        owner=_owner(fields.get("owner")),
        created=_created(reader, fields.get("created_at")),
        variants=boolean_variants(span),
        off_variant="false",
        salt=key,
        problems=any(problem.breaks for problem in reader.problems[known:]),
        environment=source.environment,
        field_spans=tuple((_OURS.get(name, name), reader.span(value)) for name, value in fields.items()),
        payload={
            "enabled": plain_data(enabled) if enabled is not None else True,
            "segments": plain_data(fields["segments"]) if "segments" in fields else None,
        },
    )


_OURS: Mapping[str, str] = {"created_at": "created"}


def _check(reader: Reader, fields: Mapping[str, Node], place: Node) -> None:
    """Report what Flagpole would refuse, or what it cannot mean."""
    if "enabled" in fields:
        reader.boolean(fields["enabled"], "`enabled`")
    if "segments" not in fields:
        reader.report(place, "a feature needs `segments`", "`segments: []` is off for everybody")
        return
    for segment in reader.items(fields["segments"], "`segments`"):
        mapping = reader.mapping(segment, "a segment")
        for name, node, value in mapping.texts() if mapping is not None else ():
            if name not in _SEGMENT:
                reader.report(
                    node, f"a segment has no field `{name}`", nearest_or_all(name, _SEGMENT[:3], "field"), breaks=False
                )
            elif name == "rollout":
                _check_rollout(reader, value)
            elif name == "conditions":
                _check_conditions(reader, value)


def _check_rollout(reader: Reader, node: Node) -> None:
    value = plain_data(node)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        reader.report(node, f"`rollout` must be a whole number from 0 to 100, not {shown(node)}")


def _check_conditions(reader: Reader, node: Node) -> None:
    if isinstance(node, ScalarNode) and node.is_null:
        return
    for condition in reader.items(node, "`conditions`"):
        mapping = reader.mapping(condition, "a condition")
        if mapping is None:
            continue
        operator = mapping.get("operator")
        kind = operator.get("kind") if isinstance(operator, MappingNode) else operator
        if mapping.get("property") is None or kind is None:
            reader.report(mapping, "a condition needs `property` and `operator`")
        elif not isinstance(kind, ScalarNode) or kind.text not in _OPERATORS:
            advice = nearest_or_all(kind.text, _OPERATORS, "operator") if isinstance(kind, ScalarNode) else ""
            reader.report(kind, f"there is no operator {shown(kind)}", advice)


def _owner(node: Node | None) -> str:
    """Return who owns a feature: a text, or the first of what a mapping names (`team`, `email`)."""
    if isinstance(node, MappingNode):
        return next((value.text for _, _, value in node.texts() if isinstance(value, ScalarNode)), "")
    return _text(node)


def _created(reader: Reader, node: Node | None) -> date | None:
    """Return the day of a time; one that is no day is a problem."""
    text = _text(node)
    if node is None or not text:
        return None
    try:
        return day(text[:10])
    except UnfitScalarError as unfit:
        reader.report(node, f"`created_at` {shown(node)} {unfit.fact}", unfit.help, breaks=False)
        return None


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, ScalarNode) and not node.is_null and node.text not in BOOLEANS else ""
