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


@pytest.mark.parametrize(
    ("rule", "variant", "error"),
    [
        ({"substr": ["mid", -0.5]}, None, "GENERAL"),  # counts from the end, and there is nothing behind it
        ({"substr": ["some on", -2.9]}, "on", None),
        ({"substr": ["on", float("-inf")]}, "on", None),
        ({"substr": ["on top", 0, -4.9]}, "on", None),
        ({"if": [{"substr": ["null", -1, -0.4]}, "on", "off"]}, "off", None),
        ({"reduce": [[1, 2], {"var": "accumulator"}, {"var": "start"}]}, None, "GENERAL"),  # a literal, not a rule
        ({"reduce": [[], {"var": "accumulator"}, "on"]}, "on", None),
        ({"var": ["start", "off"]}, "on", None),
        ({"var": ["start", "off", 1]}, None, "GENERAL"),
        ({"if": [{">": ["Infinity", 1]}, "on", "off"]}, "on", None),
        ({"if": [{"<": [" -infinity ", 1]}, "on", "off"]}, "on", None),
        ({"if": [{">": ["inf", 1]}, "on", "off"]}, "off", None),
        ({"if": [{"none": [[1], {"fractional": []}]}, "on", "off"]}, "on", None),
    ],
)
@pytest.mark.parametrize("generation", ["flagd-v2", "flagd-v3"])
def test_corners_of_json_logic_are_those_of_flagds_python_core(
    rule: Any, variant: str | None, error: str | None, generation: str
) -> None:
    definition = {"state": "ENABLED", "variants": {"on": 1, "off": 0, "mid": 2}, "defaultVariant": "mid"}
    evaluator = Evaluator(flagd({"flags": {"f": {**definition, "targeting": rule}}}, generation))
    served = evaluator.evaluate("f", {"start": "on"})
    assert (served.variant, served.error_code) == (variant, error)
