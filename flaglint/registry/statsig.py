"""Statsig's formats: the config specs that its server SDKs download, and what its console API lists.

Specs have `feature_gates`, `dynamic_configs` (experiments among them) and `layer_configs`, as lists or by name; in the
newer form their conditions stand in `condition_map`. An answer of the console API has `data`, whose rules name the
environments that they are for. `Flag.payload` holds the rules, and the segments that they ask about, for
`evaluator.vendors.statsig`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flaglint.definition import Flag, Need, Registry, Variant
from flaglint.model import ValueType
from flaglint.registry.foreign import ForeignFile, data, items, mapping, only, text, together
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.timestamps import day_of
from flaglint.registry.value_names import variants_by_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "statsig"
GATE, CONFIG, LAYER = "gate", "config", "layer"
_LISTS = (("feature_gates", GATE), ("dynamic_configs", CONFIG), ("layer_configs", LAYER))
_RULE: dict[str, Shape] = {
    "passPercentage!": "number",
    "returnValue": "any",
    "conditions": ["any"],
    "configDelegate": "text",
    "environments": ["text"],
}
_SPEC: Shape = {"enabled!": "boolean", "defaultValue": "any", "rules": [_RULE]}
_CONSOLE: Shape = {"isEnabled!": "boolean", "defaultValue": "any", "rules": [_RULE]}
SEGMENT = "segment:"
_ASKING = frozenset({"pass_gate", "fail_gate", "multi_pass_gate", "multi_fail_gate"})
_PLACES = (("description", "description"), ("owner", "owner"), ("created", "createdTime"), ("tags", "tags"))


def recognise(tree: Tree) -> bool:
    """Whether a file has specs with rules, or a list of gates or configs of the console."""
    root = mapping(tree.root)
    for name, _ in _LISTS:
        if any(mapping(node).get("enabled") is not None for _, _, node in _entries(root.get(name))):
            return True
    return any(_is_console(node) for node in items(root.get("data")))


def _is_console(node: Node) -> bool:
    return mapping(node).get("isEnabled") is not None and isinstance(mapping(node).get("rules"), SequenceNode)


def _entries(node: Node | None) -> Iterator[tuple[str, ScalarNode, Node]]:
    """Yield the name of each spec, its place and the spec; of a list and of a mapping by name."""
    if isinstance(node, MappingNode):
        yield from node.texts()
    for item in items(node):
        place = mapping(item).get("name") or mapping(item).get("id")
        if isinstance(place, ScalarNode) and place.text:
            yield place.text, place, item


def read(sources: Sequence[Source]) -> Registry:
    """Return the gates, configs and layers of the files; the environments are those that rules of the console name."""
    return together([_File(source) for source in sources])


class _Entry(NamedTuple):
    key: str
    place: ScalarNode
    node: Node
    kind: str


class _File(ForeignFile):
    """One file, of either kind."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._conditions = data(self.root.get("condition_map"))
        self._segments: dict[str, Any] = {}

    def _flags(self) -> Iterator[Flag]:
        root = self.root
        listed = [_Entry(*entry, kind) for name, kind in _LISTS for entry in _entries(root.get(name))]
        console = [item for item in items(root.get("data")) if _is_console(item)]
        for item in console:
            place = mapping(item).get("id") or mapping(item).get("name")
            kind = CONFIG if mapping(item).get("defaultValue") is not None else GATE
            if isinstance(place, ScalarNode) and place.text:
                listed.append(_Entry(place.text, place, item, kind))
        names = {
            text(name): None for item in console for rule in _rules(item) for name in items(rule.get("environments"))
        }
        self._names = only(self.reader, self.tree.root or root, names, self.environment) if names else []
        self.environments = [] if self.environment else self._names
        for entry in listed:
            if entry.key.startswith(SEGMENT):
                self.reader.about(f"`{entry.key}`")
                broken = self.is_broken(entry.node, _SPEC, "a segment")
                self._segments[entry.key] = None if broken else self._spec(mapping(entry.node), entry.kind)
        kinds: dict[str, str] = {}
        for entry in listed:
            if not entry.key.startswith(SEGMENT) and kinds.setdefault(entry.key, entry.kind) == entry.kind:
                yield self._flag(entry, is_twice=any(e.key == entry.key and e.kind != entry.kind for e in listed))
        self.reader.about("")
        if not listed and not any(root.get(name) is not None for name in ("data", *(name for name, _ in _LISTS))):
            self.reader.report(self.tree.root or root, "there are no `feature_gates`, `dynamic_configs` or `data`")
        self._look_for_pages(root)

    def _look_for_pages(self, root: MappingNode) -> None:
        """Report an answer of the API that is one page of several: its other gates would be called undefined."""
        following = mapping(root.get("pagination")).get("nextPage")
        if following is not None and text(following):
            fact = "it is one page of several"
            self.reader.report(following, fact, "export the other pages, too: `limit` and `page`", breaks=False)

    def _flag(self, entry: _Entry, *, is_twice: bool) -> Flag:
        key, place, kind = entry.key, entry.place, entry.kind
        self.reader.about(f"`{key}`", key)
        node = mapping(entry.node)
        broken = self.is_broken(entry.node, _CONSOLE if _is_console(node) else _SPEC, f"a {kind}")
        if is_twice:
            fact = "it names a gate, a config or a layer at once, so that a read may be of either"
            self.reader.report(place, fact, "rename one of them", breaks=False)
        spec = self._spec(node, kind) if not broken else {}
        variants = self._variants(node, place, kind)
        owner = mapping(node.get("owner"))
        asked = dict.fromkeys(name for rule in spec.get("rules", ()) for name in _asked(rule))
        return Flag(
            key,
            self.reader.span(place, entry.node) if place.start < entry.node.start else self.reader.span(entry.node),
            self.reader.span(place),
            format=FORMAT,
            value_type=ValueType.BOOLEAN if kind == GATE else ValueType.OBJECT,
            description=text(node.get("description")),
            type="experiment" if text(node.get("entity")) == "experiment" else "",
            owner=text(owner.get("ownerName")) or text(owner.get("ownerEmail")),
            created=day_of(data(node.get("createdTime"))),
            is_permanent=text(node.get("type")) == "PERMANENT",  # `typeReason` says why a gate is stale, not this
            tags=tuple(filter(None, map(text, items(node.get("tags"))))),
            variants=variants,
            needs=tuple(Need(name, (), self.reader.span(place)) for name in asked if not name.startswith(SEGMENT)),
            archived=text(node.get("status")) == "Archived",
            problems=broken or is_twice,
            environment=self.environment,
            field_spans=self.spans(node, _PLACES),
            payload={
                "kind": kind,
                "spec": spec,
                "variants": [[variant.name, variant.value] for variant in variants],
                "segments": self._segments_of(asked),
                "is_whole": not _is_console(node),
                "updated": data(node.get("lastModifiedTime")),
                "overridden": data(mapping(self.root.get("overrides")).get(key)) is not None,
            },
        )

    def _spec(self, node: MappingNode, kind: str) -> dict[str, Any]:
        """Return what decides, in the form of specs, with its conditions written in."""
        rules = []
        for rule in _rules(node):
            written = data(rule)
            conditions = written.get("conditions") or []
            if isinstance(self._conditions, dict):
                known = self._conditions
                conditions = [known.get(item) if isinstance(item, str) else item for item in conditions]
            value = written.get("returnValue", True if kind == GATE else None)
            rules.append(
                {
                    "pass": written["passPercentage"],
                    "value": value,
                    "conditions": conditions,
                    "delegate": written.get("configDelegate"),
                    "environments": written.get("environments"),
                }
            )
        enabled = data(node.get("enabled")) if node.get("enabled") is not None else data(node.get("isEnabled"))
        default = data(node.get("defaultValue")) if node.get("defaultValue") is not None else None
        return {"enabled": enabled, "default": default, "rules": rules, "is_listed": _is_console(node)}

    def _segments_of(self, asked: dict[str, None]) -> dict[str, Any]:
        """Return the segments that are asked about, also by others of them."""
        found: dict[str, Any] = {}
        waiting = [name for name in asked if name.startswith(SEGMENT)]
        while waiting:
            name = waiting.pop()
            if name in found or name not in self._segments:
                continue
            found[name] = self._segments[name]
            waiting += [other for rule in (found[name] or {}).get("rules", ()) for other in _asked(rule)]
        return found

    def _variants(self, node: MappingNode, place: ScalarNode, kind: str) -> tuple[Variant, ...]:
        if kind == GATE:
            return variants_by_value([(True, self.reader.span(place))])
        values = (node.get("defaultValue"), *(rule.get("returnValue") for rule in _rules(node)))
        return variants_by_value((data(value), self.reader.span(value)) for value in values if value is not None)


def _rules(node: Node) -> list[MappingNode]:
    return [mapping(rule) for rule in items(mapping(node).get("rules"))]


def _asked(rule: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the gates and segments that a rule asks about."""
    for condition in rule["conditions"]:
        if isinstance(condition, dict) and str(condition.get("type")).lower() in _ASKING:
            target = condition.get("targetValue")
            for name in target if isinstance(target, list) else [target]:
                if isinstance(name, str):
                    yield name
