"""One flag engine under measurement, in a process of its own: `python evaluator_engines.py ENGINE FOLDER`.

Prints JSON: nanoseconds per call of three flags, calls per second of one and of four threads, and the time and memory
that 1,000 flags take to load. Imports nothing but the engine, so that each can run in its own environment.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[int], bool]

USERS = 1000
CALLS = 20_000
ROUNDS = 7
KINDS = ("boolean", "conditions", "rollout")
THREADS = 4
ATTRIBUTES = {"country": "DE", "plan": "pro", "age": 30}


def many() -> list[tuple[str, str]]:
    """Return the names and kinds of 1,000 flags: 400 boolean, 300 with conditions, 300 rollouts."""
    return [
        (f"flag-{number:04}", KINDS[0 if number % 10 < 4 else 1 if number % 10 < 7 else 2]) for number in range(1000)
    ]


def three() -> list[tuple[str, str]]:
    """Return the names and kinds of the three flags that are read."""
    return [(kind, kind) for kind in KINDS]


# ------------------------------------------------------------------------------------------------------ engines


class Flaglint:
    """This project: one YAML file, as people write it."""

    file = "flags.yaml"

    def text(self, flags: list[tuple[str, str]]) -> str:
        """Return a registry with the fields that a reviewed one has."""
        rules = {
            "boolean": "    serve: enabled\n",
            "conditions": (
                "    rules:\n"
                "      # the countries where it is allowed\n"
                "      - when: {country: [DE, FR, NL], plan: pro, age: {gte: 18}}\n"
                "        serve: enabled\n"
            ),
            "rollout": "    rules:\n      - serve: {enabled: 50, disabled: 50}\n",
        }
        entries = [
            f"  {name}:\n"
            f"    description: What {name} does for the people who use the shop, in a sentence\n"
            "    type: release\n"
            '    owner: "@payments"\n'
            "    created: 2026-08-01\n"
            "    expires: 2026-12-31\n"
            "    links:\n"
            f"      issue: SHOP-{number}\n"
            "    variants:\n"
            "      enabled: true\n"
            "      disabled: false\n"
            "    off_variant: disabled\n"
            f"{rules[kind]}\n"
            for number, (name, kind) in enumerate(flags)
        ]
        return "version: 1\nflags:\n" + "".join(entries)

    def load(self, path: Path) -> Any:
        """Return an evaluator of the file."""
        from flaglint.evaluator import Evaluator

        return Evaluator.from_path(path)

    def reader(self, engine: Any, key: str) -> Read:
        """Return a function that reads a flag for the n-th user."""
        contexts = [{"targetingKey": f"user-{number}", **ATTRIBUTES} for number in range(USERS)]
        boolean = engine.boolean
        return lambda number: boolean(key, contexts[number], False)  # noqa: FBT003 - as the others are read


class FlaglintCached(Flaglint):
    """This project, with the registry parsed before."""

    def load(self, path: Path) -> Any:
        """Return an evaluator from the cache that an earlier load left."""
        from flaglint.evaluator import Evaluator

        return Evaluator.from_path(path, cache=path.parent / "cache")


class FlagdCore:
    """flagd's Python core."""

    file = "flagd.json"

    def text(self, flags: list[tuple[str, str]]) -> str:
        """Return flagd's format."""
        conditions = [
            {"in": [{"var": "country"}, ["DE", "FR", "NL"]]},
            {"===": [{"var": "plan"}, "pro"]},
            {">=": [{"var": "age"}, 18]},
        ]
        targeting = {
            "boolean": {},
            "conditions": {"if": [{"and": conditions}, "on", "off"]},
            "rollout": {"fractional": [["on", 50], ["off", 50]]},
        }
        definition = {"state": "ENABLED", "variants": {"on": True, "off": False}}
        made = {
            name: {**definition, "defaultVariant": "on" if kind == "boolean" else "off", "targeting": targeting[kind]}
            for name, kind in flags
        }
        return json.dumps({"flags": made})

    def load(self, path: Path) -> Any:
        """Return the core with the file's flags."""
        from openfeature.contrib.tools.flagd.core import FlagdCore as Core

        core = Core()
        core.set_flags(path.read_text())
        return core

    def reader(self, engine: Any, key: str) -> Read:
        """Return a function that reads a flag for the n-th user."""
        from openfeature.evaluation_context import EvaluationContext

        contexts = [EvaluationContext(f"user-{number}", ATTRIBUTES) for number in range(USERS)]
        resolve = engine.resolve_boolean_value
        return lambda number: resolve(key, False, contexts[number]).value  # noqa: FBT003 - its signature


