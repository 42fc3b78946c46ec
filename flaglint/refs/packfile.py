"""Reading the file of an SDK pack: YAML with places, so that every mistake is told with its line and column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.errors import PackError, RegistryError
from flaglint.refs.packreader import PackReader
from flaglint.refs.packshapes import PACK
from flaglint.refs.spec import Pack
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.tree import decode, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.refs.packreader import Keys, Trouble
    from flaglint.registry.nodes import Node

_BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_SHOWN = 20  # mistakes that one message lists


def read_file(path: Path) -> Pack:
    """Return the pack in a file. Raises PackError when it cannot be read or is malformed."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PackError(f"it cannot be read: {error.strerror or error}", path=str(path)) from None
    return parse(str(path), data)


def parse(path: str, data: bytes) -> Pack:
    """Return the pack that the bytes of the file `path` hold.

    Raises PackError at the first mistake; its message goes on with the places of all others.
    """
    try:
        tree = read_yaml(decode(path, data))
    except RegistryError as error:
        raise PackError(error.message, path=path, line=error.line, help=error.help) from None
    wrong = [(problem.span.start, problem.message, problem.help) for problem in tree.problems]
    wrong += [
        (tree.span(twice.again).start, f"`{twice.again.text}` is written twice", "keep one of the two")
        for twice in tree.duplicates
    ]
    if not wrong:
        places: dict[tuple[Keys, bool], Node] = {}
        reader = PackReader()
        if tree.root is None:
            raise PackError("the file is empty", path=path, help="a pack begins with `name:` and `packages:`")
        pack = reader.entry(PACK, _plain(tree.root, (), places), ())
        if isinstance(pack, Pack):
            return pack
        wrong = [
            (tree.span(_node(trouble, places)).start, trouble.message, trouble.help) for trouble in reader.troubles
        ]
    wrong.sort(key=lambda item: item[0])
    (start, message, advice), *others = wrong
    listed = [
        f"  {path}:{place.line}:{place.column}: {fact}" + (f" ({hint})" if hint else "") for place, fact, hint in others
    ]
    if len(listed) >= _SHOWN:
        listed[_SHOWN - 1 :] = [f"  and {len(listed) - _SHOWN + 1} more"]
    raise PackError("\n".join([message, *listed]), path=path, line=start.line, column=start.column, help=advice)


def _plain(node: Node, keys: Keys, places: dict[tuple[Keys, bool], Node]) -> object:
    """Return a node as data, and note where each value and each key stands."""
    places[keys, False] = node
    if isinstance(node, SequenceNode):
        return [_plain(item, (*keys, index), places) for index, item in enumerate(node.items)]
    if isinstance(node, MappingNode):
        data = {}
        for name, key, value in node.texts():
            places[(*keys, name), True] = key
            data[name] = _plain(value, (*keys, name), places)
        return data
    if not isinstance(node, ScalarNode) or node.is_null:
        return None
    if node.style:
        return node.text
    return int(node.text) if _INTEGER.fullmatch(node.text) else _BOOLEANS.get(node.text, node.text)


def _node(trouble: Trouble, places: dict[tuple[Keys, bool], Node]) -> Node:
    """Return the node that a mistake is about: the one named, or the nearest around it."""
    keys = trouble.keys
    if trouble.at_key and (keys, True) in places:
        return places[keys, True]
    while (keys, False) not in places:
        keys = keys[:-1]
    return places[keys, False]


__all__ = ["parse", "read_file"]
