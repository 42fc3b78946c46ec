"""Adding a flag to the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import EditError, UsageError
from flaglint.registry.edit.draft import all_or_nothing
from flaglint.registry.edit.entry_lines import own_start
from flaglint.registry.edit.fields import index_of
from flaglint.registry.edit.splice import (
    Splice,
    at_the_end,
    end_of_pair,
    indentation,
    insert_pair,
    line_break,
    line_end,
    previous_line,
)
from flaglint.registry.edit.writing import name, written
from flaglint.registry.flags import FIELDS
from flaglint.registry.nodes import MappingNode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.definition import Registry
    from flaglint.registry.edit.draft import Draft
    from flaglint.registry.edit.writing import Value
    from flaglint.registry.nodes import Node, Tree


@all_or_nothing
def add_flag(draft: Draft, key: str, fields: Mapping[str, Value], path: str) -> None:
    """Add an entry to a file, which may be new: in its place where the keys are sorted, else behind the last.

    Raises UsageError for a key that is in use or was removed, EditError when the file cannot be edited so.
    """
    refuse_taken(draft.registry, key)
    pairs = {field: fields[field] for field in FIELDS if field in fields}
    if path not in draft.paths:
        draft.add_file(path)
    tree = draft.tree(path)
    draft.refuse_broken(tree)
    draft.splice(path, _added(tree, key, pairs))
    draft.check({}, added=frozenset({key}))


def refuse_taken(registry: Registry, key: str) -> None:
    """Raise UsageError for a key that a flag or a tombstone has."""
    for flag in registry.flags:
        if flag.key == key:
            raise UsageError(f"`{key}` is defined already, at {flag.key_span}", help="take another name")
    for tombstone in registry.tombstones:
        if tombstone.key == key:
            day = f" on {tombstone.date}" if tombstone.date else ""
            raise UsageError(
                f"`{key}` was removed{day}, and a key is never used again",
                help=f"take another name; its tombstone is at {tombstone.span}",
            )


def _added(tree: Tree, key: str, pairs: Mapping[str, Value]) -> list[Splice]:
    text, root = tree.text.text, tree.root
    if not isinstance(root, MappingNode):
        raise EditError("it is no registry", path=tree.path)
    index = index_of(root, "flags")
    flags = root.pairs[index][1] if index is not None else None
    if root.flow or (isinstance(flags, MappingNode) and flags.flow and flags.pairs):
        pair = f"{name(key, language=tree.language)}: {written(pairs, language=tree.language)}"
        if index is None:
            outer = f"{name('flags', language=tree.language)}: {written({key: pairs}, language=tree.language)}"
            return insert_pair(text, root, outer, len(root.pairs) - 1, root)
        if not isinstance(flags, MappingNode):
            raise EditError("its `flags` are no mapping", path=tree.path)
        return insert_pair(text, flags, pair, len(flags.pairs) - 1, root.pairs[index][0])
    if index is None:
        lines = line_break(text)
        return at_the_end(text, f"flags:{lines}{_entry(key, pairs, 2, 2, lines)}")
    opening = root.pairs[index][0]
    if isinstance(flags, MappingNode) and flags.pairs:
        return _between(text, flags, key, pairs)
    return _first(text, opening, flags, key, pairs)


def _entry(key: str, pairs: Mapping[str, Value], indent: int, step: int, lines: str) -> str:
    """Return an entry on lines of its own, without a line break at its end."""
    head = f"{' ' * indent}{name(key)}:"
    if not pairs:
        return f"{head} {{}}"
    return lines.join([head, *(f"{' ' * (indent + step)}{field}: {written(value)}" for field, value in pairs.items())])


def _first(text: str, opening: Node, flags: Node | None, key: str, pairs: Mapping[str, Value]) -> list[Splice]:
    """Return the first entry of a file, in the place of nothing or of `{}`."""
    lines = line_break(text)
    entry = _entry(key, pairs, 2, 2, lines)
    colon = text.find(":", opening.end) + 1
    end = line_end(text, colon)
    empty = [Splice(colon, flags.end, "")] if isinstance(flags, MappingNode) or (flags and flags.end > colon) else []
    return [*empty, Splice(end, end, lines + entry)]


def _between(text: str, flags: MappingNode, key: str, pairs: Mapping[str, Value]) -> list[Splice]:
    lines = line_break(text)
    indent = indentation(text, flags)
    inner = next((v for _, v in flags.pairs if isinstance(v, MappingNode) and not v.flow and v.pairs), None)
    step = indentation(text, inner) - indent if inner is not None else 2
    entry = _entry(key, pairs, indent, step, lines)
    after = _sorted_place(flags, key)
    gap = lines if _are_apart(text, flags) else ""
    if after < 0:
        start = own_start(text, flags, 0)
        return [Splice(start, start, f"{entry}{lines}{gap}")]
    end = end_of_pair(text, *flags.pairs[after])
    return [Splice(end, end, f"{lines}{gap}{entry}")]


def _sorted_place(flags: MappingNode, key: str) -> int:
    """Return the index behind which a key belongs: the last, unless three keys or more are sorted."""
    keys = [known for known, _, _ in flags.texts()]
    if len(keys) < 3 or keys != sorted(keys) or len(keys) != len(flags.pairs):
        return len(flags.pairs) - 1
    return sum(known < key for known in keys) - 1


def _are_apart(text: str, flags: MappingNode) -> bool:
    """Whether blank lines stand between the entries of a file: between most of them."""
    starts = [own_start(text, flags, index) for index in range(1, len(flags.pairs))]
    blank = sum(not text[previous_line(text, start) : start].strip() for start in starts)
    return blank * 2 > len(starts)
