"""Flagsmith's formats: the environment document of its API, and the evaluation context of its newer engines.

In both, a feature has a state (on or off) and a value, which are two things; segments and identities override both.
`Flag.payload` holds the state with its multivariate values, and every override, for `evaluator.vendors.flagsmith`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Registry
from flaglint.model import ValueType
from flaglint.registry.foreign import ForeignFile, data, is_boolean, items, mapping, text, together
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.timestamps import day_of
from flaglint.registry.value_names import variants_by_value
from flaglint.registry.variants import value_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.model import JsonValue, Span
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "flagsmith"
_STATE: Shape = {
    "feature!": {"name!": "name"},
    "enabled!": "boolean",
    "feature_state_value": "any",
    "multivariate_feature_state_values": [
        {"percentage_allocation!": "number", "multivariate_feature_option!": {"value": "any"}}
    ],
}
_SEGMENT: Shape = {"name": "text", "rules!": ["any"], "feature_states": [_STATE]}
_IDENTITY: Shape = {"identifier!": "text", "identity_features": [_STATE]}
_CONTEXT_STATE: dict[str, Shape] = {
    "enabled!": "boolean",
    "value": "any",
    "variants": [{"value": "any", "weight!": "number"}],
}
_CONTEXT_FEATURE: Shape = {"name": "name", **_CONTEXT_STATE}
_CONTEXT_SEGMENT: Shape = {
    "name": "text",
    "rules!": ["any"],
    "overrides": [{"name!": "name", **_CONTEXT_STATE}],
}


def recognise(tree: Tree) -> bool:
    """Whether a file has feature states beside a project or an API key, or features with a state and a value."""
    root = mapping(tree.root)
    if isinstance(root.get("feature_states"), SequenceNode):
        return root.get("project") is not None or root.get("api_key") is not None
    if mapping(root.get("environment")).get("key") is None:
        return False
    return any(_is_context_feature(mapping(node)) for _, _, node in mapping(root.get("features")).texts())


def _is_context_feature(feature: MappingNode) -> bool:
    return is_boolean(feature.get("enabled")) and feature.get("value") is not None


def read(sources: Sequence[Source]) -> Registry:
    """Return the features of the files, each of which holds one environment."""
    return together([_File(source) for source in sources])


class _File(ForeignFile):
    """One file, of either kind."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._overrides: dict[str, list[dict[str, Any]]] = {}
        self._places: dict[str, list[tuple[JsonValue, Span]]] = {}
        self._is_unsure = False  # a segment cannot be read: nobody knows what it overrides

    def _flags(self) -> Iterator[Flag]:
        root = self.root
        if root.get("feature_states") is None and isinstance(root.get("features"), MappingNode):
            self._context_segments(root)
            for key, place, node in self.entries(root.get("features")):
                self.reader.about(f"`{key}`", key)
                broken = self.is_broken(node, _CONTEXT_FEATURE, "a feature")
                yield self._flag(text(mapping(node).get("name")) or key, place, node, _context_state, broken=broken)
            return
        self._document_segments(root)
        states = root.get("feature_states")
        if not isinstance(states, SequenceNode):
            self.reader.about("")
            fact = "`feature_states` must be a list" if states else "there are no `feature_states`"
            self.reader.report(states or self.tree.root or root, fact, "export the environment document")
        for state in items(states):
            name = mapping(mapping(state).get("feature")).get("name")
            key = text(name)
            self.reader.about(f"`{key}`" if key else "", key)
            broken = self.is_broken(state, _STATE, "a feature state")
            if key and isinstance(name, ScalarNode):
                yield self._flag(key, name, state, _document_state, broken=broken)

    def _flag(self, key: str, place: ScalarNode, node: Node, state_of: Any, *, broken: bool) -> Flag:
        feature = mapping(mapping(node).get("feature"))
        state = state_of(mapping(node))
        values = [*self._values(mapping(node)), *self._places.get(key, ())]
        variants = variants_by_value(values)
        hides = data(mapping(self.root.get("project")).get("hide_disabled_flags")) is True
        return Flag(
            key,
            self.reader.span(place, node) if place.start < node.start else self.reader.span(node),
            self.reader.span(place),
            format=FORMAT,
            value_type=value_type(variants) if variants else ValueType.BOOLEAN,
            description=text(feature.get("description")),
            created=day_of(data(feature.get("created_date"))),
            tags=tuple(filter(None, map(text, items(feature.get("tags"))))),
            variants=variants,
            problems=broken or self._is_unsure,
            environment=self.environment,
            payload={"state": state, "overrides": [*self._overrides.get(key, ())], "hides_disabled": hides},
        )

    def _document_segments(self, root: MappingNode) -> None:
        for node in items(mapping(root.get("project")).get("segments")):
            segment = mapping(node)
            name = text(segment.get("name")) or text(segment.get("id"))
            self.reader.about(f"segment `{name}`")
            self._is_unsure |= self.is_broken(node, _SEGMENT, "a segment")
            if items(segment.get("rules")):  # a segment without rules matches nobody
                for state in items(segment.get("feature_states")):
                    self._override(mapping(state), f"the segment `{name}`", _document_state)
        for node in items(root.get("identity_overrides")):
            identity = mapping(node)
            self.reader.about("an override for an identity")
            self._is_unsure |= self.is_broken(node, _IDENTITY, "an override for an identity")
            for state in items(identity.get("identity_features")):
                self._override(mapping(state), "identities with values of their own", _document_state)

    def _context_segments(self, root: MappingNode) -> None:
        for key, _, node in mapping(root.get("segments")).texts():
            segment = mapping(node)
            name = text(segment.get("name")) or key
            self.reader.about(f"segment `{name}`")
            self._is_unsure |= self.is_broken(node, _CONTEXT_SEGMENT, "a segment")
            if items(segment.get("rules")):
                for state in items(segment.get("overrides")):
                    self._override(mapping(state), f"the segment `{name}`", _context_state)

    def _override(self, node: MappingNode, source: str, state_of: Any) -> None:
        key = text(mapping(node.get("feature")).get("name")) or text(node.get("name"))
        self._overrides.setdefault(key, []).append({**state_of(node), "by": source})
        self._places.setdefault(key, []).extend(self._values(node))

    def _values(self, node: MappingNode) -> Iterator[tuple[JsonValue, Span]]:
        """Yield the values of a state, with their places."""
        found = [node.get("feature_state_value"), node.get("value")]
        shares = map(mapping, items(node.get("multivariate_feature_state_values")))
        found += [mapping(share.get("multivariate_feature_option")).get("value") for share in shares]
        found += [mapping(share).get("value") for share in items(node.get("variants"))]
        for value in found:
            if value is not None:
                yield data(value), self.reader.span(value)


def _document_state(node: MappingNode) -> dict[str, Any]:
    shares = [mapping(share) for share in items(node.get("multivariate_feature_state_values"))]
    return {
        "enabled": data(node.get("enabled")),
        "value": data(node.get("feature_state_value")),
        "variants": [
            [
                data(mapping(share.get("multivariate_feature_option")).get("value")),
                data(share.get("percentage_allocation")),
            ]
            for share in shares
        ],
    }


def _context_state(node: MappingNode) -> dict[str, Any]:
    shares = [mapping(share) for share in items(node.get("variants"))]
    return {
        "enabled": data(node.get("enabled")),
        "value": data(node.get("value")),
        "variants": [[data(share.get("value")), data(share.get("weight"))] for share in shares],
    }
