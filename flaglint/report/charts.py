"""The geometry of the charts: numbers that the templates draw as SVG, without a style of their own.

All lengths are units of the drawing's view box. Colours are class names of the page, so that light, dark and print
each give them their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.report.debt import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flaglint.report.debt import FlagDebt, OwnerDebt, Point

WIDTH = 460
_LETTERS = 16  # that fit before a bar
ROW, BAR = 30, 16  # the height of a row, and of the bar in it
_LABELS = 148  # room for the words before a bar
_NUMBERS = 40  # and for the number behind it
MOST_OWNERS = 10

CLASSES = {
    State.ROLLED_OUT: "s-on",
    State.OFF: "s-off",
    State.KILLED: "s-killed",
    State.IN_ROLLOUT: "s-part",
    State.CODE_DEFAULT: "s-code",
    State.UNKNOWN: "s-unknown",
    State.PERMANENT: "s-stay",
}
_AGES = (
    ("up to 2 weeks", 14), ("up to 40 days", 40), ("up to 3 months", 90), ("up to 6 months", 180),
    ("up to a year", 365), ("up to 2 years", 730), ("older", 10**9),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar; `title` says what it is in words."""

    x: float
    width: float
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: its words, its segments, its number, and a mark where there is a limit."""

    y: float
    label: str
    segments: tuple[Segment, ...]
    total: str
    end: float
    mark: float | None = None
    mark_title: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of horizontal bars."""

    height: float
    rows: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]  # class, words


@dataclass(frozen=True, slots=True)
class Area:
    """One state of the chart over time, as the points of a polygon."""

    points: str
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of a scale with its words."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Areas:
    """A chart of stacked areas over time."""

    height: float
    left: float
    right: float
    bottom: float
    areas: tuple[Area, ...]
    days: tuple[Tick, ...]
    numbers: tuple[Tick, ...]
    legend: tuple[tuple[str, str], ...]


def _bars(
    rows: Sequence[tuple[str, Sequence[tuple[str, str, int]], int | None]], legend: Sequence[tuple[str, str]]
) -> Bars:
    """Return bars of (words, parts as (class, words, number), limit)."""
    longest = max([1, *(sum(part[2] for part in parts) for _, parts, _ in rows), *(mark or 0 for *_, mark in rows)])
    scale = (WIDTH - _LABELS - _NUMBERS) / longest
    bars = []
    for index, (label, parts, mark) in enumerate(rows):
        x = float(_LABELS)
        segments = []
        for style, words, number in parts:
            if number:
                segments.append(Segment(round(x, 1), round(number * scale, 1), style, f"{label}: {number} {words}"))
                x += number * scale
        at = round(_LABELS + mark * scale, 1) if mark is not None else None
        total = sum(part[2] for part in parts)
        words = f"budget {mark}" if mark is not None else ""
        bars.append(Bar(index * ROW, label, tuple(segments), str(total), round(max(x, at or 0), 1), at, words))
    drawn = {segment.style for bar in bars for segment in bar.segments}
    return Bars(len(rows) * ROW, tuple(bars), tuple(item for item in legend if item[0] in drawn))


def ages(flags: Sequence[FlagDebt]) -> Bars | None:
    """Return how old temporary flags are, and which of them are past their time; None when no age is known."""
    temporary = [flag for flag in flags if flag.is_temporary]
    if not any(flag.age is not None for flag in temporary):
        return None
    rows = []
    floor = -(10**9)
    for label, most in _AGES:
        found = [flag for flag in temporary if flag.age is not None and floor < flag.age <= most]
        rows.append((label, _by_lifetime(found), None))
        floor = most
    unknown = [flag for flag in temporary if flag.age is None]
    if unknown:
        rows.append(("not known", _by_lifetime(unknown), None))
    legend = (("s-late", "past its time"), ("s-fine", "in time"), ("s-unknown", "no limit"))
    return _bars(rows, legend)


