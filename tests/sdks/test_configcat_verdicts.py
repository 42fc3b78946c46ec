"""Verdicts on ConfigCat's settings against its own client, which reads them from a file."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from real_sdk import installed
from verdict_kit import CODE_DEFAULT, Seen, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

configcat = installed("configcatclient", "configcat-client")
local_files = installed("configcatclient.localfiledatasource", "configcat-client")
overrides = installed("configcatclient.overridedatasource", "configcat-client")
users = installed("configcatclient.user", "configcat-client")

KEYS = ("a", "b", "c", "d", "e")
KINDS: dict[int, tuple[str, tuple[Any, ...]]] = {
    0: ("b", (True, False)),
    1: ("s", ("red", "blue", "")),
    2: ("i", (1, 0, 50)),
    3: ("d", (0.5, 0.25, 1)),
}
TYPES = {"a": 0, "b": 0, "c": 1, "d": 2, "e": 3}
USERS = (
    {"a": "Country", "c": 0, "l": ["DE", "FR"]},
    {"a": "Email", "c": 2, "l": ["@example.com"]},
    {"a": "Age", "c": 15, "d": 18},
    {"a": "Identifier", "c": 28, "s": "user 1"},
    {"a": "Country", "c": 99, "s": "?"},
)


def _value(random: Random, kind: int, *, wrong: float = 0.03) -> dict[str, Any]:
    kind = random.randint(0, 3) if random.random() < wrong else kind
    letter, values = KINDS[kind]
    return {letter: random.choice(values)}


def _condition(random: Random) -> dict[str, Any]:
    drawn = random.random()
    if drawn < 0.45:
        return {"u": dict(random.choice(USERS))}
    if drawn < 0.6:
        return {"s": {"s": 0, "c": random.choice((0, 1))}}
    if drawn < 0.63:
        return {"x": {}}
    key = random.choice((*KEYS, *KEYS, "missing"))
    wanted = _value(random, TYPES.get(key, 0), wrong=0.1)
    return {"p": {"f": key, "c": random.choice((0, 0, 1, 1, 7)), "v": wanted}}


def _shares(random: Random, kind: int) -> list[dict[str, Any]]:
    shares = random.choice(((50, 50), (100, 0), (0, 100), (20, 30), (100,), (100, 50)))
    return [{"p": share, "v": _value(random, kind), "i": f"s{index}"} for index, share in enumerate(shares)]


def _setting(random: Random, key: str) -> dict[str, Any]:
    kind = TYPES[key]
    setting: dict[str, Any] = {"t": kind, "v": _value(random, kind), "i": "v"}
    rules: list[dict[str, Any]] = []
    for _ in range(random.choice((0, 1, 1, 2))):
        rule: dict[str, Any] = {"c": [_condition(random) for _ in range(random.choice((0, 1, 1, 1, 2)))]}
        if random.random() < 0.8:
            rule["s"] = {"v": _value(random, kind), "i": "r"}
        else:
            rule["p"] = _shares(random, kind)
        rules.append(rule)
    if rules:
        setting["r"] = rules
    if random.random() < 0.25:
        setting["p"] = _shares(random, kind)
        if random.random() < 0.5:
            setting["a"] = "Company"
    return setting


def a_document(random: Random) -> Any:
    return {
        "p": {"s": "c2FsdA=="},
        "s": [{"n": "Staff", "r": [dict(USERS[1])]}],
        "f": {key: _setting(random, key) for key in KEYS},
    }


def a_context(random: Random) -> Mapping[str, Any]:
    if random.random() < 0.2:
        return {}
    custom = {}
    if random.random() < 0.5:
        custom["Company"] = random.choice(("c1", "c2", "c3"))
    if random.random() < 0.5:
        custom["Age"] = random.choice(("17", "40", "old"))
    return {
        "identifier": f"user {random.randint(0, 60)}",
        "email": random.choice((None, "ada@example.com", "bob@shop.example")),
        "country": random.choice((None, "DE", "US")),
        "custom": custom,
    }


def serving(document: Any) -> Callable[[str, Mapping[str, Any]], Seen]:
    logging.getLogger("configcat").setLevel(logging.CRITICAL + 1)
    configcat.ConfigCatClient.close_all()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.json"
        path.write_text(json.dumps(document))
        source = local_files.LocalFileFlagOverrides(str(path), overrides.OverrideBehaviour.LocalOnly)
        client = configcat.ConfigCatClient.get("local", configcat.ConfigCatOptions(flag_overrides=source))
        client.get_all_keys()

    def serve(key: str, context: Mapping[str, Any]) -> Seen:
        user = users.User(**context) if context else None
        return Seen(client.get_value(key, CODE_DEFAULT, user))

    return serve


def test_no_value_lies_outside_of_what_is_proven() -> None:
    tally = compare("configcat", a_document, serving, a_context)
    assert tally.outside == []
    assert tally.proven > tally.constant / 2
