"""Verdicts on Flagsmith's features against its own engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from real_sdk import installed
from verdict_kit import Seen, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

installed("flagsmith", "flagsmith")
mappers = installed("flagsmith.mappers", "flagsmith")
engine = installed("flag_engine.engine", "flagsmith-flag-engine")

KEYS = ("a", "b", "c", "d", "e")
VALUES = (None, "", "red", "blue", 3, True)
CONDITIONS = (
    {"property_": "plan", "operator": "EQUAL", "value": "pro"},
    {"property_": "age", "operator": "GREATER_THAN", "value": "17"},
    {"property_": "plan", "operator": "IS_NOT_SET", "value": None},
    {"property_": "", "operator": "PERCENTAGE_SPLIT", "value": "50"},
    {"property_": "", "operator": "PERCENTAGE_SPLIT", "value": "100"},
    {"property_": "plan", "operator": "IN", "value": "pro,team"},
)


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _state(random: Random, key: str, *, shares: bool = True) -> dict[str, Any]:
    number = random.choice((0, 0, 0, 1, 2)) if shares else 0
    return {
        "feature": {"id": KEYS.index(key), "name": key, "type": "MULTIVARIATE" if number else "STANDARD"},
        "enabled": random.random() < 0.6,
        "feature_state_value": random.choice(VALUES),
        "featurestate_uuid": _uuid(random),
        "feature_segment": {"priority": random.randint(0, 2)},
        "multivariate_feature_state_values": [
            {
                "id": index + 1,
                "percentage_allocation": random.choice((0, 0.0, 30, 50)),
                "multivariate_feature_option": {"id": index, "value": random.choice(VALUES[1:])},
                "mv_fs_value_uuid": _uuid(random),
            }
            for index in range(number)
        ],
    }


def _rule(random: Random, depth: int = 0) -> dict[str, Any]:
    return {
        "type": random.choice(("ALL", "ANY", "NONE")),
        "conditions": [random.choice(CONDITIONS) for _ in range(random.randint(0, 2))],
        "rules": [_rule(random, depth + 1) for _ in range(random.randint(0, 1))] if depth < 2 else [],
    }


def a_document(random: Random) -> Any:
    segments = [
        {
            "id": index,
            "name": f"segment {index}",
            "rules": [_rule(random) for _ in range(random.choice((0, 1, 1, 2)))],
            "feature_states": [_state(random, key) for key in random.sample(KEYS, random.choice((0, 1, 1, 2)))],
        }
        for index in range(random.randint(0, 2))
    ]
    document: dict[str, Any] = {
        "id": 1,
        "api_key": "ser.x",
        "name": "Production",
        "project": {"id": 1, "name": "Shop", "hide_disabled_flags": False, "segments": segments},
        "feature_states": [_state(random, key) for key in KEYS],
    }
    if random.random() < 0.3:
        features = [_state(random, random.choice(KEYS), shares=False)]
        document["identity_overrides"] = [{"identifier": "ada", "identity_features": features}]
    return document


def a_context(random: Random) -> Mapping[str, Any]:
    traits = {}
    if random.random() < 0.6:
        traits["plan"] = random.choice(("pro", "free", 7))
    if random.random() < 0.6:
        traits["age"] = random.choice((16, 40, "old"))
    identity = random.choice((None, "ada", "bob", *(f"user {number}" for number in range(20))))
    return {"identity": identity, "traits": traits}


def serving(document: Any) -> Callable[[str, Mapping[str, Any]], Seen]:
    environment = mappers.map_environment_document_to_context(document)

    def serve(key: str, context: Mapping[str, Any]) -> Seen:
        asked = environment
        if context["identity"]:
            asked = mappers.map_context_and_identity_data_to_context(
                context=environment, identifier=context["identity"], traits=context["traits"]
            )
        flag = engine.get_evaluation_result(asked)["flags"][key]
        return Seen(flag["value"], flag["enabled"])

    return serve


def test_no_state_or_value_lies_outside_of_what_is_proven() -> None:
    tally = compare("flagsmith", a_document, serving, a_context)
    assert tally.outside == []
    assert tally.proven > tally.constant / 2
