"""A registry exported to flagd's format serves the same to everyone, by flagd's own engines."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from evaluation_kit.build import with_bucketing
from evaluation_kit.generate import ENVIRONMENTS, random_context, random_registry, random_time
from evaluation_kit.oracles import EVALUATIONS, GENERATIONS, Oracle

from flaglint.evaluator import Evaluator
from flaglint.evaluator.flagd.export import export_flagd


@pytest.mark.parametrize("engine", GENERATIONS)
def test_flagds_engines_serve_what_the_evaluator_serves(engine: str) -> None:
    compared = 0
    random = Random(20_260_901)
    with Oracle(engine) as oracle:
        while compared < EVALUATIONS:
            made = with_bucketing(random_registry(random), oracle.generation)
            environment = random.choice(ENVIRONMENTS)
            exported = export_flagd(made, environment)
            assert exported.refusals == ()
            now = [0.0]
            evaluator = Evaluator(made, environment=environment, clock=lambda now=now: now[0])  # type: ignore[misc] # mypy cannot infer the default
            questions: list[Any] = []
            expected: list[Any] = []
            for _ in range(40):
                context, now[0] = random_context(random), float(int(random_time(random)))
                for flag in made.flags:
                    questions.append((flag.key, flag.value_type.value, context, now[0]))
                    served = evaluator.evaluate(flag.key, context)
                    expected.append([served.variant, served.value, served.error_code])
            answers = oracle.answers(exported.document, questions)
            for question, answer, wanted in zip(questions, answers, expected, strict=True):
                assert answer == wanted, (question, exported.document["flags"][question[0]])
            compared += len(questions)
