"""GrowthBook's formats: features as its SDKs read them, and features as its REST API exports them.

A payload for SDKs has `features` by key, of one environment; the features may also stand in a file alone. An export
has a list of features (or is one) with `environments` in each. `Flag.payload` holds per environment the definition that
SDKs get there, or null where they get none, for `evaluator.vendors.growthbook`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Need, Registry
from flaglint.registry.foreign import ForeignFile, data, items, mapping, only, text, together
from flaglint.registry.graph import check_needs
from flaglint.registry.growthbook_export import FEATURE, Exported
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.value_names import variants_by_value
from flaglint.registry.variants import value_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.model import JsonValue, Span
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "growthbook"
_IN_A_CIRCLE = "until then its SDKs serve the fallback in the code"
_RULE: Shape = {
    "force": "any",
    "coverage": "number",
    "condition": "any",
    "variations": ["any"],
    "contextualVariations": ["any"],
    "weights": ["number"],
    "hashAttribute": "text",
    "range": ["number"],
    "meta": [{"passthrough": "boolean"}],
    "filters": ["any"],
    "parentConditions": [{"id!": "name", "condition": "any", "gate": "boolean"}],
}
_DEFINITION: Shape = {"defaultValue": "any", "rules": [_RULE]}


def recognise(tree: Tree) -> bool:
    """Whether a file has features with a default value or a list of rules, or is an export of features."""
    root = mapping(tree.root)
    if isinstance(root.get("encryptedFeatures"), ScalarNode) and root.get("features") is not None:
        return True
    features = root.get("features")
    if isinstance(features, MappingNode):
        return any(_is_definition(node) for _, _, node in features.texts())
    if any(map(_is_exported, [root.get("feature"), *items(features), *items(tree.root), root])):
        return True
    return bool(root.pairs) and all(_is_definition(node) for _, _, node in root.texts())


def _is_definition(node: Node) -> bool:
    if not isinstance(node, MappingNode) or node.get("flagType") is not None:
        return False
    return node.get("defaultValue") is not None or _has_rules(node.get("rules"))


def _has_rules(node: Node | None) -> bool:
    known = ("force", "variations", "condition", "coverage", "parentConditions")
    return any(mapping(rule).get(name) is not None for rule in items(node) for name in known)


def _is_exported(node: Node | None) -> bool:
    feature = mapping(node)
    return (
        feature.get("id") is not None
        and feature.get("valueType") is not None
        and isinstance(feature.get("environments"), MappingNode)
    )


def read(sources: Sequence[Source]) -> Registry:
    """Return the features of the files; the environments are those of exports."""
    files = [_File(source) for source in sources]
    flags = [flag for file in files for flag in file.flags if not file.is_export]  # a page need not hold the parents
    return together(files, check_needs(flags, (), in_a_circle=_IN_A_CIRCLE))


class _File(ForeignFile):
    """One file, of either kind."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._names: list[str] = []
        self.is_export = False

    def _flags(self) -> Iterator[Flag]:
        root = self.root
        features = root.get("features")
        exported = [mapping(node) for node in [root.get("feature"), *items(features), *items(self.tree.root), root]]
        exported = [node for node in exported if _is_exported(node)]
        if isinstance(root.get("encryptedFeatures"), ScalarNode):
            self._refuse_encryption(root)
        self.is_export = bool(exported)
        if exported:
            names = {name: None for node in exported for name, _, _ in mapping(node.get("environments")).texts()}
            self._names = only(self.reader, exported[0], names, self.environment)
            self.environments = {} if self.environment else names
            for feature in exported:
                if isinstance(place := feature.get("id"), ScalarNode) and place.text:
                    yield self._exported(place, feature)
            self._look_for_pages(root, len(exported))
            return
        if isinstance(features, SequenceNode):
            self.reader.report(features, "none of these features has an `id`, a `valueType` and `environments`")
            return
        for key, place, node in self.entries(features if features is not None else root):
            yield self._feature(key, place, node)
        if features is not None and not isinstance(features, MappingNode):
            self.reader.report(features, "`features` must be a mapping of features by key, or a list")
        elif self.tree.root is not None and self.tree.root is not root:
            self.reader.report(self.tree.root, "a payload of GrowthBook is a mapping with `features`")

    def _refuse_encryption(self, root: MappingNode) -> None:
        node = root.get("encryptedFeatures")
        if node is not None and text(node):
            self.reader.about("")
            advice = "export it from an SDK connection without encryption, or decrypt it first"
            self.reader.report(node, "the features are encrypted, so they cannot be read", advice)

    def _look_for_pages(self, root: MappingNode, found: int) -> None:
        """Report an export that is one page of several: flags that it does not hold would be called undefined."""
        self.reader.about("")
        node, total = root.get("total"), data(root.get("total"))
        if isinstance(total, int) and total > found and node is not None:
            advice = "export the other pages, too: `limit` and `offset`"
            self.reader.report(node, f"it holds {found} of {total} features", advice, breaks=False)

    def _feature(self, key: str, place: ScalarNode, node: Node) -> Flag:
        self.reader.about(f"`{key}`", key)
        broken = self.is_broken(node, _DEFINITION, "a feature")
        feature = mapping(node)
        variants = variants_by_value(self._values(feature))
        definition = data(feature) if not broken else None
        metadata = mapping(feature.get("metadata"))
        return Flag(
            key,
            self.reader.span(place, node),
            self.reader.span(place),
            format=FORMAT,
            value_type=value_type(variants),
            tags=tuple(filter(None, map(text, items(metadata.get("tags"))))),
            variants=variants,
            needs=tuple(self._parents(feature)),
            problems=broken,
            environment=self.environment,
            payload={
                "variants": [[variant.name, variant.value] for variant in variants],
                "environments": {"": definition},
            },
        )

    def _values(self, feature: MappingNode) -> Iterator[tuple[JsonValue, Span]]:
        """Yield the values that a feature can serve, with their places."""
        rules = [mapping(rule) for rule in items(feature.get("rules"))]
        nodes = [feature.get("defaultValue"), *(rule.get("force") for rule in rules)]
        for rule in rules:
            nodes += items(rule.get("variations")) + items(rule.get("contextualVariations"))
        for node in nodes:
            if node is not None:
                yield data(node), self.reader.span(node)

    def _parents(self, feature: MappingNode) -> Iterator[Need]:
        """Yield the features that the rules ask about; which variants suit them is known of simple questions only."""
        seen = set()
        for rule in items(feature.get("rules")):
            for parent in items(mapping(rule).get("parentConditions")):
                place = mapping(parent).get("id")
                key = text(place)
                if place is not None and key and key not in seen:
                    seen.add(key)
                    yield Need(key, wanted(data(mapping(parent).get("condition"))), self.reader.span(place))

    def _exported(self, place: ScalarNode, node: MappingNode) -> Flag:
        self.reader.about(f"`{place.text}`", place.text)
        broken = self.is_broken(node, FEATURE, "a feature")
        known = len(self.reader.problems)
        exported = Exported(self.reader, node)
        definitions: dict[str, Any] = {name: exported.definition(name) for name in self._names}
        broken = broken or any(problem.breaks for problem in self.reader.problems[known:])
        variants = variants_by_value(exported.values)
        return Flag(
            place.text,
            self.reader.span(node),
            self.reader.span(place),
            format=FORMAT,
            value_type=exported.value_type,
            description=text(node.get("description")),
            owner=text(node.get("owner")) or text(node.get("ownerEmail")),
            created=exported.day("dateCreated"),
            tags=tuple(filter(None, map(text, items(node.get("tags"))))),
            variants=variants,
            needs=tuple(Need(key, ("true",), self.reader.span(at)) for key, at in exported.prerequisites()),
            archived=data(node.get("archived")) is True,
            problems=broken,
            environment=self.environment,
            field_spans=self.spans(
                node, (("description", "description"), ("owner", "owner"), ("created", "dateCreated"), ("tags", "tags"))
            ),
            payload={
                "variants": [[variant.name, variant.value] for variant in variants],
                "environments": {} if broken else definitions,
                "updated": text(node.get("dateUpdated")),
            },
        )


def wanted(condition: Any) -> tuple[str, ...]:
    """Return the names of the values that a condition on a parent lets pass, where it simply names one."""
    value = condition.get("value") if isinstance(condition, dict) and len(condition) == 1 else None
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return (value,) if isinstance(value, str) else ()
