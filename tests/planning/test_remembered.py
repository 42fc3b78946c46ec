"""What plans came to is remembered for as long as nothing has changed that they were made of, and no longer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from flaglint import config, pipeline
from flaglint.records import replace
from flaglint.remove import verified
from flaglint.remove.told import FOLDER, Measured
from tests.half_removable import CART, NOW, REGISTRY
from tests.planning.conftest import half_removable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flaglint.planning import Planned
    from flaglint.remove.outcome import Plan

SEVERAL = """\
version: 1
environments: [staging, production]
flags:
  done:
    serve: "true"
    environments: {production: {serve: "false"}}
"""


class Project:
    """A project, what is said of the removal of a flag in a new run, and which flags were planned for the answer."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.planned: list[str] = []

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def ask(
        self,
        key: str = "done",
        *,
        now: float = NOW,
        cache: bool = True,
        tombstone: bool = False,
        keep_public: bool = False,
        measure: Callable[[Plan], Measured] | None = None,
        environments: tuple[str, ...] = (),
    ) -> tuple[Planned, list[str]]:
        self.planned.clear()
        settings = replace(config.load(self.root), environments=environments)
        analysis = pipeline.analyse(settings, now=now, cache=cache, jobs=1)
        plans = pipeline.plans(analysis, tombstone=tombstone, keep_public=keep_public)
        plans = replace(plans, measure=measure)
        found = plans[key]
        plans.keep()
        return found, list(self.planned)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = Project(tmp_path)
    half_removable(tmp_path, "nothing")
    plan = verified.verified_plan
    monkeypatch.setattr(
        verified,
        "verified_plan",
        lambda *given, **named: made.planned.extend(given[2]) or plan(*given, **named),  # type: ignore[func-returns-value]
    )
    return made


def test_a_second_run_says_the_same_and_plans_nothing(project: Project) -> None:
    for key in ("done", "stuck"):
        first, planned = project.ask(key)
        assert planned == [key]
        second, planned = project.ask(key)
        assert planned == []
        assert (second.readiness, second.told, second.pin, second.why) == (
            first.readiness,
            first.told,
            first.pin,
            first.why,
        )
    assert second.told is not None
    assert [why for _, why in second.told.refused]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cart.py", CART + "\n\nrows = 1\n"),
        ("other.py", "import cart\n\nprint(cart.flags)\n"),
        ("new.py", ""),
        ("notes.cfg", "cart:size"),
        ("flags.yaml", REGISTRY.replace("  done:", "  # about it\n  done:")),
    ],
    ids=["the file that reads it", "another file", "a new file", "a file that is no Python", "the registry"],
)
def test_plans_anew_when_something_has_changed(project: Project, path: str, text: str) -> None:
    project.ask()
    project.write(path, text)
    assert project.ask()[1] == ["done"]


def test_what_has_changed_and_no_plan_looked_at_costs_no_plan(project: Project) -> None:
    first, _ = project.ask()
    for text in ("import cart\n\nprint(cart.size)\n", "size = user = 3\n", ""):
        project.write("other.py", text)
        again, planned = project.ask()
        assert (again.told, planned) == (first.told, [])


LEGACY = """\
from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("flags.yaml")
LIMIT = 3


class Basket:
    def rows(self, user):
        if flags.boolean("done", user, False):
            return self.modern()
        return self.legacy()[:LIMIT]

    def modern(self):
        return []

    def legacy(self):
        return [1]


def total(rows, step=1):
    if flags.boolean("done", None, False):
        return 0
    return rounded(rows, step)


def rounded(rows, step):
    return rows // step
"""


def test_what_has_changed_matters_also_when_a_run_between_asked_for_no_plan(project: Project) -> None:
    project.write("cart.py", LEGACY)
    project.ask()
    for text, planned in (("size = 4\n", []), ("from cart import rounded\n", ["done"])):
        project.write("other.py", text)
        assert pipeline.analyse(config.load(project.root), now=NOW, jobs=1).is_recalled
        project.write("other.py", text + "# and more\n")
        assert project.ask()[1] == planned


def measured(plan: Plan) -> Measured:
    """Tell plans apart by all that they change and say."""
    size = sum(len(change.after or b"") for change in plan.changes)
    return Measured(len(plan.changes), sum(len(change.edits) for change in plan.changes), size, len(plan.leftovers))


@pytest.mark.parametrize(
    "text",
    [
        "from cart import rounded\n",
        "from cart import (\n    Basket,\n    rounded as rounds,\n)\n",
        "import cart\n\nprint(cart.LIMIT)\n",
        "from cart import *\n\nprint(rounded)\n",
        "from unittest import mock\n\nmock.patch('cart.rounded')\n",
        "NAMES = ['cart:rounded', 'cart.LIMIT']\n",
        "def rows(basket):\n    return basket.legacy()\n",
        "def rows(basket):\n    return getattr(basket, 'legacy')()\n",
        "from cart import Basket\n\n\nclass Large(Basket):\n    def legacy(self):\n        return []\n",
        "import cart\n\n\nclass Large(cart.Basket):\n    def rows(self, user):\n        return self.legacy()\n",
        "from cart import total\n\ntotal([], 2)\n",
        "from cart import total\n\ntotal([], step=2)\n",
        "legacy = LIMIT = rounded = 1\n",
        "# of legacy rows\n",
        "",
    ],
)
def test_what_is_said_after_a_change_is_what_a_plan_made_anew_would_say(project: Project, text: str) -> None:
    project.write("cart.py", LEGACY)
    for before in ("size = 2\n", text):
        project.write("other.py", before)
        project.ask(measure=measured)
        for now in (text, "size = 2\n", text):
            project.write("other.py", now)
            found, _ = project.ask(measure=measured)
            anew, planned = project.ask(measure=measured, cache=False)
            assert planned == ["done"]
            assert (found.told, found.readiness) == (anew.told, anew.readiness)


