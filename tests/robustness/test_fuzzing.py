"""A short run of the fuzzers over every reader; `python -m tests.robustness.fuzzing` makes longer ones."""

import warnings

import pytest

from tests.robustness.fuzzing import tried
from tests.robustness.targets import TARGETS

RUNS = 40  # inputs for each reader


@pytest.mark.parametrize("first", range(RUNS // 10))
@pytest.mark.parametrize("target", range(len(TARGETS)), ids=[target.name for target in TARGETS])
def test_spoilt_files_end_in_a_result_or_an_error_with_words(target: int, first: int) -> None:
    for number in range(first * 10, first * 10 + 10):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ended = tried(number * len(TARGETS) + target)
        assert ended.how in {"read", "refused"}, f"{ended.number}\n{ended.story}"


@pytest.mark.parametrize("number", [4001513, 9913113], ids=["names in circles", "wrappers in circles"])
def test_an_input_that_once_went_in_circles_ends(number: int) -> None:
    assert tried(number).how in {"read", "slow"}  # how long that takes is no matter of a test
