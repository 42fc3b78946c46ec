"""Changing what a flag serves: variants and rollouts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flaglint.errors import EditError, UsageError
from flaglint.registry.edit import set_rollout, set_variant
from tests.registry.editing import draft, edited

HEAD = "version: 1\nenvironments: [dev, prod]\nsegments: {s: {x: 1}}\nflags:\n"
ON_OFF = "    variants: {on: true, off: false}\n    off_variant: off\n"


def entry(*lines: str) -> str:
    return HEAD + "  f:\n" + ON_OFF + "".join(f"    {line}\n" for line in lines) + "  g: {}  # next\n"


def rollout(text: str, percent: str, **how: object) -> str:
    return edited(text, lambda made: set_rollout(made, "f", Decimal(percent), **how))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "percent", "after"),
    [
        (["serve: off  # s"], "25", ["serve: {on: 25, off: 75}  # s"]),
        (["serve: off"], "100", ["serve: on"]),
        (["serve: on"], "0", ["serve: off"]),
        (["serve: {on: 25, off: 75}  # s"], "30", ["serve: {on: 30, off: 70}  # s"]),
        (["serve: {off: 75, on: 25}"], "30", ["serve: {off: 70, on: 30}"]),
        (["serve: {on: 1, off: 3}"], "30", ["serve: {on: 30, off: 70}"]),
        (
            ["serve:  # s", "  on: 25  # on", "  off: 75  # off"],
            "30",
            ["serve:  # s", "  on: 30  # on", "  off: 70  # off"],
        ),
        (["serve:  # s", "  on: 25  # on", "  off: 75  # off"], "100", ["serve: on  # s"]),
        (["serve: off"], "12.5", ["serve: {on: 125, off: 875}"]),
        (["serve: off"], "0.001", ["serve: {on: 1, off: 99999}"]),
        (["serve: off"], "50.0", ["serve: {on: 50, off: 50}"]),
        ([], "25", ["serve: {on: 25, off: 75}"]),
        (["rules: []"], "25", ["rules: [{serve: {on: 25, off: 75}}]"]),
        (
            ["rules:  # r", "  - segment: s", "    serve: on", "  - serve: off  # rest"],
            "25",
            ["rules:  # r", "  - segment: s", "    serve: on", "  - serve: {on: 25, off: 75}  # rest"],
        ),
        (
            ["rules:", "- segment: s", "  serve: on  # staff", "# end"],
            "25",
            ["rules:", "- segment: s", "  serve: on  # staff", "- serve: {on: 25, off: 75}", "# end"],
        ),
        (
            ["rules: [{segment: s, serve: on}]"],
            "25",
            ["rules: [{segment: s, serve: on}, {serve: {on: 25, off: 75}}]"],
        ),
        (
            ["rules:", "  - serve: off", "  - serve: off", "  - segment: s", "    serve: on"],
            "25",
            ["rules:", "  - serve: off", "  - serve: {on: 25, off: 75}", "  - segment: s", "    serve: on"],
        ),
        (
            ["rules:", "  - ramp: {to: on, percent: [0, 100], from: 2026-01-01T00:00Z, until: 2026-01-02T00:00Z}  # r"],
            "25",
            ["rules:", "  - serve: {on: 25, off: 75}  # r"],
        ),
        (
            [
                "rules:",
                "  - ramp:  # r",
                "      to: on",
                "      percent: [0, 9]",
                "      from: 2026-01-01T00:00Z",
                "      until: 2026-01-02T00:00Z",
                "  # end",
            ],
            "25",
            ["rules:", "  - serve: {on: 25, off: 75}  # r", "  # end"],
        ),
    ],
)
def test_rolls_out_in_the_last_unconditional_rule(before: list[str], percent: str, after: list[str]) -> None:
    assert rollout(entry(*before), percent) == entry(*after)


RULES = ["rules:", "  - segment: s  # staff", "    serve: {on: 1, off: 1}", "  - serve: off"]


def test_a_rule_is_chosen_by_its_number() -> None:
    assert rollout(entry(*RULES), "25", rule=1) == entry(*RULES[:2], "    serve: {on: 25, off: 75}", RULES[3])
    assert rollout(entry("serve: off"), "100", rule=1) == entry("serve: on")
    with pytest.raises(UsageError, match="`f` has no rule 3") as caught:
        rollout(entry(*RULES), "25", rule=3)
    assert caught.value.help == "it has 2 rules, counted from 1"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["serve: on"], ["serve: on", "environments:", "  prod: {serve: {on: 25, off: 75}}"]),
        ([], ["environments:", "  prod: {serve: {on: 25, off: 75}}"]),
        (
            ["serve: on", "environments:", "  prod: {serve: off}  # p"],
            ["serve: on", "environments:", "  prod: {serve: {on: 25, off: 75}}  # p"],
        ),
        (
            ["serve: on", "environments:", "  prod:", "    rules:", "      - segment: s", "        serve: on"],
            [
                "serve: on",
                "environments:",
                "  prod:",
                "    rules:",
                "      - segment: s",
                "        serve: on",
                "      - serve: {on: 25, off: 75}",
            ],
        ),
        (  # the environment went by the flag's own rules, and keeps those that the rollout does not mean
            [*RULES, "  # end"],
            [
                *RULES,
                "environments:",
                "  prod:",
                "    rules:",
                "      - segment: s  # staff",
                "        serve: {on: 1, off: 1}",
                "      - serve: {on: 25, off: 75}",
                "  # end",
            ],
        ),
        (
            [*RULES, "environments:  # e", "  dev: {kill: true}"],
            [
                *RULES,
                "environments:  # e",
                "  dev: {kill: true}",
                "  prod:",
                "    rules:",
                "      - segment: s  # staff",
                "        serve: {on: 1, off: 1}",
                "      - serve: {on: 25, off: 75}",
            ],
        ),
        (
            [*RULES, "environments:", "  prod: {kill: true}"],
            [
                *RULES,
                "environments:",
                "  prod: {rules: [{segment: s, serve: {on: 1, off: 1}}, {serve: {on: 25, off: 75}}], kill: true}",
            ],
        ),
        (
            ["rules: [{segment: s, serve: on}]"],
            [
                "rules: [{segment: s, serve: on}]",
                "environments:",
                "  prod: {rules: [{segment: s, serve: on}, {serve: {on: 25, off: 75}}]}",
            ],
        ),
    ],
)
def test_rolls_out_in_one_environment(before: list[str], after: list[str]) -> None:
    assert rollout(entry(*before), "25", environment="prod") == entry(*after)


def test_copied_rules_keep_texts_of_several_lines() -> None:
    before = ["rules:", "  - when: {x: 'a", "      b'}", "    serve: on", "environments:", "  prod: {kill: true}"]
    after = rollout(entry(*before), "25", environment="prod")
    assert 'prod: {rules: [{when: {x: "a b"}, serve: on}, {serve: {on: 25, off: 75}}], kill: true}' in after


def test_serves_one_variant() -> None:
    before = entry(*RULES)
    assert edited(before, lambda made: set_variant(made, "f", "on")) == entry(*RULES[:3], "  - serve: on")
    assert edited(before, lambda made: set_variant(made, "f", "off")) == before
    text = HEAD + "  f: {}\n"
    assert edited(text, lambda made: set_variant(made, "f", "true")) == HEAD + "  f: {serve: true}\n"


def test_names_of_variants_that_look_like_something_else_stay_names() -> None:
    text = HEAD + "  f: {variants: {1.0: a, 'no': b, null: c}, off_variant: 'no'}\n"
    for variant in ("1.0", "no"):
        made = draft(text)
        set_variant(made, "f", variant)
        assert not made.registry.flags[0].problems


def test_a_flag_that_is_not_boolean_needs_the_variant() -> None:
    text = HEAD + "  f: {variants: {a: 1, b: 2, c: 3}, off_variant: a}\n"
    with pytest.raises(UsageError, match="`f` needs the variant to roll out") as caught:
        rollout(text, "10")
    assert caught.value.help == "name it with --to: `a`, `b`, `c`"
    assert "serve: {b: 10, a: 90}" in rollout(text, "10", to="b")
    with pytest.raises(UsageError, match="`f` has no variant `d`"):
        rollout(text, "10", to="d")
    with pytest.raises(UsageError, match="`a` is what `f` serves when it is off"):
        rollout(text, "10", to="a")


def test_the_other_of_two_variants_gets_the_rest_of_a_rollout_of_the_off_variant() -> None:
    assert rollout(entry("serve: on"), "10", to="off") == entry("serve: {off: 10, on: 90}")


def test_a_split_among_three_is_not_flattened() -> None:
    text = HEAD + "  f: {variants: {a: 1, b: 2, c: 3}, off_variant: a, serve: {a: 1, b: 1, c: 1}}\n"
    with pytest.raises(UsageError, match="`f` is split among `a`, `b`, `c`"):
        rollout(text, "10", to="b")


@pytest.mark.parametrize("percent", ["-1", "100.5"])
def test_a_percentage_is_one(percent: str) -> None:
    with pytest.raises(UsageError, match="is no percentage"):
        rollout(entry("serve: on"), percent)


def test_too_many_digits_are_not_written() -> None:
    with pytest.raises(EditError, match="the edit would break the registry: FLG408"):
        rollout(entry("serve: on"), "0.000000001")


def test_the_rules_of_a_broken_entry_are_left_alone() -> None:
    with pytest.raises(EditError, match="the rules of `f` cannot be edited while its entry is broken") as caught:
        rollout(entry("serve: maybe"), "10")
    assert caught.value.help == "`f`: `serve` names `maybe`, which is no variant"


def test_edits_json() -> None:
    text = '{"version": 1, "flags": {"f": {"serve": "false"}, "g": {"rules": [{"serve": {"true": 1, "false": 3}}]}}}'
    assert edited(text, lambda made: set_rollout(made, "f", Decimal(5)), "f.json") == text.replace(
        '"serve": "false"', '"serve": {"true": 5, "false": 95}'
    )
    assert edited(text, lambda made: set_rollout(made, "g", Decimal(5)), "f.json") == text.replace(
        '{"true": 1, "false": 3}', '{"true": 5, "false": 95}'
    )
    assert edited(text, lambda made: set_variant(made, "g", "true"), "f.json") == text.replace(
        '{"true": 1, "false": 3}', '"true"'
    )
