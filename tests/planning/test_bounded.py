"""Plans up to a number of files, and those of them that are made ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.planning import apart, bounded
from flaglint.planning.bounded import Bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.planning import Planned, Plans

KEYS = ["done", "half", "stays", "stuck"]


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, int]]:
    """Return what is planned together, with the files of each."""
    found: list[dict[str, int]] = []

    def planned_apart(plans: Plans, costs: Mapping[str, int], jobs: int) -> Iterator[Planned]:
        found.append(dict(costs))
        return apart.planned_apart(plans, costs, jobs)

    monkeypatch.setattr(bounded, "planned_apart", planned_apart)
    return found


def test_plans_no_more_than_a_number_of_files_and_tells_how_many_were_left(plans: Plans) -> None:
    bounded = Bounded(plans, work=3)
    assert bounded["half"].plan is None  # serves no single value, so there is nothing to plan
    assert bounded["done"].plan is not None
    assert bounded["stuck"].plan is None
    assert bounded["stuck"].readiness.level == "caution"
    assert bounded["done"] is bounded["done"]
    assert bounded.left_out == 1
    assert list(bounded) == list(plans)
    with pytest.raises(KeyError):
        bounded["nobody"]


@pytest.mark.parametrize("work", [0, 2, 3, 4, 100])
def test_what_is_planned_ahead_is_what_would_be_planned_one_by_one(
    plans: Plans, together: list[dict[str, int]], work: int
) -> None:
    ahead = Bounded(plans, work, jobs=1)
    ahead.ahead(KEYS)
    found = [ahead[key] for key in KEYS]
    expected = ["done", "stuck"][: work // 2]
    assert list(together[0]) == expected
    assert [one.key for one in found if one.told is not None] == expected
    assert ahead.left_out == 2 - len(expected)


def test_what_was_asked_for_is_not_planned_again(plans: Plans, together: list[dict[str, int]]) -> None:
    ahead = Bounded(plans, 100, jobs=1)
    known = ahead["done"]
    ahead.ahead([*KEYS, "done"])
    assert [list(costs) for costs in together] == [["stuck"]]
    assert ahead["done"] is known


def test_a_check_has_all_planned_ahead_that_its_findings_speak_of(plans: Plans, together: list[dict[str, int]]) -> None:
    from flaglint.lints import check

    graph, settings = plans.graph, plans.settings
    found = check(
        graph, settings, read_text=plans.contents.get, now=plans.now, provided={"plans": Bounded(plans, 100, jobs=1)}
    )
    told = {one.key for one in found.findings if one.help.startswith("removable: ")}
    assert told == {"done", "stuck"} == {key for costs in together for key in costs}
