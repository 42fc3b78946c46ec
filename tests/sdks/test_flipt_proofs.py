"""Verdicts on Flipt's flags against the engine of flipt-client, which a server of ours gives the same flags."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

from proofs import DEFAULT, Case, hold
from real_sdk import installed

installed("flipt_client", "flipt-client")

if TYPE_CHECKING:
    from random import Random

PROPERTIES = ["country", "plan", "age"]
VALUES = ["DE", "free", "7", "x", ""]


class Snapshot(BaseHTTPRequestHandler):
    """Serves what the engine asks for: the flags of a namespace as a server evaluates them."""

    content = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_: Any) -> None:
        pass


def as_served(document: dict[str, Any]) -> bytes:
    """Return a file as a Flipt server hands it to engines: segments written in, names in full."""
    known = {segment["key"]: segment for segment in document["segments"]}

    def segments(asked: dict[str, Any]) -> dict[str, Any]:
        found = []
        for name in asked["keys"]:
            match = known[name].get("match_type", "ALL_MATCH_TYPE").replace("MATCH", "SEGMENT_MATCH")
            constraints = [
                {**constraint, "type": constraint["type"].replace("COMPARISON", "CONSTRAINT_COMPARISON")}
                for constraint in known[name].get("constraints", [])
            ]
            found.append({"key": name, "matchType": match, "constraints": constraints})
        return {"segments": found, "segmentOperator": asked.get("operator", "OR_SEGMENT_OPERATOR")}

    flags = []
    for flag in document["flags"]:
        made = {**flag, "rules": [], "rollouts": []}
        default = next((variant["key"] for variant in flag.get("variants", []) if variant.get("default")), None)
        if default:
            made["defaultVariant"] = {"id": default, "key": default, "attachment": ""}
        for rank, rule in enumerate(flag.get("rules", []), start=1):
            parts = [
                {
                    "ruleId": str(rank),
                    "rollout": part["rollout"],
                    "variantId": part["variant"],
                    "variantKey": part["variant"],
                }
                for part in rule["distributions"]
            ]
            parts = [{**part, "variantAttachment": ""} for part in parts]
            made["rules"].append({"id": str(rank), "rank": rank, "distributions": parts, **segments(rule["segment"])})
        for rank, rollout in enumerate(flag.get("rollouts", []), start=1):
            if "threshold" in rollout:
                made["rollouts"].append(
                    {"type": "THRESHOLD_ROLLOUT_TYPE", "rank": rank, "threshold": rollout["threshold"]}
                )
                continue
            asked = {**segments(rollout["segment"]), "value": rollout["segment"]["value"]}
            made["rollouts"].append({"type": "SEGMENT_ROLLOUT_TYPE", "rank": rank, "segment": asked})
        flags.append(made)
    return json.dumps({"namespace": {"key": "default"}, "flags": flags}).encode()


def constraint(random: Random) -> dict[str, Any]:
    kind, operators = random.choice(
        [
            ("STRING_COMPARISON_TYPE", ["eq", "neq", "prefix", "empty"]),
            ("NUMBER_COMPARISON_TYPE", ["eq", "lt", "present"]),
            ("ENTITY_ID_COMPARISON_TYPE", ["eq", "neq"]),
        ]
    )
    operator = random.choice(operators)
    return {"type": kind, "property": random.choice(PROPERTIES), "operator": operator, "value": random.choice(VALUES)}


def segment(random: Random, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, "name": key}
    found["match_type"] = random.choice(["ALL_MATCH_TYPE", "ANY_MATCH_TYPE"])
    found["constraints"] = [constraint(random) for _ in range(random.choice([0, 0, 1, 2]))]
    return found


def asked(random: Random) -> dict[str, Any]:
    operator = random.choice(["OR_SEGMENT_OPERATOR", "AND_SEGMENT_OPERATOR"])
    return {"keys": random.sample(["a", "b", "c"], random.choice([1, 1, 2])), "operator": operator}


def flag(random: Random, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, "name": key, "enabled": random.random() < 0.7}
    if random.random() < 0.5:
        found["type"] = "BOOLEAN_FLAG_TYPE"
        found["rollouts"] = []
        for _ in range(random.choice([0, 1, 1, 2])):
            value = random.random() < 0.6
            share = {"percentage": random.choice([0, 50, 100]), "value": value}
            found["rollouts"].append(
                {"threshold": share} if random.random() < 0.5 else {"segment": {**asked(random), "value": value}}
            )
        return found
    found |= {"type": "VARIANT_FLAG_TYPE", "variants": [{"key": key} for key in ("red", "blue")], "rules": []}
    if random.random() < 0.5:
        found["variants"][0]["default"] = True
    for _ in range(random.choice([0, 1, 1, 2])):
        shares = random.choice([[100], [100, 0], [0, 100], [50, 50], [30], [], [0]])
        parts = [{"variant": name, "rollout": share} for name, share in zip(("red", "blue"), shares, strict=False)]
        found["rules"].append({"segment": asked(random), "distributions": parts})
    return found


def test_nothing_is_served_outside_the_proven_set() -> None:
    from flipt_client import FliptClient
    from flipt_client.models import ClientOptions

    server = HTTPServer(("127.0.0.1", 0), Snapshot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    clients: list[Any] = []

    def make(random: Random, number: int) -> Case:
        flags = [flag(random, f"flag-{index}") for index in range(8)]
        document = {"version": "1.5", "flags": flags, "segments": [segment(random, key) for key in "abc"]}
        Snapshot.content = as_served(document)
        url = f"http://127.0.0.1:{server.server_port}"
        client = FliptClient(ClientOptions(url=url, update_interval=timedelta(days=1)))
        while clients:
            clients.pop().close()
        clients.append(client)
        booleans = {made["key"] for made in flags if made["type"] == "BOOLEAN_FLAG_TYPE"}

        def serve(key: str, given: tuple[str, dict[str, str]]) -> Any:
            try:
                if key in booleans:
                    return client.evaluate_boolean(key, *given).enabled
                return client.evaluate_variant(key, *given).variant_key or DEFAULT
            except Exception:
                return DEFAULT

        contexts = [
            (
                f"entity-{random.randrange(1000)}",
                {name: random.choice(VALUES) for name in PROPERTIES if random.random() < 0.6},
            )
            for _ in range(50)
        ]
        return Case(f"{number}.json", json.dumps(document), serve, contexts)

    try:
        hold("flipt", make)
    finally:
        while clients:
            clients.pop().close()
        server.shutdown()
        server.server_close()
