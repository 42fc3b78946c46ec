"""The native format: what its files mean."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from flaglint.definition import (
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Kill,
    Need,
    Not,
    Ramp,
    Serve,
    Split,
    Variant,
)
from flaglint.model import ValueType
from tests.registry.reading import flag, registry

HEAD = "version: 1\n"
EXAMPLE = """\
version: 1
bucketing: flagd-v3
environments: [development, staging, production]
critical: [production]
attributes:
  email: string
  country: string
  plan: {enum: [free, pro, team]}
  age: integer
segments:
  staff: {email: {ends_with: "@example.com"}}
flags:
  # the card vault
  release-card-vault:
    variants: {enabled: true, disabled: false}
    off_variant: disabled
    serve: enabled
  release-one-page-checkout:
    description: One-page checkout
    type: release
    owner: "@payments"
    created: 2026-08-01
    expires: 2026-12-31
    links: {issue: SHOP-812}
    tags: [shop, 1.10]
    release_note: Customers pay on one page
    variants: {enabled: true, disabled: false}
    off_variant: disabled
    needs: {release-card-vault: enabled}
    bucket_by: email
    salt: old-name
    rules:
      - segment: staff
        serve: enabled
      - when: {country: [DE, FR, NO], plan: pro}
        from: 2026-09-01T09:00:00Z
        serve: {enabled: 25, disabled: 75}
      - ramp: {to: enabled, percent: [0, 100], from: 2026-10-01T00:00:00Z, until: 2026-10-08T00:00:00+02:00}
    environments:
      development: {serve: enabled}
      staging: {kill: {since: 2026-09-09, by: ann, reason: too slow}, off_variant: enabled}
  ops-search-timeout:
    type: ops
    permanent: tuned by the search team
    variants: {short: 200, long: 2000}
    off_variant: long
    serve: short
removed:
  release-old-banner: {date: 2026-03-04, issue: SHOP-77}
