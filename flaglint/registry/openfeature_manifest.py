"""The manifest of OpenFeature's command line: which flags there are, of which type, with which default; no state.

`Flag.payload` holds `defaultValue`, what a read gets when nothing else can be served. The format is that of the JSON
Schema `openfeature-cli/manifest`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Flag, Problem, Registry
from flaglint.model import ValueType
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.reading import Reader, did_you_mean, shown
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
    flags: list[Flag] = []
    problems: list[Problem] = []
    for source in sources:
        reader = Reader(source.tree)
        flags += _flags(source, reader)
        problems += [*source.tree.problems, *source.tree.duplicate_problems(), *reader.problems]
    return Registry(
        flags=tuple(flags),
        environments=(),
        critical=(),
        problems=tuple(problems),
        paths=tuple(source.tree.path for source in sources),
    )


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
    fields: dict[str, Node] = {}
    mapping = reader.mapping(node, "a flag")
    for name, name_node, value in mapping.texts() if mapping is not None else ():
        if name not in _FIELDS:
            reader.report(
                name_node, f"a manifest has no field `{name}`", did_you_mean(name, _FIELDS, "field"), breaks=False
            )
        fields.setdefault(name, value)
    kind = _kind(reader, fields, mapping or place)
    default = plain_data(fields["defaultValue"]) if "defaultValue" in fields else None
    if mapping is not None and "defaultValue" not in fields:
        reader.report(place, "a flag needs `defaultValue`", "the value that a read gets when no other can be served")
    elif kind and not _FITS[kind](default):
        fact = f"`defaultValue` must be of type {kind}, not {shown(fields['defaultValue'])}"
        reader.report(fields["defaultValue"], fact, "change it, or `flagType`", breaks=False)
    description = fields.get("description")
    return Flag(
        key,
        reader.span(place, node),
        reader.span(place),
        format=FORMAT,
        value_type=TYPES.get(kind, ValueType.UNKNOWN),
        description=description.text if isinstance(description, ScalarNode) and not description.is_null else "",
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
