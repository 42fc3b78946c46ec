"""LaunchDarkly's formats: flag data as its SDKs read them from a file, and flags as its REST API exports them.

Flag data (JSON or YAML) are `flags`, `flagValues` and `segments` of one environment. An export has `items`, or is one
flag, with `environments` in each. `Flag.payload` holds per environment what decides there, for
`evaluator.vendors.launchdarkly`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Need, Registry
from flaglint.registry.foreign import ForeignFile, data, is_boolean, items, mapping, only, text, together
from flaglint.registry.graph import check_needs
from flaglint.registry.launchdarkly_shape import ENVIRONMENT, EXPORTED, FLAG, SEGMENT, summary_of_segment
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.timestamps import day_of
from flaglint.registry.variants import named_variants, value_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.definition import Variant
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree

FORMAT = "launchdarkly"
_IN_A_CIRCLE = "until then its SDKs serve the default in the code"


def recognise(tree: Tree) -> bool:
    """Whether a file is flag data, with `flagValues` or flags with a list of variations, or an export."""
    root = mapping(tree.root)
    if isinstance(root.get("flagValues"), MappingNode):
        return True
    if any(_is_flag(node) for _, _, node in mapping(root.get("flags")).texts()):
        return True
    return _is_exported(root) or any(_is_exported(mapping(item)) for item in items(root.get("items")))


def _is_flag(node: Node) -> bool:
    flag = mapping(node)
    return isinstance(flag.get("variations"), SequenceNode) or (
        is_boolean(flag.get("on")) and flag.get("version") is not None
    )


def _is_exported(node: MappingNode) -> bool:
    return isinstance(node.get("variations"), SequenceNode) and isinstance(node.get("environments"), MappingNode)


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags of the files; the environments are those of exports."""
    files = [_File(source) for source in sources]
    flags = [flag for file in files for flag in file.flags]
    is_export = any(file.environments for file in files)  # a page of an export need not hold the parents
    return together(files, () if is_export else check_needs(flags, (), in_a_circle=_IN_A_CIRCLE))


