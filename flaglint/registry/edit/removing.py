"""Taking flags out of the registry: their entries with their own comments, and what other flags ask of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flaglint.definition import Tombstone
from flaglint.registry.edit.draft import all_or_nothing, refusal
from flaglint.registry.edit.entry_lines import above_blank_lines, behind_deeper_comments, below_blank_lines, own_start
from flaglint.registry.edit.fields import flag_named, take
from flaglint.registry.edit.splice import Splice, before_line_break, delete_pair, end_of_pair, indentation, next_line
from flaglint.registry.edit.tombstones import bury
from flaglint.registry.nodes import MappingNode, ScalarNode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flaglint.definition import Flag, Need
    from flaglint.registry.edit.draft import Draft


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
        splices = [_lines_of_run(text, flags, first, last) for first, last in _runs(gone)]
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


def _lines_of_run(text: str, flags: MappingNode, first: int, last: int) -> Splice:
    """Return the deletion of neighbouring entries: their comments, their lines, and one of the gaps around them."""
    start = own_start(text, flags, first)
    end = next_line(text, end_of_pair(text, *flags.pairs[last]))
    end = behind_deeper_comments(text, end, indentation(text, flags))
    is_last = last == len(flags.pairs) - 1
    above = above_blank_lines(text, start)
    if is_last:
        start = above
    elif above < start or first == 0:
        end = below_blank_lines(text, end)
    if end == len(text) and not text.endswith(("\n", "\r")) and start > 0:
        start = before_line_break(text, start)
    return Splice(start, end, "")


def _colon_before(text: str, mapping: MappingNode) -> int:
    """Return the place behind the colon under which a mapping in block style stands."""
    return text.rfind(":", 0, mapping.start) + 1
