"""Verdicts on Featurevisor's features against its own SDK, which reads a datafile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from real_sdk import installed
from verdict_kit import Seen, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

featurevisor = installed("featurevisor", "featurevisor")

KEYS = ("a", "b", "c", "d", "e")
GERMANY = {"attribute": "country", "operator": "equals", "value": "de"}
SEGMENTS = ("*", "*", "*", ["germany"], "germany", {"or": ["germany", "adults"]}, {"not": ["adults"]}, "missing")
CONDITIONS = ("*", [GERMANY], {"or": [GERMANY, {"attribute": "age", "operator": "greaterThan", "value": 17}]})


def _entry(random: Random) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if random.random() < 0.8:
        entry["segments"] = random.choice(SEGMENTS)
    if random.random() < 0.2 or not entry:
        entry["conditions"] = random.choice(CONDITIONS)
    return entry


def _feature(random: Random, key: str) -> dict[str, Any]:
    feature: dict[str, Any] = {"bucketBy": random.choice(("userId", ["userId", "country"], {"or": ["userId"]}))}
    names = random.choice(((), (), ("x",), ("x", "y")))
    if names:
        feature["variations"] = [{"value": name} for name in names]
        if random.random() < 0.4:
            feature["disabledVariationValue"] = random.choice(("x", "off"))
    rules = []
    for index in range(random.choice((0, 1, 1, 2, 3))):
        rule = {"key": f"r{index}", **_entry(random), "percentage": random.choice((0, 100_000, 100_000, 50_000))}
        if random.random() < 0.15:
            rule["enabled"] = random.choice((True, False))
        if names and random.random() < 0.3:
            rule["variation"] = random.choice((*names, "gone"))
        if names:
            share = rule["percentage"]
            ranges = random.choice(([[0, share]], [[0, share // 2], [share // 2, share]], [[0, share // 3]], []))
            rule["allocation"] = [{"variation": name, "range": part} for name, part in zip(names, ranges, strict=False)]
        rules.append(rule)
    feature["traffic"] = rules
    if random.random() < 0.2:
        force = {**_entry(random)}
        if random.random() < 0.7:
            force["enabled"] = random.choice((True, False))
        if names and random.random() < 0.5:
            force["variation"] = random.choice((*names, "gone"))
        feature["force"] = [force]
    if random.random() < 0.35:
        other = other_than(random, key)
        feature["required"] = [other if random.random() < 0.6 else {"key": other, "variation": "x"}]
    if random.random() < 0.25:
        feature["requiredFeatures"] = random.choice((other_than(random, key), [{"feature": other_than(random, key)}]))
    return feature


def other_than(random: Random, key: str) -> str:
    return random.choice([name for name in (*KEYS, "missing") if name != key])


def a_document(random: Random) -> Any:
    return {
        "schemaVersion": "2",
        "revision": "1",
        "segments": {
            "germany": {"conditions": [GERMANY]},
            "adults": {"conditions": [{"attribute": "age", "operator": "greaterThan", "value": 17}]},
        },
        "features": {key: _feature(random, key) for key in KEYS},
    }


def a_context(random: Random) -> Mapping[str, Any]:
    context: dict[str, Any] = {}
    for name, values in (
        ("userId", [f"u{number}" for number in range(40)]),
        ("country", ["de", "us"]),
        ("age", [16, 40]),
    ):
        if random.random() < 0.75:
            context[name] = random.choice(values)
    return context


def serving(document: Any) -> Callable[[str, Mapping[str, Any]], Seen]:
    sdk = featurevisor.create_featurevisor({"datafile": document, "logLevel": "fatal"})
    varied = {key for key, feature in document["features"].items() if feature.get("variations")}

    def serve(key: str, context: Mapping[str, Any]) -> Seen:
        is_on = sdk.is_enabled(key, dict(context))
        return Seen(sdk.get_variation(key, dict(context)) if key in varied else is_on, is_on)

    return serve


def test_no_state_or_variation_lies_outside_of_what_is_proven() -> None:
    tally = compare("featurevisor", a_document, serving, a_context)
    assert tally.outside == []
    assert tally.proven > tally.constant / 2
