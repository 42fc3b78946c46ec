"""flagd's format, JSON or YAML: its definitions with places, their `$evaluators` written in, and what engines refuse.

`Flag.payload` is the definition as an engine sees it, for `evaluator.flagd` to evaluate and prove.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Problem, Registry, Variant
from flaglint.registry.metadata import said_in_metadata
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import Reader, nearest_or_all, shown
from flaglint.registry.scalars import plain_data
from flaglint.registry.targeting import OPERATORS, unknown_operators
from flaglint.registry.variants import value_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree

FORMAT = "flagd"
GENERATIONS = ("flagd-v2", "flagd-v3")
_STATES = ("ENABLED", "DISABLED")
_FIELDS = ("state", "variants", "defaultVariant", "targeting", "metadata", "source", "selector", "key")
_LARGEST = 200_000  # nodes of a file with its evaluators written in


def recognise(tree: Tree) -> bool:
    """Whether a file has flags with a state, as each of flagd's must."""
    flags = tree.root.get("flags") if isinstance(tree.root, MappingNode) else None
    return any(isinstance(node, MappingNode) and _state(node) in _STATES for _, _, node in _entries(flags))


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags of the files; they tell no environment, but for the one that the configuration gives."""
    flags: list[Flag] = []
    problems: list[Problem] = []
    bucketing = Registry().bucketing
    for source in sources:
        file = _File(source)
        flags += file.flags()
        problems += file.problems()
        told = file.set_metadata.get("bucketing")
        bucketing = told if told in GENERATIONS else bucketing
    return Registry(
        flags=tuple(flags),
        environments=(),
        critical=(),
        bucketing=bucketing,
        problems=tuple(problems),
        paths=tuple(source.tree.path for source in sources),
    )


class _File:
    """One file: its flags, the evaluators that they refer to, and the metadata of the whole."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reader = Reader(source.tree)
        root = source.tree.root
        self._root = root if isinstance(root, MappingNode) else MappingNode([], True, 0)  # noqa: FBT003 - flow
        self.set_metadata = self._data("metadata")
        self._evaluators = self._data("$evaluators")
        self._size = 0

    def _data(self, name: str) -> dict[str, Any]:
        node = self._root.get(name)
        data = plain_data(node) if node is not None else None
        return data if isinstance(data, dict) else {}

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong in the file; after `flags`."""
        yield from self._source.tree.problems
        yield from self._source.tree.duplicate_problems()
        yield from self._reader.problems

    def flags(self) -> Iterator[Flag]:
        """Yield the flags in the order of the file, also those that are broken."""
        node = self._root.get("flags")
        if not isinstance(node, (MappingNode, SequenceNode)):
            self._reader.report(
                node or self._root, "flagd's `flags` must be a mapping" if node else "there is no `flags`"
            )
        for key, place, definition in _entries(node):
            yield self._flag(key, place, definition)
        shared = self._root.get("$evaluators")
        for name, _, rule in shared.texts() if isinstance(shared, MappingNode) else ():
            self._reader.about(f"the evaluator `{name}`")
            self._check_operators(rule)
        self._reader.about("")

    def _flag(self, key: str, place: Node, node: Node) -> Flag:
        reader = self._reader
        reader.about(f"`{key}`", key)
        known = len(reader.problems)
        fields = self._fields(node)
        variants = self._variants(fields)
        definition = self._definition(fields)
        default = self._default(fields, variants)
        metadata = {**_scalars(self.set_metadata), **_scalars(definition.get("metadata"))}
        told = said_in_metadata(reader, fields.get("metadata"), metadata)
        is_broken = any(problem.breaks for problem in reader.problems[known:])
        return Flag(
            key,
            reader.span(place, node) if place.start < node.start else reader.span(node),
            reader.span(place),
            format=FORMAT,
            value_type=value_type(variants),
            variants=variants,
            off_variant=default,
            problems=is_broken,
            environment=self._source.environment,
            field_spans=tuple((name, reader.span(value)) for name, value in fields.items()),
            # as engines tell it with each evaluation: what the flag says of itself goes before what the file says
            payload={**definition, "metadata": metadata} if metadata else definition,
            **told,
        )

    def _fields(self, node: Node) -> dict[str, Node]:
        fields: dict[str, Node] = {}
        mapping = self._reader.mapping(node, "a flag")
        for name, key, value in mapping.texts() if mapping is not None else ():
            if name not in _FIELDS:
                advice = nearest_or_all(name, _FIELDS[:5], "field") or "put it into `metadata`"
                self._reader.report(
                    key, f"flagd's Python engine refuses a file with the field `{name}`", advice, breaks=False
                )
            fields.setdefault(name, value)
        if mapping is not None and _state(mapping) not in _STATES:
            self._reader.report(fields.get("state", mapping), "`state` must be ENABLED or DISABLED")
        return fields

    def _variants(self, fields: Mapping[str, Node]) -> tuple[Variant, ...]:
        reader = self._reader
        node = fields.get("variants")
        if not isinstance(node, MappingNode) or not node.pairs:
            if fields:
                reader.report(node or next(iter(fields.values())), "a flag needs `variants`, with one at least")
            return ()
        found = tuple(Variant(name, plain_data(value), reader.span(key, value)) for name, key, value in node.texts())
        kinds = {_kind(variant.value) for variant in found}
        if len(kinds) > 1:
            fact = f"the values of its variants are of several kinds: {', '.join(sorted(kinds))}"
            reader.report(node, fact, "flagd's schema wants all of one kind", breaks=False)
        return found

    def _definition(self, fields: Mapping[str, Node]) -> dict[str, Any]:
        """Return the definition as data, with the evaluators written in; the place in an array is no part of it."""
        definition: dict[str, Any] = {name: plain_data(value) for name, value in fields.items() if name != "key"}
        targeting = definition.get("targeting")
        if targeting is None:
            return definition
        if not isinstance(targeting, dict):
            self._reader.report(fields["targeting"], f"`targeting` must be a rule, not {shown(fields['targeting'])}")
            return definition
        self._check_operators(fields["targeting"])
        for name, rule in self._evaluators.items():
            targeting = self._replaced(targeting, name, rule)
        if self._size > _LARGEST:
            self._reader.report(fields["targeting"], "its `$evaluators`, written in, are too large to be served")
            targeting = {}
        for name in _references(targeting):
            advice = nearest_or_all(name, self._evaluators, "evaluator")
            fact = f"there is no evaluator `{name}`, so engines serve the default in the code"
            self._reader.report(fields["targeting"], fact, advice, breaks=False)
        return {**definition, "targeting": targeting}

    def _check_operators(self, rule: Node) -> None:
        for name, place in unknown_operators(rule):
            fact = f"there is no operator `{name}`, so engines serve the default in the code"
            self._reader.report(place, fact, nearest_or_all(name, OPERATORS, "operator"), breaks=False)

    def _replaced(self, rule: Any, name: str, replacement: Any) -> Any:
        """Return a rule with one evaluator written in; engines do so once for each, in the order of the file."""
        self._size += 1
        if self._size > _LARGEST:
            return None
        if isinstance(rule, list):
            return [self._replaced(item, name, replacement) for item in rule]
        if not isinstance(rule, dict):
            return rule
        if rule == {"$ref": name}:
            self._size += _count(replacement)
            return replacement
        return {key: self._replaced(value, name, replacement) for key, value in rule.items()}

    def _default(self, fields: Mapping[str, Node], variants: tuple[Variant, ...]) -> str:
        node = fields.get("defaultVariant")
        value = plain_data(node) if node is not None else None
        if node is None or value is None or value == "":
            return ""
        name = str(value).lower() if isinstance(value, bool) else value
        if not isinstance(name, str):
            self._reader.report(node, f"`defaultVariant` must name a variant, not {shown(node)}")
            return ""
        if variants and name not in {variant.name for variant in variants}:
            advice = nearest_or_all(name, [variant.name for variant in variants], "variant")
            self._reader.report(node, f"`defaultVariant` names `{name}`, which is no variant", advice)
        return name


def _entries(node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    """Yield key, place of the key and definition of each flag, from a mapping or from the daemon's array."""
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for name, key, value in node.texts():
            if name and name not in seen:
                seen.add(name)
                yield name, key, value
    elif isinstance(node, SequenceNode):
        for item in node.items:
            key_node = item.get("key") if isinstance(item, MappingNode) else None
            if isinstance(key_node, ScalarNode) and key_node.text:
                yield key_node.text, key_node, item


def _state(node: MappingNode) -> str:
    state = node.get("state")
    return state.text if isinstance(state, ScalarNode) else ""


def _scalars(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        return {}
    return {name: value for name, value in data.items() if isinstance(value, (bool, int, float, str))}


def _kind(value: Any) -> str:
    kinds: list[tuple[Callable[[Any], bool], str]] = [
        (lambda item: isinstance(item, bool), "boolean"),
        (lambda item: isinstance(item, (int, float)), "number"),
        (lambda item: isinstance(item, str), "text"),
        (lambda item: isinstance(item, (dict, list)), "object"),
    ]
    return next((word for is_of, word in kinds if is_of(value)), "nothing")


def _references(rule: Any) -> Iterator[str]:
    """Yield the names of evaluators that a rule still refers to, each once."""
    seen: set[str] = set()
    waiting = [rule]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part.values())
            name = part.get("$ref")
            if len(part) == 1 and isinstance(name, str) and name not in seen:
                seen.add(name)
                yield name


def _count(rule: Any) -> int:
    """Return how many nodes a rule has."""
    count = 0
    waiting = [rule]
    while waiting:
        part = waiting.pop()
        count += 1
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part.values())
    return count
