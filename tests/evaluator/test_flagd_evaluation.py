"""flagd's own format is evaluated as flagd's own Python engines do."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from evaluation_kit import logic
from evaluation_kit.build import flag, registry
from evaluation_kit.oracles import EVALUATIONS, GENERATIONS, Oracle

from flaglint.evaluator import Evaluator
from flaglint.model import ValueType

if TYPE_CHECKING:
    from flaglint.definition import Registry


def flagd(document: dict[str, Any], bucketing: str = "flagd-v2") -> Registry:
    """A registry of the flags in a flagd document, as its reader makes it."""
    flags = [
        replace(flag(key, variants=definition["variants"]), format="flagd", payload=definition)
        for key, definition in document["flags"].items()
    ]
    return registry(*flags, bucketing=bucketing)


@pytest.mark.parametrize("engine", [name for name in GENERATIONS if name.startswith("python")])
def test_evaluates_as_flagds_python_engine(engine: str) -> None:
    random = Random(2026)
    compared = 0
    with Oracle(engine) as oracle:
        while compared < EVALUATIONS:
            document = logic.document(random)
            now = [0.0]
            evaluator = Evaluator(flagd(document, oracle.generation), clock=lambda now=now: now[0])  # type: ignore[misc] # mypy cannot infer the default
            questions: list[Any] = []
            expected: list[Any] = []
            for _ in range(20):
                context, now[0] = logic.context(random), float(logic.NOW + random.randint(-6, 6) * logic.DAY)
                for key, definition in document["flags"].items():
                    kind = logic.kind(definition)
                    questions.append((key, kind, context, now[0]))
                    served = evaluator.evaluate_as(ValueType(kind), key, context, None)
                    expected.append([served.variant, served.value, served.error_code])
            answers = oracle.answers(document, questions)
            for question, answer, wanted in zip(questions, answers, expected, strict=True):
                assert answer == wanted, (question, document["flags"][question[0]])
            compared += len(questions)
