"""GO Feature Flag's files, YAML or JSON: flags at the top, with variations, targeting and steps for later.

`Flag.payload` is the definition as data, for `evaluator.vendors.goff`, which looks at the clock; this reader does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flaglint.definition import Flag, Registry, Variant
from flaglint.registry.foreign import ForeignFile, data, items, mapping, together
from flaglint.registry.metadata import said_in_metadata
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import nearest_or_all
from flaglint.registry.shape import Names
from flaglint.registry.timestamps import moment_of
from flaglint.registry.variants import value_type
from flaglint.registry.yaml_1_1 import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "goff"
_STEP: Final[Shape] = {"variation": "text", "percentage": "number", "date": "text"}
_RULE: Final[dict[str, Shape]] = {
    "name": "text",
    "query": "text",
    "variation": "text",
    "percentage": Names("number"),
    "progressiveRollout": {"initial": _STEP, "end": _STEP},
    "disable": "boolean",
}
_CHANGED: Final[dict[str, Shape]] = {
    "variations": Names("any"),
    "targeting": [_RULE],
    "defaultRule": _RULE,
    "disable": "boolean",
    "experimentation": {"start": "text", "end": "text"},
}
_FLAG: Final[Shape] = {
    **_CHANGED,
    "variations!": Names("any"),
    "defaultRule!": _RULE,
    "bucketingKey": "text",
    "scheduledRollout": [{**_CHANGED, "date": "text"}],
    "needs": [{"flag!": "name", "value": "any"}],
    "metadata": Names("any"),
}
_FIELDS: Final = (
    "variations",
    "targeting",
    "defaultRule",
    "disable",
    "experimentation",
    "bucketingKey",
    "scheduledRollout",
    "needs",
)
_DATES: Final = frozenset({"date", "start", "end"})


def recognise(tree: Tree) -> bool:
    """Whether a file has, at its top, a mapping with named variations and a default rule or targeting."""
    return any(_is_flag(node) for _, _, node in mapping(tree.root).texts())


def _is_flag(node: Node) -> bool:
    flag = mapping(node)
    has_rules = isinstance(flag.get("defaultRule"), MappingNode) or isinstance(flag.get("targeting"), SequenceNode)
    return isinstance(flag.get("variations"), MappingNode) and has_rules


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags of the files; they tell no environment, but for the one that the configuration gives."""
    return together([_File(source) for source in sources])


class _File(ForeignFile):
    """One file."""

    def _flags(self) -> Iterator[Flag]:
        if not isinstance(self.tree.root, MappingNode):
            self.reader.report(self.tree.root or self.root, "a file of flags must be a mapping")
        for key, place, node in self.entries(self.root):
            if not key.startswith("$"):
                yield self._flag(key, place, node)
        self.reader.about("")

    def _flag(self, key: str, place: ScalarNode, node: Node) -> Flag:
        reader = self.reader
        reader.about(f"`{key}`", key)
        known = len(reader.problems)
        broken = self.is_broken(node, _FLAG, "a flag")
        variants = self._variants(mapping(node))
        self._check_names(mapping(node), {variant.name for variant in variants})
        self._check_values(mapping(node))
        told = data(node) if isinstance(node, MappingNode) else {}
        broken = broken or any(problem.breaks for problem in reader.problems[known:])
        metadata = told.get("metadata")
        said = said_in_metadata(reader, mapping(node).get("metadata"), metadata if isinstance(metadata, dict) else {})
        default = told.get("defaultRule")
        off = default.get("variation") if isinstance(default, dict) else None
        return Flag(
            key,
            reader.span(place, node),
            reader.span(place),
            format=FORMAT,
            value_type=value_type(variants),
            variants=variants,
            off_variant=off if isinstance(off, str) else "",
            problems=broken,
            environment=self.environment,
            salt=key,
            field_spans=self.spans(node, [("metadata", "metadata"), ("variants", "variations")]),
            payload={name: told[name] for name in _FIELDS if told.get(name) is not None},
            **said,
        )

    def _variants(self, node: MappingNode) -> tuple[Variant, ...]:
        """Return the variations, those that a step brings included; of one name the first counts."""
        found: dict[str, Variant] = {}
        for place in (node, *map(mapping, items(node.get("scheduledRollout")))):
            for name, key, value in mapping(place.get("variations")).texts():
                found.setdefault(name, Variant(name, data(value), self.reader.span(key, value)))
        return tuple(found.values())

    def _check_names(self, node: MappingNode, known: set[str]) -> None:
        """Report rules that name a variation which does not exist, and times that are none."""
        waiting: list[tuple[str, Node]] = [(name, value) for name, _, value in node.texts() if name in _FIELDS]
        while waiting:
            name, part = waiting.pop()
            if isinstance(part, SequenceNode):
                waiting.extend((name, item) for item in part.items)
            elif isinstance(part, MappingNode):
                if name == "percentage":
                    for variation, key, _ in part.texts():
                        self._check_name(variation, key, known)
                elif name not in {"variations", "needs"}:
                    waiting.extend((inner, value) for inner, _, value in part.texts())
            elif isinstance(part, ScalarNode) and name == "variation":
                self._check_name(part.text, part, known)
            elif isinstance(part, ScalarNode) and name in _DATES and not part.is_null and moment_of(part.text) is None:
                self.reader.report(part, f"`{name}` is no time", "write it as `2026-09-01T09:00:00Z`")

    def _check_name(self, name: str, place: ScalarNode, known: set[str]) -> None:
        if name not in known and not place.is_null:
            fact = f"there is no variation `{name}`, so it serves the default in the code"
            self.reader.report(place, fact, nearest_or_all(name, known, "variation"))

    def _check_values(self, node: MappingNode) -> None:
        """Report values of variations that GO's reader of YAML takes for another number, or for a time."""
        waiting = [value for _, _, value in mapping(node.get("variations")).texts()]
        while waiting and self.tree.language == "YAML":
            part = waiting.pop()
            if isinstance(part, SequenceNode):
                waiting.extend(part.items)
            elif isinstance(part, MappingNode):
                waiting.extend(value for _, _, value in part.texts())
            elif isinstance(part, ScalarNode) and (other := reading(part)) not in {None, "a boolean", "a text"}:
                fact = f"GO Feature Flag may read `{part.text}` as {other}"
                self.reader.report(part, fact, f'write "{part.text}" if a text is meant')
