"""Programs run before and after a removal: every call, result and exception is the same, in the same order.

A thousand programs here; `python tests/remove/removal_kit/long_run.py 20000` is the long run.
"""

from random import Random

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from removal_kit.differential import Outcome, attempt

SHARDS = 10


@pytest.mark.parametrize("shard", range(SHARDS))
def test_programs_do_the_same_before_and_after(shard: int) -> None:
    @seed(shard)
    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def run(random: Random) -> None:
        found = attempt(random, size=10)
        assert found.outcome in {Outcome.SAME, Outcome.REFUSED, Outcome.INVALID}, found.story

    run()


def test_most_programs_lose_their_flag() -> None:
    """Refusing is allowed, but no way out: of programs in which nothing hides in arguments, most lose every read."""
    outcomes = [attempt(Random(number), size=10).outcome for number in range(60)]
    valid = [outcome for outcome in outcomes if outcome is not Outcome.INVALID]
    assert valid.count(Outcome.SAME) >= 0.85 * len(valid)
    assert len(valid) > 40
