"""Edits on files in any layout: every byte stays that is not meant to change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from flaglint.registry.edit import (
    Draft,
    add_flag,
    kill,
    remove_flags,
    remove_together,
    rename_flag,
    set_field,
    set_rollout,
    set_variant,
    unkill,
)
from flaglint.registry.files import File
from tests.registry.editing import applied

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.definition import Flag

HEAD = "version: 1\nenvironments: [dev, prod]\nsegments: {staff: {role: admin}}\nflags:\n"
DAY = date(2026, 11, 23)
COMMENT = re.compile(r"# c\d+")
KEYS = [f"flag-{letter}" for letter in "abcdef"]


class Layout:
    """Draws one layout choice after the other; each comment is told apart by its number."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.comments = 0

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}"

    def rarely(self) -> bool:
        return self.draw(st.integers(0, 3)) == 0

    def tail(self) -> str:
        """The end of a line: nothing, blanks, or a comment."""
        return self.draw(st.sampled_from(["", "", "", " ", "  @"])).replace("@", self.comment()) + "\n"

    def lines_between(self, indent: int) -> str:
        if not self.rarely():
            return ""
        choice = self.draw(st.sampled_from(["blank", "comment", "both"]))
        blank = "\n" if choice != "comment" else ""
        comment = f"{' ' * indent}{self.comment()}\n" if choice != "blank" else ""
        return blank + comment

    def text(self) -> str:
        return self.draw(st.sampled_from(["plain", "'single'", '"double: é"', "two words", "日本"]))


def outcome(layout: Layout) -> str:
    return layout.draw(st.sampled_from(["on", "off", "'on'", "{on: 25, off: 75}", "{ off: 1, on: 3 }", "{on: 7}"]))


def rule(layout: Layout) -> list[tuple[str, str]]:
    conditions = [
        [],
        [("segment", "staff")],
        [("when", "{country: [DE, NO]}")],
        [("from", "2026-09-01T09:00:00Z")],
        [("segment", "[staff]"), ("until", "'2026-09-01T09:00:00+02:00'")],
    ]
    pairs = layout.draw(st.sampled_from(conditions))
    if layout.rarely():
        ramp = "{to: on, percent: [0, 100], from: 2026-10-01T00:00Z, until: 2026-10-08T00:00Z}"
        return [*pairs, ("ramp", ramp)]
    return [*pairs, ("serve", outcome(layout))]


