"""The registry entries of removed flags: what goes with the last read, through the registry's own editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import FlaglintError
from flaglint.model import Position, Span
from flaglint.records import replace
from flaglint.registry.edit.removing import remove_flags, remove_together
from flaglint.remove.outcome import Change, Leftover

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from flaglint.registry.edit.draft import Draft
    from flaglint.registry.edit.nearby import Surroundings
    from flaglint.remove.outcome import Plan


def unused_entries(plan: Plan, entries: Collection[str]) -> list[str]:
    """Return those keys of the entries in a registry that nothing reads any more, sorted."""
    return sorted(key for key in plan.unused_keys & plan.pins.keys() if key in entries)


def with_entries_nearby(plan: Plan, around: Surroundings) -> Plan | None:
    """Return what `with_entries` does, from the entries and what stands `around` them; None where it takes the whole.

    It leaves no tombstones.
    """
    unused = unused_entries(plan, around.keys)
    if not unused:
        return plan
    found = around.nearby(unused)
    made = with_entries(plan, found.draft) if found is not None else plan
    changed = found.changed() if found is not None and len(made.leftovers) == len(plan.leftovers) else None
    if changed is None or unused_entries(plan, _keys_in(found.draft)):  # type: ignore[union-attr] # something changed in it
        return None
    return replace(plan, changes=(*plan.changes, *(Change(*item) for item in changed)))


def with_entries(plan: Plan, draft: Draft, *, removed_on: date | None = None) -> Plan:
    """Return the plan with the entries of its flags taken out of the registry, where no read of them is left.

    With a day, tombstones take their place. An entry that cannot be edited stays and is a leftover.
    """
    leftovers = list(plan.leftovers)
    unused = unused_entries(plan, _keys_in(draft))
    if removed_on is None and len(unused) > 1 and remove_together(draft, unused):
        unused = []
    for key in unused:
        flags = [flag for flag in draft.registry.flags if flag.key == key]
        variant = _variant(plan, key, draft)
        try:
            remove_flags(draft, {key: variant}, removed_on=removed_on)
        except FlaglintError as error:
            span = flags[0].key_span
            if error.line:
                place = Position(error.line, error.column or 1)
                span = Span(error.path or span.path, place, place)
            leftovers.append(Leftover(span, "registry-kept", f"its registry entry stays: {error.message}", key))
    changes = [
        Change(path, before, after, tuple(edit for edit in draft.edits() if edit.path == path))
        for path, before, after in draft.changed()
    ]
    return replace(plan, leftovers=tuple(leftovers), changes=(*plan.changes, *changes))


def _keys_in(draft: Draft) -> frozenset[str]:
    return frozenset([flag.key for flag in draft.registry.flags])


def _variant(plan: Plan, key: str, draft: Draft) -> str:
    """Return the name of a variant that serves the value which is kept."""
    kept = plan.pins[key]
    if kept.variant is not None:
        return kept.variant
    for flag in draft.registry.flags:
        for variant in flag.variants if flag.key == key else ():
            if type(variant.value) is type(kept.value) and variant.value == kept.value:
                return variant.name
    return ""
