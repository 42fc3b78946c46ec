"""What a flag is proven to serve in every critical environment, and since when, for the rules on its life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import days, past
from flaglint.lints.values import identity, shown
from flaglint.model import CodeDefault, Constant, Severity, Varies
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from flaglint.config import Settings
    from flaglint.definition import Flag, Kill
    from flaglint.graph import FlagGraph
    from flaglint.model import JsonValue, Verdict

_PRODUCTION = ("prod", "live", "prd")


@dataclass(frozen=True, slots=True)
class Served:
    """One value, proven in every critical environment; `since` is None where the registry does not tell.

    `switch` is whether the flag is on, where that is a thing apart from its value.
    """

    value: JsonValue
    reason: str
    since: date | None
    environments: tuple[str, ...]
    switch: bool | None = None

    @property
    def always(self) -> str:
        """The fact in words: `always true in staging and production`."""
        names = [name for name in self.environments if name != "default"]
        *head, last = names or [""]
        where = f"{', '.join(head)} and {last}" if head else last
        return f"always {self._shown()}" + (f" in {where}" if where else "")

    def _shown(self) -> str:
        if self.switch is None or self.switch is self.value:
            return shown(self.value)
        state = "on" if self.switch else "off"
        return state if self.value is None else f"{state}, with {shown(self.value)}"


@dataclass(frozen=True, slots=True)
class Age:
    """How long something has been so, in words, and how bad that is."""

    words: str
    severity: Severity


def critical_environments(graph: FlagGraph, settings: Settings) -> tuple[str, ...]:
    """Return the environments that verdicts are asked for: those of the settings, else those of the registry."""
    return settings.environments or graph.registry.critical


def served(graph: FlagGraph, settings: Settings, key: str) -> Served | None:
    """Return the one value that the flag serves wherever it matters, or None when it may serve another."""
    verdicts = graph.verdicts.get(key, {})
    names = tuple(name for name in critical_environments(graph, settings) if name in verdicts) or tuple(verdicts)
    constants = [verdict for name in names if isinstance(verdict := verdicts[name], Constant)]
    if not constants or len(constants) != len(names) or len(_what(constants)) > 1:
        return None
    told = [item.since for item in constants if item.since is not None]
    reasons = list(dict.fromkeys(item.reason for item in constants))
    return Served(constants[0].value, "; ".join(reasons), max(told, default=None), names, constants[0].switch)


def served_in_production(graph: FlagGraph, settings: Settings, key: str) -> Served | None:
    """Return what the most important of several critical environments is proven to serve, when not all agree.

    That is one whose name says that it is in production, else the last that is named. On everywhere but there is how
    every rollout begins, and worth no word.
    """
    verdicts = graph.verdicts.get(key, {})
    names = [name for name in critical_environments(graph, settings) if name in verdicts]
    if len(names) < 2 or served(graph, settings, key) is not None:
        return None
    name = next((name for name in names if name.lower().startswith(_PRODUCTION)), names[-1])
    found = verdicts[name]
    return (
        Served(found.value, found.reason, found.since, (name,), found.switch) if isinstance(found, Constant) else None
    )


def out_of_step(graph: FlagGraph, settings: Settings, key: str, found: Served) -> list[str]:
    """Return which other environments do not serve what is `found`, and what they do, in words.

    They are the critical ones when one of these disagrees, and the others when the critical ones agree.
    """
    verdicts = graph.verdicts.get(key, {})
    critical = [name for name in critical_environments(graph, settings) if name in verdicts]
    names = critical if set(critical) - set(found.environments) else list(verdicts)
    told = []
    for name in names:
        verdict = verdicts[name]
        if name in found.environments or name == "default":
            continue
        if not isinstance(verdict, Constant) or _what([verdict]) != {(identity(found.value), found.switch)}:
            told.append(f"{name} {_instead(verdict)}")
    return told


def _instead(verdict: Verdict) -> str:
    if isinstance(verdict, Constant):
        return Served(verdict.value, "", None, (), verdict.switch).always.replace("always", "serves", 1)
    if isinstance(verdict, CodeDefault):
        return "leaves it to the fallback in the code" + (f" ({verdict.reason})" if verdict.reason else "")
    if isinstance(verdict, Varies):
        return f"does not ({verdict.why})"
    return f"is not known ({verdict.why})"


def _what(constants: list[Constant]) -> set[tuple[str, bool | None]]:
    return {(identity(item.value), item.switch) for item in constants}


def kills(graph: FlagGraph, settings: Settings, flag: Flag) -> Iterator[tuple[str, Kill]]:
    """Yield the kills of a flag that count: its own, with an empty name, or those of critical environments."""
    if flag.kill is not None:
        yield "", flag.kill
        return
    wanted = critical_environments(graph, settings)
    for entry in flag.environments:
        if entry.kill is not None and entry.name in wanted:
            yield entry.name, entry.kill


def is_off(flag: Flag, found: Served) -> bool:
    """Whether what is served means that the feature is off: the switch, false, or the value of the off variant."""
    value = found.value
    if found.switch is not None:
        return not found.switch
    if isinstance(value, bool):
        return not value
    off = next((variant.value for variant in flag.variants if variant.name == flag.off_variant), None)
    return flag.format == "native" and off is not None and identity(off) == identity(value)


def soaked(flag: Flag, found: Served, settings: Settings, today: date) -> Age | None:
    """Return how long a value has been constant when that is long enough, by what the registry tells.

    None while it is too young. A registry that tells neither gives information instead of a warning.
    """
    since, words = found.since, f"since {found.since}"
    if since is None and flag.created is not None:
        since, words = flag.created, f"created {flag.created}, {days(past(flag.created, today))} ago"
    if since is None:
        return Age("since when is not known", Severity.INFORMATION)
    return Age(words, Severity.WARNING) if past(since, today) >= settings.soak_days else None
