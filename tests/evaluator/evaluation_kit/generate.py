"""Random registries and contexts: all operators, weights, windows, ramps, segments, prerequisites, odd attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation_kit.build import (
    environment,
    every,
    flag,
    negated,
    ramp,
    registry,
    rule,
    segment,
    some,
    test,
)

if TYPE_CHECKING:
    from random import Random

    from flaglint.definition import Registry

NOW = 1_790_000_000
DAY = 86_400
ENVIRONMENTS = ("production", "staging")
COUNTRIES = ("DE", "FR", "NL", "NO")
PLANS = ("free", "pro", "team")
VERSIONS = (
    "1.0.0",
    "2.1.0",
    "2.1.0-beta.1",
    "2.1.0-beta.11",
    "v2.1.3",
    "3",
    "1.2",
    "2.1.0+build",
    "nonsense",
    "01.2.3",
)
NUMBERS = (0, 1, 17, 18, 18.5, 65, -3)
ATTRIBUTES = ("country", "plan", "age", "version", "beta", "email", "tags")
ODD = (None, "", True, False, 0, 1, 18, 18.0, 2.5, "18", "DE", "true", "null", "pro")
PARENT_COUNT = 3


def condition(random: Random, depth: int = 2) -> Any:
    kind = random.randrange(10)
    if depth and kind == 0:
        return every(*(condition(random, depth - 1) for _ in range(random.randint(0, 3))))
    if depth and kind == 1:
        return some(*(condition(random, depth - 1) for _ in range(random.randint(0, 3))))
    if depth and kind == 2:
        return negated(condition(random, depth - 1))
    return comparison(random)


def comparison(random: Random) -> Any:
    match random.randrange(12):
        case 0:
            return test("country", random.choice(["equals", "not"]), random.choice(COUNTRIES))
        case 1:
            return test(
                "country", random.choice(["in", "not_in"]), tuple(random.sample(COUNTRIES, random.randint(0, 3)))
            )
        case 2:
            return test("plan", random.choice(["equals", "not"]), random.choice(PLANS))
        case 3:
            return test("age", random.choice(["gt", "gte", "lt", "lte"]), random.choice(NUMBERS))
        case 4:
            return test("age", random.choice(["equals", "not"]), random.choice(NUMBERS))
        case 5:
            sign = random.choice([">=", "<=", "!=", ">", "<", "=", ""])
            return test("version", "semver", sign + random.choice(VERSIONS[:3]))
        case 6:
            return test("beta", random.choice(["equals", "not"]), random.choice([True, False]))
        case 7:
            return test("email", "ends_with", random.choice(["@example.com", ".org", ""]))
        case 8:
            return test("email", "starts_with", random.choice(["anna", "b"]))
        case 9:
            return test(random.choice(["tags", "email"]), "contains", random.choice(["vip", "exam"]))
        case 10:
            return test(random.choice(ATTRIBUTES), "exists", random.choice([True, False]))
    return test("age", random.choice(["in", "not_in"]), tuple(random.sample(NUMBERS, 2)))


def outcome(random: Random, variants: tuple[str, ...]) -> Any:
    match random.randrange(6):
        case 0 | 1:
            return random.choice(variants)
        case 2 | 3:
            return {name: random.choice([0, 1, 25, 50, 100]) for name in variants}
        case 4:
            weights = dict.fromkeys(variants, 0)
            return weights | {random.choice(variants): 100}
    start = NOW + random.randint(-20, 20) * DAY
    percent = random.choice([(0, 100), (0, 50), (10, 60), (100, 0), (0.5, 99.5), (0, 0), (100, 100), (25, 25)])
    return ramp(random.choice(variants), percent, start, start + random.randint(1, 14) * DAY)


def random_rule(random: Random, variants: tuple[str, ...], segments: tuple[str, ...]) -> Any:
    fields: dict[str, Any] = {}
    names: list[str] = []
    if random.random() < 0.6:
        fields["when"] = condition(random)
    if segments and random.random() < 0.25:
        names = random.sample(segments, random.randint(1, len(segments)))
    if random.random() < 0.25:
        fields["start"] = NOW + random.randint(-20, 20) * DAY
    if random.random() < 0.25:
        fields["until"] = fields.get("start", NOW) + random.randint(-5, 20) * DAY
    return rule(outcome(random, variants), *names, **fields)


def random_flag(random: Random, key: str, parents: tuple[str, ...], segments: tuple[str, ...]) -> Any:
    values = random.choice(
        [
            {"enabled": True, "disabled": False},
            {"red": "#f00", "green": "#0f0", "blue": "#00f"},
            {"short": 200, "long": 2000, "same": 200},
            {"a": {"limit": 1}, "b": {"limit": 2, "tags": ["x"]}},
        ]
    )
    variants = tuple(values)
    needs: dict[str, Any] = {}
    for parent in random.sample(parents, min(len(parents), random.choice([0, 0, 0, 1, 1, 2]))):
        needs[parent] = random.choice(["enabled", "disabled", ("enabled", "red", "green"), "short"])
    entries = []
    for name in ENVIRONMENTS:
        if random.random() < 0.2:
            rules = [random_rule(random, variants, segments) for _ in range(random.randint(0, 2))]
            off = random.choice([None, random.choice(variants)])
            entries.append(environment(name, *rules, kill=random.random() < 0.2, off=off))
    return flag(
        key,
        *(random_rule(random, variants, segments) for _ in range(random.randint(0, 4))),
        variants=values,
        off=random.choice(variants),
        needs=needs,
        kill=random.random() < 0.05,
        environments=tuple(entries),
        bucket_by=random.choice(["targetingKey", "targetingKey", "targetingKey", "email"]),
        salt=random.choice(["", "", "frozen-salt"]),
    )


def random_registry(random: Random, *, flags: int = 6, cycles: bool = True) -> Registry:
    segments = [segment("staff", test("email", "ends_with", "@example.com"))]
    segments.append(segment("grown", condition(random)))
    segments.append(segment("either", None, "staff", "grown"))
    names = tuple(item.name for item in segments)
    keys = [f"flag-{number}" for number in range(flags)]
    made = []
    for number, key in enumerate(keys):
        parents = keys[:number]
        if cycles and random.random() < 0.1:
            parents = [*keys, "missing"]
        made.append(random_flag(random, key, tuple(parents), names))
    return registry(
        *made,
        segments=tuple(segments),
        environments=ENVIRONMENTS,
        critical=("production",),
        bucketing=random.choice(["flagd-v2", "flagd-v3"]),
    )


def random_context(random: Random) -> dict[str, Any]:
    context: dict[str, Any] = {}
    typical: dict[str, tuple[Any, ...]] = {
        "country": COUNTRIES,
        "plan": PLANS,
        "age": NUMBERS,
        "version": VERSIONS,
        "beta": (True, False),
        "email": ("anna@example.com", "bert@shop.org", "vip"),
        "tags": (["vip"], ["vip", "new"], [], ["other"], "a vip"),
        "targetingKey": tuple(f"user-{number}" for number in range(50)),
    }
    for name, values in typical.items():
        chance = random.random()
        if chance < 0.7:
            context[name] = random.choice(values)
        elif chance < 0.85:
            context[name] = random.choice(ODD)
    return context


def random_time(random: Random) -> float:
    """A moment around which the windows lie; whole days hit their ends exactly."""
    days = random.randint(-25, 45)
    return NOW + days * DAY + random.choice([0, 0, -1, 1, 0.5, random.uniform(0, DAY)])
