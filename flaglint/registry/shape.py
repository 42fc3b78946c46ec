"""What a vendor's format wants of its nodes, as data; what of a file does not fit is a problem at its place.

A shape is a word for a scalar (`text`, `name`, `boolean`, `integer`, `number`), `any`, a list with the shape of its
items, a mapping with the shapes of the fields that matter, or `Names` for a mapping whose keys are the author's. A
field whose name ends in `!` must be there; any other may be null. Fields that a shape does not name are passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, Union

from flaglint.records import dataclass
from flaglint.registry.nodes import AliasNode, MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import first_key, shown
from flaglint.registry.scalars import UnfitScalarError, core_value, plain_data
from flaglint.registry.yaml_1_1 import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.registry.nodes import Node
    from flaglint.registry.reading import Reader


@dataclass(frozen=True, slots=True)
class Names:
    """A mapping whose keys are names of the author's; its values have one shape."""

    shape: Shape


Shape: TypeAlias = Union[str, list["Shape"], "Mapping[str, Shape]", Names]

_WORDS = {
    "text": "a text",
    "name": "a text that is not empty",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
}


def check(reader: Reader, node: Node, shape: Shape, what: str, *, old_yaml: bool = False) -> None:
    """Report everything below `node` that does not fit; `what` names it in messages.

    `old_yaml`: the vendor's engines read YAML 1.1, so that a scalar which that takes for something else is reported.
    """
    _Check(reader, old_yaml=old_yaml and reader.tree.language == "YAML").run(node, shape, what)


class _Check:
    def __init__(self, reader: Reader, *, old_yaml: bool) -> None:
        self.reader = reader
        self.old_yaml = old_yaml

    def run(self, node: Node, shape: Shape, what: str) -> None:
        if isinstance(node, AliasNode):
            self.reader.report(node, f"{what} is an alias that leads nowhere")
        elif isinstance(shape, str):
            self.scalar(node, shape, what)
        elif isinstance(shape, list):
            for item in self.reader.items(node, what):
                self.run(item, shape[0], f"an item of {what}")
        elif (mapping := self.reader.mapping(node, what)) is None:
            return
        elif isinstance(shape, Names):
            for name, key, value in mapping.texts():
                self.key(key)
                self.run(value, shape.shape, f"`{name}`")
        else:
            self.fields(mapping, shape, what)

    def fields(self, mapping: MappingNode, shape: Mapping[str, Shape], what: str) -> None:
        known = {name.removesuffix("!"): (inner, name.endswith("!")) for name, inner in shape.items()}
        present = set()
        for name, key, value in mapping.texts():
            if name not in known:
                continue
            inner, is_required = known[name]
            self.key(key)
            if isinstance(value, ScalarNode) and value.is_null and inner != "any" and not is_required:
                continue
            present.add(name)
            self.run(value, inner, f"`{name}`")
        for name, (_, is_required) in known.items():
            if is_required and name not in present:
                self.reader.report(first_key(mapping), f"{what} needs `{name}`")

    def key(self, key: ScalarNode) -> None:
        other = reading(key) if self.old_yaml else None
        if other is not None:
            self.reader.report(key, f"YAML 1.1 reads the key `{key.text}` as {other}", f'write it as "{key.text}"')

    def scalar(self, node: Node, kind: str, what: str) -> None:
        if kind == "any":
            self.anything(node, what)
            return
        if isinstance(node, ScalarNode):
            self.plainly(node, what)
            if _fits(node, kind):
                return
        self.reader.report(node, f"{what} must be {_WORDS[kind]}, not {shown(node)}")

    def anything(self, node: Node, what: str) -> None:
        """Look for scalars that readers do not agree on."""
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, SequenceNode):
                waiting.extend(part.items)
            elif isinstance(part, MappingNode):
                for _, key, value in part.texts():
                    self.key(key)
                    waiting.append(value)
            elif isinstance(part, ScalarNode):
                self.plainly(part, what)
                self.number(part, what)

    def plainly(self, node: ScalarNode, what: str) -> None:
        other = reading(node) if self.old_yaml else None
        if other is not None:
            self.reader.report(
                node, f"YAML 1.1 reads {shown(node)} in {what} as {other}", f'write "{node.text}" if a text is meant'
            )

    def number(self, node: ScalarNode, what: str) -> None:
        try:
            core_value(node)
        except UnfitScalarError:
            if isinstance(plain_data(node), str):
                self.reader.report(node, f"{shown(node)} in {what} is no number that JSON can carry")


def _fits(node: ScalarNode, kind: str) -> bool:
    try:
        value = core_value(node)
    except UnfitScalarError:
        return False
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in {"integer", "number"}:
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, str) and (kind == "text" or bool(value))
