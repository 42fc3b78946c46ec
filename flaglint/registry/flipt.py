"""Flipt's files, `features.yaml` or an export: flags and segments of one namespace.

`Flag.payload` is what decides, with the segments that its rules name, for `evaluator.vendors.flipt`. Format as in
`internal/ext` of https://github.com/flipt-io/flipt, versions 1.0 to 1.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flaglint.definition import Flag, Registry, Variant
from flaglint.model import ValueType
from flaglint.registry.foreign import ForeignFile, data, is_boolean, items, mapping, text, together
from flaglint.registry.metadata import said_in_metadata
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import nearest_or_all
from flaglint.registry.rules import UNKNOWN_SEGMENT
from flaglint.registry.shape import Names
from flaglint.registry.variants import boolean_variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "flipt"
BOOLEAN, VARIANT = "BOOLEAN_FLAG_TYPE", "VARIANT_FLAG_TYPE"
_FLAG: Final[Shape] = {
    "key!": "name",
    "type": "text",
    "enabled": "boolean",
    "description": "text",
    "variants": [{"key!": "text", "default": "boolean"}],
    "rules": [{"distributions": [{"variant!": "text", "rollout": "number"}]}],
    "rollouts": [{"threshold": {"percentage": "number", "value": "boolean"}}],
    "metadata": Names("any"),
}
_SEGMENT: Final[Shape] = {
    "key!": "name",
    "match_type": "text",
    "constraints": [{"type": "text", "property": "text", "operator": "text"}],
}


def recognise(tree: Tree) -> bool:
    """Whether a file has a list of flags, each with a key and one of Flipt's types, or whether it is enabled."""
    return any(_is_flag(mapping(item)) for item in items(mapping(tree.root).get("flags")))


