"""How safe it is to remove a flag now: what is proven of it and what its removal comes to, put into one judgement.

*Safe*: every environment that counts serves one value for long enough, and every read folds with nothing left to a
person. *Caution*: it can be done, and someone has to look. *Blocked*: it must not be done, or not yet.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flaglint.model import CodeDefault, Constant, Kind, Readiness, Varies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import Verdict
    from flaglint.remove.outcome import Plan

PERMANENT_TYPES = frozenset({"kill-switch", "ops", "permission"})


def readiness(
    graph: FlagGraph,
    key: str,
    *,
    environments: Iterable[str],
    now: float,
    soak_days: int,
    planned: Iterable[str] | None = None,
) -> Readiness:
    """Return how safe it is to remove `key`, with a sentence for each reason.

    `environments` are those that count; `now` is in UTC seconds. `planned` are the reasons `in_code`; without a plan
    the code is judged by its references alone, and nothing is called safe.
    """
    flags = graph.flags.get(key, ())
    from flaglint.remove.pins import is_unread

    unread = is_unread(graph, key)
    blocking = [*_permanent(flags, key)]
    blocking += () if unread else _unproven(graph, key, tuple(environments))
    if blocking:
        return Readiness("blocked", tuple(blocking))
    reasons: list[str] = [*_perhaps_read(graph)] if unread else []
    if not unread:
        reasons += (*_young(graph, key, environments, now, soak_days), *_elsewhere(graph, key, environments))
    reasons += _unseen(graph, key)
    reasons += planned if planned is not None else ["its removal was not planned"]
    return Readiness("caution", tuple(reasons)) if reasons else Readiness("safe", ())


def _permanent(flags: Sequence[Flag], key: str) -> Iterator[str]:
    for flag in flags:
        if flag.is_permanent or flag.permanent:
            yield f"permanent: {flag.permanent}" if flag.permanent else f"`{key}` is marked as permanent"
        elif flag.type in PERMANENT_TYPES:
            yield f"permanent: a flag of the type {flag.type} is meant to stay"
        elif flag.problems:
            yield "its registry entry is broken"


def _verdicts(graph: FlagGraph, key: str, environments: Iterable[str]) -> dict[str, Verdict]:
    known = graph.verdicts.get(key, {})
    chosen = {name: known[name] for name in environments if name in known}
    return chosen or dict(known)


def _unproven(graph: FlagGraph, key: str, environments: Sequence[str]) -> Iterator[str]:
    found = _verdicts(graph, key, environments)
    if not found:
        yield "nothing is known of what it serves"
    for name, verdict in sorted(found.items()):
        if isinstance(verdict, Varies):
            forecast = f"; one value from {verdict.forecast.isoformat()} on" if verdict.forecast else ""
            yield f"it serves no single value in {name}: {verdict.why}{forecast}"
        elif not isinstance(verdict, Constant | CodeDefault):
            yield f"what it serves in {name} is not known: {verdict.why}"
    values = {(type(item.value), str(item.value), item.switch) for item in found.values() if isinstance(item, Constant)}
    if len(values) > 1:
        yield f"it serves different values in {' and '.join(sorted(found))}"


def _young(graph: FlagGraph, key: str, environments: Iterable[str], now: float, soak_days: int) -> Iterator[str]:
    today = datetime.fromtimestamp(now, UTC).date()
    for name, verdict in sorted(_verdicts(graph, key, environments).items()):
        if isinstance(verdict, Constant) and verdict.since is not None:
            days = (today - verdict.since).days
            if days < soak_days:
                yield f"it serves one value in {name} for {days} days only, {soak_days} are asked for"


def _elsewhere(graph: FlagGraph, key: str, environments: Iterable[str]) -> Iterator[str]:
    """Yield what environments that do not count serve, when it is something else."""
    counted = _verdicts(graph, key, environments)
    served = {(str(item.value), item.switch) for item in counted.values() if isinstance(item, Constant)}
    for name, verdict in sorted(graph.verdicts.get(key, {}).items()):
        serves = (str(verdict.value), verdict.switch) if isinstance(verdict, Constant) else None
        if name not in counted and serves not in served:
            yield f"{name} serves something else"


def _perhaps_read(graph: FlagGraph) -> Iterator[str]:
    """Yield why a flag that nothing names may be read all the same: a key of which no part is known can be any."""
    untold = [item for item in graph.dynamic if not item.is_test and not getattr(item.key, "has_literal_part", False)]
    if untold:
        first = untold[0]
        words = (
            "hands out every flag" if "export of every flag" in first.via else "computes its key, which could be any"
        )
        yield f"something may use it: {first.span} {words}"


def _unseen(graph: FlagGraph, key: str) -> Iterator[str]:
    dynamic = graph.patterns(key)
    if dynamic:
        yield f"a key put together at run time may be this one: {dynamic[0].span}"
    hidden = [item for item in graph.skipped if item.unreadable]
    if hidden:
        yield f"{len(hidden)} {'file' if len(hidden) == 1 else 'files'} could not be read: {hidden[0].path}"
    broken = [item for item in graph.failures if key in item.mentions]
    if broken:
        yield f"a statement that mentions it does not parse: {broken[0].span}"
    others = [item for item in graph.reads(key) if graph.is_elsewhere(item.span.path)]
    if others:
        yield f"other repositories read it, which are not changed from here: {others[0].span}"
    texts = [item for item in graph.by_key.get(key, ()) if item.kind is Kind.TEXT]
    if texts:
        places = "1 place outside Python names" if len(texts) == 1 else f"{len(texts)} places outside Python name"
        yield f"{places} it: {texts[0].span}"


def in_code(plan: Plan) -> Iterator[str]:
    """Yield what a plan leaves in the code, and so for somebody to look at."""
    if plan.refused:
        first = plan.refused[0]
        yield f"{plan.removable}; {first.reference.span} needs you: {first.sentence}"
    kept = [item for item in plan.reads if item.code in {"value-escapes", "public-constant", "wrapper-kept"}]
    if kept:
        yield f"a value stays as a literal: {kept[0].reference.span}, {kept[0].sentence}"
    others = [item for item in plan.leftovers if item.code != "text-reference"]
    if others:
        yield f"{others[0].span} needs you: {others[0].sentence}"
