"""What an evaluator serves at one moment: a plan, and its flags as closures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from flaglint.evaluator.compilation import FlagCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flaglint.evaluator.compiled import Decide
    from flaglint.evaluator.plan import Plan

    Wrap: TypeAlias = Callable[[str, Decide], Decide]
    # how to decide, whether that needs the clock, whether the value must be copied for the caller
    Entry: TypeAlias = tuple[Decide, bool, bool]


class Entries(dict[str, "Entry"]):
    """What an evaluation reads: how to decide each flag; one that was not asked for yet is compiled when it is.

    Two threads that ask at once may both compile it, and get the same.
    """

    def __init__(self, compiler: FlagCompiler, wrap: Wrap | None) -> None:
        super().__init__()
        self._compiler = compiler
        self._wrap = wrap

    def __missing__(self, key: str) -> Entry:
        """Compile a flag; raises KeyError for one that the plan does not have."""
        compiled = self._compiler.compile(key)
        decide = self._wrap(key, compiled.decide) if self._wrap is not None else compiled.decide
        self[key] = entry = (decide, compiled.timed, compiled.copies)
        return entry


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The flags of one plan, ready to serve; never changed, replaced as a whole."""

    plan: Plan
    compiler: FlagCompiler
    entries: Entries

    def variants(self, key: str) -> Mapping[str, Any]:
        """Return the variants of a flag by name, empty for an unknown key."""
        flag = self.plan.flags.get(key, {})
        variants: Mapping[str, Any] = flag.get("variants") or flag.get("definition", {}).get("variants", {})
        return variants


def take(plan: Plan, wrap: Wrap | None = None) -> Snapshot:
    """Return the snapshot of a plan; `wrap` may put a closure around each flag, to count or to log.

    A plan that is known to make sense is compiled flag by flag, as they are asked for. Any other is compiled at once:
    raises RegistryError where it makes no sense.
    """
    return _snapshot(plan, FlagCompiler(plan), wrap)


def overridden(base: Snapshot, variants: Mapping[str, str], wrap: Wrap | None = None) -> Snapshot:
    """Return `base` with some flags fixed to a variant, above everything their definitions say.

    Flags that need one of them follow; all others keep their closures. Keys that `base` does not know are ignored,
    and so are variants that the flag does not have.
    """
    fixed = {key: _fixed(base, key, variant) for key, variant in variants.items() if variant in base.variants(key)}
    if not fixed:
        return base
    plan = replace(base.plan, flags={**base.plan.flags, **fixed})
    affected = dependents(plan, set(fixed))
    kept = {key: compiled for key, compiled in base.compiler.done().items() if key not in affected}
    return _snapshot(plan, FlagCompiler(plan, kept), wrap)


def changed_keys(before: Plan, after: Plan) -> frozenset[str]:
    """Return the flags that may now serve something else: added, removed, edited, or depending on one that was.

    A moved line or a comment changes nothing; an edited segment changes the flags that use it.
    """
    if before.bucketing != after.bucketing:
        return frozenset(before.flags) | frozenset(after.flags)
    edited = {key for key in {*before.flags, *after.flags} if before.flags.get(key) != after.flags.get(key)}
    segments = {
        name for name in {*before.segments, *after.segments} if before.segments.get(name) != after.segments.get(name)
    }
    if segments:
        touched = _segments_using(before, segments) | _segments_using(after, segments)
        edited |= {key for plan in (before, after) for key in plan.flags if _names(plan.flags[key]) & touched}
    return frozenset(dependents(before, edited) | dependents(after, edited))


def dependents(plan: Plan, keys: set[str]) -> set[str]:
    """Return `keys` and every flag that needs one of them, directly or not."""
    children: dict[str, list[str]] = {}
    for key, flag in plan.flags.items():
        for parent, _ in flag.get("needs", ()):
            children.setdefault(parent, []).append(key)
    found = set(keys)
    waiting = list(keys)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def _snapshot(plan: Plan, compiler: FlagCompiler, wrap: Wrap | None) -> Snapshot:
    if not plan.checked:
        compiler.compile_all()
    return Snapshot(plan, compiler, Entries(compiler, wrap))


def _fixed(base: Snapshot, key: str, variant: str) -> dict[str, Any]:
    return {
        **base.plan.flags[key],
        "kind": "native",
        "variants": dict(base.variants(key)),
        "off": variant,
        "killed": False,
        "needs": [],
        "by": "targetingKey",
        "salt": key,
        "rules": [{"if": None, "from": None, "until": None, "then": ["serve", variant]}],
    }


def _segments_using(plan: Plan, names: set[str]) -> set[str]:
    """Return `names` and every segment that is built on one of them."""
    found = set(names)
    grew = True
    while grew:
        grew = False
        for name, condition in plan.segments.items():
            if name not in found and _names(condition) & found:
                found.add(name)
                grew = True
    return found


def _names(node: Any) -> set[str]:
    """Return the segments that a part of a plan refers to."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            if len(item) == 2 and item[0] == "segment" and isinstance(item[1], str):
                found.add(item[1])
            else:
                waiting.extend(item)
    return found
