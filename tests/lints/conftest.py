"""Small graphs built by hand: what a rule sees, without the analysis that leads there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flaglint.config import Settings
from flaglint.definition import Flag, Problem, Registry, Segment, Tombstone
from flaglint.graph import FlagGraph
from flaglint.lints import catalogue, check
from flaglint.model import (
    CheckResult,
    Kind,
    Literal,
    OneOf,
    ParseFailure,
    Pattern,
    Position,
    Reference,
    Skipped,
    Span,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.lints.baseline import Baseline

NOON = datetime.fromisoformat("2026-10-01T12:00:00+00:00").timestamp()


def span(path: str, line: int, column: int = 1, length: int = 10) -> Span:
    return Span(path, Position(line, column), Position(line, column + length))


@dataclass
class Project:
    """A project that a test puts together: files, flags and references; `check` runs the engine over it."""

    files: dict[str, bytes] = field(default_factory=dict)
    flags: list[Flag] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    tombstones: list[Tombstone] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    failures: list[ParseFailure] = field(default_factory=list)
    verdicts: dict = field(default_factory=dict)
    registry_paths: tuple[str, ...] = ("flags.yaml",)
    declares_attributes: bool = False

    def file(self, path: str, text: str) -> None:
        self.files[path] = text.encode()

    def flag(self, key: str, line: int | None = None, path: str = "flags.yaml", **more: object) -> Flag:
        place = span(path, line if line is not None else 2 + 2 * len(self.flags), 3, len(key))
        flag = Flag(key=key, span=place, key_span=place, **more)
        self.flags.append(flag)
        return flag

    def read(self, key: object, at: str = "shop.py:1", **more: object) -> Reference:
        """Add a reference, a read through OpenFeature unless `more` says otherwise; `at` is its path and line."""
        path, _, line = at.partition(":")
        known = Literal(key) if isinstance(key, str) else OneOf(tuple(key)) if isinstance(key, list) else key
        ref = Reference(
            **{"key": known, "span": span(path, int(line), 4), "kind": Kind.READ, "sdk": "openfeature", **more}
        )
        self.references.append(ref)
        return ref

    def graph(self, scope: str = "project") -> FlagGraph:
        references = tuple(sorted(self.references, key=lambda ref: (ref.span, ref.kind)))
        by_key: dict[str, list[Reference]] = {}
        by_path: dict[str, list[Reference]] = {}
        for ref in references:
            by_path.setdefault(ref.span.path, []).append(ref)
            keys = (ref.key.key,) if isinstance(ref.key, Literal) else getattr(ref.key, "keys", ())
            for key in keys:
                by_key.setdefault(key, []).append(ref)
        flags: dict[str, list[Flag]] = {}
        for flag in self.flags:
            flags.setdefault(flag.key, []).append(flag)
        registry = Registry(
            flags=tuple(flag for flag in self.flags if flag.format != "python"),
            segments=tuple(self.segments),
            tombstones=tuple(self.tombstones),
            problems=tuple(self.problems),
            paths=self.registry_paths,
            declares_attributes=self.declares_attributes,
        )
        return FlagGraph(
            registry=registry,
            flags={key: tuple(rows) for key, rows in flags.items()},
            references=references,
            by_key={key: tuple(rows) for key, rows in by_key.items()},
            by_path={path: tuple(rows) for path, rows in by_path.items()},
            dynamic=tuple(r for r in references if r.kind is Kind.READ and isinstance(r.key, (Pattern, Unknown))),
            tombstones={tombstone.key: tombstone for tombstone in self.tombstones},
            verdicts=self.verdicts,
            skipped=tuple(self.skipped),
            failures=tuple(self.failures),
            scope=scope,
        )

    def check(
        self,
        *select: str,
        scope: str = "project",
        paths: tuple[str, ...] | None = None,
        baseline: Baseline | None = None,
        today: str = "",
        baseline_path: str = "",
        **settings: object,
    ) -> CheckResult:
        given: dict[str, object] = {"select": select} if select else {}
        given["baseline"] = baseline_path
        now = NOON if not today else datetime.fromisoformat(f"{today}T12:00:00+00:00").timestamp()
        return check(
            self.graph(scope),
            Settings(root=Path("/nowhere"), **{**given, **settings}),
            read_text=self.files.get,
            now=now,
            paths=paths,
            commented=[path for path, data in self.files.items() if b"flaglint:" in data],
            baseline=baseline,
        )

    def said(self, *select: str, **more: object) -> list[str]:
        """Return each finding as one line: place, code, message, and the help after a bar."""
        return [
            f"{one.primary} {one.severity.word} {one.code} {one.message}" + (f" | {one.help}" if one.help else "")
            for one in self.check(*select, **more).findings
        ]


@pytest.fixture
def project() -> Project:
    return Project()


@pytest.fixture
def at() -> Callable[..., Span]:
    return span


@pytest.fixture
def day() -> Callable[[str], date]:
    return date.fromisoformat


@pytest.fixture
def codes() -> list[str]:
    return [entry.code for entry in catalogue.entries()]