class GrowthBook:
    """growthbook, with the instance of each user made beforehand."""

    file = "growthbook.json"

    def text(self, flags: list[tuple[str, str]]) -> str:
        """Return features."""
        condition = {"country": {"$in": ["DE", "FR", "NL"]}, "plan": "pro", "age": {"$gte": 18}}
        rules: dict[str, list[Any]] = {
            "boolean": [],
            "conditions": [{"condition": condition, "force": True}],
            "rollout": [{"force": True, "coverage": 0.5, "hashAttribute": "id"}],
        }
        return json.dumps({name: {"defaultValue": kind == "boolean", "rules": rules[kind]} for name, kind in flags})

    def load(self, path: Path) -> Any:
        """Return the instances of all users."""
        from growthbook import GrowthBook as Client

        features = json.loads(path.read_text())
        return [Client(attributes={"id": f"user-{number}", **ATTRIBUTES}, features=features) for number in range(USERS)]

    def reader(self, engine: Any, key: str) -> Read:
        """Return a function that reads a flag for the n-th user."""
        return lambda number: engine[number].is_on(key)


class LaunchDarkly:
    """launchdarkly-server-sdk with a file as its source, and events off."""

    file = "launchdarkly.json"

    def text(self, flags: list[tuple[str, str]]) -> str:
        """Return flag data."""

        def clause(attribute: str, operator: str, values: list[Any]) -> dict[str, Any]:
            return {"attribute": attribute, "op": operator, "values": values, "contextKind": "user"}

        clauses = [
            clause("country", "in", ["DE", "FR", "NL"]),
            clause("plan", "in", ["pro"]),
            clause("age", "greaterThanOrEqual", [18]),
        ]
        halves = [{"variation": 0, "weight": 50_000}, {"variation": 1, "weight": 50_000}]
        kinds: dict[str, dict[str, Any]] = {
            "boolean": {"fallthrough": {"variation": 0}},
            "conditions": {
                "fallthrough": {"variation": 1},
                "rules": [{"id": "r", "clauses": clauses, "variation": 0}],
            },
            "rollout": {"fallthrough": {"rollout": {"contextKind": "user", "variations": halves}}},
        }
        shape = {"on": True, "version": 1, "variations": [True, False], "offVariation": 1, "targets": [], "rules": []}
        made = {name: {"key": name, "salt": name, "prerequisites": [], **shape, **kinds[kind]} for name, kind in flags}
        return json.dumps({"flags": made, "segments": {}})

    def load(self, path: Path) -> Any:
        """Return a started client."""
        from ldclient import Config, LDClient
        from ldclient.integrations import Files

        source = Files.new_data_source(paths=[str(path)])
        config = Config("sdk-key", update_processor_class=source, send_events=False, diagnostic_opt_out=True)
        return LDClient(config, start_wait=30)

    def reader(self, engine: Any, key: str) -> Read:
        """Return a function that reads a flag for the n-th user."""
        from ldclient import Context

        contexts = []
        for number in range(USERS):
            builder = Context.builder(f"user-{number}")
            for name, value in ATTRIBUTES.items():
                builder.set(name, value)
            contexts.append(builder.build())
        variation = engine.variation
        return lambda number: variation(key, contexts[number], False)  # noqa: FBT003 - its signature