class _File(ForeignFile):
    """One file, of either kind."""

    def __init__(self, source: Source) -> None:
        super().__init__(source, old_yaml=True)
        self._found: dict[str, None] = {}  # the environments of an export
        self._segments: dict[str, Any] = {}

    def _flags(self) -> Iterator[Flag]:
        root = self.root
        self._segments = self._read_segments(root)
        for key, place, node in self.entries(root.get("flags")):
            yield self._flag(key, place, node)
        for key, place, node in self.entries(root.get("flagValues")):
            yield self._value(key, place, node)
        exported = [root] if _is_exported(root) else [mapping(item) for item in items(root.get("items"))]
        for flag in exported:
            written = flag.get("key")
            if isinstance(written, ScalarNode) and written.text:
                yield self._exported(written.text, written, flag)
        self.reader.about("")
        if exported:
            only(self.reader, root, self._found, self.environment)
            self.environments = () if self.environment else tuple(self._found)
        if not any(root.get(name) for name in ("flags", "flagValues", "segments", "items", "environments")):
            self.reader.report(self.tree.root or root, "there are no `flags`, `flagValues` or `items`")
        self._look_for_pages(root, len(exported))

    def _look_for_pages(self, root: MappingNode, found: int) -> None:
        """Report an export that is one page of several: flags that it does not hold would be called undefined."""
        total = data(root.get("totalCount"))
        if isinstance(total, int) and total > found and isinstance(node := root.get("totalCount"), ScalarNode):
            fact = f"it holds {found} of {total} flags"
            self.reader.report(node, fact, "export the other pages, too: `limit` and `offset`", breaks=False)

    # ------------------------------------------------------------------------------------------------ flag data

    def _read_segments(self, root: MappingNode) -> dict[str, Any]:
        found = {}
        for name, _, node in mapping(root.get("segments")).texts():
            self.reader.about(f"segment `{name}`")
            broken = self.is_broken(node, SEGMENT, "a segment")
            segment = data(node) if isinstance(node, MappingNode) else {}
            found[str(segment.get("key") or name)] = None if broken else summary_of_segment(segment)
        return found

    def _flag(self, name: str, place: ScalarNode, node: Node) -> Flag:
        key = text(mapping(node).get("key")) or name
        self.reader.about(f"`{key}`", key)
        broken = self.is_broken(node, FLAG, "a flag")
        definition = data(node) if isinstance(node, MappingNode) else {}
        if key != name:
            fact = f"its `key` is `{key}`, but it stands under `{name}`"
            self.reader.report(place, fact, "SDKs do not agree which of the two counts")
            broken = True
        variants = self._variants(mapping(node))
        names = [variant.name for variant in variants]
        broken = self._check_indexes(node, len(names)) or broken
        rules = self._deciding(definition)
        return Flag(
            key,
            self.reader.span(place, node),
            self.reader.span(place),
            format=FORMAT,
            value_type=value_type(variants),
            variants=variants,
            off_variant=_name(names, definition.get("offVariation")),
            needs=() if broken else self._needs(mapping(node)),
            archived=definition.get("deleted") is True,
            problems=broken,
            environment=self.environment,
            salt=key,
            payload={"variants": _pairs(variants), "data": rules, "segments": self._referred(rules)},
        )

    def _value(self, key: str, place: ScalarNode, node: Node) -> Flag:
        """Return the flag that an entry of `flagValues` stands for: on, with this one variation."""
        self.reader.about(f"`{key}`", key)
        broken = self.is_broken(node, "any", "its value")
        variants = named_variants([("", data(node), self.reader.span(node))])
        rules: dict[str, Any] = {"on": True, "fallthrough": {"variation": 0}}
        return Flag(
            key,
            self.reader.span(place, node),
            self.reader.span(place),
            format=FORMAT,
            value_type=value_type(variants),
            variants=variants,
            problems=broken,
            environment=self.environment,
            salt=key,
            payload={"variants": _pairs(variants), "data": rules, "segments": {}},
        )

    def _referred(self, rules: Any) -> dict[str, Any]:
        """Return the segments that rules refer to, by themselves and through other segments."""
        found: dict[str, Any] = {}
        waiting = [_segments_of(rules)]
        while waiting:
            for name in waiting.pop():
                if name in self._segments and name not in found:
                    found[name] = self._segments[name]
                    waiting.append(_segments_of(found[name]))
        return found

    # --------------------------------------------------------------------------------------------------- export

    def _exported(self, key: str, place: ScalarNode, node: MappingNode) -> Flag:
        reader = self.reader
        reader.about(f"`{key}`", key)
        broken = self.is_broken(node, EXPORTED, "a flag")
        told = data(node)
        variants = self._variants(node)
        environments: dict[str, Any] = {}
        for name, _, entry in mapping(node.get("environments")).texts():
            self._found[name] = None
            if self.environment and name != self.environment:
                continue
            reader.about(f"`{key}` in {name}", key)
            bad = self.is_broken(entry, ENVIRONMENT, "an environment")
            rules = data(entry) if isinstance(entry, MappingNode) else {}
            bad = self._check_indexes(entry, len(variants)) or bad
            environments[name] = None if bad else self._deciding(rules)
        defaults = told.get("defaults")
        off = defaults.get("offVariation") if isinstance(defaults, dict) else None
        maintainer = told.get("_maintainer")
        email = maintainer.get("email") if isinstance(maintainer, dict) else None
        owner = told.get("maintainerTeamKey") or email
        return Flag(
            key,
            reader.span(node),
            reader.span(place),
            format=FORMAT,
            value_type=value_type(variants),
            description=_text(told.get("description")) or _text(told.get("name")),
            owner=_text(owner),
            created=day_of(told.get("creationDate")),
            is_permanent=told.get("temporary") is False,
            tags=tuple(tag for tag in told.get("tags") or () if isinstance(tag, str)) if not broken else (),
            variants=variants,
            off_variant=_name([variant.name for variant in variants], off),
            needs=() if broken else self._needs_of_all(node),
            archived=told.get("archived") is True,
            problems=broken,
            environment=self.environment,
            salt=key,
            field_spans=self.spans(
                node, [("description", "description"), ("created", "creationDate"), ("tags", "tags")]
            ),
            payload={"variants": _pairs(variants), "environments": environments},
        )

    def _needs_of_all(self, node: MappingNode) -> tuple[Need, ...]:
        found: dict[tuple[str, tuple[str, ...]], Need] = {}
        for name, _, entry in mapping(node.get("environments")).texts():
            if not self.environment or name == self.environment:
                for need in self._needs(mapping(entry)):
                    found.setdefault((need.key, need.variants), need)
        return tuple(found.values())

    # ----------------------------------------------------------------------------------------------------- both

    def _variants(self, node: MappingNode) -> tuple[Variant, ...]:
        """Return the variations; in an export each is an object with a value and perhaps a name."""
        is_export = _is_exported(node)
        found = []
        for item in items(node.get("variations")):
            value = mapping(item).get("value") if is_export else item
            name = text(mapping(item).get("name")) if is_export else ""
            found.append((name, data(value), self.reader.span(item)))
        return named_variants(found)

    def _needs(self, node: MappingNode) -> tuple[Need, ...]:
        """Return the prerequisites; the index of a variation stands for its name until the parent is known."""
        found = []
        for item in items(node.get("prerequisites")):
            key = text(mapping(item).get("key"))
            if key:
                found.append(Need(key, (), self.reader.span(item)))
        return tuple(found)

    def _deciding(self, definition: Any) -> dict[str, Any]:
        names = ("on", "offVariation", "fallthrough", "targets", "contextTargets", "rules", "prerequisites")
        found = {name: definition[name] for name in names if definition.get(name) is not None}
        since = day_of(definition.get("lastModified"))
        if since is not None:
            found["since"] = since.isoformat()
        if "_summary" in definition and "fallthrough" not in definition:
            found["summary"] = True
        if definition.get("archived") is True:
            found["archived"] = True
        return found

    def _check_indexes(self, node: Node, count: int) -> bool:
        """Report places that name a variation which does not exist; return whether there are any."""
        known = len(self.reader.problems)
        waiting = [(name, value) for name, _, value in mapping(node).texts() if name in _INDEXED]
        while waiting:
            name, part = waiting.pop()
            if isinstance(part, SequenceNode):
                waiting.extend((name, item) for item in part.items)
            elif isinstance(part, MappingNode):
                waiting.extend((inner, value) for inner, _, value in part.texts() if inner in _INDEXED)
            elif name in {"variation", "offVariation"}:
                index = data(part)
                if type(index) is int and not 0 <= index < count:
                    fact = f"there is no variation {index}, so its SDKs serve the default in the code"
                    self.reader.report(part, fact, f"it has {count}, counted from 0")
        return len(self.reader.problems) > known


_INDEXED = frozenset(
    {"offVariation", "fallthrough", "targets", "contextTargets", "rules", "rollout", "variations", "variation"}
)


def _segments_of(part: Any) -> list[str]:
    """Return the keys of the segments that clauses below name."""
    found, waiting = [], [part]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            if part.get("op") == "segmentMatch" and isinstance(part.get("values"), list):
                found += [value for value in part["values"] if isinstance(value, str)]
            waiting.extend(part.values())
    return found


def _pairs(variants: Sequence[Variant]) -> list[Any]:
    return [[variant.name, variant.value] for variant in variants]


def _name(names: Sequence[str], index: Any) -> str:
    return names[index] if type(index) is int and 0 <= index < len(names) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
