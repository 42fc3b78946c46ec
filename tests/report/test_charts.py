"""What the charts of the page show, by their words: without a browser, as whoever reads the file finds them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from flaglint.report.charts import trend
from flaglint.report.debt import Point, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OWNED = "version: 1\nflags:\n" + "".join(
    f"  release-{number:02}: {{type: release, owner: team-{number:02}, created: 2026-01-01}}\n" for number in range(20)
)
LONG = "version: 1\nflags:\n  release-a: {type: release, owner: the-team-with-the-longest-name-of-all, %s}\n"


@pytest.fixture
def page(flaglint: Callable[..., Any], write: Callable[..., None], tmp_path: Path) -> Callable[[str], str]:
    def made(registry: str) -> str:
        write({"flags.yaml": registry})
        assert flaglint("report", "--no-history", "--now", "2026-11-23", "-o", "report.html").code == 0
        return (tmp_path / "report.html").read_text(encoding="utf-8")

    return made


def test_owners_beyond_those_that_fit_share_a_bar(page: Callable[[str], str]) -> None:
    assert "10 more: " in page(OWNED)


def test_owners_that_fit_have_a_bar_each(page: Callable[[str], str]) -> None:
    assert " more: " not in page("\n".join(OWNED.split("\n")[:7]) + "\n")


def test_a_long_name_is_cut_beside_its_bar(page: Callable[[str], str]) -> None:
    assert ">the-team-with-the-" in page(LONG % "created: 2026-01-01")
    assert "…</text>" in page(LONG % "created: 2026-01-01")


def test_flags_of_no_known_age_are_counted_beside_the_others(page: Callable[[str], str]) -> None:
    dated = LONG % "created: 2026-01-01"
    assert "not known: " in page(dated + "  release-b: {type: release}\n")
    assert "not known: " not in page(dated)


def test_nothing_is_drawn_of_ages_where_none_is_known(page: Callable[[str], str]) -> None:
    assert "not known: " not in page(LONG % "description: x")


def test_a_trend_needs_two_days() -> None:
    first, second = (Point(date(2026, 11, day), ((State.IN_ROLLOUT, day),)) for day in (1, 2))
    assert trend([]) is None
    assert trend([first]) is None
    drawn = trend([first, second])
    assert drawn is not None
    assert [area.title for area in drawn.areas] == [f"{State.IN_ROLLOUT}: 2 now, 1 on 2026-11-01"]
