"""Who gets what of a flag in one environment at one moment, as far as a sentence can say it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from flaglint.definition import Ramp
from flaglint.evaluator.plan import environment_entry, native_plan
from flaglint.model import CodeDefault, Constant, Unknown, Varies
from flaglint.records import dataclass
from flaglint.release_notes.moves import intervals, shares
from flaglint.release_notes.wording import audience, listed, moment, percent, variant_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flaglint.definition import Flag, Rule
    from flaglint.model import Verdict


@dataclass(frozen=True, slots=True)
class Group:
    """Some users, by a condition in words (empty for all others), and the share of them that gets each variant."""

    audience: str
    shares: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one environment serves. `kind`: `killed`, `everyone`, `groups`, `default` (that of the code), `unknown`.

    Variants are called as people read them. `everyone` has one group, of all. `on` is the share of those for whom no
    special rule decides that does not get the off variant; None where nobody knows. `plans` are what will come by
    itself, each with the second at which it begins, and `label` says everything in a few words.
    """

    kind: str
    label: str
    on: Fraction | None = None
    groups: tuple[Group, ...] = ()
    plans: tuple[tuple[int, str], ...] = ()
    reason: str = ""
    off: str = "off"  # the off variant, as people read it

    @property
    def served(self) -> tuple[object, ...]:
        """What decides whether two exposures are the same, whatever will come later."""
        return (self.kind, self.groups, self.label if not self.groups else "")


def exposure(flag: Flag, environment: str, verdict: Verdict, when: float) -> Exposure:
    """Return what a flag serves in an environment at `when` (UTC seconds), given its verdict then."""
    names = variant_names(flag)
    match verdict:
        case Unknown(why):
            return Exposure("unknown", why or "unknown")
        case CodeDefault(reason):
            return Exposure("default", "the default in the code", reason=reason)
        case Constant():
            return _constant(flag, environment, verdict, names)
        case Varies() if flag.format != "native":
            return Exposure("groups", verdict.why, None, (Group(verdict.why, ()),))
    return _groups(flag, environment, when, names)


def _constant(flag: Flag, environment: str, verdict: Constant, names: Mapping[str, str]) -> Exposure:
    if flag.format == "native" and _is_killed(flag, environment):
        entry = environment_entry(flag, environment)
        kill = flag.kill or (entry.kill if entry is not None else None)
        return Exposure("killed", "killed", Fraction(0), reason=kill.reason if kill is not None else "")
    name = _name_of(flag, verdict, names)
    is_off = _is_off(flag, environment, verdict)
    group = Group("", ((name, Fraction(1)),))
    return Exposure("everyone", f"{name} for everyone", Fraction(0 if is_off else 1), (group,), reason=verdict.reason)


def _is_killed(flag: Flag, environment: str) -> bool:
    entry = environment_entry(flag, environment)
    return flag.kill is not None or (entry is not None and entry.kill is not None)


def _name_of(flag: Flag, verdict: Constant, names: Mapping[str, str]) -> str:
    """Return how the served variant is called; where several carry the value, the value itself."""
    if verdict.variant is not None and verdict.variant in names:
        return names[verdict.variant]
    if isinstance(verdict.value, bool):
        return "on" if verdict.value else "off"
    known = [names[variant.name] for variant in flag.variants if variant.value == verdict.value]
    return known[0] if known else f"`{json.dumps(verdict.value, ensure_ascii=False)}`"


def _is_off(flag: Flag, environment: str, verdict: Constant) -> bool:
    off = off_variant(flag, environment)
    values = {variant.name: json.dumps(variant.value, sort_keys=True) for variant in flag.variants}
    if off in values and flag.format == "native":
        return values[off] == json.dumps(verdict.value, sort_keys=True)
    return verdict.value is False


def off_variant(flag: Flag, environment: str) -> str:
    """Return the variant that an environment serves when nothing decides."""
    entry = environment_entry(flag, environment)
    return (entry.off_variant if entry is not None else None) or flag.off_variant


