"""Taking flags out of the registry: their entries with their own comments, and what other flags ask of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Tombstone
from flaglint.errors import FlaglintError
from flaglint.records import replace
from flaglint.registry.edit.draft import all_or_nothing, refusal
from flaglint.registry.edit.entry_lines import lines_of_run
from flaglint.registry.edit.fields import flag_named, take
from flaglint.registry.edit.one_by_one import lines_of_each
from flaglint.registry.edit.splice import Splice, delete_pair
from flaglint.registry.edit.tombstones import bury
from flaglint.registry.nodes import MappingNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flaglint.definition import Flag, Need
    from flaglint.registry.edit.draft import Draft, Entry


@all_or_nothing
def remove_flags(draft: Draft, served: Mapping[str, str], *, removed_on: date | None = None) -> None:
    """Remove entries with their own comments; with a day, a tombstone takes the place of each.

    `served` gives for each key the variant that it always serves: prerequisites of other flags that it meets go, too.
    The issue of a tombstone is what the flag links to as `issue`. Raises EditError when another flag needs
    one of these and would never be served again.
    """
    changed: dict[str, Flag | None] = {}
    flags = {key: flag_named(draft, key) for key in served}
    for child in draft.registry.flags:
        if child.key in served or not any(need.key in served for need in child.needs):
            continue
        for need in child.needs:
            if need.key in served:
                _drop_need(draft, child, need, served[need.key])
        changed[child.key] = replace(child, needs=tuple(need for need in child.needs if need.key not in served))
    by_path: dict[str, list[str]] = {}
    for key, flag in flags.items():
        by_path.setdefault(flag.span.path, []).append(key)
        changed[key] = None
    for path, keys in by_path.items():
        _take_out(draft, path, keys)
    stones: tuple[Tombstone, ...] = ()
    if removed_on is not None:
        for flag in flags.values():
            where = dict(flag.links).get("issue", "")
            bury(draft, flag, removed_on, where)
            stones = (*stones, Tombstone(flag.key, flag.key_span, removed_on, where))
    draft.check(changed, lambda before: replace(before, tombstones=(*before.tombstones, *stones)))


def remove_together(draft: Draft, keys: Sequence[str]) -> bool:
    """Remove entries that nothing else names, one after the other as `remove_flags` does; return whether all went.

    The file is read once more for all of them. Where one of them has to stay or leads to another edit, none goes.
    """
    chosen = frozenset(keys)
    if any(need.key in chosen for flag in draft.registry.flags for need in flag.needs):
        return False
    state = draft.state()
    try:
        entries: dict[str, list[Entry]] = {}
        for key in keys:
            entry = draft.entry(key)
            entries.setdefault(entry.path, []).append(entry)
        if any(found[0].flags.flow or len(found) >= len(found[0].flags.pairs) for found in entries.values()):
            return False
        for path, found in entries.items():
            names = [entry.key.text for entry in found]
            draft.splice(path, lines_of_each(found[0].text, found[0].flags, names))
        draft.check(dict.fromkeys(keys))
    except FlaglintError:
        draft.restore(state)
        return False
    return True


def _drop_need(draft: Draft, child: Flag, need: Need, variant: str) -> None:
    if variant not in need.variants:
        wanted = " or ".join(f"`{name}`" for name in need.variants)
        raise refusal(
            f"`{child.key}` needs `{need.key}` to serve {wanted}, which it never does",
            need.span,
            f"remove `{child.key}` first",
        )
    take(draft, draft.entry(child.key), ["needs", need.key])


def _take_out(draft: Draft, path: str, keys: Sequence[str]) -> None:
    entry = draft.entry(keys[0])
    flags, text = entry.flags, entry.text
    gone = sorted(
        index for index, (key, _) in enumerate(flags.pairs) if isinstance(key, ScalarNode) and key.text in keys
    )
    if not flags.flow:
        splices = [lines_of_run(text, flags, first, last) for first, last in _runs(gone)]
        if len(gone) == len(flags.pairs):
            end = _colon_before(text, flags)
            splices.append(Splice(end, end, " {}"))
        draft.splice(path, splices)
        return
    for key in keys:
        entry = draft.entry(key)
        if len(entry.flags.pairs) == 1:
            draft.splice(path, [Splice(entry.flags.start, entry.flags.end, "{}")])
        else:
            draft.splice(path, delete_pair(entry.text, entry.flags, entry.index))


def _runs(indexes: Sequence[int]) -> list[tuple[int, int]]:
    """Group sorted indexes into runs of neighbours, each as its first and last."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def _colon_before(text: str, mapping: MappingNode) -> int:
    """Return the place behind the colon under which a mapping in block style stands."""
    return text.rfind(":", 0, mapping.start) + 1