class Statsig:
    """statsig-python-core (Rust), network and logging off."""

    file = "statsig.json"

    def text(self, flags: list[tuple[str, str]]) -> str:
        """Return config specs."""

        def condition(kind: str, operator: str = "", target: Any = None, field: str = "") -> dict[str, Any]:
            made = {"type": kind, "targetValue": target, "operator": operator, "field": field, "idType": "userID"}
            return {**made, "additionalValues": {}, "isDeviceBased": False}

        conditions = {
            "public": condition("public"),
            "country": condition("user_field", "any", ["DE", "FR", "NL"], "country"),
            "plan": condition("user_field", "any", ["pro"], "plan"),
            "age": condition("user_field", "gte", 18, "age"),
        }
        used = {"boolean": ["public"], "conditions": ["country", "plan", "age"], "rollout": ["public"]}
        gates = {}
        for name, kind in flags:
            rule = {"name": "r", "id": f"{name}r", "groupName": "g", "salt": f"{name}s", "returnValue": True}
            rule |= {"passPercentage": 50 if kind == "rollout" else 100, "conditions": used[kind], "idType": "userID"}
            gate = {"name": name, "type": "feature_gate", "salt": name, "enabled": True, "defaultValue": False}
            gates[name] = {**gate, "entity": "feature_gate", "idType": "userID", "rules": [rule]}
        names = ("dynamic_configs", "layer_configs", "experiment_to_layer", "layers", "id_lists")
        empty: dict[str, Any] = {name: {} for name in names}
        return json.dumps(
            {"has_updates": True, "time": 1, "feature_gates": gates, "condition_map": conditions, **empty}
        )

    def load(self, path: Path) -> Any:
        """Return an initialised client."""
        from statsig_python_core import Statsig as Client
        from statsig_python_core import StatsigOptions
        from statsig_python_core.data_store import DataStore, DataStoreResponse

        text = path.read_text()

        class Store(DataStore):
            def get(self, key: str) -> Any:  # noqa: ARG002 - its signature
                return DataStoreResponse(text, 1)

            def support_polling_updates_for(self, key: str) -> bool:  # noqa: ARG002 - its signature
                return False

        options = StatsigOptions()
        options.disable_all_logging = True
        options.disable_network = True
        options.disable_country_lookup = True
        options.data_store = Store()
        client = Client("secret-key", options)
        client.initialize().wait()
        return client

    def reader(self, engine: Any, key: str) -> Read:
        """Return a function that reads a flag for the n-th user."""
        from statsig_python_core import StatsigUser

        users = [StatsigUser(user_id=f"user-{number}", custom=ATTRIBUTES) for number in range(USERS)]
        check = engine.check_gate
        return lambda number: check(users[number], key)


ENGINES: dict[str, Any] = {
    "flaglint": Flaglint,
    "flaglint, cached": FlaglintCached,
    "openfeature-flagd-core": FlagdCore,
    "growthbook": GrowthBook,
    "launchdarkly-server-sdk": LaunchDarkly,
    "statsig-python-core": Statsig,
}

# -------------------------------------------------------------------------------------------------- measurements


def nanoseconds(read: Read) -> float:
    """Return the best of several rounds, per call."""
    order = [number % USERS for number in range(CALLS)]
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter_ns()
        for number in order:
            read(number)
        best = min(best, (time.perf_counter_ns() - started) / CALLS)
    return best


def calls_per_second(read: Read, threads: int) -> float:
    """Return how many calls all threads together make in a second; the best of three."""
    order = [number % USERS for number in range(CALLS)]

    def work() -> None:
        for number in order:
            read(number)

    best = 0.0
    for _ in range(3):
        workers = [threading.Thread(target=work) for _ in range(threads)]
        started = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        best = max(best, threads * CALLS / (time.perf_counter() - started))
    return best


def resident_bytes() -> int:
    """Return the resident memory of this process, where the system tells it."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def main() -> None:
    """Measure the engine that is named, in a folder that may be written."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    engine_type = ENGINES[name]()
    small, large = folder / "small" / engine_type.file, folder / "large" / engine_type.file
    for path, flags in ((small, three()), (large, many())):
        path.parent.mkdir(exist_ok=True)
        path.write_text(engine_type.text(flags))
    engine = engine_type.load(small)
    found: dict[str, Any] = {"trues": {}, "nanoseconds": {}}
    for kind in KINDS:
        read = engine_type.reader(engine, kind)
        found["trues"][kind] = sum(bool(read(number)) for number in range(USERS))
        found["nanoseconds"][kind] = nanoseconds(read)
    read = engine_type.reader(engine, "rollout")
    found["calls per second"] = {threads: calls_per_second(read, threads) for threads in (1, THREADS)}
    gc.collect()
    before = resident_bytes()
    first = engine_type.load(large)  # fills a cache, where there is one
    found["load megabytes"] = (resident_bytes() - before) / 1e6
    with contextlib.suppress(AttributeError):
        first.close()
    started = time.perf_counter()
    loaded = engine_type.load(large)
    found["load milliseconds"] = (time.perf_counter() - started) * 1000
    read = engine_type.reader(loaded, "flag-0007")
    found["nanoseconds"]["rollout of 1,000"] = nanoseconds(read)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # some engines wait for the network when they are closed


if __name__ == "__main__":
    main()
