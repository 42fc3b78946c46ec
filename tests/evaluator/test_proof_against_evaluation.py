"""What evaluation can serve never lies outside what was proven."""

import os
from random import Random

from evaluation_kit.generate import ENVIRONMENTS, NOW, random_context, random_registry, random_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flaglint.evaluator import Evaluator
from flaglint.evaluator.proof import verdicts
from flaglint.model import Constant, Varies

ROUNDS = int(os.environ.get("FLAGLINT_PROOFS", "150"))
CONTEXTS = 20


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**48))
def test_no_outcome_lies_outside_the_proven_set(seed: int) -> None:
    random = Random(seed)
    registry = random_registry(random)
    environment = random.choice(ENVIRONMENTS)
    begins = random_time(random)
    proven = verdicts(registry, begins)
    now = [0.0]
    evaluator = Evaluator(registry, environment=environment, clock=lambda: now[0])
    for _ in range(CONTEXTS):
        context = random_context(random)
        now[0] = begins + abs(random_time(random) - NOW)
        for flag in registry.flags:
            verdict = proven[flag.key][environment]
            served = evaluator.evaluate(flag.key, context)
            if isinstance(verdict, Constant):
                assert (served.value, type(served.value)) == (verdict.value, type(verdict.value))
                assert verdict.variant in {None, served.variant}
            else:
                assert isinstance(verdict, Varies)


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**48))
def test_a_forecast_comes_true(seed: int) -> None:
    from datetime import UTC, datetime

    random = Random(seed)
    registry = random_registry(random)
    environment = random.choice(ENVIRONMENTS)
    proven = verdicts(registry, random_time(random))
    now = [0.0]
    evaluator = Evaluator(registry, environment=environment, clock=lambda: now[0])
    for flag in registry.flags:
        verdict = proven[flag.key][environment]
        if not isinstance(verdict, Varies) or verdict.forecast is None:
            continue
        day = datetime(verdict.forecast.year, verdict.forecast.month, verdict.forecast.day, tzinfo=UTC).timestamp()
        assert isinstance(verdicts(registry, day)[flag.key][environment], Constant)
        values = []
        for _ in range(CONTEXTS):
            now[0] = day + abs(random_time(random) - NOW)
            served = evaluator.evaluate(flag.key, random_context(random))
            values.append(served.value)
            assert verdict.forecast_variant in {None, served.variant}
        assert all(value == values[0] for value in values)
