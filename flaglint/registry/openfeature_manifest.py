"""The manifest of OpenFeature's command line: which flags there are, of which type, with which default; no state.

`Flag.payload` holds `defaultValue`, what a read gets when nothing else can be served. The format is that of the JSON
Schema `openfeature-cli/manifest`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Flag, Registry
from flaglint.model import ValueType
from flaglint.registry.foreign import fields_of, read_each, text
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.reading import Reader, shown
from flaglint.registry.scalars import plain_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from flaglint.model import JsonValue
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree

FORMAT = "openfeature-manifest"
TYPES = {
    "boolean": ValueType.BOOLEAN,
    "string": ValueType.STRING,
    "integer": ValueType.INTEGER,
    "float": ValueType.FLOAT,
    "object": ValueType.OBJECT,
}
_FIELDS = ("flagType", "defaultValue", "description", "schema")
_FITS: Mapping[str, Callable[[JsonValue], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, (dict, list)),
}


def recognise(tree: Tree) -> bool:
    """Whether a file has flags with a `flagType`."""
    flags = tree.root.get("flags") if isinstance(tree.root, MappingNode) else None
    return isinstance(flags, MappingNode) and any(
        isinstance(flag, MappingNode) and isinstance(kind := flag.get("flagType"), ScalarNode) and kind.text in TYPES
        for _, flag in flags.pairs
    )


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags of the files; a manifest tells no environment, but for the one that the configuration gives."""
    return read_each(sources, _flags)


def _flags(source: Source, reader: Reader) -> Iterator[Flag]:
    root = source.tree.root
    node = root.get("flags") if isinstance(root, MappingNode) else None
    if not isinstance(node, MappingNode):
        where = node or root
        if where is not None:
            reader.report(where, "a manifest needs `flags`, a mapping of keys to flags")
        return
    for key, place, definition in reader.entries(node, "`flags`"):
        yield _flag(source, reader, key, place, definition)
    reader.about("")


def _flag(source: Source, reader: Reader, key: str, place: ScalarNode, node: Node) -> Flag:
    reader.about(f"`{key}`", key)
    known = len(reader.problems)
    mapping = reader.mapping(node, "a flag")
    fields = fields_of(reader, mapping, _FIELDS, "a manifest") if mapping is not None else {}
    kind = _kind(reader, fields, mapping or place)
    default = plain_data(fields["defaultValue"]) if "defaultValue" in fields else None
    if mapping is not None and "defaultValue" not in fields:
        reader.report(place, "a flag needs `defaultValue`", "the value that a read gets when no other can be served")
    elif kind and not _FITS[kind](default):
        fact = f"`defaultValue` must be of type {kind}, not {shown(fields['defaultValue'])}"
        reader.report(fields["defaultValue"], fact, "change it, or `flagType`", breaks=False)
    return Flag(
        key,
        reader.span(place, node),
        reader.span(place),
        format=FORMAT,
        value_type=TYPES.get(kind, ValueType.UNKNOWN),
        description=text(fields.get("description")),
        salt=key,
        problems=any(problem.breaks for problem in reader.problems[known:]),
        environment=source.environment,
        field_spans=tuple((name, reader.span(value)) for name, value in fields.items()),
        payload={"defaultValue": default},
    )


def _kind(reader: Reader, fields: Mapping[str, Node], place: Node) -> str:
    """Return the type of a flag; empty, with a problem, when there is none that is known."""
    node = fields.get("flagType")
    if node is None:
        if isinstance(place, MappingNode):
            reader.report(place, "a flag needs `flagType`", f"known: {', '.join(f'`{name}`' for name in TYPES)}")
        return ""
    return reader.choice(node, "`flagType`", TYPES)
