"""Verdicts on GrowthBook's features against its own engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from real_sdk import installed
from verdict_kit import CODE_DEFAULT, Seen, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

growthbook = installed("growthbook", "growthbook")

KEYS = ("a", "b", "c", "d", "e", "f")
VALUES = ((True, False), ("red", "blue", ""), (1, 0, 2.5), (True, 1, None), ({"x": 1}, [], {}))
CONDITIONS = (
    {}, {}, {"country": "DE"}, {"country": {"$in": ["DE", "FR"]}}, {"age": {"$gte": 18}}, {"$not": {"country": "DE"}},
    {"$or": [{"country": "DE"}, {"plan": {"$exists": True}}]}, {"$or": []}, {"$and": []}, {"$not": {}}, {"$nor": []},
    {"$and": [{"$or": []}, {"$not": {}}]},
)  # fmt: skip


def a_document(random: Random) -> Any:
    return {"features": {key: _feature(random, random.choice(VALUES)) for key in KEYS}}


def _feature(random: Random, values: tuple[Any, ...]) -> dict[str, Any]:
    rules = [_rule(random, values) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    return {"defaultValue": random.choice(values), "rules": rules}


def _rule(random: Random, values: tuple[Any, ...]) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    if random.random() < 0.5:
        rule["condition"] = random.choice(CONDITIONS)
    if random.random() < 0.35:
        rule["parentConditions"] = [_parent(random) for _ in range(random.randint(1, 2))]
    if random.random() < 0.7:
        rule["force"] = random.choice(values)
        if random.random() < 0.3:
            rule["coverage"] = random.choice((0, 0.5, 1))
            rule["hashAttribute"] = random.choice(("id", "company"))
        return rule
    if random.random() < 0.85:
        rule["variations"] = [random.choice(values) for _ in range(random.randint(0, 3))]
        if random.random() < 0.3:
            rule["coverage"] = random.choice((0, 0.5, 1))
        if random.random() < 0.3:
            rule["meta"] = [{"passthrough": random.random() < 0.5} for _ in range(random.randint(1, 3))]
        if random.random() < 0.3:
            rule["weights"] = [1, *(0 for _ in rule["variations"][1:])]
        if random.random() < 0.3:
            rule["namespace"] = ["shop", 0, random.choice((0.5, 1))]
        if random.random() < 0.3:
            rule["filters"] = [{"seed": "s", "ranges": [[0, random.choice((0.5, 1))]], "attribute": "id"}]
    return rule


def _parent(random: Random) -> dict[str, Any]:
    wanted = random.choice((True, False, "red", 1, None, {"$exists": True}, {"$ne": True}, {"$in": ["red", 1]}))
    condition = {} if random.random() < 0.1 else {"value": wanted}
    return {"id": random.choice((*KEYS, "missing")), "condition": condition, "gate": random.random() < 0.5}


def a_context(random: Random) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for name, values in (
        ("id", ("u1", "u2", "u3", "u4", 7, "")), ("company", ("c1", "c2", None)), ("country", ("DE", "FR", "US", 1)),
        ("age", (17, 18, "40")), ("plan", ("pro", None)),
    ):  # fmt: skip
        if random.random() < 0.75:
            attributes[name] = random.choice(values)
    return {"attributes": attributes, "url": random.choice(("", "", "https://shop.example/?a=1", "/?c=0&e=2"))}


def serving(document: Any) -> Callable[[str, Mapping[str, Any]], Seen]:
    def serve(key: str, context: Mapping[str, Any]) -> Seen:
        engine = growthbook.GrowthBook(features=document["features"], **context)
        value = engine.get_feature_value(key, CODE_DEFAULT)
        on = engine.is_on(key)
        engine.destroy()
        return Seen(value, on if value != CODE_DEFAULT else None)

    return serve


def test_no_value_lies_outside_of_what_is_proven() -> None:
    tally = compare("growthbook", a_document, serving, a_context)
    assert tally.outside == []
    assert tally.proven > tally.constant / 2
