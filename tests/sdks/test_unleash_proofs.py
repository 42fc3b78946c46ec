"""Verdicts on Unleash's features against the engine of UnleashClient, which reads the same file."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from proofs import DEFAULT, Case, hold
from real_sdk import installed

installed("yggdrasil_engine", "UnleashClient")

if TYPE_CHECKING:
    from random import Random

PROPERTIES = ["userId", "sessionId", "country", "plan", "age", "nothing"]
VALUES = ["DE", "FR", "free", "a", "b", "7", "2026-01-01T00:00:00Z", "1.2.3", ""]
STRATEGIES = ["default", "default", "flexibleRollout", "flexibleRollout", "flexibleRollout", "userWithId", "custom"]
STRATEGIES += ["gradualRolloutUserId", "gradualRolloutRandom", "remoteAddress"]
SHARES = ["0", "1", "50", "99", "100", "100", "100"]


@pytest.fixture(autouse=True)
def quiet() -> None:
    logging.getLogger("yggdrasil_engine").setLevel(logging.CRITICAL)


def constraint(random: Random) -> dict[str, Any]:
    operator = random.choice(
        ["IN", "NOT_IN", "IN", "NOT_IN", "STR_STARTS_WITH", "NUM_GT", "DATE_AFTER", "SEMVER_GT", "NO"]
    )
    found: dict[str, Any] = {"contextName": random.choice(PROPERTIES), "operator": operator}
    if operator in {"IN", "NOT_IN", "STR_STARTS_WITH"}:
        found["values"] = random.sample(VALUES, random.choice([0, 0, 1, 2]))
    else:
        found["value"] = random.choice(VALUES)
    if random.random() < 0.3:
        found["inverted"] = True
    return found


def strategy(random: Random) -> dict[str, Any]:
    name = random.choice(STRATEGIES)
    parameters: dict[str, str] = {}
    if name == "flexibleRollout":
        parameters = {"rollout": random.choice([*SHARES, "101", "x"]), "groupId": random.choice(["f", "g h", 'a"b'])}
        if random.random() < 0.9:
            parameters["stickiness"] = random.choice(["default", "default", "random", "userId", "country", ""])
    elif name.startswith("gradual"):
        parameters = {"percentage": random.choice(SHARES), "groupId": "f"}
    elif name == "userWithId":
        parameters = {"userIds": random.choice(["", "a", "a,b"])}
    elif name == "remoteAddress":
        parameters = {"IPs": "10.0.0.1"}
    found: dict[str, Any] = {"name": name, "parameters": parameters}
    if random.random() < 0.4:
        found["constraints"] = [constraint(random) for _ in range(random.choice([0, 1, 1, 2]))]
    if random.random() < 0.2:
        found["segments"] = random.choice([[], [1], [2], [1, 2], [2], [9]])
    if random.random() < 0.2:
        found["variants"] = variants(random)
    return found


def variants(random: Random) -> list[dict[str, Any]]:
    names = random.sample(["red", "green", "blue"], random.choice([0, 1, 2]))
    return [{"name": name, "weight": random.choice([1, 500, 1000]), "stickiness": "default"} for name in names]


def feature(random: Random, name: str, names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "type": "release",
        "enabled": random.random() < 0.8,
        "variants": variants(random),
    }
    found["strategies"] = [strategy(random) for _ in range(random.choice([0, 1, 1, 1, 2, 3]))]
    if random.random() < 0.35:
        parents = random.sample([*names, "gone"], random.choice([1, 1, 2]))
        found["dependencies"] = [dependency(random, parent) for parent in parents]
    return found


def dependency(random: Random, parent: str) -> dict[str, Any]:
    found: dict[str, Any] = {"feature": parent}
    if random.random() < 0.4:
        found["enabled"] = random.random() < 0.5
    if random.random() < 0.3:
        found["variants"] = random.sample(["red", "green", "disabled"], random.choice([0, 1]))
    return found


def document(random: Random) -> dict[str, Any]:
    names = [f"feature-{number}" for number in range(8)]
    segments = [{"id": number, "name": f"s{number}", "constraints": []} for number in (1, 2)]
    segments[0]["constraints"] = [constraint(random) for _ in range(random.choice([0, 1]))]
    return {"version": 2, "features": [feature(random, name, names[:3]) for name in names], "segments": segments}


def context(random: Random) -> dict[str, Any]:
    found: dict[str, Any] = {"properties": {}}
    for name in PROPERTIES[:5]:
        if random.random() < 0.5:
            (found if name in {"userId", "sessionId"} else found["properties"])[name] = random.choice(VALUES)
    return found


def test_nothing_is_served_outside_the_proven_set() -> None:
    from yggdrasil_engine.engine import UnleashEngine

    def make(random: Random, number: int) -> Case:
        text = json.dumps(document(random))
        engine = UnleashEngine()
        engine.take_state(text)

        def serve(key: str, given: dict[str, Any]) -> Any:
            result = engine.is_enabled(key, given)
            return result.is_enabled if result.is_found else DEFAULT

        return Case(f"{number}.json", text, serve, [context(random) for _ in range(60)])

    hold("unleash", make)


def test_a_variant_that_is_proven_is_the_one_that_is_served() -> None:
    from random import Random

    from yggdrasil_engine.engine import UnleashEngine

    from flaglint.evaluator.proof import verdicts
    from flaglint.model import Constant
    from flaglint.registry.files import File
    from flaglint.registry.parsing import load_files

    proven = 0
    for number in range(40):
        random = Random(f"variants {number}")
        text = json.dumps(document(random))
        engine = UnleashEngine()
        engine.take_state(text)
        for key, found in verdicts(load_files([File("a.json", text.encode())]), 0).items():
            verdict = found["default"]
            if isinstance(verdict, Constant) and verdict.value is True and verdict.variant:
                proven += 1
                names = {engine.get_variant(key, context(random)).variant.name for _ in range(20)}
                assert names == {verdict.variant}
    assert proven > 10
