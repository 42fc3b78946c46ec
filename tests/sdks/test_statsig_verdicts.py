"""Verdicts on Statsig's gates and configs against its own server SDKs, started from a file without a network."""

from __future__ import annotations

import json
import logging
from random import Random
from typing import TYPE_CHECKING, Any

from real_sdk import installed
from verdict_kit import NOW, Seen, compare, load

from flaglint.evaluator.proof import verdicts
from flaglint.model import Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

statsig = installed("statsig", "statsig")

GATES = ("a", "b", "c", "d", "segment:s")
CONFIGS = ("x", "y")
PUBLIC = {"type": "public", "targetValue": None, "operator": None, "field": None, "additionalValues": {}}
CONDITIONS = (
    {"type": "user_field", "targetValue": ["@example.com"], "operator": "str_contains_any", "field": "email"},
    {"type": "user_field", "targetValue": ["DE"], "operator": "none", "field": "country"},
    {"type": "user_field", "targetValue": 18, "operator": "gte", "field": "age"},
    {"type": "user_bucket", "targetValue": 500, "operator": "lt", "field": None, "additionalValues": {"salt": "s"}},
    {"type": "unit_id", "targetValue": ["user 1"], "operator": "any", "field": None},
    {"type": "environment_field", "targetValue": ["staging"], "operator": "any", "field": "tier"},
    {"type": "current_time", "targetValue": 1_600_000_000_000, "operator": "gt", "field": None},
    {"type": "current_time", "targetValue": 1_600_000_000_000, "operator": "lt", "field": None},
    {"type": "unheard_of", "targetValue": 1, "operator": "eq", "field": None},
)


def _condition(random: Random, name: str) -> dict[str, Any]:
    drawn = random.random()
    if drawn < 0.4:
        return dict(PUBLIC)
    if drawn < 0.75:
        return {"additionalValues": {}, **random.choice(CONDITIONS)}
    later = [gate for gate in GATES if gate > name or name in CONFIGS] + ["missing"]
    if drawn < 0.9:
        return {**PUBLIC, "type": random.choice(("pass_gate", "fail_gate")), "targetValue": random.choice(later)}
    several = random.sample(later, min(len(later), random.randint(0, 2)))
    return {**PUBLIC, "type": random.choice(("multi_pass_gate", "multi_fail_gate")), "targetValue": several}


def _spec(random: Random, name: str, values: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "feature_gate" if name in GATES else "dynamic_config",
        "salt": f"salt {name}",
        "enabled": random.random() < 0.85,
        "defaultValue": values[0] if name in GATES else random.choice(values),
        "entity": "segment" if name.startswith("segment:") else "feature_gate",
        "idType": "userID",
        "rules": [
            {
                "name": f"rule {index}",
                "id": f"r{index}",
                "salt": f"t{index}",
                "passPercentage": random.choice((100, 100, 100, 50, 0)),
                "returnValue": values[1] if name in GATES else random.choice(values),
                "idType": "userID",
                "conditions": [_condition(random, name) for _ in range(random.choice((0, 1, 1, 1, 2)))],
            }
            for index in range(random.choice((0, 1, 1, 2)))
        ],
    }


def a_document(random: Random) -> Any:
    return {
        "has_updates": True,
        "time": 1_700_000_000_000,
        "feature_gates": [_spec(random, name, (False, True)) for name in GATES],
        "dynamic_configs": [_spec(random, name, ({}, {"a": 1}, {"a": 2})) for name in CONFIGS],
        "layer_configs": [],
    }


def a_context(random: Random) -> Mapping[str, Any]:
    user: dict[str, Any] = {"user_id": f"user {random.randint(0, 30)}"}
    for name, values in (("email", ("ada@example.com", "bob@shop.example")), ("country", ("DE", "US"))):
        if random.random() < 0.6:
            user[name] = random.choice(values)
    if random.random() < 0.6:
        user["custom"] = {"age": random.choice((17, 40, "old"))}
    return user


def serving(document: Any) -> Callable[[str, Mapping[str, Any]], Seen]:
    logging.getLogger("statsig").setLevel(logging.CRITICAL + 1)
    server = statsig.StatsigServer()
    options = statsig.StatsigOptions(
        local_mode=True, bootstrap_values=json.dumps(document), disable_all_logging=True, disable_diagnostics=True
    )
    server.initialize("secret-none", options)

    def serve(key: str, context: Mapping[str, Any]) -> Seen:
        user = statsig.StatsigUser(**context)
        if key in CONFIGS:
            return Seen(server.get_config(user, key).value)
        return Seen(server.check_gate(user, key))

    return serve


def test_no_value_lies_outside_of_what_is_proven() -> None:
    tally = compare("statsig", a_document, serving, a_context)
    assert tally.outside == []
    assert tally.proven > tally.constant / 2


# ------------------------------------------------------------------------------------------------ the newer SDK


def a_newer_document(random: Random) -> Any:
    """Return the specs by name, with their conditions apart, as the newer SDK downloads them."""
    older = a_document(random)
    conditions: dict[str, Any] = {}
    newer = {**older, "experiment_to_layer": {}, "layer_configs": {}, "condition_map": conditions}
    for part in ("feature_gates", "dynamic_configs"):
        newer[part] = {spec.pop("name"): spec for spec in older[part]}
        for spec in newer[part].values():
            for rule in spec["rules"]:
                written = [
                    json.dumps({"idType": "userID", **condition}, sort_keys=True) for condition in rule["conditions"]
                ]
                conditions |= {text: json.loads(text) for text in written}
                rule["conditions"] = written
    return newer


def newer_serving(document: Any) -> Callable[[str, Mapping[str, Any]], Seen]:
    core = installed("statsig_python_core", "statsig-python-core")

    class Specs(core.DataStore):
        def get(self, key: str) -> Any:
            return core.DataStoreResponse(result=json.dumps(document), time=document["time"])

    options = core.StatsigOptions(data_store=Specs(), disable_network=True, disable_all_logging=True)
    server = core.Statsig("secret-none", options)
    server.initialize().wait()

    def serve(key: str, context: Mapping[str, Any]) -> Seen:
        user = core.StatsigUser(**context)
        if key in CONFIGS:
            return Seen(server.get_dynamic_config(user, key).value)
        return Seen(server.check_gate(user, key))

    return serve


def test_no_value_of_the_newer_sdk_lies_outside_of_what_is_proven() -> None:
    installed("statsig_python_core", "statsig-python-core")
    tally = compare("statsig-python-core", a_newer_document, newer_serving, a_context)
    assert tally.outside == []
    assert tally.proven > tally.constant / 2


def test_a_condition_that_the_newer_sdk_does_not_know_leaves_what_the_one_before_it_came_to() -> None:
    installed("statsig_python_core", "statsig-python-core")
    document = a_newer_document(Random(0))
    public = {**PUBLIC, "idType": "userID"}
    unknown = {**public, "type": "unheard_of", "operator": "eq", "targetValue": 1}
    document["condition_map"] = {"public": public, "unknown": unknown}
    gate = document["feature_gates"]["a"] | {"enabled": True, "defaultValue": False}
    rule = {"name": "r", "id": "r", "salt": "s", "passPercentage": 0, "returnValue": True, "idType": "userID"}
    for conditions, served in ((["public", "unknown"], True), (["unknown", "public"], False)):
        document["feature_gates"] = {"a": {**gate, "rules": [{**rule, "conditions": conditions}]}}
        assert newer_serving(document)("a", {"user_id": "ada"}).value is served
        verdict = verdicts(load(document), NOW)["a"]["default"]
        assert isinstance(verdict, Constant) is (not served)
