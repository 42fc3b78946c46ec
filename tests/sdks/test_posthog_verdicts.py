"""Verdicts on PostHog's flags against the local evaluation of its own client."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from real_sdk import installed
from verdict_kit import Seen, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

posthog = installed("posthog", "posthog")

KEYS = ("a", "b", "c", "d", "e")
PROPERTIES = (
    {"key": "email", "type": "person", "value": "@example.com", "operator": "icontains"},
    {"key": "plan", "type": "person", "value": ["pro"], "operator": "exact"},
    {"key": "plan", "type": "person", "value": "pro", "operator": "is_not"},
    {"key": "age", "type": "person", "value": 18, "operator": "gte"},
    {"key": "email", "type": "person", "value": "is_set", "operator": "is_set"},
    {"key": "id", "type": "cohort", "value": 7},
    {"key": "id", "type": "cohort", "value": 8},
)
COHORTS = {"7": {"type": "AND", "values": [dict(PROPERTIES[1])]}}


def _property(random: Random, flag: str) -> dict[str, Any]:
    if random.random() < 0.3:
        key, wanted = random.choice(KEYS), random.choice((True, False, "control", "x"))
        chain = [key] if key > flag else []  # PostHog writes none for a circle
        return {
            "key": key, "type": "flag", "value": wanted, "operator": "flag_evaluates_to", "dependency_chain": chain,
        }  # fmt: skip
    return dict(random.choice(PROPERTIES))


def _group(random: Random, flag: str) -> dict[str, Any]:
    group: dict[str, Any] = {
        "properties": [_property(random, flag) for _ in range(random.choice((0, 0, 1, 2)))],
        "rollout_percentage": random.choice((None, 100, 100, 50, 0)),
    }
    if random.random() < 0.3:
        group["variant"] = random.choice((None, "control", "x", "gone"))
    if random.random() < 0.1:
        group["aggregation_group_type_index"] = random.choice((0, 1))
    return group


def _flag(random: Random, key: str) -> dict[str, Any]:
    filters: dict[str, Any] = {"groups": [_group(random, key) for _ in range(random.choice((0, 1, 1, 2, 3)))]}
    if random.random() < 0.4:
        shares = random.choice(((50, 50), (100, 0), (0, 100), (30, 30), (33.33, 33.33, 33.34), (100,)))
        names = ("control", "x", "y")
        filters["multivariate"] = {
            "variants": [{"key": name, "rollout_percentage": share} for name, share in zip(names, shares, strict=False)]
        }
    if random.random() < 0.1:
        filters["aggregation_group_type_index"] = random.choice((0, 1))
    if random.random() < 0.15:
        filters["early_exit"] = True
    if random.random() < 0.1:
        filters["holdout"] = {"id": 3, "exclusion_percentage": random.choice((0, 10, 100))}
    if random.random() < 0.1:
        filters["feature_enrollment"] = random.choice((True, False))
    flag = {"id": 1, "key": key, "active": random.random() < 0.85, "filters": filters}
    if random.random() < 0.1:
        flag["ensure_experience_continuity"] = True
    if random.random() < 0.1:
        flag["bucketing_identifier"] = "device_id"
    return flag


def a_document(random: Random) -> Any:
    return {
        "flags": [_flag(random, key) for key in KEYS],
        "group_type_mapping": {"0": "company"},
        "cohorts": COHORTS,
    }


def a_context(random: Random) -> Mapping[str, Any]:
    properties: dict[str, Any] = {}
    for name, values in (
        ("email", ("ada@example.com", "bob@shop.example", None)), ("plan", ("pro", "free")), ("age", (17, 40, "old")),
        ("$feature_enrollment/a", (True, False)), ("$feature_enrollment/b", (True, "no")),
    ):  # fmt: skip
        if random.random() < 0.7:
            properties[name] = random.choice(values)
    asked: dict[str, Any] = {"person_properties": properties, "distinct_id": f"user {random.randint(0, 50)}"}
    if random.random() < 0.5:
        asked["groups"] = {"company": random.choice(("c1", "c2"))}
        asked["group_properties"] = {"company": {"plan": random.choice(("pro", "free"))}}
    if random.random() < 0.5:
        asked["device_id"] = f"device {random.randint(0, 9)}"
    return asked


def serving(document: Any) -> Callable[[str, Mapping[str, Any]], Seen | None]:
    logging.getLogger("posthog").setLevel(logging.CRITICAL)
    client = posthog.Posthog("phc_none", host="http://127.0.0.1:9", send=False)
    client.feature_flags = document["flags"]
    client.group_type_mapping = document["group_type_mapping"]
    client.cohorts = document["cohorts"]

    def serve(key: str, context: Mapping[str, Any]) -> Seen | None:
        found = client.get_feature_flag(
            key, **context, only_evaluate_locally=True, send_feature_flag_events=False, disable_geoip=True
        )
        return None if found is None else Seen(found, bool(found))

    return serve


def test_no_value_lies_outside_of_what_is_proven() -> None:
    tally = compare("posthog", a_document, serving, a_context)
    assert tally.outside == []
    assert tally.proven > tally.constant / 2
