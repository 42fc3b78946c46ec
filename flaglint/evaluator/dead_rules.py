"""Rules that decide nothing: no evaluation reaches them, or a prerequisite has decided before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flaglint.circles import on_circles
from flaglint.definition import Problem
from flaglint.errors import RegistryError
from flaglint.evaluator.exploration import TooManyWaysError, explore
from flaglint.evaluator.plan import environment_entry, native_plan
from flaglint.evaluator.proof import WAYS, Prover
from flaglint.evaluator.walk import BEGINNING, UnprovableError, Walk, boundaries_of
from flaglint.model import Constant, Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.definition import Flag, Registry, Rule
    from flaglint.evaluator.exploration import Questions
    from flaglint.evaluator.walk import Ground
    from flaglint.model import Verdict

UNREACHABLE: Final = "FLG403"
DECIDED: Final = "FLG406"


def unreachable_rules(registry: Registry) -> Iterator[Problem]:
    """Yield each rule of a native flag that no context reaches at any time, whatever the clock says.

    Kill and prerequisites are left out of account: they come and go, and the rules are what stays.
    """
    prover = Prover(registry)
    for flag in registry.flags:
        if flag.format != "native" or flag.problems:
            continue
        shared = [name for name in registry.environments if _own_rules(flag, name) is None]
        if shared:
            yield from _unreached(prover.ground(shared[0]), flag, shared[0], flag.rules)
        elif flag.rules:
            yield Problem(
                UNREACHABLE,
                f"the rules of `{flag.key}` are never used: every environment has its own",
                flag.rules[0].span,
                flag.key,
                "delete them, or those of an environment that should follow them",
            )
        for name in registry.environments:
            yield from _unreached(prover.ground(name), flag, name, _own_rules(flag, name) or ())


def decided_by_prerequisite(
    registry: Registry, verdicts: Mapping[str, Mapping[str, Verdict]], environments: Sequence[str] = ()
) -> Iterator[Problem]:
    """Yield each prerequisite that is never met in any critical environment, so that its child always serves off.

    `environments` are the critical ones, if not those of the registry. A parent that is killed does not count: a kill
    is meant to be lifted. Nor does a flag on a cycle: the cycle is what has to be mended.
    """
    critical = tuple(environments) or registry.critical
    parents = {flag.key: flag for flag in registry.flags}
    cyclic = on_circles({flag.key: [need.key for need in flag.needs] for flag in registry.flags})
    for flag in registry.flags:
        if flag.format != "native" or flag.problems or flag.key in cyclic or not critical:
            continue
        for need in flag.needs:
            parent = parents.get(need.key)
            served = [verdicts.get(need.key, {}).get(name) for name in critical]
            if parent is None or any(_is_killed(parent, name) for name in critical):
                continue
            constants = [verdict for verdict in served if isinstance(verdict, Constant) and verdict.variant is not None]
            if len(constants) != len(served) or any(verdict.variant in need.variants for verdict in constants):
                continue
            names = " and ".join(dict.fromkeys(verdict.variant or "" for verdict in constants))
            wanted = " or ".join(need.variants)
            yield Problem(
                DECIDED,
                f"`{flag.key}` always serves {flag.off_variant}: it needs `{need.key}` to serve {wanted}, "
                f"which always serves {names}",
                need.span,
                flag.key,
                f"delete the prerequisite, or remove `{flag.key}`",
                (Label(parent.key_span, f"always serves {names}: {constants[0].reason}"),),
            )


def _own_rules(flag: Flag, environment: str) -> tuple[Rule, ...] | None:
    entry = environment_entry(flag, environment)
    return entry.rules if entry is not None else None


def _is_killed(flag: Flag, environment: str) -> bool:
    entry = environment_entry(flag, environment)
    return flag.kill is not None or (entry is not None and entry.kill is not None)


def _unreached(ground: Ground, flag: Flag, environment: str, rules: Sequence[Rule]) -> Iterator[Problem]:
    if len(rules) == 0:
        return
    plan = native_plan(flag, environment)
    missed = _missed(ground, plan)
    for index in missed:
        number = index + 1
        blocking = next((place for place, rule in enumerate(rules[:index], start=1) if rule.is_unconditional), 0)
        related: tuple[Label, ...] = ()
        if blocking:
            why = f"rule {blocking} serves everyone before it"
            related = (Label(rules[blocking - 1].span, "serves everyone"),)
        elif _missed(ground, {**plan, "rules": [plan["rules"][index]]}):
            why = "its conditions contradict each other"
        else:
            why = "the rules before it match everyone that it matches"
        yield Problem(
            UNREACHABLE,
            f"rule {number} of `{flag.key}` is never reached: {why}",
            rules[index].span,
            flag.key,
            "delete it, or move it up" if not why.startswith("its") else "mend its conditions, or delete it",
            related,
        )


def _missed(ground: Ground, plan: Mapping[str, Any]) -> list[int]:
    """Return the positions (from 0) of the rules that no way at no time reaches; none when there is a doubt."""
    missing = set(range(1, len(plan["rules"]) + 1))
    try:
        for start in (BEGINNING, *boundaries_of(plan)):
            for reached, _ in explore(partial(_reached, ground, plan, start), WAYS):
                missing.discard(reached)
                if not missing:
                    return []
    except (TooManyWaysError, UnprovableError, RegistryError):
        return []
    return [number - 1 for number in sorted(missing)]


def _reached(ground: Ground, plan: Mapping[str, Any], start: float, questions: Questions) -> int:
    return Walk(ground, start, questions).rules(plan).cause.rule