def _is_flag(flag: MappingNode) -> bool:
    if not text(flag.get("key")) or flag.get("state") is not None:
        return False
    return text(flag.get("type")) in {BOOLEAN, VARIANT} or (
        is_boolean(flag.get("enabled")) and flag.get("name") is not None
    )


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags of the files; they tell no environment, but for the one that the configuration gives."""
    return together([_File(source) for source in sources])


class _File(ForeignFile):
    """One file."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._segments: dict[str, Any] = {}

    def _flags(self) -> Iterator[Flag]:
        for item in items(self.root.get("segments")):
            key = text(mapping(item).get("key"))
            self.reader.about(f"segment `{key}`")
            broken = self.is_broken(item, _SEGMENT, "a segment")
            self._segments[key] = None if broken else data(item)
        self.reader.about("")
        if not isinstance(self.root.get("flags"), SequenceNode):
            self.reader.report(self.tree.root or self.root, "there is no list of `flags`")
        for item in items(self.root.get("flags")):
            place = mapping(item).get("key")
            if isinstance(place, ScalarNode) and place.text:
                yield self._flag(place, mapping(item))
        self.reader.about("")

    def _flag(self, place: ScalarNode, node: MappingNode) -> Flag:
        key, reader = place.text, self.reader
        reader.about(f"`{key}`", key)
        known = len(reader.problems)
        broken = self.is_broken(node, _FLAG, "a flag")
        kind = text(node.get("type")) or VARIANT
        if kind not in {BOOLEAN, VARIANT}:
            advice = nearest_or_all(kind, (BOOLEAN, VARIANT), "type")
            reader.report(node.get("type") or node, f"there is no type `{kind}`", advice)
        variants = self._variants(node, kind)
        rules = [self._rule(rule) for rule in items(node.get("rules"))]
        rollouts = [self._rollout(rollout) for rollout in items(node.get("rollouts"))]
        self._check_variants(node, {variant.name for variant in variants})
        broken = broken or any(problem.breaks for problem in reader.problems[known:])
        told = data(node)
        metadata = told.get("metadata")
        said = said_in_metadata(reader, node.get("metadata"), metadata if isinstance(metadata, dict) else {})
        said["description"] = text(node.get("description")) or said["description"] or text(node.get("name"))
        defaults = [text(mapping(item).get("key")) for item in items(node.get("variants")) if _is_default(item)]
        names = {name for rule in (*rules, *rollouts) for name in rule.get("segments", ())}
        payload: dict[str, Any] = {
            "kind": kind,
            "enabled": told.get("enabled") is True,
            "default": defaults[0] if defaults else None,
            "rules": rules if not broken else [],
            "rollouts": rollouts if not broken else [],
            "segments": {name: self._segments[name] for name in sorted(names) if name in self._segments},
        }
        return Flag(
            key,
            reader.span(node),
            reader.span(place),
            format=FORMAT,
            value_type=ValueType.BOOLEAN if kind == BOOLEAN else ValueType.STRING,
            variants=variants,
            off_variant="" if kind == VARIANT else "false",
            problems=broken,
            environment=self.environment,
            salt=key,
            field_spans=self.spans(node, [("description", "description"), ("variants", "variants")]),
            payload=payload,
            **said,
        )

    def _variants(self, node: MappingNode, kind: str) -> tuple[Variant, ...]:
        """Return the variants, whose keys are their values; those of a boolean flag are `true` and `false`."""
        if kind == BOOLEAN:
            return boolean_variants(self.reader.span(node.get("enabled") or node))
        found: dict[str, Variant] = {}
        for item in items(node.get("variants")):
            name = text(mapping(item).get("key"))
            found.setdefault(name, Variant(name, name, self.reader.span(item)))
        return tuple(found.values())

    def _rule(self, node: Node) -> dict[str, Any]:
        rule = mapping(node)
        parts = [data(mapping(part)) for part in items(rule.get("distributions"))]
        pairs = [[part.get("variant"), part.get("rollout") or 0] for part in parts]
        return {**self._asked(rule, data(rule.get("operator"))), "distributions": pairs}

    def _rollout(self, node: Node) -> dict[str, Any]:
        rollout = mapping(node)
        threshold = data(rollout.get("threshold"))
        if isinstance(threshold, dict):
            return {"percentage": threshold.get("percentage") or 0, "value": threshold.get("value") is True}
        segment = data(rollout.get("segment"))
        value = segment.get("value") if isinstance(segment, dict) else False
        if not isinstance(segment, dict):
            self.reader.report(node, "a rollout needs `threshold` or `segment`")
        elif not isinstance(value, bool) and value is not None:
            self.reader.report(node, "`value` of a rollout must be `true` or `false`")
        return {**self._asked(rollout, None), "value": value is True}

    def _asked(self, node: MappingNode, operator: Any) -> dict[str, Any]:
        """Return which segments a rule asks for, written as `segment: a`, `{key: a}`, `{keys: [a]}` or `segments`."""
        segment = node.get("segment") or node.get("segments")
        listed = segment
        if isinstance(segment, MappingNode):
            operator = data(segment.get("operator")) or operator
            listed = segment.get("keys") or segment.get("key")
        names = [
            text(item) for item in (items(listed) if isinstance(listed, SequenceNode) else [listed] if listed else [])
        ]
        if not all(names) or not names:
            self.reader.report(segment or node, "a rule needs the key of a segment")
        for name in names:
            if name and name not in self._segments:
                advice = nearest_or_all(name, self._segments, "segment")
                self.reader.report(segment or node, f"there is no segment `{name}`", advice, code=UNKNOWN_SEGMENT)
        return {"segments": names, "all": operator == "AND_SEGMENT_OPERATOR"}

    def _check_variants(self, node: MappingNode, known: set[str]) -> None:
        for rule in items(node.get("rules")):
            for part in items(mapping(rule).get("distributions")):
                place = mapping(part).get("variant")
                if isinstance(place, ScalarNode) and place.text not in known:
                    advice = nearest_or_all(place.text, known, "variant")
                    self.reader.report(place, f"there is no variant `{place.text}`", advice)


def _is_default(node: Node) -> bool:
    return data(mapping(node).get("default")) is True
