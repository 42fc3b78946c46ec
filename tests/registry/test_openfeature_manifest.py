from __future__ import annotations

from flaglint.model import Unknown, ValueType
from tests.registry.foreign import example, loaded, problems, proven


def test_a_manifest_gives_keys_types_defaults_and_descriptions() -> None:
    registry = example("openfeature-manifest")

    assert [(flag.key, flag.value_type, flag.payload) for flag in registry.flags] == [
        ("one-page-checkout", ValueType.BOOLEAN, {"defaultValue": False}),
        ("banner-text", ValueType.STRING, {"defaultValue": "Welcome"}),
        ("page-size", ValueType.INTEGER, {"defaultValue": 20}),
        ("tax-rate", ValueType.FLOAT, {"defaultValue": 0.19}),
        ("theme", ValueType.OBJECT, {"defaultValue": {"primary": "#007bff"}}),
    ]
    assert registry.flags[0].description == "Customers pay on one page"
    assert str(registry.flags[1].key_span) == "flags.json:9:5"
    assert registry.problems == ()


def test_nothing_is_claimed_about_what_is_served() -> None:
    assert all(isinstance(verdict, Unknown) for verdict in proven(example("openfeature-manifest")).values())


def test_what_is_wrong_is_told_with_its_place_and_a_way_out() -> None:
    registry = loaded(
        """\
flags:
  good: {flagType: boolean, defaultValue: true}
  untyped: {defaultValue: 1}
  misspelt: {flagtype: string, flagType: text, defaultValue: a}
  unfit: {flagType: integer, defaultValue: "1"}
  bare: {flagType: string}
  flat: true
"""
    )

    assert problems(registry) == [
        "3:12 `untyped`: a flag needs `flagType` (known: `boolean`, `string`, `integer`, `float`, `object`)",
        "4:14 `misspelt`: a manifest has no field `flagtype` (did you mean `flagType`?)",
        "4:42 `misspelt`: `flagType` `text` is not known (known: `boolean`, `float`, `integer`, `object`, `string`)",
        "5:44 `unfit`: `defaultValue` must be of type integer, not the text `1` (change it, or `flagType`)",
        "6:3 `bare`: a flag needs `defaultValue` (the value that a read gets when no other can be served)",
        "7:9 `flat`: a flag must be a mapping, not `true`",
    ]
    assert [flag.key for flag in registry.flags if not flag.problems] == ["good", "unfit"]


def test_a_whole_number_fits_a_float_and_a_boolean_fits_no_integer() -> None:
    registry = loaded("flags: {a: {flagType: float, defaultValue: 1}, b: {flagType: integer, defaultValue: true}}")

    assert [problem.key for problem in registry.problems] == ["b"]
