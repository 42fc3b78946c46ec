"""Systems in which being on and having a value are two things: each read gets the one that it asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flaglint.model import Kind, Literal, Position, Reference, Span, ValueType
from flaglint.remove.kept import Kept
from flaglint.remove.reads import Refusal, value_of_read
from flaglint.remove.values import Known

PLACE = Span("a.py", Position(1, 1), Position(1, 2))
SWITCH = Reference(Literal("new"), PLACE, Kind.READ, sdk="flagsmith", value_type=ValueType.BOOLEAN)
VALUE = replace(SWITCH, value_type=ValueType.VALUE)


def read(reference: Reference, kept: Kept) -> object:
    found = value_of_read(reference, kept, 0, '"')
    return found.value if isinstance(found, Known) else found.code


@pytest.mark.parametrize(
    ("kept", "switch", "value"),
    [
        (Kept("blue", switch=True), True, "blue"),
        (Kept("blue", switch=False), False, "blue"),
        (Kept(True, switch=False), False, True),
        (Kept(None, switch=True), True, None),
        (Kept(True, switch=True), True, True),
    ],
)
def test_a_boolean_read_gets_the_switch_and_any_other_the_value(kept: Kept, switch: bool, value: object) -> None:
    assert read(SWITCH, kept) is switch
    assert read(VALUE, kept) == value


def test_a_boolean_read_of_another_system_is_left_alone_where_the_two_differ() -> None:
    elsewhere = replace(SWITCH, sdk="openfeature")
    assert read(elsewhere, Kept("blue", switch=True)) == "separate-switch"
    assert read(elsewhere, Kept(True, switch=False)) == "separate-switch"
    assert read(elsewhere, Kept(True, switch=True)) is True
    assert read(elsewhere, Kept(True)) is True


def test_without_a_switch_a_boolean_read_wants_a_boolean() -> None:
    assert isinstance(value_of_read(SWITCH, Kept("blue"), 0, '"'), Refusal)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (Kept("blue"), '"blue"'),
        (Kept(True, switch=True), "true"),
        (Kept(None, switch=True), "on"),
        (Kept("blue", switch=False), 'off, with "blue"'),
    ],
)
def test_messages_tell_both(kept: Kept, shown: str) -> None:
    assert kept.shown == shown
