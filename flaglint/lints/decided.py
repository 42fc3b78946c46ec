"""Temporary flags that are proven to serve everybody one value, and what a finding says of such a flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flaglint.lints.definitions import is_permanent, place_of, read_labels
from flaglint.lints.removal import ahead, marked, removal
from flaglint.lints.served import is_off, kills, out_of_step, served, served_in_production, soaked
from flaglint.model import Severity
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from flaglint.config import Settings
    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.lints.served import Age, Served
    from flaglint.model import Label, Span
    from flaglint.planning import Planned


@dataclass(frozen=True, slots=True)
class Decided:
    """A flag that decides nothing any more. `others` are the critical environments that are out of step, in words."""

    flag: Flag
    place: Span
    facts: str
    others: tuple[str, ...]
    planned: Planned | None
    related: tuple[Label, ...]
    severity: Severity


def decided(
    graph: FlagGraph,
    settings: Settings,
    *,
    off: bool,
    today: date,
    reported: Callable[[str], bool],
    plans: Mapping[str, Planned] | None,
) -> Iterator[Decided]:
    """Yield the temporary flags that have been `off` for everybody, or on, for long enough; none that is killed.

    Where critical environments do not agree, the one in production counts, and that is information.
    """
    candidates = [one for one in _candidates(graph, settings, off=off, today=today) if reported(one.place.path)]
    ahead(plans, [one.flag.key for one in candidates if one.is_agreed])
    for one in candidates:
        flag, place, found, age = one.flag, one.place, one.found, one.age
        planned = removal(plans, flag.key) if one.is_agreed else None
        others = out_of_step(graph, settings, flag.key, found)
        but = f", but {'; '.join(others)}" if others else ""
        yield Decided(
            flag,
            place,
            facts=f"{found.always} ({found.reason}){but}; {age.words}",
            others=() if one.is_agreed else tuple(others),
            planned=planned,
            related=tuple(marked(planned, read_labels(graph, flag.key, besides=place))),
            severity=age.severity if one.is_agreed else Severity.INFORMATION,
        )


class _Candidate(NamedTuple):
    """A flag for which one value was `found`; `is_agreed` tells whether that is so in all critical environments."""

    flag: Flag
    place: Span
    found: Served
    age: Age
    is_agreed: bool


def _candidates(graph: FlagGraph, settings: Settings, *, off: bool, today: date) -> Iterator[_Candidate]:
    for flag, _ in graph.definitions:
        if is_permanent(flag):
            continue
        agreed = served(graph, settings, flag.key)
        found = agreed or served_in_production(graph, settings, flag.key)
        if found is None or is_off(flag, found) != off or any(kills(graph, settings, flag)):
            continue
        if (age := soaked(flag, found, settings, today)) is not None:
            yield _Candidate(flag, place_of(graph, flag), found, age, is_agreed=agreed is not None)
