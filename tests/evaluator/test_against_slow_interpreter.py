"""Evaluation equals an interpreter that is slow and obviously right."""

import os
from random import Random

import pytest
from evaluation_kit import slow
from evaluation_kit.generate import ENVIRONMENTS, random_context, random_registry, random_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flaglint.evaluator import Evaluator

ROUNDS = int(os.environ.get("FLAGLINT_EVALUATIONS", "200"))


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**48))
def test_serves_what_the_slow_interpreter_serves(seed: int) -> None:
    random = Random(seed)
    registry = random_registry(random)
    environment = random.choice(ENVIRONMENTS)
    now = [0.0]
    evaluator = Evaluator(registry, environment=environment, clock=lambda: now[0])
    for _ in range(20):
        context = random_context(random)
        now[0] = random_time(random)
        for flag in registry.flags:
            served = evaluator.evaluate(flag.key, context, "the default")
            variant, reason = slow.serve(registry, flag.key, environment, context, now[0])
            assert served.variant == variant
            assert served.value == next(item.value for item in flag.variants if item.name == variant)
            if reason == "MATCH":
                assert served.reason in {"STATIC", "TARGETING_MATCH"}
            else:
                assert served.reason == reason
            assert served.error_code is None


@pytest.mark.parametrize("seed", range(20))
def test_the_generator_reaches_every_reason(seed: int) -> None:
    reasons = set()
    random = Random(seed)
    for _ in range(30):
        registry = random_registry(random)
        evaluator = Evaluator(registry, environment="production", clock=lambda: random_time(random))
        reasons |= {evaluator.evaluate(key, random_context(random)).reason for key in evaluator.keys for _ in range(5)}
    assert reasons == {"STATIC", "TARGETING_MATCH", "SPLIT", "DEFAULT", "DISABLED", "PREREQUISITE_FAILED"}
