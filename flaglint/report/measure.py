"""The debt of each flag: what graph, plans, history, owners and usage tell of it, put together and ranked."""

from __future__ import annotations

from collections import Counter
from posixpath import dirname
from typing import TYPE_CHECKING

from flaglint.lints.definitions import has_place, is_permanent, quoted
from flaglint.lints.served import critical_environments, is_off, kills, served
from flaglint.lints.values import shown
from flaglint.model import CodeDefault, Constant, Kind, Readiness, Unknown, Varies
from flaglint.records import dataclass, replace
from flaglint.report.debt import FlagDebt, Place, Served, State
from flaglint.report.order import needs_of
from flaglint.report.owners import owner_of, owners_of
from flaglint.report.past import HISTORY
from flaglint.report.score import benefit, effort, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from flaglint.config import Settings
    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import Reference, Verdict
    from flaglint.report.codeowners import CodeOwners
    from flaglint.report.debt import Due
    from flaglint.report.evidence import Evidence
    from flaglint.report.past import Past, Refined
    from flaglint.report.removals import Removal

_LEVELS = {"safe": 0, "caution": 1, "blocked": 2}
_GUARD = "guarded-by:"
_NO_REGISTRY = Readiness("blocked", ("no registry defines it, so nothing is known of what it serves",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the facts of a report come from."""

    refined: Refined
    settings: Settings
    past: Past
    owners: CodeOwners
    evidence: Evidence
    due: Mapping[str, Sequence[Due]]
    today: date

    @property
    def graph(self) -> FlagGraph:
        """The graph with the days of history."""
        return self.refined.graph


def debts(sources: Sources) -> tuple[FlagDebt, ...]:
    """Return the debt of every flag that is defined, or read outside of tests, by key; nothing is ranked yet."""
    graph = sources.graph
    needs = needs_of(graph)
    needed_by: dict[str, list[str]] = {}
    for key, parents in sorted(needs.items()):
        for parent in parents:
            needed_by.setdefault(parent, []).append(key)
    nested = _nested(graph)
    rows = [(flags[0].key, flags) for _, flags in graph.definitions]
    defined = {key for key, _ in rows}
    archived = {key for key, flags in graph.flags.items() if key not in defined and flags}
    rows += [
        (key, ())
        for key, refs in graph.by_key.items()
        if key not in defined | archived and any(ref.kind is Kind.READ and not ref.is_test for ref in refs)
    ]
    if not sources.owners.lines:
        sources.past.ask_authors(_without_owner(graph, rows))
    found = [
        _debt(
            sources,
            key,
            flags,
            needs=tuple(needs.get(key, ())),
            needed_by=tuple(needed_by.get(key, ())),
            nested=tuple(sorted(nested.get(key, ()))),
        )
        for key, flags in rows
    ]
    return tuple(sorted(found, key=lambda flag: flag.key))


def _without_owner(graph: FlagGraph, rows: Iterable[tuple[str, Sequence[Flag]]]) -> Iterator[str]:
    """Yield the files that read flags for which nobody is named, or that define them."""
    for key, flags in rows:
        if not any(flag.owner for flag in flags):
            reads = [ref.span.path for ref in graph.reads(key) if not ref.is_test]
            here = [path for path in reads if not graph.is_elsewhere(path)]
            yield from here or [flag.span.path for flag in flags]


def ranked(
    flags: Iterable[FlagDebt], removals: Mapping[str, Removal], evidence: Evidence, today: date
) -> tuple[FlagDebt, ...]:
    """Return flags with what their removal comes to and their score, best to remove first."""
    found = [_finished(flag, removals.get(flag.key), evidence, today) for flag in flags]
    found.sort(key=lambda flag: (-flag.score, _LEVELS[flag.readiness.level], flag.key))
    return tuple(replace(flag, rank=rank) for rank, flag in enumerate(found, 1))


def _finished(flag: FlagDebt, removal: Removal | None, evidence: Evidence, today: date) -> FlagDebt:
    if removal is not None:
        flag = replace(flag, readiness=removal.readiness, code=removal.code, is_planned=removal.is_planned)
    command, advice = _command(flag, removal)
    gains = benefit(flag, is_quiet=evidence.is_quiet(flag.key, today))
    costs = effort(flag, has_value=removal is not None and removal.has_value)
    return replace(flag, command=command, advice=advice, benefit=gains, effort=costs, score=score(gains, costs))


def _nested(graph: FlagGraph) -> dict[str, set[str]]:
    """Return for each flag the flags that are read where it decides."""
    found: dict[str, set[str]] = {}
    for key, refs in graph.by_key.items():
        for ref in refs:
            for trait in ref.traits if ref.kind is Kind.READ and not ref.is_test else ():
                if trait.startswith(_GUARD) and trait != _GUARD + key:
                    found.setdefault(trait.removeprefix(_GUARD), set()).add(key)
    return found


def _debt(
    sources: Sources,
    key: str,
    flags: Sequence[Flag],
    *,
    needs: tuple[str, ...],
    needed_by: tuple[str, ...],
    nested: tuple[str, ...],
) -> FlagDebt:
    from flaglint.remove.pins import a_choice

    graph, settings, today = sources.graph, sources.settings, sources.today
    references = graph.by_key.get(key, ())
    reads = [ref for ref in references if ref.kind is Kind.READ and not ref.is_test]
    files = sorted({ref.span.path for ref in reads})
    here = [ref.span for ref in reads if not graph.is_elsewhere(ref.span.path)]
    flag = flags[0] if flags else None
    permanent = _permanent(flag)
    ownership = owner_of(flags, here, sources.owners, sources.past)
    past = sources.past.of(key)
    created = next((item.created for item in flags if item.created is not None), None)
    due = () if permanent else tuple(sources.due.get(key, ()))
    lifetime = settings.lifetimes.get(flag.type, 0) if flag is not None else 0
    return FlagDebt(
        key=key,
        registered=flag is not None,
        is_broken=any(item.problems for item in flags),
        type=flag.type if flag is not None else "",
        description=flag.description if flag is not None else "",
        format=flag.format if flag is not None else "",
        defined_at=tuple(str(_place(item)) for item in flags),
        links=flag.links if flag is not None else (),
        owner=ownership.owner,
        owner_source=ownership.source,
        code_owners=owners_of((span.path for span in here), sources.owners),
        permanent=permanent,
        state=_state(graph, settings, flag, permanent=permanent),
        served=tuple(_served(sources, key)),
        created=created,
        created_source=sources.refined.created.get(key, ""),
        created_by=past.added_by if sources.refined.created.get(key) == HISTORY else "",
        age=max(0, (today - created).days) if created is not None else None,
        lifetime=lifetime,
        expires=flag.expires if flag is not None else None,
        overdue=0 if permanent else _overdue(flag, created, lifetime, today),
        due=due,
        kinds=dict(sorted(Counter(str(ref.kind) for ref in references).items())),
        reads=len(reads),
        places=tuple(_places(references)),
        files=tuple(files),
        packages=tuple(sorted({dirname(path) for path in files})),
        tests=tuple(sorted({ref.span.path for ref in references if ref.is_test and ref.kind in _USES_IN_TESTS})),
        texts=tuple(f"{ref.span.path}:{ref.span.start.line}" for ref in references if ref.kind is Kind.TEXT),
        patterns=tuple(f"{ref.span.path}:{ref.span.start.line}" for ref in graph.patterns(key) if not ref.is_test),
        nested=nested,
        needs=needs,
        needed_by=needed_by,
        last_change=past.changed,
        unread_since=past.last_read_gone if not reads else None,
        last_evaluated=sources.evidence.last(key),
        usage=sources.evidence.words(key),
        readiness=_NO_REGISTRY,
        choice=a_choice(flags),
    )


_USES_IN_TESTS = frozenset({Kind.READ, Kind.OVERRIDE})


def _permanent(flag: Flag | None) -> str:
    if flag is None or not is_permanent(flag):
        return ""
    return flag.permanent or (f"a flag of the type {flag.type}" if flag.type else "marked as permanent")


def _place(flag: Flag) -> Place:
    return Place(flag.key_span.path, flag.key_span.start.line if has_place(flag.key_span) else 0, "definition")


def _places(references: Iterable[Reference]) -> Iterator[Place]:
    """Yield each place once: reads first, then what sets or names the flag."""
    order = {kind: index for index, kind in enumerate((Kind.READ, Kind.OVERRIDE, Kind.MENTION, Kind.TEXT))}
    ranked = sorted(references, key=lambda ref: (ref.is_test, order.get(ref.kind, 0), ref.span))
    for ref in ranked:
        if ref.kind is not Kind.DECLARATION:
            kind = f"{ref.kind} in a test" if ref.is_test and ref.kind is Kind.READ else str(ref.kind)
            yield Place(ref.span.path, ref.span.start.line, kind, ref.role if ref.kind is Kind.READ else "")


def _state(graph: FlagGraph, settings: Settings, flag: Flag | None, *, permanent: str) -> State:
    if permanent:
        return State.PERMANENT
    if flag is None:
        return State.UNKNOWN
    if any(kills(graph, settings, flag)):
        return State.KILLED
    if (found := served(graph, settings, flag.key)) is not None:
        return State.OFF if is_off(flag, found) else State.ROLLED_OUT
    verdicts = graph.verdicts.get(flag.key, {})
    critical = [verdicts[name] for name in critical_environments(graph, settings) if name in verdicts]
    looked_at = critical or list(verdicts.values())
    if any(isinstance(verdict, Varies | Constant) for verdict in looked_at):
        return State.IN_ROLLOUT
    return State.CODE_DEFAULT if any(isinstance(verdict, CodeDefault) for verdict in looked_at) else State.UNKNOWN


def _served(sources: Sources, key: str) -> Iterator[Served]:
    graph = sources.graph
    critical = critical_environments(graph, sources.settings)
    verdicts = graph.verdicts.get(key, {})
    for name, verdict in sorted(verdicts.items(), key=lambda item: (item[0] not in critical, item[0])):
        since = verdict.since if isinstance(verdict, Constant) else None
        source = sources.refined.since.get((key, name), "") if since is not None else ""
        yield Served(name, _words(verdict), since, name in critical, source)


def _words(verdict: Verdict) -> str:
    match verdict:
        case Constant():
            return f"always {shown(verdict.value)}{f' ({verdict.reason})' if verdict.reason else ''}"
        case Varies():
            forecast = f"; one value from {verdict.forecast} on" if verdict.forecast else ""
            return f"several values: {verdict.why}{forecast}"
        case CodeDefault():
            return f"the default of each read{': ' + verdict.reason if verdict.reason else ''}"
        case Unknown():
            return f"not known: {verdict.why}" if verdict.why else "not known"


def _overdue(flag: Flag | None, created: date | None, lifetime: int, today: date) -> int:
    """Return how many days a flag is late: past its expiry, or without one past its lifetime."""
    if flag is None:
        return 0
    if flag.expires is not None:
        return max(0, (today - flag.expires).days)
    if created is None or not lifetime:
        return 0
    return max(0, (today - created).days - lifetime)


def _command(flag: FlagDebt, removal: Removal | None) -> tuple[str, str]:
    """Return the command that goes on with a flag, and what it is for."""
    key = quoted(flag.key)
    if not flag.registered:
        return f"flaglint refs {key}", "see where it is read, then register it or take it out"
    if flag.is_broken:
        return "flaglint registry validate", "mend its entry first"
    if flag.permanent:
        return f"flaglint refs {key}", "see where it is read"
    if removal is not None and removal.has_value:
        words = {"safe": "remove it", "caution": "see what its removal changes, and look at what needs you"}
        return f"flaglint remove {key}", words.get(flag.readiness.level, "see what its removal changes")
    if flag.state is State.IN_ROLLOUT and flag.format == "native":
        return f"flaglint set {key} --rollout 100", "finish the rollout, or decide against it"
    return f"flaglint remove {key} {flag.choice}", "say which value stays, and see what goes"
