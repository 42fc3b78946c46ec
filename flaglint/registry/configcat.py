"""ConfigCat's config JSON, version 6, as its SDKs download it: fields of one letter.

`f` are the settings by key: `t` is the type, `v` the value, `r` the targeting rules with conditions `c` and what they
serve (`s`, or the shares `p`), and `p` the shares of the setting itself. `Flag.payload` is such a setting, for
`evaluator.vendors.configcat`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Need, Registry
from flaglint.model import ValueType
from flaglint.records import replace
from flaglint.registry.foreign import ForeignFile, data, items, mapping, text, together
from flaglint.registry.graph import check_needs
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.value_names import variants_by_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.model import JsonValue, Span
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "configcat"
_IN_A_CIRCLE = "until then its SDKs serve the default in the code"
TYPES = {
    0: ("b", ValueType.BOOLEAN),
    1: ("s", ValueType.STRING),
    2: ("i", ValueType.INTEGER),
    3: ("d", ValueType.FLOAT),
}
_VALUE: Shape = {"b": "boolean", "s": "text", "i": "number", "d": "number"}
_SHARE: Shape = {"p!": "number", "v": _VALUE}
_CONDITION: Shape = {"u": {"c": "any"}, "s": {"s": "integer", "c": "any"}, "p": {"f": "text", "c": "any", "v": _VALUE}}
_SETTING: Shape = {
    "t!": "integer",
    "v": _VALUE,
    "a": "text",
    "r": [{"c": [_CONDITION], "s": {"v": _VALUE}, "p": [_SHARE]}],
    "p": [_SHARE],
}
NUMERIC = (10, 11, 12, 13, 14, 15, 18, 19)  # the comparators of numbers and dates
_EQUALS = 0  # the comparator of a condition on another flag


def recognise(tree: Tree) -> bool:
    """Whether a file has settings with a type and a value of that type."""
    settings = mapping(mapping(tree.root).get("f"))
    return any(
        mapping(node).get("t") is not None and isinstance(mapping(node).get("v"), MappingNode)
        for _, _, node in settings.texts()
    )


def read(sources: Sequence[Source]) -> Registry:
    """Return the settings of the files, each of which holds one environment."""
    files = [_File(source) for source in sources]
    return together(files, [bad for file in files for bad in check_needs(file.flags, (), in_a_circle=_IN_A_CIRCLE)])


class _File(ForeignFile):
    """One file."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._is_refused = False

    def _flags(self) -> list[Flag]:
        found = list(self._settings())
        return [replace(flag, problems=True) for flag in found] if self._is_refused else found

    def _settings(self) -> Iterator[Flag]:
        settings = self.root.get("f")
        if not isinstance(settings, MappingNode):
            self.reader.report(settings or self.tree.root or self.root, "there are no settings: `f` is no mapping")
        for key, place, node in self.entries(settings):
            self.reader.about(f"`{key}`", key)
            known = len(self.reader.problems)
            broken = self.is_broken(node, _SETTING, "a setting")
            self._check_type(mapping(node))
            self._check_segments(mapping(node))
            broken = broken or any(problem.breaks for problem in self.reader.problems[known:])
            yield self._flag(key, place, node, broken=broken)

    def _flag(self, key: str, place: ScalarNode, node: Node, *, broken: bool) -> Flag:
        setting = mapping(node)
        kind, value_type = _type(setting)
        variants = variants_by_value(self._values(setting, kind))
        return Flag(
            key,
            self.reader.span(place, node),
            self.reader.span(place),
            format=FORMAT,
            value_type=value_type,
            variants=variants,
            needs=() if broken else tuple(self._parents(setting)),
            problems=broken,
            environment=self.environment,
            payload={
                "variants": [[variant.name, variant.value] for variant in variants],
                "setting": data(setting) if not broken else None,
                "numeric_segments": self._numeric_segments(),
            },
        )

    def _numeric_segments(self) -> list[JsonValue]:
        """Return which segments compare numbers or dates, counted from 0."""
        return [
            number
            for number, segment in enumerate(items(self.root.get("s")))
            if any(data(mapping(rule).get("c")) in NUMERIC for rule in items(mapping(segment).get("r")))
        ]

    def _check_type(self, setting: MappingNode) -> None:
        node = setting.get("t")
        if node is not None and not _type(setting)[0]:
            self.reader.report(node, "the type `t` must be 0, 1, 2 or 3", "0 is boolean, 1 text, 2 and 3 are numbers")

    def _check_segments(self, setting: MappingNode) -> None:
        segments = len(items(self.root.get("s")))
        for rule in items(setting.get("r")):
            for condition in items(mapping(rule).get("c")):
                node = mapping(mapping(condition).get("s")).get("s")
                index = data(node)
                if node is not None and (not isinstance(index, int) or not 0 <= index < segments):
                    fact = f"there is no segment {index}, so SDKs refuse the whole file"
                    self._is_refused = True
                    self.reader.report(node, fact, f"it has {segments} segments, counted from 0")

    def _values(self, setting: MappingNode, kind: str) -> Iterator[tuple[JsonValue, Span]]:
        """Yield the values that a setting can serve, with their places."""
        rules = [mapping(rule) for rule in items(setting.get("r"))]
        serving = [setting, *map(mapping, items(setting.get("p"))), *(mapping(rule.get("s")) for rule in rules)]
        serving += [mapping(share) for rule in rules for share in items(rule.get("p"))]
        for node in serving:
            value = mapping(node.get("v")).get(kind)
            if value is not None:
                yield data(value), self.reader.span(value)

    def _parents(self, setting: MappingNode) -> Iterator[Need]:
        seen = set()
        for rule in items(setting.get("r")):
            for condition in items(mapping(rule).get("c")):
                asked = mapping(mapping(condition).get("p"))
                place = asked.get("f")
                if place is None or not (key := text(place)) or key in seen:
                    continue
                seen.add(key)
                yield Need(key, _wanted(data(asked)), self.reader.span(place))


def _wanted(asked: Any) -> tuple[str, ...]:
    """Return the name of the value that a condition on another flag asks for; none when it asks for any other."""
    value = asked.get("v") if isinstance(asked, dict) and asked.get("c") == _EQUALS else None
    if not isinstance(value, dict):
        return ()
    if isinstance(value.get("b"), bool):
        return ("true" if value["b"] else "false",)
    return (value["s"],) if isinstance(value.get("s"), str) else ()


def _type(setting: MappingNode) -> tuple[str, ValueType]:
    """Return the letter of the values of a setting, and their type; no letter for a type that is not known."""
    written = data(setting.get("t"))
    known = isinstance(written, int) and not isinstance(written, bool)
    return TYPES.get(written, ("", ValueType.UNKNOWN)) if known else ("", ValueType.UNKNOWN)
