"""Featurevisor's formats: features as they are written, one file each, and datafiles as they are built for SDKs.

A definition (`features/KEY.yml`) has `bucketBy` and rules by environment; its key is the path of the file. A datafile
has `features` with `traffic`, of one environment. A feature is on or off, and has a variation where it has variations
at all. `Flag.payload` holds what decides in each environment, with shares of 100,000, for
`evaluator.vendors.featurevisor`.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Need, Registry
from flaglint.model import ValueType
from flaglint.registry.foreign import ForeignFile, data, items, mapping, text, together
from flaglint.registry.graph import check_needs
from flaglint.registry.nodes import MappingNode, SequenceNode
from flaglint.registry.reading import first_key
from flaglint.registry.shape import check
from flaglint.registry.value_names import variants_by_value
from flaglint.registry.variants import value_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.definition import Variant
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "featurevisor"
WHOLE = 100_000  # the share of everyone, as datafiles write it
_IN_A_CIRCLE = "until then its SDKs serve it as off"
_RULE: dict[str, Shape] = {
    "key": "any",
    "segments": "any",
    "conditions": "any",
    "percentage!": "number",
    "enabled": "boolean",
    "variation": "any",
    "variationWeights": "any",
}
_FORCE: Shape = {"segments": "any", "conditions": "any", "enabled": "boolean", "variation": "any"}
_VARIATIONS: Shape = [{"value!": "any", "weight": "number"}]
_BUILT: Shape = {
    "traffic!": [{**_RULE, "allocation": [{"variation!": "any", "range!": ["integer"]}]}],
    "force": [_FORCE],
    "variations": _VARIATIONS,
    "required": ["any"],
    "disabledVariationValue": "any",
}
_WRITTEN: Shape = {"bucketBy!": "any", "archived": "boolean", "description": "text", "variations": _VARIATIONS}
_OPAQUE = ("requiredFeatures", "requiredVariables", "required")


def recognise(tree: Tree) -> bool:
    """Whether a file is a datafile, with traffic in its features, or the definition of a feature."""
    root = mapping(tree.root)
    if root.get("schemaVersion") is not None and root.get("features") is not None:
        return True
    has_rules = isinstance(root.get("rules"), (MappingNode, SequenceNode)) or root.get("environments") is not None
    return root.get("bucketBy") is not None and has_rules


def read(sources: Sequence[Source]) -> Registry:
    """Return the features of the files; the environments are those that definitions name."""
    files = [_File(source) for source in sources]
    flags = [flag for file in files for flag in file.flags]
    return together(files, check_needs(flags, (), in_a_circle=_IN_A_CIRCLE))


class _File(ForeignFile):
    """One file, of either kind."""

    def _flags(self) -> Iterator[Flag]:
        root = self.root
        features = root.get("features")
        if root.get("bucketBy") is not None and root.get("schemaVersion") is None:
            yield self._written(root)
        elif isinstance(features, MappingNode):
            for key, place, node in self.entries(features):
                yield self._built(key, place, node)
        else:
            for item in items(features):
                name = mapping(item).get("key")
                if name is not None and text(name):
                    yield self._built(text(name), name, item)
        self.reader.about("")
        if not isinstance(features, (MappingNode, SequenceNode)) and root.get("bucketBy") is None:
            self.reader.report(self.tree.root or root, "there are no `features`, and it is no definition of one")

    def _built(self, key: str, place: Node, node: Node) -> Flag:
        self.reader.about(f"`{key}`", key)
        broken = self.is_broken(node, _BUILT, "a feature")
        feature = mapping(node)
        rules = [] if broken else [_rule(mapping(rule), 1) for rule in items(feature.get("traffic"))]
        whole = (
            {} if broken else self._deciding(feature, rules, [mapping(item) for item in items(feature.get("force"))])
        )
        span = self.reader.span(place, node) if place.start < node.start else self.reader.span(node)
        return Flag(
            key,
            span,
            self.reader.span(place),
            format=FORMAT,
            needs=() if broken else tuple(self._parents(feature)),
            problems=broken,
            environment=self.environment,
            payload={"environments": {"": whole}},
            **self._shared(feature),
        )

    def _written(self, root: MappingNode) -> Flag:
        key = _key_of(self.tree.path)
        self.reader.about(f"`{key}`", key)
        broken = self.is_broken(root, _WRITTEN, "a feature")
        known = len(self.reader.problems)
        names = _environments(root)
        wanted = [name for name in names if not self.environment or name == self.environment]
        found: dict[str, Any] = {}
        for name in wanted:
            rules, forces, is_exposed = self._in_environment(root, name)
            found[name] = {**self._deciding(root, rules, forces), "exposed": is_exposed}
        broken = broken or any(problem.breaks for problem in self.reader.problems[known:])
        self.environments = [] if self.environment else [name for name in names if name]
        place = first_key(root)
        return Flag(
            key,
            self.reader.span(root),
            self.reader.span(place),
            format=FORMAT,
            description=text(root.get("description")),
            tags=tuple(filter(None, map(text, items(root.get("tags"))))),
            needs=() if broken else tuple(self._parents(root)),
            archived=data(root.get("archived")) is True,
            problems=broken,
            environment=self.environment,
            field_spans=self.spans(root, (("description", "description"), ("tags", "tags"))),
            payload={"environments": {} if broken else found},
            **self._shared(root),
        )

    def _in_environment(self, root: MappingNode, name: str) -> tuple[list[dict[str, Any]], list[MappingNode], Any]:
        """Return the rules and forces of one environment, and whether the feature is in its datafile."""
        older = mapping(mapping(root.get("environments")).get(name))
        rules, forces, exposed = (
            older.get(field) or (mapping(root.get(field)).get(name) if name else root.get(field))
            for field in ("rules", "force", "expose")
        )
        shapes: list[tuple[Node | None, Shape, str]] = [(rules, [_RULE], "rules"), (forces, [_FORCE], "force")]
        for node, shape, what in shapes:
            if node is not None:
                check(self.reader, node, shape, f"`{what}` of `{name}`" if name else f"`{what}`")
        variations = [data(mapping(item)) for item in items(root.get("variations"))]
        found = [_rule(mapping(rule), WHOLE // 100, variations) for rule in items(rules)]
        if exposed is None and not isinstance(root.get("expose"), MappingNode):
            exposed = root.get("expose")
        return found, [mapping(force) for force in items(forces)], data(exposed)

    def _deciding(self, feature: MappingNode, rules: list[Any], forces: list[MappingNode]) -> dict[str, Any]:
        return {
            "rules": rules,
            "forces": [_force(force) for force in forces],
            "required": _required(feature),
            "opaque": any(feature.get(name) is not None for name in ("requiredVariables", "conditions")),
            "variations": [data(mapping(item).get("value")) for item in items(feature.get("variations"))],
            "off": data(feature.get("disabledVariationValue")),
        }

    def _shared(self, feature: MappingNode) -> dict[str, Any]:
        """Return the fields that follow from variations: a feature without any is on or off, and that is its value."""
        variants = self._variants(feature)
        return {"variants": variants, "value_type": value_type(variants) if variants else ValueType.BOOLEAN}

    def _variants(self, feature: MappingNode) -> tuple[Variant, ...]:
        nodes = [mapping(item).get("value") for item in items(feature.get("variations"))]
        nodes.append(feature.get("disabledVariationValue"))
        return variants_by_value((data(node), self.reader.span(node)) for node in nodes if node is not None)

    def _parents(self, feature: MappingNode) -> Iterator[Need]:
        for item in [*items(feature.get("required")), *_listed(feature.get("requiredFeatures"))]:
            place = mapping(item).get("key") or mapping(item).get("feature") or item
            if key := text(place):
                yield Need(key, (), self.reader.span(place))


def _key_of(path: str) -> str:
    """Return the key of a feature: the path of its file below `features`, without the suffix."""
    parts = PurePosixPath(path).with_suffix("").parts
    below = [index for index, part in enumerate(parts[:-1]) if part == "features"]
    return "/".join(parts[below[-1] + 1 :]) if below else parts[-1]


def _environments(root: MappingNode) -> list[str]:
    """Return the environments that a definition names; one without a name when it knows none."""
    if isinstance(root.get("rules"), SequenceNode):
        return [""]
    names = {name: None for field in ("environments", "rules") for name, _, _ in mapping(root.get(field)).texts()}
    return list(names)


def _listed(node: Node | None) -> list[Node]:
    return items(node) if node is None or isinstance(node, SequenceNode) else [node]


def _required(feature: MappingNode) -> list[dict[str, Any]]:
    """Return what a feature requires. SDKs from version 4 on pass over `required` in a datafile, so it may not count.

    A key is empty where something is asked that is more than one feature with one variation.
    """
    found = []
    for item in map(data, items(feature.get("required"))):
        key, variation = (item.get("key"), item.get("variation")) if isinstance(item, dict) else (item, None)
        counts = feature.get("traffic") is None
        found.append({"key": key if isinstance(key, str) else "", "variation": variation, "counts": counts})
    for item in map(data, _listed(feature.get("requiredFeatures"))):
        key = item.get("feature") if isinstance(item, dict) and len(item) == 1 else item
        found.append({"key": key if isinstance(key, str) else "", "variation": None, "counts": True})
    return found


def _rule(node: MappingNode, scale: int, variations: list[Any] | None = None) -> dict[str, Any]:
    """Return a rule with its share of 100,000, and the buckets of each variation; None where those are not written."""
    whole = data(node)
    share = whole.get("percentage") if isinstance(whole, dict) else None
    found = {
        "match": {name: whole[name] for name in ("segments", "conditions") if name in whole},
        "opaque": any(name in whole for name in _OPAQUE),
        "share": share * scale if isinstance(share, (int, float)) else 0,
        "enabled": whole.get("enabled"),
        "variation": whole.get("variation"),
        "buckets": None,
    }
    if variations is None:
        entries = [item for item in whole.get("allocation") or [] if len(item["range"]) == 2]
        found["buckets"] = [[item["variation"], *item["range"]] for item in entries]
    elif len(variations) == 1 and variations[0].get("weight") == 100 and not whole.get("variationWeights"):
        found["buckets"] = [[variations[0].get("value"), 0, WHOLE]]
    return found


def _force(node: MappingNode) -> dict[str, Any]:
    whole = data(node)
    return {
        "match": {name: whole[name] for name in ("segments", "conditions") if name in whole},
        "opaque": any(name in whole for name in _OPAQUE),
        "enabled": whole.get("enabled"),
        "variation": whole.get("variation"),
    }
