"""What services recorded is evidence only where it covers the days that count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from flaglint.config import Settings
from flaglint.lints.traffic import read_traffic

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400.0
NOW = 20_000 * DAY  # 2024-10-04


def record(folder: Path, started: float, written: float, **last: float) -> None:
    """Write what a process recorded from `started` to `written`; all times are in days before now."""
    folder.mkdir(exist_ok=True)
    flags = {
        key: {"on": {"count": 1, "first": NOW - days * DAY, "last": NOW - days * DAY}} for key, days in last.items()
    }
    text = json.dumps({"version": 1, "started": NOW - started * DAY, "written": NOW - written * DAY, "flags": flags})
    (folder / f"usage-{len(list(folder.iterdir()))}.json").write_text(text)


def told(root: Path, key: str, **settings: object) -> tuple[str, str]:
    """Return what is said of a flag: the day it was evaluated on, and its silence."""
    traffic, _ = read_traffic(Settings(root=root, usage=("usage",), **settings), NOW)
    assert traffic is not None
    return str(traffic.evaluated(key) or ""), traffic.silence(key)


def test_a_flag_is_silent_after_thirty_recorded_days(tmp_path: Path) -> None:
    record(tmp_path / "usage", 90, 0, quiet=31, busy=2, late=29)
    assert told(tmp_path, "quiet") == ("", "; not evaluated since 2024-09-03")
    assert told(tmp_path, "busy") == ("2024-10-02", "")
    assert told(tmp_path, "late") == ("2024-09-05", "")
    assert told(tmp_path, "never") == ("", "; not evaluated since recording began on 2024-07-06")


def test_the_setting_says_how_many_days_count(tmp_path: Path) -> None:
    record(tmp_path / "usage", 90, 0, quiet=31)
    assert told(tmp_path, "quiet", unused_days=60) == ("2024-09-03", "")


def test_says_nothing_of_what_the_records_do_not_cover(tmp_path: Path) -> None:
    record(tmp_path / "usage", 29, 0, busy=1)
    assert told(tmp_path, "never") == ("", "")


def test_a_hole_in_the_records_covers_nothing(tmp_path: Path) -> None:
    record(tmp_path / "usage", 90, 20, quiet=60)
    record(tmp_path / "usage", 10, 0)
    assert told(tmp_path, "quiet") == ("", "")
    assert told(tmp_path, "never") == ("", "")


def test_a_restart_is_no_hole(tmp_path: Path) -> None:
    record(tmp_path / "usage", 90, 20, quiet=60)
    record(tmp_path / "usage", 19.5, 0)
    assert told(tmp_path, "quiet") == ("", "; not evaluated since 2024-08-05")


def test_what_was_evaluated_before_the_hole_is_dated_by_the_records_after_it(tmp_path: Path) -> None:
    record(tmp_path / "usage", 90, 70, quiet=80)
    record(tmp_path / "usage", 40, 0)
    assert told(tmp_path, "quiet") == ("", "; not evaluated since recording began on 2024-08-25")


def test_old_records_are_no_evidence_and_are_noted(tmp_path: Path) -> None:
    record(tmp_path / "usage", 90, 45, quiet=80)
    assert told(tmp_path, "quiet") == ("", "")
    assert read_traffic(Settings(root=tmp_path, usage=("usage",)), NOW)[1] == (
        "the recorded usage ends on 2024-08-20: too long ago to tell what is still evaluated",
    )


def test_files_and_folders_are_read_and_what_is_neither_is_noted(tmp_path: Path) -> None:
    record(tmp_path / "usage", 90, 0, quiet=40)
    record(tmp_path / "more", 90, 0, quiet=3)
    (tmp_path / "usage" / "usage-broken.json").write_text("{")
    one = Settings(root=tmp_path, usage=("usage", "more/usage-0.json"))
    traffic, notes = read_traffic(one, NOW)
    assert traffic is not None
    assert str(traffic.evaluated("quiet")) == "2024-10-01"
    assert notes == ("usage-broken.json is no usage file: it was not read",)


def test_a_place_that_holds_nothing_is_noted(tmp_path: Path) -> None:
    assert told(tmp_path, "never") == ("", "")
    assert read_traffic(Settings(root=tmp_path, usage=("usage",)), NOW)[1] == ("no usage was recorded in usage",)


@pytest.mark.parametrize("settings", [{}, {"usage": ("usage",), "unused_days": 0}])
def test_reads_nothing_when_it_is_not_asked_to(tmp_path: Path, settings: dict[str, object]) -> None:
    record(tmp_path / "usage", 90, 0, quiet=40)
    assert read_traffic(Settings(root=tmp_path, **settings), NOW) == (None, ())
