"""Verdicts on LaunchDarkly's flags against launchdarkly-server-sdk, which reads the same file."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from proofs import DEFAULT, Case, hold
from real_sdk import installed

installed("ldclient", "launchdarkly-server-sdk")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

KINDS = ["user", "org", "device"]
ATTRIBUTES = ["country", "plan", "age", "key", "kind", "/address/city", "nothing"]
OPERATORS = ["in", "startsWith", "contains", "matches", "lessThan", "after", "semVerEqual", "noSuchOperator"]
VALUES = ["DE", "FR", "free", "pro", 18, 40, True, "a", "b", "user", "org", "2.0.0", ""]


@contextmanager
def client_of(path: Path) -> Iterator[Any]:
    from ldclient.client import LDClient
    from ldclient.config import Config
    from ldclient.integrations import Files

    data = Files.new_data_source(paths=[str(path)])
    client = LDClient(Config("sdk-key", update_processor_class=data, send_events=False, diagnostic_opt_out=True))
    try:
        assert client.is_initialized(), path.read_text()
        yield client
    finally:
        client.close()


def context(random: Random) -> Any:
    from ldclient import Context

    made = []
    for kind in random.sample(KINDS, random.choice([1, 1, 1, 2, 3])):
        builder = Context.builder(random.choice(["a", "b", "c", f"key-{random.randrange(1000)}"])).kind(kind)
        if random.random() < 0.3:
            builder.anonymous(True)
        for name in ("country", "plan", "age", "address"):
            if random.random() < 0.5:
                value = {"city": "Bonn"} if name == "address" else random.choice([*VALUES, ["DE", "pro"]])
                builder.set(name, value)
        made.append(builder.build())
    return made[0] if len(made) == 1 else Context.create_multi(*made)


def clause(random: Random, segments: list[str]) -> dict[str, Any]:
    if segments and random.random() < 0.4:
        found: dict[str, Any] = {"attribute": "", "op": "segmentMatch", "values": random.sample(segments, 1)}
    else:
        values = random.sample(VALUES, random.choice([0, 1, 1, 2]))
        found = {"attribute": random.choice(ATTRIBUTES), "op": random.choice(OPERATORS), "values": values}
    if random.random() < 0.3:
        found["negate"] = True
    if random.random() < 0.3:
        found["contextKind"] = random.choice(KINDS)
    return found


def clauses(random: Random, segments: list[str]) -> list[dict[str, Any]]:
    return [clause(random, segments) for _ in range(random.choice([0, 1, 1, 1, 2]))]


def rollout(random: Random, count: int) -> dict[str, Any]:
    weights = random.choice([[100000], [0, 100000], [100000, 0], [50000, 50000], [20000, 30000], [0, 0], [100000, 9]])
    entries = [{"variation": random.randrange(count), "weight": weight} for weight in weights]
    found: dict[str, Any] = {"variations": entries}
    if random.random() < 0.4:
        found["bucketBy"] = random.choice(["country", "age", "nothing", "/address/city"])
    if random.random() < 0.4:
        found["contextKind"] = random.choice(KINDS)
    if random.random() < 0.2:
        found["kind"] = "experiment"
    return found


def served(random: Random, count: int) -> dict[str, Any]:
    if random.random() < 0.5:
        return {"variation": random.randrange(count)}
    return {"rollout": rollout(random, count)} if random.random() < 0.95 else {}


def segment(random: Random, key: str, segments: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, "included": [], "excluded": [], "salt": key, "rules": []}
    if random.random() < 0.3:
        found["included"] = ["a", "b"]
    if random.random() < 0.2:
        found["excluded"] = ["b"]
    if random.random() < 0.2:
        found["includedContexts"] = [{"contextKind": "org", "values": random.choice([[], ["a"]])}]
    if random.random() < 0.6:
        rule: dict[str, Any] = {"clauses": clauses(random, segments if random.random() < 0.3 else [])}
        if random.random() < 0.3:
            rule["weight"] = random.choice([0, 50000, 100000])
        found["rules"] = [rule]
    return found


def flag(random: Random, key: str, keys: list[str], segments: list[str]) -> dict[str, Any]:
    variations = random.choice([[True, False], [True, False], [True, True], ["a", "b", "a"], [1, 2], [{"a": 1}, {}]])
    count = len(variations)
    found: dict[str, Any] = {"key": key, "version": 1, "variations": variations, "salt": key}
    found["on"] = random.random() < 0.8
    if random.random() < 0.8:
        found["offVariation"] = random.randrange(count)
    if random.random() < 0.97:
        found["fallthrough"] = served(random, count)
    if random.random() < 0.3:
        kinds: list[dict[str, Any]] = [{"values": random.choice([[], ["a"]]), "variation": random.randrange(count)}]
        found["targets"] = kinds
    if random.random() < 0.2:
        values = random.choice([[], ["a"]])
        kind = random.choice(KINDS)
        found["contextTargets"] = [{"values": values, "variation": random.randrange(count), "contextKind": kind}]
    if random.random() < 0.5:
        rules = [{"clauses": clauses(random, segments), **served(random, count)} for _ in range(random.randint(1, 2))]
        found["rules"] = rules
    if random.random() < 0.4:
        parents = random.sample([*keys, "gone"], random.choice([1, 1, 2]))
        found["prerequisites"] = [{"key": parent, "variation": random.randrange(2)} for parent in parents]
    return found


def document(random: Random) -> dict[str, Any]:
    keys = [f"flag-{number}" for number in range(8)]
    segments = [f"segment-{number}" for number in range(3)]
    return {
        "flags": {key: flag(random, key, keys, [*segments, "no-such-segment"]) for key in keys},
        "flagValues": {"value": random.choice(VALUES)},
        "segments": {key: segment(random, key, segments) for key in segments},
    }


def test_nothing_is_served_outside_the_proven_set(tmp_path: Path) -> None:
    clients = []

    def make(random: Random, number: int) -> Case:
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(document(random)))
        manager = client_of(path)
        client = manager.__enter__()
        while clients:
            clients.pop().__exit__(None, None, None)
        clients.append(manager)
        return Case(
            path.name,
            path.read_text(),
            lambda key, context: client.variation(key, context, DEFAULT),
            [context(random) for _ in range(60)],
        )

    try:
        hold("launchdarkly", make)
    finally:
        while clients:
            clients.pop().__exit__(None, None, None)
