"""What a report takes from history, and the graph refined by it: days that the registry itself does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flaglint.model import Constant
from flaglint.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import Verdict
    from flaglint.report.debt import Point

Lines: TypeAlias = tuple[str, int, int]  # path, first and last line, 1-based

REGISTRY, HISTORY, FIRST_READ = "registry", "history", "first read"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagPast:
    """The days of one flag that only history tells; None where it does not."""

    added: date | None = None
    added_by: str = ""
    changed: date | None = None  # the last real change of its entry
    constant_since: Mapping[str, date] = field(default_factory=dict)  # environment -> day
    first_read: date | None = None
    last_read_gone: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What history tells; everything is unknown without it, and `notes` say why."""

    flags: Mapping[str, FlagPast] = field(default_factory=dict)
    trend: tuple[Point, ...] = ()
    last_authors: Callable[[Iterable[Lines]], tuple[str, ...]] = lambda _lines: ()
    ask_authors: Callable[[Iterable[str]], None] = lambda _paths: None  # of files whose `last_authors` will be wanted
    notes: tuple[str, ...] = ()
    head: str = ""  # the commit that is checked out

    def of(self, key: str) -> FlagPast:
        """Return what is known of one flag."""
        return self.flags.get(key, _UNKNOWN)


_UNKNOWN = FlagPast()


@dataclass(frozen=True, slots=True)
class Refined:
    """A graph whose flags and verdicts carry the days that history tells, and who told each day."""

    graph: FlagGraph
    created: Mapping[str, str]  # key -> who tells when it was created
    since: Mapping[tuple[str, str], str]  # (key, environment) -> who tells since when its value is constant


def refined(graph: FlagGraph, past: Past) -> Refined:
    """Return the graph with the days of history where the registry tells none; what the registry says stands."""
    created: dict[str, str] = {}
    since: dict[tuple[str, str], str] = {}
    flags = {key: tuple(_dated(flag, past, created) for flag in found) for key, found in graph.flags.items()}
    verdicts = {
        key: {
            name: verdict if _is_moved_in(graph, key, name, past) else _since(key, name, verdict, past, since)
            for name, verdict in found.items()
        }
        for key, found in graph.verdicts.items()
    }
    return Refined(replace(graph, flags=flags, verdicts=verdicts), created, since)


def _dated(flag: Flag, past: Past, told: dict[str, str]) -> Flag:
    if flag.created is not None:
        told[flag.key] = REGISTRY
        return flag
    known = past.of(flag.key)
    day = known.added or (known.first_read if flag.format == "python" else None)
    if day is None:
        return flag
    told.setdefault(flag.key, HISTORY if known.added else FIRST_READ)
    return replace(flag, created=day)


def _is_moved_in(graph: FlagGraph, key: str, environment: str, past: Past) -> bool:
    """Whether a flag was served so when it came here, older than its history here: since when is not known then."""
    known = past.of(key)
    since = known.constant_since.get(environment)
    created = [flag.created for flag in graph.flags.get(key, ()) if flag.created is not None]
    if known.added is None or since is None or not created:
        return False
    return min(created) < known.added and since <= known.added


def _since(key: str, environment: str, verdict: Verdict, past: Past, told: dict[tuple[str, str], str]) -> Verdict:
    if not isinstance(verdict, Constant):
        return verdict
    if verdict.since is not None:
        told[key, environment] = REGISTRY
        return verdict
    day = past.of(key).constant_since.get(environment)
    if day is None:
        return verdict
    told[key, environment] = HISTORY
    return replace(verdict, since=day)
