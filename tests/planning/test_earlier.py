"""A verified plan is that of the next run for as long as nothing has changed that it was made of, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint import config, pipeline
from flaglint.cli import run
from flaglint.model import Edit
from flaglint.remove import verified
from flaglint.remove.describe import as_json, summary
from flaglint.remove.diff import unified
from flaglint.remove.earlier import FOLDER, Earlier
from flaglint.remove.kept import Kept
from flaglint.remove.outcome import Change, Plan
from flaglint.remove.write import write
from tests.half_removable import CART, NOW, REGISTRY
from tests.planning.conftest import half_removable

if TYPE_CHECKING:
    from pathlib import Path

ON = Kept(value=True, variant="true", why="as asked")


class Project:
    """A project, the plan of a removal in a new run, and whether one was made for it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made = 0

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text)

    def plan(
        self,
        *keys: str,
        kept: Kept = ON,
        cache: bool = True,
        tombstone: bool = False,
        keep_public: bool = False,
        now: float = NOW,
    ) -> tuple[Plan, bool]:
        self.made = 0
        analysis = pipeline.analyse(config.load(self.root), now=now, cache=cache, jobs=1)
        plans = pipeline.plans(analysis, tombstone=tombstone, keep_public=keep_public)
        return plans.plan(dict.fromkeys(keys or ("done",), kept)), bool(self.made)

    @property
    def kept(self) -> list[Path]:
        return sorted(self.root.glob(f".flaglint_cache/{FOLDER}/*"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = Project(tmp_path)
    half_removable(tmp_path, "done")
    plan = verified.verified_plan

    def counted(*given: object, **named: object) -> Plan:
        made.made += 1
        return plan(*given, **named)  # type: ignore[arg-type] # what it was given

    monkeypatch.setattr(verified, "verified_plan", counted)
    return made


def shown(plan: Plan) -> tuple[object, ...]:
    """Everything that a command tells of a plan, and all that it writes."""
    return as_json(plan), list(summary(plan)), unified(plan.changes), plan.changes, plan.unused_keys, plan.leftovers


@pytest.mark.parametrize("keys", [("done",), ("stuck",), ("done", "stuck")], ids="+".join)
def test_a_second_run_shows_and_writes_the_same_and_plans_nothing(project: Project, keys: tuple[str, ...]) -> None:
    first, made = project.plan(*keys)
    assert made
    second, made = project.plan(*keys)
    assert not made
    assert shown(second) == shown(first)
    assert second.reads == first.reads
    write(project.root, second)
    assert all((project.root / change.path).read_bytes() == change.after for change in first.changes)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cart.py", CART + "\n\nrows = 1\n"),
        ("cart.py", CART.replace("return user", "return flag")),
        ("other.py", "import cart\n\nprint(cart.size)\n"),
        ("new.py", ""),
        ("notes.cfg", "cart:size"),
        ("flags.yaml", REGISTRY.replace("  done:", "  # about it\n  done:")),
    ],
    ids=["the file that reads it", "as many bytes", "another file", "a new file", "no Python", "the registry"],
)
def test_plans_anew_when_something_has_changed(project: Project, path: str, text: str) -> None:
    project.plan()
    project.write(path, text)
    assert project.plan()[1]


def test_plans_anew_when_a_file_is_gone(project: Project) -> None:
    project.plan()
    (project.root / "other.py").unlink()
    assert project.plan()[1]


def test_plans_anew_after_the_plan_was_written(project: Project) -> None:
    write(project.root, project.plan("stuck", kept=Kept(value=False))[0])
    again, made = project.plan("stuck", kept=Kept(value=False))
    assert made
    assert not again.changes


@pytest.mark.parametrize("other", [Kept(value=False), Kept(value=1), Kept(value=True, switch=True)], ids=str)
def test_plans_anew_for_another_value(project: Project, other: Kept) -> None:
    project.plan()
    assert project.plan(kept=other)[1]
    assert not project.plan(kept=other)[1]
    assert not project.plan()[1]


def test_says_why_the_value_is_kept_as_it_is_known_now(project: Project) -> None:
    project.plan()
    plan, made = project.plan(kept=Kept(value=True, variant="true", why="by now"))
    assert not made
    assert next(summary(plan)) == "`done` is kept as true (variant `true`): by now"


