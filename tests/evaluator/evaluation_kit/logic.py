"""Random flags in flagd's format: every operator, odd operands, nested rules, broken shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

NOW = 1_790_000_000
DAY = 86_400
SCALARS = (
    None,
    True,
    False,
    0,
    1,
    2,
    -1,
    1.5,
    18,
    "",
    "0",
    "1",
    "18",
    "abc",
    "DE",
    "on",
    "off",
    "true",
    "null",
    "1.2.3",
    " 7 ",
    "1e3",
)
NAMES = (
    "country",
    "age",
    "plan",
    "version",
    "tags",
    "nested.deep",
    "nested",
    "targetingKey",
    "missing",
    "$flagd.flagKey",
    "tags.0",
    "tags.length",
    "0",
)
VERSIONS = ("1.2.3", "1.2", "v2", "2.0.0-beta.1", "2.0.0-beta", "1.0.0+build", "x", 1, 1.2, "1.2-rc")
VARIANTS = ("on", "off", "mid")
OPERATORS = [
    "==", "!=", "===", "!==", "<", "<=", ">", ">=", "!", "!!", "+", "-", "*", "/", "%", "in", "min", "max",
    "cat", "substr", "merge", "missing", "missing_some", "and", "or", "if", "?:", "filter", "map", "reduce",
    "all", "some", "none", "starts_with", "ends_with", "sem_ver", "fractional", "var", "unknown_operator",
]  # fmt: skip
KEYS: tuple[list[Any], ...] = (
    [],
    [],
    [{"var": "targetingKey"}],
    [{"cat": ["salt", {"var": "targetingKey"}]}],
    [{"var": "age"}],
    [{"var": "tags"}],
    ["fixed"],
    [""],
    [None],
    [{"var": "missing"}],
    [1.0],
    [True],
    [{"var": "nested"}],
)


def literal(random: Random) -> Any:
    if random.random() < 0.15:
        return [literal(random) for _ in range(random.randint(0, 3))]
    return random.choice(SCALARS)


def variable(random: Random) -> Any:
    name = random.choice(NAMES)
    shape = random.random()
    if shape < 0.7:
        return {"var": name}
    if shape < 0.9:
        return {"var": [name]}
    return {"var": [name, random.choice(SCALARS)]}


def value(random: Random, depth: int) -> Any:
    choice = random.random()
    if choice < 0.35:
        return literal(random)
    if choice < 0.65 or depth <= 0:
        return variable(random)
    return operation(random, depth - 1)


def test_of(random: Random, depth: int) -> Any:
    """A rule that is likely to be a condition."""
    if random.random() < 0.3:
        moment = NOW + random.randint(-5, 5) * DAY
        return {random.choice([">=", "<", ">", "<="]): [{"var": "$flagd.timestamp"}, moment]}
    return operation(random, depth)


test_of.__test__ = False  # type: ignore[attr-defined] # no test of pytest


def operation(random: Random, depth: int) -> Any:
    def some(low: int, high: int) -> list[Any]:
        return [value(random, depth) for _ in range(random.randint(low, high))]

    name = random.choice(OPERATORS)
    match name:
        case "and" | "or" | "+" | "*" | "min" | "max" | "cat" | "merge":
            return {name: some(0, 3)}
        case "if" | "?:":
            return {name: some(0, 5)}
        case "missing":
            return {name: [random.choice(NAMES) for _ in range(random.randint(0, 3))]}
        case "missing_some":
            return {name: [random.choice([0, 1, 2]), [random.choice(NAMES) for _ in range(2)]]}
        case "filter" | "map" | "all" | "some" | "none":
            return {
                name: [
                    random.choice([{"var": "tags"}, ["a", 1], value(random, depth)]),
                    {"==": [{"var": ""}, literal(random)]},
                ]
            }
        case "reduce":
            return {name: [{"var": "tags"}, {"cat": [{"var": "accumulator"}, {"var": "current"}]}, literal(random)]}
        case "sem_ver":
            sign = random.choice(["=", "!=", "<", "<=", ">", ">=", "^", "~", "?"])
            return {name: [random.choice([{"var": "version"}, random.choice(VERSIONS)]), sign, random.choice(VERSIONS)]}
        case "fractional":
            return fractional(random, depth)
        case "var":
            return variable(random)
        case "substr":
            return {
                name: [
                    value(random, depth),
                    random.choice([0, 1, -2, 5, "1", None]),
                    *random.choice([[], [1], [-1], [0]]),
                ]
            }
        case "starts_with" | "ends_with":
            return {name: [value(random, depth), random.choice(["D", "E", "", 1])]}
        case "!" | "!!" | "unknown_operator":
            return {name: random.choice([value(random, depth), some(0, 2)])}
    return {name: some(2, 3)}


def fractional(random: Random, depth: int) -> Any:
    key = random.choice(KEYS)
    entries: list[Any] = []
    for variant in random.sample(VARIANTS, random.randint(0, 3)):
        weight = random.choice(
            [1, 25, 50, 0, -5, 2_147_483_647, {"-": [{"var": "$flagd.timestamp"}, NOW]}, 1.5, "5", True]
        )
        entries.append(random.choice([[variant], [variant, 50], [variant, weight], [variant, weight]]))
    if random.random() < 0.1:
        entries.append(random.choice(["on", [], ["on", 1, 2], [value(random, depth), 1], {"var": "tags"}]))
    return {"fractional": [*key, *entries]}


def targeting(random: Random) -> Any:
    result = [*VARIANTS, None, True, False, "unknown", 5, ["on"], "$fractional", "$any"]

    def outcome() -> Any:
        chosen = random.choice([*VARIANTS, *VARIANTS, *VARIANTS, *result])
        if chosen == "$fractional":
            return fractional(random, 1)
        return value(random, 2) if chosen == "$any" else chosen

    parts: list[Any] = []
    for _ in range(random.randint(1, 3)):
        parts += [test_of(random, 2), outcome()]
    if random.random() < 0.7:
        parts.append(outcome())
    return {"if": parts} if random.random() < 0.85 else value(random, 2) or {"if": parts}


def definition(random: Random) -> dict[str, Any]:
    variants = random.choice(
        [
            {"on": True, "off": False, "mid": True},
            {"on": "a", "off": "b", "mid": "a"},
            {"on": 1, "off": 2.5, "mid": 1},
            {"on": {"a": 1}, "off": {}, "mid": {"a": 1}},
            {"true": True, "false": False, "on": True, "off": False, "mid": False},
        ]
    )
    made: dict[str, Any] = {"state": random.choice(["ENABLED"] * 9 + ["DISABLED"]), "variants": variants}
    default = random.choice(["on", "off", "off", "absent", None, ""])
    if default != "absent":
        made["defaultVariant"] = default
    if random.random() < 0.9:
        rule = targeting(random)
        made["targeting"] = rule if isinstance(rule, dict) else {}
    return made


def kind(made: dict[str, Any]) -> str:
    first = next(iter(made["variants"].values()))
    return {bool: "boolean", str: "string", int: "float", dict: "object"}[type(first)]


def document(random: Random, flags: int = 6) -> dict[str, Any]:
    return {"flags": {f"flag-{number}": definition(random) for number in range(flags)}}


def context(random: Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, values in {
        "country": ("DE", "FR", "", None, 5),
        "age": (17, 18, 18.0, "18", True, None, 2.5, -0.0),
        "plan": ("pro", "free", "on"),
        "version": ("1.2.3", "1.2", "v2.0.0", "2.0.0-beta.2", "abc", 1.2),
        "tags": (["a"], [], [1, 2], ["vip", 1], "text"),
        "nested": ({"deep": 1}, {"deep": "on"}, {}, {"b": 1.0, "a": [True, None, "x"]}),
        "targetingKey": ("user-1", "user-2", "user-3", "", "u4"),
    }.items():
        if random.random() < 0.8:
            made[name] = random.choice(values)
    return made
