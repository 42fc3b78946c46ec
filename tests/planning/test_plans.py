"""What the removal of each flag comes to: made when it is looked up, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint import config, pipeline
from flaglint.errors import FlaglintError
from flaglint.remove import verified
from flaglint.remove.kept import Kept
from tests.planning.conftest import CODE, NOW, REGISTRY

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.planning import Plans


def test_plans_a_flag_that_is_proven(plans: Plans) -> None:
    found = plans["done"]
    assert (found.readiness.level, found.removable, found.why) == ("safe", "1 of 1 read", "")
    assert found.pin is not None
    assert found.pin.value is True
    assert found.plan is not None
    assert [change.path for change in found.plan.changes] == ["cart.py", "flags.yaml"]


def test_a_refused_read_needs_a_person(plans: Plans) -> None:
    found = plans["stuck"]
    assert (found.readiness.level, found.removable) == ("caution", "0 of 1 read")
    assert found.readiness.reasons[0].startswith("0 of 1 read; cart.py:14:12 needs you: the dead branch holds")


def test_a_flag_that_varies_is_not_planned(plans: Plans) -> None:
    found = plans["half"]
    assert (found.readiness.level, found.plan, found.removable) == ("blocked", None, "")
    assert found.why.startswith("`half` serves no single value in default: ")


def test_a_flag_that_is_meant_to_stay_is_not_planned(plans: Plans) -> None:
    found = plans["stays"]
    assert (found.readiness.level, found.plan) == ("blocked", None)
    assert found.why == "permanent: a switch for emergencies"


def test_lists_what_is_defined_and_nothing_else(plans: Plans) -> None:
    assert list(plans) == ["done", "half", "stays", "stuck"]
    assert len(plans) == 4
    with pytest.raises(KeyError):
        plans["unheard-of"]


def test_plans_a_flag_once(plans: Plans) -> None:
    assert plans["done"] is plans["done"]


def test_one_flag_says_nothing_of_another(plans: Plans) -> None:
    alone = plans["done"].plan
    assert plans["stuck"].plan is not None
    pins = {key: pin for key in ("done", "stuck") if (pin := plans[key].pin) is not None}
    assert plans.plan({"done": pins["done"]}) == alone
    assert {item.status.value for item in plans.plan(pins).reads} == {"folded", "refused"}


def test_one_entry_says_nothing_of_another(tmp_path: Path, plans: Plans) -> None:
    analysis = pipeline.analyse(config.load(tmp_path), now=NOW, cache=False)
    pins = {key: {key: Kept(True, None, "for the test")} for key in ("done", "half")}

    def entries(key: str, made: Plans) -> bytes:
        return next(change.after for change in made.plan(pins[key]).changes if change.path == "flags.yaml")

    alone = entries("half", pipeline.plans(analysis, tombstone=True))
    several = pipeline.plans(analysis, tombstone=True)
    assert b"  done: {date:" in entries("done", several)
    assert entries("half", several) == alone


@pytest.mark.parametrize(
    "error", [RecursionError("too deep"), FlaglintError("too deep"), AssertionError("too deep\nx")]
)
def test_a_defect_of_the_planner_is_said_of_the_flag_alone(
    plans: Plans, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(verified, "plan", fails)
    found = plans["done"]
    assert (found.readiness.level, found.plan) == ("caution", None)
    assert found.why.startswith("could not be planned: ")
    assert found.why.endswith("too deep")


def test_a_file_that_does_not_parse_leaves_the_other_flags_alone(tmp_path: Path, plans: Plans) -> None:
    (tmp_path / "broken.py").write_text("def (:\n")
    again = pipeline.plans(pipeline.analyse(plans.settings, now=NOW, cache=False))
    assert again["done"].removable == "1 of 1 read"


UNREAD = """\
version: 1
flags:
  half: {created: 2026-01-01, serve: {"true": 50, "false": 50}}
  parent: {created: 2026-01-01, serve: {"true": 50, "false": 50}}
  child: {created: 2026-01-01, serve: "true", needs: {parent: "true"}}
"""


@pytest.mark.parametrize(
    ("key", "code", "level"),
    [
        ("half", "", "safe"),
        ("half", 'KEYS = ["half"]', "blocked"),
        ("half", 'flags.boolean(f"ha{x}")', "blocked"),
        ("half", "flags.boolean(input(), None, False)", "caution"),
        ("parent", "", "blocked"),
    ],
    ids=[
        "nothing names it",
        "a list names it",
        "a pattern may spell it",
        "any key may be read",
        "another flag needs it",
    ],
)
def test_what_nothing_names_can_go_whatever_it_serves(tmp_path: Path, key: str, code: str, level: str) -> None:
    (tmp_path / "flags.yaml").write_text(UNREAD)
    source = f'from flaglint.evaluator import Evaluator\nflags = Evaluator.from_path("flags.yaml")\n{code}\n'
    (tmp_path / "cart.py").write_text(source)
    found = pipeline.plans(pipeline.analyse(config.load(tmp_path), now=NOW, cache=False))[key]
    assert found.readiness.level == level
    assert (found.plan is not None) == (level != "blocked")


def test_a_defect_that_cannot_be_put_into_words_takes_nothing_down(
    plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TooDeepError(Exception):
        def __str__(self) -> str:
            raise RecursionError

    def fail(*_: object, **__: object) -> None:
        raise TooDeepError

    monkeypatch.setattr(verified, "verified_plan", fail)
    assert plans["done"].why == "could not be planned: TooDeepError"


def test_an_override_beside_a_broken_member_of_its_class_is_left_and_named(tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text(REGISTRY)
    (tmp_path / "cart.py").write_text(CODE)
    (tmp_path / "test_cart.py").write_text(
        "from flaglint.evaluator.testing import override\n\n\nclass TestCart:\n    def test_it(self):\n"
        "        with override('done', True):\n            assert self\n\n"
        "    @override('done', False)\n        print(1)\n"
    )
    found = pipeline.plans(pipeline.analyse(config.load(tmp_path), now=NOW, cache=False))["done"]
    assert found.why == ""
    assert found.plan is not None
    assert "unparsable-file" in {leftover.code for leftover in found.plan.leftovers}


def test_a_read_whose_key_a_subclass_sets_is_no_leftover_beside_one_that_goes(tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text(REGISTRY)
    (tmp_path / "base.py").write_text(
        'from flaglint.evaluator import Evaluator\n\nflags = Evaluator("flags.yaml")\n\n\n'
        "class Gate:\n    key = 'done'\n\n    def on(self, user):\n"
        "        return flags.boolean(self.key, user, False)\n\n\nclass Half(Gate):\n    key = 'half'\n\n\n"
        "def shown(user):\n    return 1 if flags.boolean('done', user, False) else 2\n"
    )
    made = pipeline.plans(pipeline.analyse(config.load(tmp_path), now=NOW, cache=False))
    plan = made.plan({"done": Kept(True, None, "for the test")})
    assert sorted(item.status.value for item in plan.reads) == ["folded", "refused"]
    (change,) = [item for item in plan.changes if item.path == "base.py"]
    assert b"flags.boolean(self.key, user, False)" in change.after
    assert b"def shown(user):\n    return 1\n" in change.after
