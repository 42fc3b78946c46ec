"""Which changes of weights take users from a variant that they had, though the new weights would not ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.evaluator.plan import native_plan
from flaglint.release_notes.changes import Move
from flaglint.release_notes.exposure import live_rules, off_variant
from flaglint.release_notes.moves import ROUNDING, intervals, movement, shares
from flaglint.release_notes.wording import audience, listed, percent, variant_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from flaglint.definition import Flag
    from flaglint.release_notes.moves import Intervals
    from flaglint.release_notes.snapshot import Snapshot

_Split = tuple[str, "Intervals"]  # for whom, in words; who holds what


def moves(before: Snapshot, after: Snapshot) -> Iterator[Move]:
    """Yield the splits that move more users than they have to, of native flags that both sides have.

    Rules are held against each other by whom they are for, at the moment of the later snapshot, so that what a ramp
    does by itself is no change.
    """
    shuffled = before.registry.bucketing != after.registry.bucketing
    for key in sorted(before.flags.keys() & after.flags.keys()):
        if not shuffled and before.flags[key] == after.flags[key]:
            continue
        together: dict[tuple[object, ...], tuple[Move, list[str]]] = {}
        for name in after.environments:
            old, new = before.flag(key, name), after.flag(key, name)
            if name not in before.environments or not _can_be_compared(old, new):
                continue
            for move in _in_environment(old, new, name, after.when, generation=shuffled):
                same = (move.rule, move.transitions, move.why)
                together.setdefault(same, (move, []))[1].append(name)
        for move, names in together.values():
            environments = () if len(names) == len(after.environments) else tuple(names)
            yield Move(
                key=key,
                environments=environments,
                rule=move.rule,
                moved=move.moved,
                needed=move.needed,
                transitions=move.transitions,
                why=move.why,
                help=move.help,
                owner=move.owner,
                is_expected=move.is_expected,
            )


def _can_be_compared(old: Flag, new: Flag) -> bool:
    return old.format == new.format == "native" and not old.problems and not new.problems


def _in_environment(old: Flag, new: Flag, environment: str, when: float, *, generation: bool) -> Iterator[Move]:
    plans = [native_plan(flag, environment) for flag in (old, new)]
    if any(plan["killed"] for plan in plans):
        return
    salts = [plan["salt"] for plan in plans]
    attributes = [plan["by"] for plan in plans]
    is_shuffled = generation or salts[0] != salts[1] or attributes[0] != attributes[1]
    had = dict(_splits(old, environment, when))
    names = {**variant_names(old), **variant_names(new)}
    for whom, held in _splits(new, environment, when):
        if whom not in had or (is_shuffled and min(len(shares(held)), len(shares(had[whom]))) < 2):
            continue
        found = movement(had[whom], held, is_shuffled=is_shuffled)
        if found.needless < ROUNDING:
            continue
        if is_shuffled:
            what = "its salt" if salts[0] != salts[1] else "what it is bucketed by"
            why = f"{'the bucketing' if generation else what} changed, which draws every bucket anew"
            advice = "keep it, or accept that users change variant"
            if salts[0] != salts[1]:
                advice = f"write `salt: {salts[0]}` to keep everybody where they are"
        else:
            why, advice = _reason(had[whom], held, found.needed, names)
        yield Move(
            key=new.key,
            environments=(environment,),
            rule=whom,
            moved=found.moved,
            needed=found.needed,
            transitions=tuple(
                (names.get(t.before, t.before), names.get(t.after, t.after), t.share) for t in found.transitions
            ),
            why=why,
            help=advice,
            owner=new.owner,
            is_expected=is_shuffled,
        )


def _splits(flag: Flag, environment: str, when: float) -> Iterator[_Split]:
    """Yield for whom each rule is with what it gives them.

    Whom no rule is for gets the off variant: going from one variant to others, or from others to one, moves nobody
    needlessly.
    """
    off = off_variant(flag, environment)
    seen: set[str] = set()
    for rule, then, is_for_all in live_rules(flag, environment, when):
        whom = "" if is_for_all else audience(rule)
        if whom not in seen:
            seen.add(whom)
            yield whom, intervals(then, off, when)


def _reason(old: Intervals, new: Intervals, needed: Fraction, names: Mapping[str, str]) -> tuple[str, str]:
    before, after = _order(old), _order(new)
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        why = "the variants of the split stand in another order"
        return why, f"keep their order: {listed([names.get(name, name) for name in kept])}"
    added = [name for name in after if name not in before]
    if added and after.index(added[0]) < len(after) - len(added):
        why = f"{listed([names.get(name, name) for name in added])} stands in front of a variant that users have"
        return why, "write what is new behind the others"
    why = "the weights shift variants that lie between others"
    if not needed:
        return why, "keep the weights"
    return why, f"only {percent(needed)} would have to move: change weights of neighbours, the first and the last"


def _order(held: Intervals) -> Sequence[str]:
    """Return the variants that hold anything, in their order."""
    found: list[str] = []
    start = 0
    for name, end in held:
        if end > start and name not in found:
            found.append(name)
        start = max(start, end)
    return found
