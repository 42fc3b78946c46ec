"""Unleash's formats: features as its SDKs get them, and exports of an instance or of one environment.

What SDKs get has `features` with their strategies, and `segments`. An export spreads them over `features`,
`featureStrategies`, `featureEnvironments`, `segments` and more, for several environments. `Flag.payload` holds per
environment what decides there, for `evaluator.vendors.unleash`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Need, Registry, Variant
from flaglint.registry.foreign import ForeignFile, data, items, mapping, only, text, together
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import nearest_or_all
from flaglint.registry.rules import UNKNOWN_SEGMENT
from flaglint.registry.timestamps import day_of
from flaglint.registry.unleash_shape import (
    EXPORTED,
    FEATURE,
    SEGMENT,
    STRATEGY,
    dependencies_of,
    strategy_data,
    variants_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree

FORMAT = "unleash"
_SPREAD = ("featureStrategies", "featureEnvironments")
_TYPES = {"operational": "ops", "kill-switch": "kill-switch", "release": "release", "experiment": "experiment"}
_TYPES["permission"] = "permission"


def recognise(tree: Tree) -> bool:
    """Whether a file is an export, or has features with a name and a list of strategies."""
    root = mapping(tree.root)
    features = [mapping(item) for item in items(root.get("features"))]
    if any(isinstance(root.get(name), SequenceNode) for name in _SPREAD):
        return isinstance(root.get("features"), SequenceNode)
    return any(feature.get("name") and isinstance(feature.get("strategies"), SequenceNode) for feature in features)


def read(sources: Sequence[Source]) -> Registry:
    """Return the features of the files; the environments are those of exports."""
    return together([_File(source) for source in sources])


class _File(ForeignFile):
    """One file, of either kind."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.is_export = any(isinstance(self.root.get(name), SequenceNode) for name in _SPREAD)
        self._segments: dict[str, Any] = {}

    def _flags(self) -> Iterator[Flag]:
        root = self.root
        self._segments = self._read_segments()
        spread = _Spread(self) if self.is_export else None
        if spread is not None:
            self.environments = spread.environments
        if not isinstance(root.get("features"), SequenceNode):
            self.reader.report(self.tree.root or root, "there is no list of `features`")
        for item in items(root.get("features")):
            place = mapping(item).get("name")
            if isinstance(place, ScalarNode) and place.text:
                yield self._flag(place, mapping(item), spread)
        self.reader.about("")

    def _read_segments(self) -> dict[str, Any]:
        """Return each segment by its number; its constraints are None where they cannot be read or are not told."""
        found: dict[str, Any] = {}
        for item in items(self.root.get("segments")):
            self.reader.about(f"segment `{text(mapping(item).get('name')) or text(mapping(item).get('id'))}`")
            broken = self.is_broken(item, SEGMENT, "a segment")
            told = None if broken else data(mapping(item).get("constraints"))
            if told is None and not self.is_export and not broken:
                self.reader.report(item, "a segment needs `constraints`", breaks=False)
            name = text(mapping(item).get("name"))
            found[text(mapping(item).get("id"))] = {"name": name, "constraints": told}
        return found

    def _flag(self, place: ScalarNode, node: MappingNode, spread: _Spread | None) -> Flag:
        key, reader = place.text, self.reader
        reader.about(f"`{key}`", key)
        broken = self.is_broken(node, EXPORTED if spread else FEATURE, "a feature")
        told = data(node)
        payload: dict[str, Any] = {"segments": {}, "dependencies": []}
        if spread is not None:
            broken = key in spread.broken or broken
            payload["environments"] = {name: spread.deciding(key, name) for name in spread.of_interest}
            payload["dependencies"] = spread.dependencies.get(key, [])
            payload["is_part"] = True
        elif not broken:
            strategies = [strategy_data(strategy) for strategy in told["strategies"]]
            payload["data"] = {"enabled": told["enabled"], "strategies": strategies}
            payload["data"]["variants"] = variants_of(told.get("variants"))
            payload["dependencies"] = dependencies_of(told.get("dependencies"))
        if not broken:
            payload["segments"] = self._referred(node, payload)
        names = [*items(node.get("variants")), *(spread.variants.get(key, []) if spread else [])]
        return Flag(
            key,
            reader.span(node),
            reader.span(place),
            format=FORMAT,
            description=text(node.get("description")),
            type=_TYPES.get(text(node.get("type")), ""),
            created=day_of(told.get("createdAt")),
            tags=tuple(spread.tags.get(key, ())) if spread else (),
            variants=self._variants(node, names),
            needs=tuple(Need(parent["feature"], (), reader.span(node)) for parent in payload["dependencies"]),
            # instances do not serve what is archived; SDKs look at nothing of the kind
            archived=spread is not None and told.get("archived") is True,
            problems=broken,
            environment=self.environment,
            salt=key,
            field_spans=self.spans(node, [("description", "description"), ("type", "type"), ("created", "createdAt")]),
            payload=payload,
        )

    def _variants(self, node: MappingNode, lists: list[Node]) -> tuple[Variant, ...]:
        """Return the variants of a feature and of its strategies, each name once; the payload is the value."""
        for strategy in items(node.get("strategies")):
            lists += items(mapping(strategy).get("variants"))
        found: dict[str, Variant] = {}
        for item in lists:
            name = text(mapping(item).get("name"))
            value = data(mapping(mapping(item).get("payload")).get("value"))
            if name:
                found.setdefault(name, Variant(name, value, self.reader.span(item)))
        return tuple(found.values())

    def _referred(self, node: Node, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the segments that strategies name; one that the file does not have is a problem."""
        places = [payload["data"]] if "data" in payload else [*payload["environments"].values()]
        numbers = [
            str(number) for place in places for strategy in place["strategies"] for number in strategy["segments"]
        ]
        found = {}
        for number in dict.fromkeys(numbers):
            if number in self._segments:
                found[number] = self._segments[number]
            elif not self.is_export:
                fact = f"there is no segment {number}, so the Python SDK switches it off"
                advice = nearest_or_all(number, self._segments, "segment")
                self.reader.report(node, fact, advice, code=UNKNOWN_SEGMENT, breaks=False)
        return found


class _Spread:
    """What an export says of features outside of `features`, by their names."""

    def __init__(self, file: _File) -> None:
        root = file.root
        self._file = file
        self._enabled: dict[tuple[str, str], bool] = {}
        self._strategies: dict[tuple[str, str], list[Any]] = {}
        self._own: dict[tuple[str, str], Any] = {}
        self.variants: dict[str, list[Node]] = {}
        self.broken: set[str] = set()
        self.tags: dict[str, list[str]] = {}
        self.dependencies: dict[str, list[Any]] = {}
        names = [text(mapping(item).get("name")) for item in items(root.get("environments"))]
        self._read_environments(root, names)
        self._read_strategies(root, names)
        known = [*dict.fromkeys(filter(None, names))]
        self.of_interest = only(file.reader, root, known, file.environment)
        self.environments = [] if file.environment else known
        self._read_rest(root)

    def deciding(self, key: str, environment: str) -> Any:
        """Return what decides over a feature in one environment; a feature that is not there is off."""
        place = (key, environment)
        return {
            "enabled": self._enabled.get(place, False),
            "strategies": self._strategies.get(place, []),
            "variants": self._own.get(place, []),
        }

    def _read_environments(self, root: MappingNode, names: list[str]) -> None:
        for item in items(root.get("featureEnvironments")):
            told = data(mapping(item)) or {}
            key, environment = told.get("featureName"), told.get("environment")
            self._file.reader.about(f"`{key}`", key if isinstance(key, str) else "")
            enabled = told.get("enabled")
            if not isinstance(key, str) or not isinstance(environment, str) or not isinstance(enabled, bool):
                self._file.reader.report(item, "it needs `featureName`, `environment` and `enabled`")
                self.broken.add(str(key))
                continue
            names.append(environment)
            self._enabled[key, environment] = enabled
            self._own[key, environment] = variants_of(told.get("variants"))
            self.variants.setdefault(key, []).extend(items(mapping(item).get("variants")))

    def _read_strategies(self, root: MappingNode, names: list[str]) -> None:
        segments: dict[Any, list[Any]] = {}
        for item in items(root.get("featureStrategySegments")):
            told = data(mapping(item)) or {}
            segments.setdefault(text(mapping(item).get("featureStrategyId")), []).append(told.get("segmentId"))
        single = names[0] if len(set(names)) == 1 else ""  # an export of one environment does not repeat it
        for item in items(root.get("featureStrategies")):
            node = mapping(item)
            key, environment = text(node.get("featureName")), text(node.get("environment"))
            self._file.reader.about(f"`{key}`", key)
            broken = self._file.is_broken(item, STRATEGY, "a strategy")
            if not broken and not (environment or single):
                self._file.reader.report(item, "a strategy needs `environment`")
                broken = True
            if broken:
                self.broken.add(key)
                continue
            told = data(node)
            environment = environment or single
            names.append(environment)
            strategy = strategy_data({**told, "name": told.get("name") or told.get("strategyName") or ""})
            strategy["segments"] += segments.get(text(node.get("id")), [])
            self._strategies.setdefault((key, environment), []).append(strategy)
            self.variants.setdefault(key, []).extend(items(node.get("variants")))

    def _read_rest(self, root: MappingNode) -> None:
        for item in items(root.get("featureTags")):
            node = mapping(item)
            value = text(node.get("tagValue")) or text(node.get("value"))
            self.tags.setdefault(text(node.get("featureName")), []).extend([value] if value else [])
        for item in items(root.get("dependencies")):
            told = data(mapping(item)) or {}
            self.dependencies[text(mapping(item).get("feature"))] = dependencies_of(told.get("dependencies"))