def flow(pairs: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def rules(layout: Layout, indent: int) -> str:
    """The value of `rules`, from behind the colon to the end of its last line."""
    found = [rule(layout) for _ in range(layout.draw(st.integers(0, 3)))]
    if not found or layout.rarely():
        return f" [{', '.join(map(flow, found))}]{layout.tail()}"
    dash = indent + layout.draw(st.sampled_from([0, 2]))
    text = layout.tail()
    for pairs in found:
        text += layout.lines_between(dash)
        if layout.rarely():
            text += f"{' ' * dash}- {flow(pairs)}{layout.tail()}"
            continue
        for index, (key, value) in enumerate(pairs):
            text += f"{' ' * dash}{'  ' if index else '- '}{key}: {value}{layout.tail()}"
    return text


def environments(layout: Layout, indent: int, step: int) -> str:
    names = layout.draw(st.lists(st.sampled_from(["dev", "prod"]), min_size=1, unique=True))
    contents = {
        name: layout.draw(
            st.sampled_from(
                [[("serve", outcome(layout))], [("kill", "true")], [("off_variant", "on"), ("serve", "off")]]
            )
        )
        for name in names
    }
    if layout.rarely():
        return f" {flow([(name, flow(pairs)) for name, pairs in contents.items()])}{layout.tail()}"
    text = layout.tail()
    for name, pairs in contents.items():
        text += layout.lines_between(indent + step)
        if layout.rarely():
            text += f"{' ' * (indent + step)}{name}:{layout.tail()}"
            text += "".join(f"{' ' * (indent + step + 2)}{key}: {value}{layout.tail()}" for key, value in pairs)
        else:
            text += f"{' ' * (indent + step)}{name}: {flow(pairs)}{layout.tail()}"
    return text


def entry(layout: Layout, key: str, indent: int, step: int, parents: list[str]) -> str:
    quoted = layout.draw(st.sampled_from([key, key, f"'{key}'", f'"{key}"']))
    variants = [("variants", "{on: true, off: false}"), ("off_variant", "off")]
    if layout.rarely():
        return f"{' ' * indent}{quoted}: {flow([('owner', layout.text()), *variants])}{layout.tail()}"
    inner = indent + step
    text = f"{' ' * indent}{quoted}:{layout.tail()}"
    fields = [
        ("owner", layout.text()),
        ("description", layout.text()),
        ("created", "2026-08-01"),
        ("links", "{issue: X-1}"),
    ]
    for field, value in [*(pair for pair in fields if not layout.rarely()), *variants]:
        text += layout.lines_between(inner)
        text += f"{' ' * inner}{field}: {value}{layout.tail()}"
    if parents and layout.rarely():
        text += f"{' ' * inner}needs: {{{layout.draw(st.sampled_from(parents))}: on}}{layout.tail()}"
    if layout.rarely():
        pulled = layout.draw(st.sampled_from(["true", "false", "{since: 2026-01-01}"]))
        text += f"{' ' * inner}kill: {pulled}{layout.tail()}"
    if not layout.rarely():
        text += layout.lines_between(inner)
        text += f"{' ' * inner}rules:{rules(layout, inner)}"
    elif not layout.rarely():
        text += f"{' ' * inner}serve: {outcome(layout)}{layout.tail()}"
    if layout.rarely():
        text += f"{' ' * inner}environments:{environments(layout, inner, step)}"
    return text


@dataclass(frozen=True)
class Case:
    """A registry with a flag to edit."""

    text: str
    key: str

    @property
    def data(self) -> bytes:
        return self.text.encode()


@st.composite
def cases(draw: st.DrawFn) -> Case:
    layout = Layout(draw)
    indent, step = draw(st.sampled_from([2, 4])), draw(st.sampled_from([2, 4]))
    keys = KEYS[: draw(st.integers(1, 4))]
    text = HEAD
    for index, key in enumerate(keys):
        text += layout.lines_between(indent)
        text += entry(layout, key, indent, step, keys[:index])
    if layout.rarely():
        text += "removed:\n  gone: {date: 2026-01-01}\n"
    if layout.rarely():
        text = text.rstrip("\n")
    if layout.rarely():
        text = text.replace("\n", "\r\n")
    return Case(text, draw(st.sampled_from(keys)))


def change(case: Case, make: Callable[[Draft], None]) -> tuple[str, Draft]:
    """Make a change, and return the text with it and the draft."""
    made = Draft([File("flags.yaml", case.data, "native")])
    assert not made.registry.problems
    make(made)
    text = applied(case.text, made.edits())
    assert all(new == text.encode() for _, _, new in made.changed())
    return text, made


def flags(made: Draft) -> dict[str, Flag]:
    return {flag.key: flag for flag in made.registry.flags}


def lines_of_entry(case: Case) -> tuple[int, int]:
    """The bytes of the lines of the entry that is edited."""
    made = Draft([File("flags.yaml", case.data, "native")])
    span = flags(made)[case.key].span
    lines = re.split(r"(?<=\n)", case.text)
    before = "".join(lines[: span.start.line - 1])
    return len(before.encode()), len("".join(lines[: span.end.line]).encode())


def only_the_entry_changed(case: Case, made: Draft) -> None:
    start, end = lines_of_entry(case)
    assert all(start <= edit.start and edit.end <= end for edit in made.edits())


def comments(text: str) -> list[str]:
    return sorted(COMMENT.findall(text))


@given(cases(), st.sampled_from(["", "dev", "prod"]))
def test_a_kill_changes_one_entry_and_its_undoing_gives_the_bytes_back(case: Case, environment: str) -> None:
    text, made = change(case, lambda made: kill(made, case.key, environment=environment, since=DAY))
    flag = flags(made)[case.key]
    killed = next(e.kill for e in flag.environments if e.name == environment) if environment else flag.kill
    assert killed is not None
    assert killed.since == DAY
    only_the_entry_changed(case, made)
    assert comments(text) == comments(case.text)
    before = Draft([File("flags.yaml", case.data, "native")])
    old = flags(before)[case.key]
    was_written = "kill" in dict(old.field_spans) or f"environments.{environment}.kill" in dict(old.field_spans)
    back, _ = change(Case(text, case.key), lambda made: unkill(made, case.key, environment=environment))
    if not was_written:
        assert back == case.text


@given(cases(), st.integers(0, 1000), st.sampled_from(["", "dev", "prod"]))
def test_a_rollout_changes_one_entry_and_is_what_was_asked_for(case: Case, promille: int, environment: str) -> None:
    percent = Decimal(promille) / 10
    text, made = change(case, lambda made: set_rollout(made, case.key, percent, environment=environment))
    only_the_entry_changed(case, made)
    assert set(comments(text)) >= set(comments(case.text))
    again, _ = change(Case(text, case.key), lambda made: set_rollout(made, case.key, percent, environment=environment))
    assert again == text


@given(cases(), st.sampled_from(["on", "off"]))
def test_serving_one_variant_changes_one_entry(case: Case, variant: str) -> None:
    text, made = change(case, lambda made: set_variant(made, case.key, variant))
    only_the_entry_changed(case, made)
    assert set(comments(text)) >= set(comments(case.text)) - set(comments(case.text[slice(*lines_of_entry(case))]))


@given(cases(), st.sampled_from(["owner", "description", "salt", "permanent"]), st.text(min_size=1, max_size=12))
def test_a_field_changes_alone_and_its_text_comes_back(case: Case, field: str, value: str) -> None:
    value = value.encode("utf-8", "ignore").decode().strip() or "x"
    if field == "permanent":
        value = f"because {value}"
    text, made = change(case, lambda made: set_field(made, case.key, field, value))
    assert getattr(flags(made)[case.key], field) == value
    only_the_entry_changed(case, made)
    assert set(comments(text)) >= set(comments(case.text))
    without, made = change(Case(text, case.key), lambda made: set_field(made, case.key, field, None))
    assert not dict(made.registry.flags[0].field_spans).get(field) or case.key != made.registry.flags[0].key
    assert len(without) <= len(text)


@given(cases())
def test_the_other_entries_stay_when_one_is_removed(case: Case) -> None:
    made = Draft([File("flags.yaml", case.data, "native")])
    children = {f.key: "on" for f in made.registry.flags if any(need.key == case.key for need in f.needs)}
    text, made = change(case, lambda made: remove_flags(made, {**children, case.key: "on"}))
    kept = [key for key in KEYS if key in case.text and key != case.key and key not in children]
    assert list(flags(made)) == [key for key in kept if key in flags(made)]
    assert {*flags(made), *children, case.key} == {key for key in KEYS if key in case.text}
    lines = case.text.splitlines()
    changed = [line for line in text.splitlines() if line not in lines]
    assert all(line == "flags: {}" or children for line in changed)


@given(cases(), st.permutations(KEYS), st.integers(2, 4))
def test_entries_that_go_together_leave_what_they_leave_one_by_one(case: Case, order: list[str], size: int) -> None:
    together, one_by_one = (Draft([File("flags.yaml", case.data, "native")]) for _ in range(2))
    keys = [key for key in order if key in flags(together)][:size]
    if not remove_together(together, keys):
        assert not together.edits()
        return
    for key in keys:
        remove_flags(one_by_one, {key: ""})
    assert together.edits() == one_by_one.edits()
    assert together.registry == one_by_one.registry


@given(cases())
def test_a_new_flag_changes_nothing_else(case: Case) -> None:
    text, made = change(case, lambda made: add_flag(made, "flag-aa", {"owner": "me", "created": DAY}, "flags.yaml"))
    (edit,) = made.edits()
    assert edit.start == edit.end
    back, _ = change(Case(text, "flag-aa"), lambda made: remove_flags(made, {"flag-aa": ""}))
    assert back.split() == case.text.split()


@given(cases())
def test_a_rename_changes_keys_and_salt_alone(case: Case) -> None:
    text, made = change(case, lambda made: rename_flag(made, case.key, "new-name"))
    assert comments(text) == comments(case.text)
    flag = flags(made)["new-name"]
    assert flag.salt == case.key
    assert (
        text.replace("new-name", case.key).replace(f"salt: {case.key}", "").split() == case.text.split() or "{" in text
    )
