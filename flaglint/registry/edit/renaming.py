"""Giving a flag another key without moving anybody to another variant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Tombstone
from flaglint.records import replace
from flaglint.registry.edit.adding import refuse_taken
from flaglint.registry.edit.draft import all_or_nothing, refusal
from flaglint.registry.edit.fields import flag_named, put
from flaglint.registry.edit.splice import Splice
from flaglint.registry.edit.tombstones import bury
from flaglint.registry.edit.writing import name
from flaglint.registry.nodes import MappingNode, ScalarNode

if TYPE_CHECKING:
    from datetime import date

    from flaglint.definition import Flag
    from flaglint.registry.edit.draft import Draft
    from flaglint.registry.nodes import Node, Tree


@all_or_nothing
def rename_flag(draft: Draft, old: str, new: str, *, removed_on: date | None = None) -> None:
    """Give a flag another key, in its entry and in the prerequisites of others; with a day, the old one a tombstone.

    Its salt is written out, so that everybody stays in the same bucket. Raises UsageError for a key that is in use or
    was removed, EditError when an entry cannot be edited so.
    """
    flag = flag_named(draft, old)
    refuse_taken(draft.registry, new)
    entry = draft.entry(old)
    if flag.problems:
        raise refusal(f"`{old}` cannot be renamed while its entry is broken", flag.key_span)
    if entry.value.get("salt") is None:
        put(draft, old, "salt", flag.salt)
    changed: dict[str, Flag | None] = {}
    splices: dict[str, list[Splice]] = {}
    for child in draft.registry.flags:
        if not any(need.key == old for need in child.needs):
            continue
        at_child = draft.entry(child.key)
        needs = at_child.value.get("needs")
        assert isinstance(needs, MappingNode)
        named = [_renamed(at_child.tree, key, new) for key, _ in needs.pairs if _is(key, old)]
        splices.setdefault(at_child.path, []).extend(named)
        renamed = tuple(replace(need, key=new) if need.key == old else need for need in child.needs)
        changed[child.key] = replace(child, needs=renamed)
    entry = draft.entry(old)
    splices.setdefault(entry.path, []).append(_renamed(entry.tree, entry.key, new))
    for path, together in splices.items():
        draft.splice(path, together)
    stones: tuple[Tombstone, ...] = ()
    if removed_on is not None:
        bury(draft, flag, removed_on)
        stones = (Tombstone(old, flag.key_span, removed_on),)
    before = changed.pop(old, flag)
    assert before is not None
    draft.check(
        {**changed, old: None, new: replace(before, key=new)},
        lambda registry: replace(registry, tombstones=(*registry.tombstones, *stones)),
    )


def _is(key: Node, text: str) -> bool:
    return isinstance(key, ScalarNode) and key.text == text


def _renamed(tree: Tree, key: Node, new: str) -> Splice:
    quote = key.style if isinstance(key, ScalarNode) and key.style in {"'", '"'} else ""
    return Splice(key.start, key.end, name(new, language=tree.language, quote=quote))