def test_a_stub_that_comes_to_name_what_a_plan_takes_away_matters(project: Project) -> None:
    project.write("cart.py", LEGACY)
    project.write("stubs/web.pyi", "size: int\n")
    project.ask(measure=measured)
    for text in ("size: int\n# cart.rounded\n", "size: str\n"):
        project.write("stubs/web.pyi", text)
        found, _ = project.ask(measure=measured)
        anew, _ = project.ask(measure=measured, cache=False)
        assert found.told == anew.told


def test_plans_anew_when_a_file_is_gone(project: Project) -> None:
    project.ask()
    (project.root / "other.py").unlink()
    assert project.ask()[1] == ["done"]


def test_plans_anew_when_a_registry_has_changed_that_is_no_file_of_the_source(project: Project) -> None:
    project.write("flaglint.toml", 'exclude = ["flags.yaml"]\n')
    project.ask()
    assert project.ask()[1] == []
    project.write("flags.yaml", REGISTRY.replace("  done:", "  # about it\n  done:"))
    assert project.ask()[1] == ["done"]


def test_plans_anew_for_another_value(project: Project) -> None:
    project.write("flags.yaml", SEVERAL)
    staging, planned = project.ask(environments=("staging",))
    assert planned == ["done"]
    production, planned = project.ask(environments=("production",))
    assert planned == ["done"]
    assert staging.pin is not None
    assert production.pin is not None
    assert (staging.pin.value, production.pin.value) == (True, False)
    assert project.ask(environments=("production",))[1] == []


def test_ages_are_those_of_the_day(project: Project) -> None:
    dated = REGISTRY.replace(
        'done: {created: 2026-01-01, serve: "true"}', 'done: {rules: [{from: 2026-09-15T00:00:00Z, serve: "true"}]}'
    )
    project.write("flags.yaml", dated)
    young, _ = project.ask()
    old, planned = project.ask(now=NOW + 86_400 * 30)
    assert planned == []
    assert (young.readiness.level, old.readiness.level) == ("caution", "safe")


@pytest.mark.parametrize("way", [{"cache": False}, {"tombstone": True}, {"keep_public": True}], ids=str)
def test_other_ways_to_plan_neither_remember_nor_are_remembered(project: Project, way: dict[str, bool]) -> None:
    project.ask(**way)  # type: ignore[arg-type]
    assert not list(project.root.glob(f".flaglint_cache/{FOLDER}/*"))
    project.ask()
    assert project.ask(**way)[1] == ["done"]  # type: ignore[arg-type]


def test_who_wants_to_know_how_much_goes_is_not_told_less(project: Project) -> None:
    project.ask()
    measured = Measured(1, 2, 3, 4)
    found, planned = project.ask(measure=lambda _: measured)
    assert planned == ["done"]
    assert found.told is not None
    assert found.told.code == measured
    found, planned = project.ask(measure=lambda _: pytest.fail("there is no plan"))
    assert planned == []
    assert found.told is not None
    assert found.told.code == measured
    assert project.ask()[1] == []


def test_what_could_not_be_planned_is_tried_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as failing:
        failing.setattr(verified, "verified_plan", lambda *_, **__: pytest.fail("it fails"))
        with pytest.raises(pytest.fail.Exception):
            project.ask()
        failing.setattr(verified, "verified_plan", lambda *_, **__: 1 // 0)
        assert project.ask()[0].why.startswith("could not be planned")
    found, planned = project.ask()
    assert (found.why, planned) == ("", ["done"])


@pytest.mark.parametrize("what", ["cut", "digest", "rows", "types", "folder"])
def test_what_is_not_what_was_written_is_none(project: Project, what: str) -> None:
    first, _ = project.ask("stuck")
    (file,) = (project.root / f".flaglint_cache/{FOLDER}").iterdir()
    header, _, body = file.read_bytes().partition(b"\n")
    if what == "cut":
        file.write_bytes(header + b"\n" + body[:-5])
    elif what == "digest":
        file.write_bytes(header + b"\n" + body.replace(b"stuck", b"shrub"))
    elif what == "folder":
        file.unlink()
        file.mkdir()
    else:
        from flaglint.remove.told import _header

        rows = {"stuck": ["x"]} if what == "rows" else {"stuck": [*json.loads(body)["stuck"][:2], [[["a"], 1]], [], 5]}
        body = json.dumps(rows).encode()
        file.write_bytes(_header(body) + body)
    found, planned = project.ask("stuck")
    assert planned == ["stuck"]
    assert found.told == first.told


def test_few_states_are_remembered(project: Project) -> None:
    for number in range(5):
        project.write("other.py", f"size = {number} + 1000\n")
        project.ask()
    assert len(list((project.root / f".flaglint_cache/{FOLDER}").iterdir())) == 2