def live_rules(flag: Flag, environment: str, when: float) -> Sequence[tuple[Rule, Sequence[object], bool]]:
    """Return the rules that can decide at `when`: each with its plan's outcome, and whether it is for everyone."""
    entry = environment_entry(flag, environment)
    rules = entry.rules if entry is not None and entry.rules is not None else flag.rules
    found = []
    for rule, planned in zip(rules, native_plan(flag, environment)["rules"], strict=True):
        if (rule.start is not None and when < rule.start) or (rule.until is not None and when >= rule.until):
            continue
        is_for_all = planned["if"] is None
        found.append((rule, planned["then"], is_for_all))
        if is_for_all:
            break
    return found


def _groups(flag: Flag, environment: str, when: float, names: Mapping[str, str]) -> Exposure:
    off = off_variant(flag, environment)
    groups: list[Group] = []
    for rule, then, is_for_all in live_rules(flag, environment, when):
        held = shares(intervals(then, off, when))
        group = Group("" if is_for_all else audience(rule), tuple((names.get(v, v), s) for v, s in held.items()))
        groups.append(group)
    if not groups or groups[-1].audience:
        groups.append(Group("", ((names.get(off, off), Fraction(1)),)))
    if len(groups) == 1 and len(groups[0].shares) == 1 and not flag.needs:  # for now, whatever is planned
        (name, _), *_ = groups[0].shares
        plans = _plans(flag, environment, when, names)
        label, on = f"{name} for everyone", Fraction(name != names.get(off, off))
        return Exposure("everyone", label, on, tuple(groups), plans, off=names.get(off, off))
    on = 1 - sum((share for name, share in groups[-1].shares if name == names.get(off, off)), Fraction(0))
    needs = [f"where `{need.key}` serves {listed([f'`{v}`' for v in need.variants], 'or')}" for need in flag.needs]
    label = ", ".join(filter(None, [_label(groups, names.get(off, off)), *needs]))
    return Exposure("groups", label, on, tuple(groups), _plans(flag, environment, when, names), off=names.get(off, off))


def _label(groups: Sequence[Group], off: str) -> str:
    *special, rest = groups
    said = shares_text(rest.shares, off)
    if special:
        said += ", but " + listed([f"{shares_text(group.shares, off)} for {group.audience}" for group in special])
    return said


def shares_text(served: Sequence[tuple[str, Fraction]], off: str) -> str:
    """Return shares as one reads them: `10 %` where the others are off, else each variant with its own."""
    if len(served) == 1:
        return served[0][0]
    others = [(name, share) for name, share in served if name != off]
    if len(others) == 1:
        name, share = others[0]
        return percent(share) if name == "on" else f"{name} {percent(share)}"
    return ", ".join(f"{name} {percent(share)}" for name, share in others)


def _plans(flag: Flag, environment: str, when: float, names: Mapping[str, str]) -> tuple[tuple[int, str], ...]:
    """Return what the rules say of later, in the order of time."""
    entry = environment_entry(flag, environment)
    rules = entry.rules if entry is not None and entry.rules is not None else flag.rules
    off = off_variant(flag, environment)
    found: list[tuple[int, str]] = []
    for rule, planned in zip(rules, native_plan(flag, environment)["rules"], strict=True):
        if rule.until is not None and rule.until <= when:
            continue
        whom = audience(rule) or "everyone"
        if isinstance(ramp := rule.outcome, Ramp) and ramp.until > when:
            first, last = (percent(Fraction(str(end)) / 100) for end in ramp.percent)
            what = "" if names.get(ramp.to) == "on" else f"{names.get(ramp.to, ramp.to)} "
            of = "" if whom == "everyone" else f" of {whom}"
            span = f"between {moment(ramp.start)} and {moment(ramp.until)}"
            found.append((ramp.start, f"{what}grows from {first} to {last}{of} {span}"))
        elif rule.start is not None and rule.start > when:
            served = tuple((names.get(v, v), s) for v, s in shares(intervals(planned["then"], off, rule.start)).items())
            until = f" until {moment(rule.until)}" if rule.until is not None else ""
            found.append(
                (rule.start, f"{shares_text(served, names.get(off, off))} for {whom} from {moment(rule.start)}{until}")
            )
        elif rule.until is not None:
            found.append((rule.until, f"what it serves to {whom} ends on {moment(rule.until)}"))
    return tuple(sorted(found))
