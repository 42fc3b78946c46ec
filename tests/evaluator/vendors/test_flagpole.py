"""Verdicts on Flagpole features, against vectors and against a plain reading of how its segments are matched.

Flagpole is no package. How it decides (`Feature.match`, `Segment.match`, `Segment.in_rollout`) is told in Sentry's
source, `src/flagpole`: a feature that is not enabled is off; the first segment of which every condition holds decides;
a rollout of 0 is off, one below 100 takes the context's id modulo 100 up to and with the rollout, the rest is on.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.model import Constant, Unknown, Varies
from tests.registry.foreign import example, loaded, proven


def test_there_is_one_of_each_verdict() -> None:
    assert proven(example("flagpole")) == {
        "organizations:one-page-checkout": Constant("true", True, "its first segment, `everybody`, has no conditions"),
        "organizations:gift-cards": Constant("false", False, "it has no segments"),
        "organizations:new-search": Varies("the segment `staff` has conditions"),
        "organizations:old-reports": Constant("false", False, "it is not enabled"),
        "organizations:torn": Unknown("its entry in the registry is broken"),
    }


_CONDITION = "{property: plan, operator: {kind: equals, value: pro}}"


@pytest.mark.parametrize(
    ("segments", "value"),
    [
        ("[{name: a}]", True),  # a rollout that is left out is 100
        ("[{name: a, rollout: null}]", True),
        ("[{name: a, rollout: 0}, {name: b}]", False),  # the first that matches decides
        ("[{name: a}, {name: b, rollout: 0}]", True),
        (f"[{{name: a, rollout: 0, conditions: [{_CONDITION}]}}]", False),
        ("[{name: a, rollout: 99}]", None),
        ("[{name: a, rollout: 1}, {name: b}]", None),  # no falling through to the second
        (f"[{{name: a, conditions: [{_CONDITION}]}}, {{name: b}}]", None),  # the condition may end in an error
        (f"[{{name: a, rollout: 0, conditions: [{_CONDITION}]}}, {{name: b}}]", None),
    ],
)
def test_what_segments_come_to(segments: str, value: bool | None) -> None:
    verdict = proven(loaded(f"k: {{owner: a, created_at: 2026-01-01, segments: {segments}}}\n"))["k"]

    assert verdict.value is value if isinstance(verdict, Constant) else value is None


_segments = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from("abc")},
        optional={
            "rollout": st.sampled_from([None, 0, 1, 50, 99, 100]),
            "conditions": st.lists(
                st.builds(
                    lambda kind, value: {"property": "plan", "operator": kind, "value": value},
                    st.sampled_from(["equals", "not_equals"]),
                    st.sampled_from(["pro", "free"]),
                ),
                max_size=2,
            ),
        },
    ),
    max_size=3,
)


def _served(feature: dict[str, Any], plan: str, identity: int) -> bool:
    if not feature["enabled"]:
        return False
    for segment in feature["segments"]:
        conditions = segment.get("conditions", [])
        if all((plan == item["value"]) == (item["operator"] == "equals") for item in conditions):
            rollout = segment.get("rollout", 100)
            return rollout is None or rollout == 100 or (rollout > 0 and identity % 100 <= rollout)
    return False


@given(st.booleans(), _segments)
def test_no_context_gets_anything_but_what_is_proven(enabled: bool, segments: list[dict[str, Any]]) -> None:
    feature = {"owner": "a", "created_at": "2026-01-01", "enabled": enabled, "segments": segments}
    verdict = proven(loaded(json.dumps({"k": feature}), path="flagpole.json"))["k"]

    if isinstance(verdict, Constant):
        contexts = [(plan, identity) for plan in ("pro", "free", "other") for identity in range(0, 100, 7)]
        assert {_served(feature, *context) for context in contexts} == {verdict.value}