def test_plans_anew_with_other_choices(project: Project) -> None:
    ways: list[dict[str, bool]] = [{}, {"tombstone": True}, {"keep_public": True}]
    assert [project.plan(**way)[1] for way in ways] == [True, True, True]  # type: ignore[arg-type]
    assert [project.plan(**way)[1] for way in ways] == [False, False, False]  # type: ignore[arg-type]


def test_a_tombstone_is_of_the_day_on_which_it_is_left(project: Project) -> None:
    project.plan(tombstone=True)
    assert not project.plan(tombstone=True, now=NOW + 1)[1]
    plan, made = project.plan(tombstone=True, now=NOW + 86_400)
    assert made
    assert b"date: 2026-09-22" in b"".join(change.after for change in plan.changes)


def test_what_was_not_verified_is_neither_kept_nor_taken(project: Project) -> None:
    analysis = pipeline.analyse(config.load(project.root), now=NOW, jobs=1)
    pipeline.plans(analysis).plan({"done": ON}, verified=False)
    assert not project.kept
    project.plan()
    project.made = 0
    pipeline.plans(analysis).plan({"done": ON}, verified=False)
    assert project.made


def test_nothing_is_kept_without_a_cache(project: Project) -> None:
    project.plan(cache=False)
    assert not project.kept


@pytest.mark.parametrize("what", ["cut", "changed", "rows", "folder"])
def test_what_is_not_what_was_written_is_none(project: Project, what: str) -> None:
    from flaglint.remove.earlier import _header

    first, _ = project.plan()
    (file,) = project.kept
    header, _, body = file.read_bytes().partition(b"\n")
    if what == "folder":
        file.unlink()
        file.mkdir()
    elif what == "rows":
        body = body.replace(b'"leftovers":[', b'"leftovers":[[7,"x","y","z"],')
        file.write_bytes(_header(body) + b"\n" + body)
    else:
        file.write_bytes(header + b"\n" + (body[:-5] if what == "cut" else body.replace(b"done", b"gone")))
    second, made = project.plan()
    assert made
    assert shown(second) == shown(first)


BEFORE, AFTER = b"\xe9 = 1\r\nflag = 2\r\n", b"\xe9 = 1\r\n\xff"


@pytest.mark.parametrize(
    ("now", "is_found"),
    [(BEFORE, True), (BEFORE.replace(b"2", b"3"), False), (b"", False), (None, False)],
    ids=["as it was", "other bytes", "empty", "gone"],
)
def test_a_file_has_to_be_as_it_was_to_the_byte(tmp_path: Path, now: bytes | None, is_found: bool) -> None:
    plan = Plan({"done": ON}, changes=(Change("a.py", BEFORE, AFTER, (Edit("a.py", 7, 17, b"\xff"),)),))
    Earlier(tmp_path, ["now"]).keep(plan)
    found = Earlier(tmp_path, ["now"]).find({"done": ON}, {"a.py": now}.__getitem__)
    assert found == (plan if is_found else None)
    assert Earlier(tmp_path, ["later"]).find({"done": ON}, {"a.py": now}.__getitem__) is None


def test_edits_that_do_not_give_the_new_text_are_not_kept(tmp_path: Path) -> None:
    plan = Plan({"done": ON}, changes=(Change("a.py", BEFORE, AFTER, (Edit("a.py", 7, 17, b"x"),)),))
    Earlier(tmp_path, ["now"]).keep(plan)
    assert not list(tmp_path.iterdir())


def test_a_file_that_goes_is_gone_in_what_was_kept(tmp_path: Path) -> None:
    plan = Plan({"done": ON}, changes=(Change("a.yaml", b"x", None, ()),))  # type: ignore[arg-type] # it goes
    Earlier(tmp_path, ["now"]).keep(plan)
    assert Earlier(tmp_path, ["now"]).find({"done": ON}, lambda _: b"x") == plan


def test_few_plans_are_kept(tmp_path: Path) -> None:
    for number in range(20):
        Earlier(tmp_path, ["now"]).keep(Plan({f"flag-{number}": ON}))
    assert len(list((tmp_path / FOLDER).iterdir())) == 16


def test_the_command_writes_the_plan_whose_diff_it_showed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    assert run(["remove", "done"]) == 0
    assert project.made == 1
    assert run(["remove", "done", "--write", "--allow-dirty"]) == 0
    assert project.made == 1
    assert "done" not in (project.root / "cart.py").read_text()
