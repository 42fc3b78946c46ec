"""When a flag was added, changed, killed and removed, and by whom: every day here is written down by hand."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from flaglint.config import Settings, load
from flaglint.config.settings import RegistrySpec
from flaglint.history import Event, History, registry_history
from tests.history.repositories import Made, at, day, git, registry

if TYPE_CHECKING:
    from pathlib import Path

NOW = float(at("2026-06-01"))
WINDOW = "from: 2026-03-01T00:00:00Z, until: 2026-03-11T00:00:00Z"
RAMP = f"a:\n  rules:\n    - ramp: {{to: 'true', percent: [0, 100], {WINDOW}}}"


def history(root: Path, *, now: float = NOW, cache: Path | None = None, **settings: object) -> History:
    return registry_history(Settings(root=root, **settings), cache=cache, now=now)


def told(event: Event | None) -> tuple[str, str] | None:
    """The day and the author of an event."""
    return None if event is None else (event.day.isoformat(), event.author)


# ---------------------------------------------------------------------------------------------- one flag, one line


def test_a_flag_was_added_when_its_entry_came(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05", "ann")
    made.commit({"flags.yaml": registry("a: {}\nb: {}")}, "2026-01-09", "bea", on=first)
    flags = history(made.build()).flags
    assert told(flags["a"].added) == ("2026-01-05", "Ann")
    assert told(flags["b"].added) == ("2026-01-09", "Bea")
    assert flags["a"].changed is None
    assert flags["a"].removed is None


def test_a_reformat_a_comment_and_a_move_are_no_change(tmp_path: Path) -> None:
    made = Made(tmp_path)
    plain = "a:\n  owner: '@shop'\n  serve: true\nb:\n  description: B\n  serve: {true: 50, false: 50}"
    first = made.commit({"flags.yaml": registry(plain)}, "2026-01-05")
    reformatted = (
        '# all flags\nb: {serve: {"true": 50, "false": 50}, description: "B"}\n\n'
        'a:  # on\n  serve: true\n  owner: "@shop"'
    )
    second = made.commit({"flags.yaml": registry(reformatted)}, "2026-02-01", on=first)
    made.commit(
        {
            "flags.yaml": None,
            "flags/a.yaml": registry("a: {serve: true, owner: '@shop'}"),
            "flags/b.yaml": registry(plain.partition("b:")[1] + plain.partition("b:")[2]),
        },
        "2026-02-03",
        on=second,
    )
    flags = history(made.build()).flags
    assert set(flags) == {"a", "b"}
    for flag in flags.values():
        assert told(flag.added) == ("2026-01-05", "Ann")
        assert flag.changed is None
        assert flag.removed is None
    assert flags["a"].constant_since == {"default": day("2026-01-05")}


def test_a_new_owner_is_a_change_of_the_entry_and_none_of_what_it_serves(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("a: {owner: '@x'}")}, "2026-01-05")
    second = made.commit({"flags.yaml": registry("a: {owner: '@x', serve: true}")}, "2026-01-15", on=first)
    made.commit({"flags.yaml": registry("a: {owner: '@y', serve: true}")}, "2026-01-25", "bea", on=second)
    flag = history(made.build()).flags["a"]
    assert told(flag.changed) == ("2026-01-25", "Bea")
    assert told(flag.served_changed) == ("2026-01-15", "Ann")
    assert flag.constant_since == {"default": day("2026-01-15")}


def test_a_reverted_rollout_counts_from_the_second_time(tmp_path: Path) -> None:
    made = Made(tmp_path)
    off, on = registry("a: {serve: false}"), registry("a: {serve: true}")
    last = made.commit({"flags.yaml": off}, "2026-01-05")
    for text, when in ((on, "2026-02-10"), (off, "2026-02-12"), (on, "2026-03-01")):
        last = made.commit({"flags.yaml": text}, when, on=last)
    root = made.build()
    assert history(root).flags["a"].constant_since == {"default": day("2026-03-01")}
    git(root, "checkout", "-q", "HEAD^")  # as it stood after the revert
    flag = history(root).flags["a"]
    assert flag.constant_since == {"default": day("2026-02-12")}
    assert told(flag.changed) == ("2026-02-12", "Ann")


def test_the_day_that_the_rules_name_counts_where_it_is_later_than_the_commit(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry(RAMP)}, "2026-02-01")
    root = made.build()
    assert history(root, now=at("2026-03-20")).flags["a"].constant_since == {"default": day("2026-03-11")}
    assert history(root, now=at("2026-03-05")).flags["a"].constant_since == {}
    # written out when the ramp was over: the value has been the same since its end
    made.commit({"flags.yaml": registry("a: {serve: true}")}, "2026-04-01", on=first)
    assert history(made.build()).flags["a"].constant_since == {"default": day("2026-03-11")}


def test_a_ramp_that_was_cut_short_counts_from_the_commit_that_did(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry(RAMP)}, "2026-02-01")
    made.commit({"flags.yaml": registry("a: {serve: true}")}, "2026-03-04", on=first)
    assert history(made.build()).flags["a"].constant_since == {"default": day("2026-03-04")}


def test_each_environment_has_its_own_day(tmp_path: Path) -> None:
    made = Made(tmp_path)
    names = "staging, production"
    half = "a:\n  serve: {'true': 50, 'false': 50}"
    first = made.commit({"flags.yaml": registry(half, environments=names)}, "2026-01-05")
    staged = made.commit(
        {"flags.yaml": registry(half + "\n  environments: {staging: {serve: 'true'}}", environments=names)},
        "2026-01-10",
        on=first,
    )
    made.commit({"flags.yaml": registry("a: {serve: 'true'}", environments=names)}, "2026-01-20", on=staged)
    since = history(made.build()).flags["a"].constant_since
    assert since == {"staging": day("2026-01-10"), "production": day("2026-01-20")}


def test_a_flag_is_constant_since_its_prerequisite_is(tmp_path: Path) -> None:
    made = Made(tmp_path)
    child = "\nb: {serve: true, needs: {a: 'true'}}"
    first = made.commit({"flags.yaml": registry("a: {serve: {'true': 5, 'false': 5}}" + child)}, "2026-01-05")
    made.commit({"flags.yaml": registry("a: {serve: true}" + child)}, "2026-02-05", on=first)
    flag = history(made.build()).flags["b"]
    assert flag.constant_since == {"default": day("2026-02-05")}
    assert flag.changed is None


def test_kills_have_a_beginning_and_an_end(tmp_path: Path) -> None:
    made = Made(tmp_path)
    names = "staging, production"
    live = "a:\n  serve: {'true': 50, 'false': 50}"
    last = made.commit({"flags.yaml": registry(live, environments=names)}, "2026-01-05")
    for extra, when, by in (
        ("\n  kill: {reason: errors}", "2026-03-05", "bea"),
        ("", "2026-03-08", "cem"),
        ("\n  environments: {production: {kill: true}}", "2026-04-01", "dan"),
    ):
        last = made.commit({"flags.yaml": registry(live + extra, environments=names)}, when, by, on=last)
    flag = history(made.build()).flags["a"]
    assert [(kill.environment, told(kill.at), told(kill.until)) for kill in flag.kills] == [
        ("", ("2026-03-05", "Bea"), ("2026-03-08", "Cem")),
        ("production", ("2026-04-01", "Dan"), None),
    ]
    assert flag.constant_since == {"production": day("2026-04-01")}


def test_a_kill_counts_from_its_commit_whatever_day_is_written_beside_it(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("a: {serve: {'true': 5, 'false': 5}}")}, "2026-01-05")
    made.commit(
        {"flags.yaml": registry("a: {serve: {'true': 5, 'false': 5}, kill: {since: 2025-01-01}}")},
        "2026-02-05",
        on=first,
    )
    assert history(made.build()).flags["a"].constant_since == {"default": day("2026-02-05")}


def test_a_flag_that_came_back_is_a_new_one(tmp_path: Path) -> None:
    made = Made(tmp_path)
    last = 0
    for flags, when in (("a: {}\nb: {}", "2026-01-05"), ("b: {}", "2026-01-15"), ("a: {}\nb: {}", "2026-03-05")):
        last = made.commit({"flags.yaml": registry(flags)}, when, on=last)
    made.commit({"flags.yaml": registry("a: {}")}, "2026-04-05", "bea", on=last)
    flags = history(made.build()).flags
    assert told(flags["a"].added) == ("2026-03-05", "Ann")
    assert flags["a"].removed is None
    assert told(flags["b"].removed) == ("2026-04-05", "Bea")
    assert told(flags["b"].added) == ("2026-01-05", "Ann")
    assert flags["b"].constant_since == {}


def test_a_renamed_flag_keeps_its_age(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("old: {serve: true}")}, "2026-01-05")
    made.commit({"flags.yaml": registry("new: {serve: true, salt: old}")}, "2026-02-05", on=first)
    flags = history(made.build()).flags
    assert set(flags) == {"new"}
    assert told(flags["new"].added) == ("2026-01-05", "Ann")
    assert flags["new"].constant_since == {"default": day("2026-01-05")}


def test_a_flag_that_replaces_another_with_new_buckets_is_no_rename(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("old: {serve: true}")}, "2026-01-05")
    made.commit({"flags.yaml": registry("new: {serve: true}")}, "2026-02-05", on=first)
    flags = history(made.build()).flags
    assert told(flags["old"].removed) == ("2026-02-05", "Ann")
    assert told(flags["new"].added) == ("2026-02-05", "Ann")


# ------------------------------------------------------------------------------------------------ broken versions


@pytest.mark.parametrize(
    "broken",
    [
        "version: 1\nflags:\n  a: {serve: true}\n\tb: {}\n",  # a tab: the rest of the file cannot be read
        "version: 1\nflags:\n  a: {serve: true}\n<<<<<<< ours\n  b: {}\n",
        "",  # no registry at all
        b"\xff\xfe\x00",  # not UTF-8
    ],
)
def test_a_commit_that_cannot_be_read_changes_nothing(tmp_path: Path, broken: str | bytes) -> None:
    made = Made(tmp_path)
    whole = registry("a: {serve: true}\nb: {serve: true}")
    first = made.commit({"flags.yaml": whole}, "2026-01-05")
    second = made.commit({"flags.yaml": broken}, "2026-02-05", on=first)
    made.commit({"flags.yaml": whole}, "2026-02-06", on=second)
    flags = history(made.build()).flags
    for key in ("a", "b"):
        assert told(flags[key].added) == ("2026-01-05", "Ann")
        assert flags[key].changed is None
        assert flags[key].constant_since == {"default": day("2026-01-05")}


def test_a_version_that_nobody_can_read_is_named(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    second = made.commit({"flags.yaml": b"\xff\xfe\x00"}, "2026-02-05", on=first)
    made.commit({"flags.yaml": registry("a: {}")}, "2026-02-06", on=second)
    root = made.build()
    commit = git(root, "rev-parse", "HEAD^")
    (gap,) = history(root).gaps
    assert gap == (
        f"1 version of the registry cannot be read, the last in commit {commit[:12]}: what changed there counts from"
        " the next one"
    )


def test_an_entry_that_is_broken_for_a_while_stays_what_it_was(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("a: {serve: true}\nb: {}")}, "2026-01-05")
    second = made.commit({"flags.yaml": registry("a: {serve: nonsense}\nb: {}")}, "2026-02-05", on=first)
    made.commit({"flags.yaml": registry("a: {serve: true}\nb: {}")}, "2026-02-06", on=second)
    root = made.build()
    assert history(root).flags["a"].constant_since == {"default": day("2026-01-05")}
    git(root, "checkout", "-q", "HEAD^")
    assert history(root).flags["a"].constant_since == {}  # as it stands now, it is broken


# ------------------------------------------------------------------------------------------------------- merges


def test_a_merge_tells_when_and_the_commit_of_its_side_tells_who(tmp_path: Path) -> None:
    made = Made(tmp_path)
    base = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    # the side's commits are dated before the main line began
    side = made.commit({"flags.yaml": registry("a: {}\nc: {}")}, "2025-12-20", "bea", on=base, branch="side")
    side = made.commit({"flags.yaml": registry("a: {serve: true}\nc: {}")}, "2025-12-21", "cem", on=side, branch="side")
    side = made.commit(
        {"flags.yaml": registry("a: {serve: true}\nc: {serve: true}")}, "2025-12-22", "dan", on=side, branch="side"
    )
    main = made.commit({"readme": "x"}, "2026-01-10", on=base)
    made.commit(
        {"flags.yaml": registry("a: {serve: true}\nc: {serve: true}")}, "2026-01-20", "eve", on=main, merging=(side,)
    )
    flags = history(made.build()).flags
    assert told(flags["c"].added) == ("2026-01-20", "Bea")
    assert flags["c"].changed is None
    assert flags["c"].constant_since == {"default": day("2026-01-20")}
    assert told(flags["a"].changed) == ("2026-01-20", "Cem")
    assert told(flags["a"].added) == ("2026-01-05", "Ann")


def test_a_removal_on_a_side_is_not_put_on_the_one_who_merged(tmp_path: Path) -> None:
    made = Made(tmp_path)
    base = made.commit({"flags.yaml": registry("a: {}\nb: {}")}, "2026-01-05")
    side = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-06", "bea", on=base, branch="side")
    main = made.commit({"flags.yaml": registry("a: {}\nb: {}\nc: {}")}, "2026-01-07", "cem", on=base)
    made.commit({"flags.yaml": registry("a: {}\nc: {}")}, "2026-01-20", "eve", on=main, merging=(side,))
    flags = history(made.build()).flags
    assert told(flags["b"].removed) == ("2026-01-20", "Bea")
    assert told(flags["c"].added) == ("2026-01-07", "Cem")


def test_a_merge_of_the_main_line_into_a_side_is_not_the_side_s_work(tmp_path: Path) -> None:
    made = Made(tmp_path)
    base = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    side = made.commit({"flags.yaml": registry("a: {}\nb: {}")}, "2026-01-06", "bea", on=base, branch="side")
    main = made.commit({"flags.yaml": registry("a: {}\nc: {}")}, "2026-01-07", "cem", on=base)
    both = registry("a: {}\nb: {}\nc: {}")
    side = made.commit({"flags.yaml": both}, "2026-01-08", "dan", on=side, merging=(main,), branch="side")
    made.commit({"flags.yaml": both}, "2026-01-20", "eve", on=main, merging=(side,))
    flags = history(made.build()).flags
    assert told(flags["b"].added) == ("2026-01-20", "Bea")
    assert told(flags["c"].added) == ("2026-01-07", "Cem")


def test_a_change_that_only_the_merge_makes_is_that_of_who_merged(tmp_path: Path) -> None:
    made = Made(tmp_path)
    base = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    side = made.commit({"other": "x"}, "2026-01-06", "bea", on=base, branch="side")
    main = made.commit({"readme": "x"}, "2026-01-07", "cem", on=base)
    made.commit({"flags.yaml": registry("a: {}\nb: {}")}, "2026-01-20", "eve", on=main, merging=(side,))
    assert told(history(made.build()).flags["b"].added) == ("2026-01-20", "Eve")


def test_an_octopus_brings_the_work_of_each_arm(tmp_path: Path) -> None:
    made = Made(tmp_path)
    base = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    one = made.commit({"flags.yaml": registry("a: {}\nb: {}")}, "2026-01-06", "bea", on=base, branch="one")
    two = made.commit({"flags.yaml": registry("a: {}\nc: {}")}, "2026-01-07", "cem", on=base, branch="two")
    main = made.commit({"readme": "x"}, "2026-01-08", on=base)
    made.commit({"flags.yaml": registry("a: {}\nb: {}\nc: {}")}, "2026-01-20", "eve", on=main, merging=(one, two))
    flags = history(made.build()).flags
    assert told(flags["b"].added) == ("2026-01-20", "Bea")
    assert told(flags["c"].added) == ("2026-01-20", "Cem")


def test_the_author_s_name_follows_the_mailmap(tmp_path: Path) -> None:
    made = Made(tmp_path)
    mailmap = "Anna Maier <anna@example.org> <ann@example.org>\n"
    made.commit({"flags.yaml": registry("a: {}"), ".mailmap": mailmap}, "2026-01-05")
    added = history(made.build()).flags["a"].added
    assert added is not None
    assert (added.author, added.email) == ("Anna Maier", "anna@example.org")


# ------------------------------------------------------------------------------------------- files that moved


def test_a_registry_that_came_from_a_path_that_nobody_names_any_more_is_followed(tmp_path: Path) -> None:
    made = Made(tmp_path)
    long = registry("a: {}\nb: {description: some text that makes the file alike}")
    first = made.commit({"conf/toggles.yaml": long}, "2026-01-05")
    second = made.commit({"conf/toggles.yaml": None, "ops/toggles.yaml": long}, "2026-02-05", on=first)
    third = made.commit(
        {"ops/toggles.yaml": None, "flags.yaml": long.replace("a: {}", "a: {serve: true}")}, "2026-03-05", on=second
    )
    # what comes to the old path later is another file
    made.commit({"conf/toggles.yaml": registry("z: {}")}, "2026-04-05", on=third)
    flags = history(made.build()).flags
    assert set(flags) == {"a", "b"}
    assert told(flags["a"].added) == ("2026-01-05", "Ann")
    assert told(flags["a"].changed) == ("2026-03-05", "Ann")


def test_a_folder_of_files_with_odd_names_is_read(tmp_path: Path) -> None:
    made = Made(tmp_path)
    names = [
        "flags/with space.yaml",
        'flags/quo"te.yaml',
        "flags/ünï.yaml",
        "flags/back\\slash.yaml",
        "flags/line\nend.yaml",
    ]
    files = {name: registry(f"f{number}: {{}}") for number, name in enumerate(names)}
    first = made.commit(files, "2026-01-05")
    made.commit(
        {name: registry(f"f{number}: {{serve: true}}") for number, name in enumerate(names)}, "2026-02-05", on=first
    )
    flags = history(made.build()).flags
    assert {key: told(flag.changed) for key, flag in flags.items()} == {
        f"f{n}": ("2026-02-05", "Ann") for n in range(5)
    }


def test_hidden_folders_and_links_are_passed_over(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"flags/.old/x.yaml": registry("x: {}"), "flags/a.yaml": registry("a: {}")}, "2026-01-05")
    made.link("flags/link.yaml", "../elsewhere.yaml")
    assert set(history(made.build()).flags) == {"a"}


def test_the_project_may_be_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"shop/flags.yaml": registry("a: {}"), "flags.yaml": registry("other: {}")}, "2026-01-05")
    made.commit({"shop/flags.yaml": registry("a: {serve: true}")}, "2026-02-05", on=first)
    flags = history(made.build() / "shop").flags
    assert set(flags) == {"a"}
    assert told(flags["a"].changed) == ("2026-02-05", "Ann")


def test_a_registry_outside_of_the_project_s_folder_is_found(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"common/flags.yaml": registry("a: {}"), "shop/x": ""}, "2026-01-05")
    specs = (RegistrySpec("../common/flags.yaml"),)
    assert set(history(made.build() / "shop", registry=specs).flags) == {"a"}


def test_foreign_files_for_two_environments_are_one_flag(tmp_path: Path) -> None:
    def flagd(on: bool) -> str:
        default = "true" if on else "false"
        return (
            '{"flags": {"a": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "'
            + ("on" if on else "off")
            + '", "metadata": {"x": '
            + default
            + "}}}}"
        )

    made = Made(tmp_path)
    first = made.commit({"prod.json": flagd(False), "stage.json": flagd(False)}, "2026-01-05")
    second = made.commit({"stage.json": flagd(True)}, "2026-01-15", on=first)
    made.commit({"prod.json": flagd(True)}, "2026-01-25", on=second)
    specs = (
        RegistrySpec("prod.json", format="flagd", environment="production"),
        RegistrySpec("stage.json", format="flagd", environment="staging"),
    )
    flag = history(made.build(), registry=specs).flags["a"]
    assert flag.constant_since == {"production": day("2026-01-25"), "staging": day("2026-01-15")}
    assert told(flag.added) == ("2026-01-05", "Ann")


# ------------------------------------------------------------------------------------ what cannot be known


def test_a_shallow_clone_says_from_when_on_it_knows(tmp_path: Path) -> None:
    made = Made(tmp_path / "whole")
    last = made.commit({"flags.yaml": registry("a: {serve: true}")}, "2026-01-05")
    last = made.commit({"flags.yaml": registry("a: {serve: true}"), "x": "1"}, "2026-02-05", on=last)
    last = made.commit({"flags.yaml": registry("a: {serve: true}\nb: {}")}, "2026-03-05", "bea", on=last)
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{made.build()}", "clone")
    found = history(tmp_path / "clone")
    assert found.known
    assert found.gaps == ("the clone is shallow: nothing is known before 2026-02-05",)
    assert found.since == at("2026-02-05")
    assert found.flags["a"].added is None
    assert found.flags["a"].constant_since == {"default": None}
    assert told(found.flags["b"].added) == ("2026-03-05", "Bea")
    assert found.weeks[0].day >= day("2026-02-05")
    assert sum(week.added for week in found.weeks) == 1


def test_who_is_unknown_where_the_side_of_a_merge_is_cut_off(tmp_path: Path) -> None:
    made = Made(tmp_path / "whole")
    base = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    side = made.commit({"flags.yaml": registry("a: {}\nb: {}")}, "2026-01-06", "bea", on=base, branch="side")
    side = made.commit({"y": "1"}, "2026-01-07", "cem", on=side, branch="side")
    main = made.commit({"x": "1"}, "2026-01-10", on=base)
    made.commit({"flags.yaml": registry("a: {}\nb: {}"), "y": "1"}, "2026-01-20", "eve", on=main, merging=(side,))
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{made.build()}", "clone")
    assert told(history(tmp_path / "clone").flags["b"].added) == ("2026-01-20", "")
    assert told(history(tmp_path / "whole").flags["b"].added) == ("2026-01-20", "Bea")


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text(registry("a: {}"))
    assert history(tmp_path) == History(
        known=False, gaps=("the project is not in a git repository, so nothing is known of the past",)
    )


def test_without_git_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(tmp_path)
    made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    made.build()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    found = history(tmp_path)
    assert not found.known
    assert found.gaps == (
        "git cannot be asked: git is not installed, or cannot be run, so nothing is known of the past",
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_of_somebody_else_is_named_as_such(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    made.build()
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, 12345, 12345)
    (gap,) = history(tmp_path).gaps
    assert gap.startswith("git cannot be asked: detected dubious ownership in repository at ")


def test_without_a_commit_nothing_is_known(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert history(tmp_path).gaps == ("the repository has no commit yet, so nothing is known of the past",)


def test_a_registry_that_was_never_committed_is_named(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"x": ""}, "2026-01-05")
    (made.build() / "flags.yaml").write_text(registry("a: {}"))
    found = history(tmp_path)
    assert found.gaps == ("no commit holds the registry, so nothing is known of its past",)
    assert found.flags == {}


def test_a_detached_head_is_a_place_like_any(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"flags.yaml": registry("a: {}")}, "2026-01-05")
    made.commit({"flags.yaml": registry("a: {}\nb: {}")}, "2026-02-05", on=first)
    root = made.build()
    git(root, "checkout", "-q", "--detach", "HEAD^")
    assert set(history(root).flags) == {"a"}


# --------------------------------------------------------------------------------- nothing depends on the user


def _story(root: Path) -> Path:
    made = Made(root)
    base = made.commit({"conf/f.yaml": registry("a: {}\nb: {}\nc: {}")}, "2026-01-05")
    side = made.commit(
        {"conf/f.yaml": registry("a: {serve: true}\nb: {}\nc: {}")}, "2026-01-06", "bea", on=base, branch="side"
    )
    main = made.commit({"x": "1"}, "2026-01-10", on=base)
    main = made.commit(
        {"conf/f.yaml": registry("a: {serve: true}\nb: {}\nc: {}")}, "2026-01-20", "eve", on=main, merging=(side,)
    )
    main = made.commit(
        {"conf/f.yaml": None, "flags.yaml": registry("a: {serve: true}\nb: {}\nc: {}")}, "2026-02-01", on=main
    )
    made.commit({"flags.yaml": registry("a: {serve: true}\nb: {}")}, "2026-02-10", "cem", on=main)
    return made.build()


def test_the_user_s_configuration_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _story(tmp_path / "project")
    expected = history(root)
    assert told(expected.flags["a"].changed) == ("2026-01-20", "Bea")
    config = tmp_path / "gitconfig"
    config.write_text(
        "[color]\n ui = always\n diff = always\n[core]\n quotePath = true\n pager = false\n"
        "[diff]\n noprefix = true\n renames = false\n renameLimit = 1\n external = /bin/false\n relative = true\n"
        f" orderFile = {tmp_path / 'missing'}\n mnemonicPrefix = true\n algorithm = patience\n context = 9\n"
        "[log]\n showSignature = true\n follow = true\n mailmap = false\n date = relative\n showRoot = false\n"
        f"[mailmap]\n file = {tmp_path / 'mailmap'}\n[blame]\n ignoreRevsFile = {tmp_path / 'missing'}\n"
        "[i18n]\n logOutputEncoding = UTF-16\n[format]\n pretty = oneline\n[alias]\n rev-list = false\n"
    )
    (tmp_path / "mailmap").write_text("Nobody <nobody@example.org> <bea@example.org>\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert history(root) == expected


def test_the_variables_of_a_hook_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _story(tmp_path / "project")
    expected = history(root)
    other = Made(tmp_path / "other")
    other.commit({"flags.yaml": registry("z: {}")}, "2026-01-05")
    other.build()
    for name, value in {
        "GIT_DIR": str(tmp_path / "other" / ".git"),
        "GIT_WORK_TREE": str(tmp_path / "other"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_PREFIX": "somewhere/",
        "GIT_EXTERNAL_DIFF": "/bin/false",
        "GIT_DIFF_OPTS": "--unified=9",
        "GIT_ICASE_PATHSPECS": "1",
        "GIT_PAGER": "/bin/false",
        "LC_ALL": "de_DE.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    assert history(root) == expected


def test_replaced_commits_and_grafts_change_nothing(tmp_path: Path) -> None:
    root = _story(tmp_path)
    expected = history(root)
    git(root, "replace", "HEAD", "HEAD~3")
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "grafts").write_text(git(root, "rev-parse", "HEAD") + "\n")
    assert history(root) == expected


# ------------------------------------------------------------------------------------------------------ the cache


def test_the_cache_changes_no_answer_wherever_it_was_left(tmp_path: Path) -> None:
    root = _story(tmp_path / "project")
    commits = git(root, "rev-list", "--first-parent", "HEAD").splitlines()
    expected = {}
    for commit in commits:
        git(root, "checkout", "-q", commit)
        expected[commit] = history(root)
    assert len({str(sorted(known.flags.items())) for known in expected.values()}) > 2
    cache = tmp_path / "cache"
    for commit in [*reversed(commits), *commits, commits[2], commits[0]]:  # forwards, backwards, and back again
        git(root, "checkout", "-q", commit)
        assert history(root, cache=cache) == expected[commit]


def test_a_warm_run_reads_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _story(tmp_path / "project")
    expected = history(root, cache=tmp_path / "cache")
    monkeypatch.setattr("flaglint.history.versions.load_files", None)
    assert history(root, cache=tmp_path / "cache") == expected


def test_a_cache_that_was_damaged_is_not_believed(tmp_path: Path) -> None:
    root = _story(tmp_path / "project")
    expected = history(root, cache=tmp_path / "cache")
    (file,) = (tmp_path / "cache" / "history").iterdir()
    whole = file.read_bytes()
    for data in (b"", whole[:-20], whole.replace(b"Cem", b"Eve"), b"{}\n{}"):
        file.write_bytes(data)
        assert history(root, cache=tmp_path / "cache") == expected


def test_a_deepened_clone_forgets_what_it_did_not_know(tmp_path: Path) -> None:
    root = _story(tmp_path / "project")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "clone")
    cache = tmp_path / "cache"
    assert history(tmp_path / "clone", cache=cache).flags["a"].added is None
    git(tmp_path / "clone", "fetch", "-q", "--unshallow")
    assert told(history(tmp_path / "clone", cache=cache).flags["a"].added) == ("2026-01-05", "Ann")


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    root = _story(tmp_path / "project")
    (tmp_path / "cache").write_text("a file")
    assert history(root, cache=tmp_path / "cache") == history(root)


# ------------------------------------------------------------------------------------------------------ the trend


def test_weeks_count_flags_by_what_they_serve(tmp_path: Path) -> None:
    made = Made(tmp_path)
    parts = {
        "2026-05-01": "a: {serve: {'true': 1, 'false': 1}}\nb: {type: ops}",
        "2026-05-13": "a: {serve: true}\nb: {type: ops}\nc: {}",
        "2026-05-20": "a: {serve: true}\nb: {type: ops}\nc: {kill: true}",
        "2026-05-30": "b: {type: ops}\nc: {}",
    }
    last = 0
    for when, flags in parts.items():
        last = made.commit({"flags.yaml": registry(flags)}, when, on=last)
    weeks = {week.day.isoformat(): week for week in history(made.build(), now=at("2026-06-01")).weeks}
    shown = {
        name: ({state: count for state, count in week.states.items() if count}, week.added, week.removed)
        for name, week in weeks.items()
    }
    assert shown == {
        "2026-05-04": ({"varies": 1, "permanent": 1}, 2, 0),
        "2026-05-11": ({"varies": 1, "permanent": 1}, 0, 0),
        "2026-05-18": ({"on": 1, "off": 1, "permanent": 1}, 1, 0),
        "2026-05-25": ({"on": 1, "killed": 1, "permanent": 1}, 0, 0),
        "2026-06-01": ({"off": 1, "permanent": 1}, 0, 1),
    }


def test_the_configuration_of_the_project_is_used(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"flaglint.toml": 'registry = ["toggles.yaml"]\n', "toggles.yaml": registry("a: {}")}, "2026-01-05")
    assert set(registry_history(load(made.build()), now=NOW).flags) == {"a"}


def test_git_runs_without_a_shell_and_with_its_paths_behind_two_dashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Made(tmp_path)
    made.commit({"--output=x/flags.yaml": registry("a: {}")}, "2026-01-05")
    seen = []
    run = subprocess.run

    def watched(arguments, **options):
        seen.append((arguments, options.get("shell", False)))
        return run(arguments, **options)

    root = made.build()
    monkeypatch.setattr(subprocess, "run", watched)
    assert set(history(root, registry=(RegistrySpec("--output=x/flags.yaml"),)).flags) == {"a"}
    assert not any(shell for _, shell in seen)
    assert not (root / "x").exists()