"""


def seconds(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp())  # type: ignore[arg-type]


def condition(written: str, *, head: str = "") -> Condition:
    rule = flag(f"  f:\n    rules: [{{when: {written}, serve: true}}]\n", head=head).rules[0]
    assert rule.when is not None
    return rule.when


def plain(found: Condition) -> object:
    """A condition without its places, to compare."""
    match found:
        case Compare():
            return (found.attribute, found.operator, found.operand)
        case AllOf():
            return ["all", *map(plain, found.conditions)]
        case AnyOf():
            return ["any", *map(plain, found.conditions)]
        case Not():
            return ["not", plain(found.condition)]


def test_reads_the_head_of_a_registry() -> None:
    loaded = registry(EXAMPLE)
    assert not loaded.problems
    assert loaded.bucketing == "flagd-v3"
    assert loaded.environments == ("development", "staging", "production")
    assert loaded.critical == ("production",)
    assert loaded.paths == ("flags.yaml",)
    assert [(a.name, a.kind, a.values) for a in loaded.attributes] == [
        ("targetingKey", "string", ()),
        ("email", "string", ()),
        ("country", "string", ()),
        ("plan", "enum", ("free", "pro", "team")),
        ("age", "integer", ()),
    ]


def test_reads_everything_that_a_flag_can_say() -> None:
    loaded = registry(EXAMPLE)
    found = next(f for f in loaded.flags if f.key == "release-one-page-checkout")
    assert (found.description, found.type, found.owner) == ("One-page checkout", "release", "@payments")
    assert (found.created, found.expires) == (date(2026, 8, 1), date(2026, 12, 31))
    assert (found.links, found.tags) == ((("issue", "SHOP-812"),), ("shop", "1.10"))
    assert found.release_note == "Customers pay on one page"
    assert [(v.name, v.value) for v in found.variants] == [("enabled", True), ("disabled", False)]
    assert (found.off_variant, found.bucket_by, found.salt) == ("disabled", "email", "old-name")
    assert [(need.key, need.variants) for need in found.needs] == [("release-card-vault", ("enabled",))]
    staff, some, ramp = found.rules
    assert (staff.outcome, staff.segments, staff.when) == (Serve("enabled"), ("staff",), None)
    assert some.when is not None
    assert plain(some.when) == ["all", ("country", "in", ("DE", "FR", "NO")), ("plan", "equals", "pro")]
    assert (some.start, some.until) == (seconds(2026, 9, 1, 9), None)
    assert some.outcome == Split((("enabled", 25), ("disabled", 75)))
    assert ramp.outcome == Ramp("enabled", (0.0, 100.0), seconds(2026, 10, 1), seconds(2026, 10, 7, 22))
    development, staging = found.environments
    assert development.rules is not None
    assert [rule.outcome for rule in development.rules] == [Serve("enabled")]
    assert development.rules[0].is_unconditional
    assert (staging.rules, staging.off_variant) == (None, "enabled")
    assert staging.kill is not None
    assert (staging.kill.since, staging.kill.by, staging.kill.reason) == (date(2026, 9, 9), "ann", "too slow")


def test_a_flag_without_variants_is_boolean_and_off() -> None:
    found = flag("  f: {serve: true}\n")
    assert [(v.name, v.value) for v in found.variants] == [("true", True), ("false", False)]
    assert (found.off_variant, found.value_type, found.salt) == ("false", ValueType.BOOLEAN, "f")
    assert found.bucket_by == "targetingKey"
    assert found.rules[0].outcome == Serve("true")


def test_knows_tombstones_and_permanent_flags() -> None:
    loaded = registry(EXAMPLE)
    (tombstone,) = loaded.tombstones
    assert (tombstone.key, tombstone.date, tombstone.issue) == ("release-old-banner", date(2026, 3, 4), "SHOP-77")
    found = next(f for f in loaded.flags if f.key == "ops-search-timeout")
    assert (found.permanent, found.is_permanent) == ("tuned by the search team", True)
    assert not next(f for f in loaded.flags if f.key == "release-card-vault").is_permanent


def test_permanent_true_marks_a_flag_without_a_reason() -> None:
    found = flag("  f: {permanent: true}\n")
    assert (found.permanent, found.is_permanent, found.problems) == ("", True, False)


def test_places_point_at_values() -> None:
    found = next(f for f in registry(EXAMPLE).flags if f.key == "release-one-page-checkout")
    places = dict(found.field_spans)
    assert {name: str(places[name]) for name in ("owner", "expires", "rules.1.serve", "rules.2.ramp.until")} == {
        "owner": "flags.yaml:21:12",
        "expires": "flags.yaml:23:14",
        "rules.1.serve": "flags.yaml:37:16",
        "rules.2.ramp.until": "flags.yaml:38:83",
    }
    assert str(places["environments.staging.kill.reason"]) == "flags.yaml:41:60"
    assert str(places["environments.development.serve"]) == "flags.yaml:40:28"
    assert str(places["needs.release-card-vault"]) == "flags.yaml:29:33"
    assert (str(found.span), found.span.end.line, found.span.end.column) == ("flags.yaml:18:3", 41, 92)
    assert str(found.key_span) == "flags.yaml:18:3"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("{a: true, b: false}", ValueType.BOOLEAN),
        ("{a: NO, b: 'true'}", ValueType.STRING),
        ("{a: 1, b: -2}", ValueType.INTEGER),
        ("{a: 1, b: 2.5}", ValueType.FLOAT),
        ("{a: {x: 1}, b: {}}", ValueType.OBJECT),
    ],
)
def test_the_values_give_a_flag_its_type(values: str, expected: ValueType) -> None:
    found = flag(f"  f: {{variants: {values}, off_variant: a}}\n")
    assert (found.value_type, found.problems) == (expected, False)


def test_values_follow_yaml_1_2_and_quotes_make_texts() -> None:
    written = "{a: NO, b: yes, c: 12:30:00, d: 1_000, e: '1', f: 2026-08-01, g: on}"
    found = flag(f"  f: {{variants: {written}, off_variant: a}}\n")
    assert [v.value for v in found.variants] == ["NO", "yes", "12:30:00", "1_000", "1", "2026-08-01", "on"]


def test_objects_keep_lists_numbers_and_order() -> None:
    found = flag("  f: {variants: {a: {z: [1, 2.5, x], y: {n: true}}}, off_variant: a}\n")
    assert found.variants[0].value == {"z": [1, 2.5, "x"], "y": {"n": True}}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{country: NO}", ("country", "equals", "NO")),
        ("{country: [DE, NO]}", ("country", "in", ("DE", "NO"))),
        ("{age: 18}", ("age", "equals", 18)),
        ("{beta: true}", ("beta", "equals", True)),
        ("{beta: 'true'}", ("beta", "equals", "true")),
        ("{country: {in: []}}", ("country", "in", ())),
        ("{country: {not_in: [DE]}}", ("country", "not_in", ("DE",))),
        ("{country: {not: DE}}", ("country", "not", "DE")),
        ("{age: {gte: 18, lt: 65}}", ["all", ("age", "gte", 18), ("age", "lt", 65)]),
        ("{app: {semver: '>=2.1.0'}}", ("app", "semver", ">=2.1.0")),
        ("{app: {semver: '>=2.1.0-0.01a+01'}}", ("app", "semver", ">=2.1.0-0.01a+01")),
        ("{tags: {contains: 7}}", ("tags", "contains", 7)),
        ("{name: {starts_with: 7}}", ("name", "starts_with", "7")),
        ("{name: {exists: false}}", ("name", "exists", False)),
        ("{a: 1, b: 2}", ["all", ("a", "equals", 1), ("b", "equals", 2)]),
        ("{any: [{a: 1}, {b: 2, c: 3}]}", ["any", ("a", "equals", 1), ["all", ("b", "equals", 2), ("c", "equals", 3)]]),
        ("{all: [{a: 1}, {not: {a: {gt: 2}}}]}", ["all", ("a", "equals", 1), ["not", ("a", "gt", 2)]]),
        ("{not: {any: [{a: 1}]}}", ["not", ["any", ("a", "equals", 1)]]),
    ],
)
def test_conditions(written: str, expected: object) -> None:
    assert plain(condition(written)) == expected


def test_a_declared_string_takes_the_text_as_it_is_written() -> None:
    head = "attributes: {app: string, plan: {enum: ['1.0', true]}}\n"
    assert plain(condition("{app: 1.10}", head=head)) == ("app", "equals", "1.10")
    assert plain(condition("{app: [010, true]}", head=head)) == ("app", "in", ("010", "true"))
    assert plain(condition("{plan: 1.0}", head=head)) == ("plan", "equals", "1.0")


def test_segments_combine_conditions_and_other_segments() -> None:
    loaded = registry(f"{HEAD}segments:\n  a: {{x: 1}}\n  b: {{segment: a}}\n  c: {{segment: [a, b], y: 2, z: 3}}\n")
    assert not loaded.problems
    first, second, third = loaded.segments
    assert (first.segments, second.when, second.segments, third.segments) == ((), None, ("a",), ("a", "b"))
    assert third.when is not None
    assert plain(third.when) == ["all", ("y", "equals", 2), ("z", "equals", 3)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-09-01T09:00:00Z", seconds(2026, 9, 1, 9)),
        ("2026-09-01T09:00Z", seconds(2026, 9, 1, 9)),
        ("2026-09-01T00:30:00+02:00", seconds(2026, 8, 31, 22, 30)),
        ("'2026-09-01T00:30:00-05:30'", seconds(2026, 9, 1, 6)),
        ("2028-02-29T23:59:59Z", seconds(2028, 2, 29, 23, 59, 59)),
    ],
)
def test_times_are_utc_seconds(written: str, expected: int) -> None:
    assert flag(f"  f:\n    rules: [{{from: {written}, serve: true}}]\n").rules[0].start == expected


def test_a_kill_switch_that_is_not_pulled_is_none() -> None:
    assert flag("  f: {kill: false}\n").kill is None
    assert isinstance(flag("  f: {kill: true}\n").kill, Kill)


def test_needs_take_any_of_several_variants() -> None:
    entry = "  a:\n    variants: {x: 1, y: 2, z: 3}\n    off_variant: x\n  b: {needs: {a: [y, z]}}\n"
    needs = flag(entry, key="b").needs
    assert [(need.key, need.variants) for need in needs] == [("a", ("y", "z"))]
    assert isinstance(needs[0], Need)


def test_a_registry_may_hold_no_flag_yet() -> None:
    for text in ("flags: {}\n", "flags:\n", ""):
        loaded = registry(HEAD + text)
        assert not loaded.flags
        assert not loaded.problems


def test_keys_are_texts_whatever_yaml_1_1_calls_them() -> None:
    loaded = registry(f"{HEAD}flags:\n  true: {{serve: true}}\n  1: {{}}\n  'a b': {{}}\n  no: {{}}\n")
    assert [found.key for found in loaded.flags] == ["true", "1", "a b", "no"]
    assert not loaded.problems


def test_variants_and_attributes_have_places() -> None:
    loaded = registry(EXAMPLE)
    variant = loaded.flags[0].variants[0]
    assert isinstance(variant, Variant)
    assert str(variant.span) == "flags.yaml:15:16"
    attribute = loaded.attributes[3]
    assert isinstance(attribute, Attribute)
    assert str(attribute.span) == "flags.yaml:8:3"
