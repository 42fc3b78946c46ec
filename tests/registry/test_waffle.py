"""Fixtures of django-waffle: rows with the defaults of their models, names that several kinds share."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from flaglint.evaluator.proof import verdicts
from flaglint.model import Constant, Varies
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files


def load(*rows: dict[str, Any]) -> Any:
    return load_files([File("fixture.json", json.dumps(rows).encode(), "waffle")])


def row(kind: str, name: str = "f", **fields: Any) -> dict[str, Any]:
    return {"model": f"waffle.{kind}", "fields": {"name": name, **fields}}


def of(*rows: dict[str, Any]) -> Any:
    return verdicts(load(*rows), 0)["f"]["default"]


NOBODY = {"everyone": None, "superusers": False}


@pytest.mark.parametrize(
    ("found", "on"),
    [
        (row("flag", everyone=True), True),
        (row("flag", everyone=False), False),
        (row("flag", everyone=True, percent="0.0", staff=True), True),
        (row("flag", **NOBODY), False),
        (row("flag", **NOBODY, percent="0.0", languages="", users=[], groups=[]), False),
        (row("switch", active=True), True),
        (row("switch"), False),
        (row("sample", percent="100.0"), True),
        (row("sample", percent=0), False),
    ],
)
def test_constant(found: dict[str, Any], on: bool) -> None:
    verdict = of(found)
    assert isinstance(verdict, Constant), verdict
    assert verdict.value is on


@pytest.mark.parametrize(
    ("found", "about"),
    [
        (row("flag"), "whether the user is a superuser"),  # the model's default
        (row("flag", **NOBODY, percent="99.9"), "chance, at 99.9 %"),
        (row("flag", **NOBODY, staff=True), "whether the user is staff"),
        (row("flag", **NOBODY, authenticated=True), "whether the user is logged in"),
        (row("flag", **NOBODY, testing=True), "a cookie for tests"),
        (row("flag", **NOBODY, languages="de"), "the language"),
        (row("flag", **NOBODY, users=[1]), "who is listed"),
        (row("flag", **NOBODY, groups=[["staff"]]), "the user's groups"),
        (row("sample", percent="12.5"), "chance, at 12.5 %"),
    ],
)
def test_varies(found: dict[str, Any], about: str) -> None:
    assert of(found) == Varies(f"it depends on {about}")


def test_a_model_that_stands_in_for_flags_is_read_and_may_ask_for_more() -> None:
    def own(**fields: Any) -> dict[str, Any]:
        return {"model": "shop.flag", "fields": {"name": "f", "superusers": False, **fields}}

    assert of(own(everyone=True)).value is True
    assert of(own(everyone=None)) == Varies("it depends on what the model `shop.flag` asks")


def test_a_name_that_a_flag_and_a_switch_share_is_constant_where_they_agree() -> None:
    assert of(row("flag", everyone=True), row("switch", active=True)).value is True
    assert of(row("flag", everyone=True), row("switch")) == Varies(
        "it depends on whether the flag or the switch of this name is read"
    )
    assert load(row("flag", everyone=True), row("switch")).problems == ()


def test_tells_note_and_days() -> None:
    days = {"created": "2026-03-01T09:15:00Z", "modified": "2026-06-12T23:00:00-05:00"}
    registry = load(row("flag", everyone=True, note="One page", **days))
    flag = registry.flags[0]
    assert (flag.description, flag.created) == ("One page", date(2026, 3, 1))
    assert verdicts(registry, 0)["f"]["default"].since == date(2026, 6, 13)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (row("flag", everyone="yes"), "`f`: `everyone` must be `true` or `false`, not the text `yes`"),
        (row("flag", percent="many"), "`f`: `percent` must be a number"),
        (row("flag", percent="NaN"), "`f`: `percent` must be a number"),
        (row("sample"), "`f`: a sample needs `percent`"),
        (row("switch", active=1), "`f`: `active` must be `true` or `false`, not `1`"),
    ],
)
def test_what_django_refuses_breaks_the_flag(found: dict[str, Any], message: str) -> None:
    registry = load(found)
    assert [problem.message for problem in registry.problems] == [message]
    assert registry.flags[0].problems


def test_two_rows_of_one_name_or_one_key_are_problems() -> None:
    registry = load(row("switch"), row("switch"))
    assert [(problem.code, problem.message) for problem in registry.problems] == [
        ("FLG402", "`f` is the name of two switches")
    ]
    registry = load({**row("switch"), "pk": 1}, {**row("switch", "g"), "pk": 1})
    assert [problem.message for problem in registry.problems] == ["the primary key 1 stands here twice"]
    assert [flag.problems for flag in registry.flags] == [True, True]


def test_rows_of_other_models_are_passed_over() -> None:
    other = {"model": "auth.group", "pk": 1, "fields": {"name": "f"}}
    assert [flag.key for flag in load(other, row("switch", "g")).flags] == ["g"]


def test_a_name_that_yaml_1_1_takes_for_a_boolean_is_a_problem() -> None:
    text = "- model: waffle.switch\n  fields: {name: on, active: true, created: 2026-03-01 09:15:00+00:00}\n"
    registry = load_files([File("fixture.yaml", text.encode())])
    assert [problem.message for problem in registry.problems] == ["`on`: YAML 1.1 reads `on` in `name` as a boolean"]