def _by_lifetime(flags: Sequence[FlagDebt]) -> tuple[tuple[str, str, int], ...]:
    late = sum(flag.overdue > 0 for flag in flags)
    limited = sum(not flag.overdue and (flag.expires is not None or (flag.lifetime > 0)) for flag in flags)
    return (
        ("s-late", "past their time", late),
        ("s-fine", "in time", limited),
        ("s-unknown", "without a limit", len(flags) - late - limited),
    )


def owners(rows: Sequence[OwnerDebt]) -> Bars | None:
    """Return what each owner has to remove, by how ready it is, beside the rest of their temporary flags."""
    with_flags = [row for row in rows if row.temporary]
    if not with_flags:
        return None
    shown = with_flags if len(with_flags) <= MOST_OWNERS + 1 else with_flags[:MOST_OWNERS]
    bars = [(shortened(row.owner or "nobody"), _by_readiness([row]), row.budget) for row in shown]
    if len(shown) < len(with_flags):
        rest = with_flags[len(shown) :]
        bars.append((f"{len(rest)} more", _by_readiness(rest), None))
    legend = (
        ("s-safe", "due, safe to remove"),
        ("s-caution", "due, with caution"),
        ("s-blocked", "due, blocked"),
        ("s-rest", "not due"),
    )
    return _bars(bars, legend)


def _by_readiness(rows: Sequence[OwnerDebt]) -> tuple[tuple[str, str, int], ...]:
    return (
        ("s-safe", "due and safe to remove", sum(row.safe for row in rows)),
        ("s-caution", "due, to remove with caution", sum(row.caution for row in rows)),
        ("s-blocked", "due and blocked", sum(row.blocked for row in rows)),
        ("s-rest", "not due", sum(row.temporary - row.due for row in rows)),
    )


def shortened(text: str) -> str:
    """Return a text that fits before a bar."""
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"


def trend(points: Sequence[Point]) -> Areas | None:
    """Return how many flags were in each state over time; None where history tells less than two days."""
    if len(points) < 2:
        return None
    left, right, top, bottom = 34.0, WIDTH - 12.0, 8.0, 190.0
    highest = max(1, *(sum(number for _, number in point.states) for point in points))
    first, last = points[0].day.toordinal(), points[-1].day.toordinal()

    def x(day: date) -> float:
        return left + (right - left) * (day.toordinal() - first) / max(1, last - first)

    step = _step(highest)
    ceiling = step * -(-highest // step)

    def y(number: float) -> float:
        return bottom - (bottom - top) * number / ceiling

    floors = [0] * len(points)
    areas = []
    legend = []
    for state in State:
        numbers = [dict(point.states).get(state, 0) for point in points]
        if not any(numbers):
            continue
        tops = [floor + number for floor, number in zip(floors, numbers, strict=True)]
        outline = [(x(point.day), y(number)) for point, number in zip(points, tops, strict=True)]
        base = [(x(point.day), y(number)) for point, number in zip(points, floors, strict=True)]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in (*outline, *reversed(base)))
        areas.append(Area(path, CLASSES[state], f"{state}: {numbers[-1]} now, {numbers[0]} on {points[0].day}"))
        legend.append((CLASSES[state], str(state)))
        floors = tops
    numbers_shown = tuple(Tick(round(y(value), 1), str(value)) for value in range(0, ceiling + 1, step))
    middle = points[len(points) // 2].day
    days = [Tick(left, str(points[0].day), "start"), Tick(right, str(points[-1].day), "end")]
    if 0.3 < (x(middle) - left) / (right - left) < 0.7:
        days.insert(1, Tick(round(x(middle), 1), str(middle)))
    return Areas(bottom + 26, left, right, bottom, tuple(areas), tuple(days), numbers_shown, tuple(legend))


def _step(highest: int) -> int:
    """Return a round distance for the lines of a scale, four or five of them up to `highest`."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= factor * size * 5:
                return factor * size
        size *= 10
