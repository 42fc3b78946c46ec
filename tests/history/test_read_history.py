"""When keys came into the code and went out of it: every day here is written down by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.config import Settings
from flaglint.history import Event, ReadHistory, read_history
from tests.history.repositories import Made, at, git

if TYPE_CHECKING:
    from pathlib import Path

NOW = float(at("2026-06-01"))
READ = 'if client.get_boolean_value("a", False):\n    pay()\n'


def reads(root: Path, *keys: str, cache: Path | None = None, days: int = 730, **settings: object) -> dict[str, object]:
    found = read_history(Settings(root=root, **settings), keys or ("a",), cache=cache, now=NOW, days=days)
    return {key: (told(known.first), told(known.last_gone)) for key, known in found.items()}


def told(event: Event | None) -> tuple[str, str] | None:
    return None if event is None else (event.day.isoformat(), event.author)


def test_the_first_read_came_and_the_last_one_went(tmp_path: Path) -> None:
    made = Made(tmp_path)
    last = made.commit({"one.py": "x = 1\n"}, "2026-01-05")
    last = made.commit({"one.py": READ}, "2026-01-10", "bea", on=last)
    last = made.commit({"two.py": READ}, "2026-01-15", "cem", on=last)
    last = made.commit({"one.py": "x = 1\n"}, "2026-02-10", "dan", on=last)
    root = made.build()
    assert reads(root) == {"a": (("2026-01-10", "Bea"), None)}
    made.commit({"two.py": None}, "2026-03-10", "eve", on=last)
    assert reads(made.build()) == {"a": (("2026-01-10", "Bea"), ("2026-03-10", "Eve"))}


def test_a_reformat_and_a_move_do_not_reset_the_age(tmp_path: Path) -> None:
    made = Made(tmp_path)
    last = made.commit({"one.py": READ}, "2026-01-10")
    reformatted = "if client.get_boolean_value(\n    'a',\n    False,\n):\n    pay()\n"
    last = made.commit({"one.py": reformatted}, "2026-02-10", "bea", on=last)
    last = made.commit({"one.py": None, "sub/two.py": reformatted}, "2026-03-10", "cem", on=last)
    made.commit({"sub/two.py": "", "sub/three.py": "# first\n\n" + READ}, "2026-04-10", "dan", on=last)
    assert reads(made.build()) == {"a": (("2026-01-10", "Ann"), None)}


def test_a_removal_on_a_side_is_that_of_its_author(tmp_path: Path) -> None:
    made = Made(tmp_path)
    base = made.commit({"one.py": READ, "two.py": 'on("b")\n'}, "2026-01-10")
    side = made.commit({"one.py": "x = 1\n"}, "2026-01-11", "bea", on=base, branch="side")
    side = made.commit({"three.py": 'on("c")\n'}, "2026-01-12", "cem", on=side, branch="side")
    main = made.commit({"two.py": 'on("b")\non("b")\n'}, "2026-01-13", "dan", on=base)
    made.commit({"one.py": "x = 1\n", "three.py": 'on("c")\n'}, "2026-02-20", "eve", on=main, merging=(side,))
    assert reads(made.build(), "a", "b", "c") == {
        "a": (("2026-01-10", "Ann"), ("2026-02-20", "Bea")),
        "b": (("2026-01-10", "Ann"), None),
        "c": (("2026-02-20", "Cem"), None),
    }


def test_who_brought_it_first_on_a_side_is_named(tmp_path: Path) -> None:
    made = Made(tmp_path)
    base = made.commit({"one.py": ""}, "2026-01-10")
    side = made.commit({"one.py": READ}, "2025-12-11", "bea", on=base, branch="side")
    side = made.commit({"one.py": READ + READ}, "2025-12-12", "cem", on=side, branch="side")
    main = made.commit({"x": ""}, "2026-01-13", on=base)
    made.commit({"one.py": READ + READ}, "2026-02-20", "eve", on=main, merging=(side,))
    assert reads(made.build()) == {"a": (("2026-02-20", "Bea"), None)}


def test_a_read_that_came_back_is_there(tmp_path: Path) -> None:
    made = Made(tmp_path)
    last = 0
    for text, when in ((READ, "2026-01-10"), ("", "2026-01-20"), (READ, "2026-01-30")):
        last = made.commit({"one.py": text}, when, on=last)
    assert reads(made.build()) == {"a": (("2026-01-10", "Ann"), None)}


def test_look_alikes_are_not_counted(tmp_path: Path) -> None:
    made = Made(tmp_path)
    text = "# a is gone\nx = a\ny = 'a-b'\nz = \"not a\"\nw = 'prefix.a'\n"
    made.commit({"one.py": text, "notes.md": '"a"', "flags.yaml": 'flags: {"a": {}}'}, "2026-01-10")
    assert reads(made.build()) == {"a": (None, None)}


@pytest.mark.parametrize("spelled", ["'a.b:c/d-e_f'", '"a.b:c/d-e_f"', "'!a.b:c/d-e_f'", "b'a.b:c/d-e_f'"])
def test_keys_of_all_systems_are_found(tmp_path: Path, spelled: str) -> None:
    made = Made(tmp_path)
    made.commit({"one.py": f"on({spelled})\n"}, "2026-01-10")
    assert reads(made.build(), "a.b:c/d-e_f") == {"a.b:c/d-e_f": (("2026-01-10", "Ann"), None)}


def test_nothing_is_said_of_a_key_that_cannot_be_counted(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"one.py": 'on("with blank")\n'}, "2026-01-10")
    assert reads(made.build(), "with blank") == {}


def test_excluded_files_and_other_folders_do_not_count(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"shop/vendor/x.py": READ, "other/y.py": READ, "shop/[odd]/z.py": "x\n"}, "2026-01-10")
    made.commit({"shop/[odd]/z.py": READ}, "2026-02-10", on=first)
    root = made.build()
    assert reads(root / "shop", exclude=("vendor/**",)) == {"a": (("2026-02-10", "Ann"), None)}
    assert reads(root, source=("shop/[odd]",)) == {"a": (("2026-02-10", "Ann"), None)}
    assert reads(root, source=("other",)) == {"a": (("2026-01-10", "Ann"), None)}


def test_what_is_older_than_the_window_has_no_first_day(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"one.py": READ}, "2026-01-10")
    second = made.commit({"two.py": "on('b')"}, "2026-04-10", on=first)
    made.commit({"one.py": ""}, "2026-05-25", "bea", on=second)
    root = made.build()
    assert reads(root, "a", "b", days=90) == {
        "a": (None, ("2026-05-25", "Bea")),
        "b": (None, None),  # it came with the first commit of the window, on something that is not looked at
    }
    assert reads(root, "a", "b")["b"] == (("2026-04-10", "Ann"), None)


def test_a_shallow_clone_does_not_call_its_first_commit_an_arrival(tmp_path: Path) -> None:
    made = Made(tmp_path / "whole")
    first = made.commit({"one.py": READ}, "2026-01-10")
    second = made.commit({"x": ""}, "2026-02-10", on=first)
    made.commit({"two.py": "on('b')\n"}, "2026-03-10", on=second)
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{made.build()}", "clone")
    assert reads(tmp_path / "clone", "a", "b") == {"a": (None, None), "b": (("2026-03-10", "Ann"), None)}


def test_without_git_no_key_is_answered(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(READ)
    assert read_history(Settings(root=tmp_path), ["a"], now=NOW) == {}


def test_the_cache_changes_no_answer(tmp_path: Path) -> None:
    made = Made(tmp_path / "project")
    base = made.commit({"one.py": READ}, "2026-01-10")
    side = made.commit({"one.py": "", "two.py": "on('b')\n"}, "2026-01-11", "bea", on=base, branch="side")
    main = made.commit({"x": ""}, "2026-01-12", on=base)
    main = made.commit({"one.py": "", "two.py": "on('b')\n"}, "2026-02-12", "eve", on=main, merging=(side,))
    made.commit({"two.py": "on('c')\n"}, "2026-03-12", "dan", on=main)
    root = made.build()
    commits = git(root, "rev-list", "--first-parent", "HEAD").splitlines()
    cache = tmp_path / "cache"
    for commit in [*reversed(commits), *commits, commits[0]]:
        git(root, "checkout", "-q", commit)
        assert reads(root, "a", "b", "c", cache=cache) == reads(root, "a", "b", "c")
    assert reads(root, "a", "b", "c", cache=cache) == {
        "a": (("2026-01-10", "Ann"), ("2026-02-12", "Bea")),
        "b": (("2026-02-12", "Bea"), ("2026-03-12", "Dan")),
        "c": (("2026-03-12", "Dan"), None),
    }


def test_a_key_that_is_new_needs_no_second_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(tmp_path / "project")
    made.commit({"one.py": READ + "on('b')\n"}, "2026-01-10")
    root = made.build()
    assert reads(root, "a", cache=tmp_path / "cache") == {"a": (("2026-01-10", "Ann"), None)}
    monkeypatch.setattr("flaglint.history.spelled._WORD", None)
    assert reads(root, "b", cache=tmp_path / "cache") == {"b": (("2026-01-10", "Ann"), None)}


def test_a_key_that_is_never_spelled_has_no_days(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"one.py": READ}, "2026-01-10")
    assert read_history(Settings(root=made.build()), ["z"], now=NOW) == {"z": ReadHistory()}
