"""What follows from what is known of one attribute, and what it costs to ask."""

import random
from unittest import mock

import pytest

from flaglint.evaluator.attributes import Comparisons, Facts
from flaglint.evaluator.conditions import compile_test
from flaglint.evaluator.exploration import Questions, explore

VALUES = ["", "a", "ab", "b", 1, 1.0, 0, 2, True, False, -1, 3.5, "1.2.0"]
CONTEXTS = [*VALUES, None, ["a"], ["ab", 1], "zz", 7]
OPERANDS = {
    "equals": VALUES,
    "in": [[], ["a"], ["a", 1], ["ab", "b", ""], [True, 0], [1, 2, 3.5]],
    "exists": [None],
    "key": [None],
    "gt": [0, 1.5],
    "lte": [0, 1, 2],
    "starts_with": ["a", "", ["a", "b"]],
    "contains": ["a", 1, True],
    "semver": [">=1.0.0"],
}


def holds(operation: str, operand: object, value: object) -> bool:
    """Return whether a comparison holds for a value, asked of what evaluates."""
    if operation == "key":
        return isinstance(value, str) and value != ""
    return compile_test("", operation, operand)({"": value})


@pytest.mark.parametrize("seed", range(300))
def test_what_is_implied_is_true_of_every_value_that_fits_what_is_known(seed: int) -> None:
    chance = random.Random(seed)
    facts = Facts(Comparisons())
    left = list(CONTEXTS)
    for _ in range(8):
        operation = chance.choice(sorted(OPERANDS))
        operand = chance.choice(OPERANDS[operation])
        implied = facts.implied(operation, operand)
        for value in left:
            assert implied is None or holds(operation, operand, value) is implied
        went = chance.random() < 0.4 if implied is None else implied
        facts.add(operation, operand, holds=went)
        left = [value for value in left if holds(operation, operand, value) is went]


def test_knows_that_a_value_can_only_be_one_of_those_that_are_left() -> None:
    facts = Facts(Comparisons())
    facts.add("equals", "DE", holds=False)
    facts.add("in", ["DE", "FR", 1], holds=True)
    assert facts.implied("in", ["DE", 1.0]) is None
    facts.add("equals", 1.0, holds=False)
    assert facts.implied("equals", "FR") is True
    assert facts.implied("equals", "DE") is False


def test_a_list_whose_values_were_all_ruled_out_cannot_hold() -> None:
    facts = Facts(Comparisons())
    for value in ("a", 1, True):
        facts.add("equals", value, holds=False)
    assert facts.implied("in", ["a", 1.0, True]) is False
    assert facts.implied("in", ["a", False]) is None


def test_values_that_were_ruled_out_are_not_gone_through_for_each_new_question() -> None:
    def walk(questions: Questions) -> int:
        return next((n for n in range(400) if questions.holds("country", "equals", f"C{n}")), 400)

    with mock.patch.object(Facts, "_satisfies", autospec=True, side_effect=Facts._satisfies) as tried:
        found = [result for result, _ in explore(walk, 500)]
    assert sorted(found) == list(range(401))
    assert tried.call_count <= 2 * len(found)  # on each way, that the last one holds
