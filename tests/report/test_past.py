"""What git adds to a report: days, authors, the comparison with a revision; and what is said without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.report.conftest import CART, NOW, PAGES, by_key, git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

    Report = Callable[..., dict[str, Any]]
    Write = Callable[[dict[str, str | bytes]], None]

HALF = "version: 1\nflags:\n  release-bare: {type: release, serve: {'true': 1, 'false': 1}}\n"
WHOLE = HALF.replace("{'true': 1, 'false': 1}", "'true'")
READER = "from flaglint.evaluator import Evaluator\n\nflags = Evaluator.from_path('flags.yaml')\n"
BARE = "\n\ndef bare(user):\n    return flags.boolean('release-bare', user, False)\n"


@pytest.fixture
def repository(tmp_path: Path, write: Write) -> Path:
    """A flag without a date: added on 1 May, read since 3 May, rolled out on 10 June, no more read from 1 August on."""
    git(tmp_path, "init", "-q")
    steps = [
        ("2026-04-01", "Grace", {"flaglint.toml": "", "flags.yaml": "version: 1\nflags: {}\n", "shop.py": READER}),
        ("2026-05-01", "Ada", {"flags.yaml": HALF}),
        ("2026-05-03", "Linus", {"shop.py": READER + BARE}),
        ("2026-06-10", "Ada", {"flags.yaml": WHOLE}),
        ("2026-07-01", "Grace", {"flags.yaml": WHOLE.replace("  release-bare", "  # nobody reads\n  release-bare")}),
    ]
    for day, author, files in steps:
        write(dict(files))
        git(tmp_path, "add", "-A", day=day, author=author)
        git(tmp_path, "commit", "-qm", f"as of {day}", day=day, author=author)
    return tmp_path


def test_days_and_authors_that_the_registry_does_not_tell_come_from_git(report: Report, repository: Path) -> None:
    flag = by_key(report())["release-bare"]
    assert flag["created"] == {"date": "2026-05-01", "source": "history", "by": "Ada"}
    assert flag["age_days"] == 206
    assert (flag["served"][0]["since"], flag["served"][0]["source"]) == ("2026-06-10", "history")
    assert flag["last_change"] == "2026-06-10"
    assert [item["code"] for item in flag["due"]] == ["FLG302", "FLG303"]
    assert flag["owner"] == {"name": "Linus", "source": "last authors"}


def test_the_day_on_which_the_last_read_went_is_told(report: Report, repository: Path, write: Write) -> None:
    write({"shop.py": READER})
    git(repository, "commit", "-qam", "no reader", day="2026-08-01")
    flag = by_key(report())["release-bare"]
    assert (flag["reads"], flag["unread_since"]) == (0, "2026-08-01")


def test_what_the_registry_tells_stands(report: Report, repository: Path, write: Write) -> None:
    write({"flags.yaml": WHOLE.replace("{type", "{created: 2026-02-02, owner: '@web', type")})
    flag = by_key(report())["release-bare"]
    assert flag["created"] == {"date": "2026-02-02", "source": "registry", "by": None}
    assert flag["owner"] == {"name": "@web", "source": "registry"}


def test_weeks_of_the_past_show_each_state(report: Report, repository: Path) -> None:
    trend = {point["date"]: point["states"] for point in report()["trend"]}
    states = {day: {state: number for state, number in found.items() if number} for day, found in trend.items()}
    assert states["2026-04-20"] == {}
    assert states["2026-05-25"] == {"in rollout": 1}
    assert states["2026-06-15"] == {"rolled out": 1}


def test_a_revision_is_compared_with(report: Report, repository: Path) -> None:
    first = git(repository, "rev-list", "--max-parents=0", "HEAD").strip()
    moved = report("--since", first)["since"]
    assert moved["since"] == f"2026-04-01 ({first[:7]})"
    assert (moved["before"], moved["after"], moved["net"]) == (0, 1, 1)
    assert moved["new"] == [
        {"key": "release-bare", "owner": "Linus", "fact": "created 2026-05-01 by Ada"},
    ]


def test_a_revision_with_the_same_flags_moves_nothing_but_time(report: Report, repository: Path) -> None:
    moved = report("--since", "HEAD")["since"]
    assert (moved["net"], moved["new"], moved["cleaned"], moved["worse"], moved["better"]) == (0, [], [], [], [])


def test_a_registry_that_was_moved_is_found_where_it_was(report: Report, repository: Path, write: Write) -> None:
    write({"shop.py": READER})
    git(repository, "commit", "-qam", "no reader", day="2026-07-20")
    (repository / "conf").mkdir()
    git(repository, "mv", "flags.yaml", "conf/flags.yaml")
    write({"flaglint.toml": 'registry = ["conf/flags.yaml"]\n'})
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "the registry has a folder", day="2026-08-01")
    found = report("--since", "HEAD~1")["since"]
    assert (found["before"], found["after"], found["new"]) == (1, 1, [])


def test_a_day_before_the_first_commit_makes_no_flag_younger_than_new(report: Report, repository: Path) -> None:
    assert by_key(report("--now", "2026-04-10"))["release-bare"]["age_days"] in {0, None}


def test_one_run_writes_the_release_notes_too(flaglint: Flaglint, repository: Path) -> None:
    first = git(repository, "rev-list", "--max-parents=0", "HEAD").strip()
    ran = flaglint("report", "--now", NOW, "--since", first, "-o", "flags.md", "--release-notes", "notes.md")
    assert ran.code == 0, ran.err
    assert (repository / "flags.md").read_text().startswith("# Flags of ")
    assert "release-bare" in (repository / "notes.md").read_text()
    alone = flaglint("report", "--now", NOW, "--release-notes", "notes.md")
    assert (alone.code, alone.err) == (
        2,
        "error: `--release-notes` needs a revision to begin at\nhelp: say --since REV, such as a tag\n",
    )


def test_git_is_left_alone_when_asked(report: Report, repository: Path) -> None:
    document = report("--no-history")
    assert (document["revision"], document["trend"]) == (None, [])
    assert by_key(document)["release-bare"]["created"]["date"] is None


def test_without_git_it_says_what_is_unknown(report: Report, write: Write) -> None:
    write({"flaglint.toml": "", "flags.yaml": HALF, "shop.py": READER + BARE})
    document = report()
    assert by_key(document)["release-bare"]["age_days"] is None
    assert any("not in a git repository" in note for note in document["notes"])


@pytest.mark.parametrize("revision", ["nope", "--all", "HEAD~99"])
def test_an_unknown_revision_is_refused(flaglint: Flaglint, repository: Path, revision: str) -> None:
    ran = flaglint("report", f"--since={revision}")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: there is no revision `{revision}`\nhelp: git log --oneline lists commits")


def test_a_revision_without_git_is_refused(flaglint: Flaglint, write: Write) -> None:
    write({"flaglint.toml": "", "flags.yaml": HALF, "shop.py": CART, "pages.py": PAGES})
    ran = flaglint("report", "--since", "HEAD", "--now", NOW)
    assert ran.code == 2
    assert ran.err == (
        "error: `HEAD` cannot be looked up: the project is not in a git repository\n"
        "help: compare with an earlier report: --since report.json\n"
    )
