"""Killing flags and setting their fields."""

from __future__ import annotations

from datetime import date

import pytest

from flaglint.errors import EditError, UsageError
from flaglint.registry.edit import kill, set_field, unkill
from flaglint.registry.edit.draft import Draft
from flaglint.registry.files import File
from tests.registry.editing import draft, edited

DAY = date(2026, 11, 23)


def entry(*lines: str, head: str = "", tail: str = "") -> str:
    """A registry whose flag `f` has these lines."""
    return f"version: 1\n{head}flags:\n" + "".join(f"{line}\n" for line in lines) + tail


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (  # where it belongs: behind what comes before it in the format's order, comments stay
            ["  f:  # note", "    owner: a  # who", "    # rules", "    rules: []", "  g: {}"],
            ["  f:  # note", "    owner: a  # who", "    kill: true", "    # rules", "    rules: []", "  g: {}"],
        ),
        (["  f:", "    rules: []"], ["  f:", "    kill: true", "    rules: []"]),
        (
            ["  f: # note", "    # first", "    serve: true"],
            ["  f: # note", "    kill: true", "    # first", "    serve: true"],
        ),
        (["  f: {}"], ["  f: {kill: true}"]),
        (["  f: { }"], ["  f: {kill: true}"]),
        (["  f: {serve: true}"], ["  f: {kill: true, serve: true}"]),
        (["  f: {owner: a, serve: true} # x"], ["  f: {owner: a, kill: true, serve: true} # x"]),
        (["  f: { owner: a }"], ["  f: { owner: a, kill: true }"]),
        (["  f: {owner: a,}"], ["  f: {owner: a, kill: true,}"]),
        (
            ["  f: {", "    owner: a, # who", "    serve: true", "  }"],
            ["  f: {", "    owner: a, # who", "    kill: true,", "    serve: true", "  }"],
        ),
        (["  f: {", "    owner: a # who", "  }"], ["  f: {", "    owner: a, # who", "    kill: true", "  }"]),
        (["  f:", "    kill: false # no"], ["  f:", "    kill: true # no"]),
        (
            ["  f:", "    kill:  # why", "      since: 2026-01-01", "      # more", "      by: x", "    serve: true"],
            ["  f:", "    kill: true  # why", "    serve: true"],
        ),
        (["  f:", "    kill: {by: x}"], ["  f:", "    kill: true"]),
        (
            ["  'f' :", "    owner: >-", "      a", "", "      b", "", "  g: {}"],
            ["  'f' :", "    owner: >-", "      a", "", "      b", "    kill: true", "", "  g: {}"],
        ),
        (
            ["  f:", "    description: |+", "      a", "", "  g: {}"],
            ["  f:", "    description: |+", "      a", "", "    kill: true", "  g: {}"],
        ),
        (["  f:", "        owner: ä😀 # ö"], ["  f:", "        owner: ä😀 # ö", "        kill: true"]),
    ],
)
def test_kills_a_flag_in_every_layout(before: list[str], after: list[str]) -> None:
    assert edited(entry(*before), lambda made: kill(made, "f")) == entry(*after)


def test_a_kill_tells_since_when_by_whom_and_why() -> None:
    text = edited(entry("  f: {}"), lambda made: kill(made, "f", since=DAY, by="ann", reason="too slow: #7"))
    assert text == entry('  f: {kill: {since: 2026-11-23, by: ann, reason: "too slow: #7"}}')


def test_keeps_line_breaks_and_a_missing_last_one() -> None:
    assert edited("version: 1\r\nflags:\r\n  f:\r\n    owner: a", lambda made: kill(made, "f")) == (
        "version: 1\r\nflags:\r\n  f:\r\n    owner: a\r\n    kill: true"
    )


def test_keeps_a_byte_order_mark() -> None:
    made = Draft([File("flags.yaml", "\ufeffversion: 1\nflags: {é: {}}\n".encode(), "native")])
    kill(made, "é")
    ((_, _, data),) = made.changed()
    assert data == "\ufeffversion: 1\nflags: {é: {kill: true}}\n".encode()
    (edit,) = made.edits()
    assert (edit.start, edit.text) == (27, b"kill: true")


HEAD = "environments: [dev, prod]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["  f:", "    owner: a"], ["  f:", "    owner: a", "    environments:", "      prod: {kill: true}"]),
        (["  f:", "      owner: a"], ["  f:", "      owner: a", "      environments:", "          prod: {kill: true}"]),
        (["  f: {owner: a}"], ["  f: {owner: a, environments: {prod: {kill: true}}}"]),
        (
            ["  f:", "    environments: # e", "      dev: {serve: true} # d"],
            ["  f:", "    environments: # e", "      dev: {serve: true} # d", "      prod: {kill: true}"],
        ),
        (
            ["  f:", "    environments: {dev: {serve: true}}"],
            ["  f:", "    environments: {dev: {serve: true}, prod: {kill: true}}"],
        ),
        (
            ["  f:", "    environments:", "      prod:", "        serve: true # p"],
            ["  f:", "    environments:", "      prod:", "        serve: true # p", "        kill: true"],
        ),
        (
            ["  f:", "    environments:", "      prod: {serve: true}"],
            ["  f:", "    environments:", "      prod: {serve: true, kill: true}"],
        ),
    ],
)
def test_kills_a_flag_in_one_environment(before: list[str], after: list[str]) -> None:
    assert edited(entry(*before, head=HEAD), lambda made: kill(made, "f", environment="prod")) == entry(
        *after, head=HEAD
    )


@pytest.mark.parametrize(
    ("lines", "environment"),
    [
        (["  f:", "    owner: a # x", "    rules: []"], ""),
        (["  f: {owner: a, serve: true}"], ""),
        (["  f: {}"], ""),
        (["  f:", "    owner: a", "    environments:", "      dev: {serve: true}"], "prod"),
        (["  f:", "    owner: a"], "prod"),
        (["  f: {owner: a}"], "prod"),
        (["  f:", "    environments:", "      prod: {serve: true}"], "prod"),
    ],
)
def test_undoing_a_kill_gives_the_bytes_back(lines: list[str], environment: str) -> None:
    before = entry(*lines, head=HEAD)
    killed = edited(before, lambda made: kill(made, "f", environment=environment, since=DAY))
    assert edited(killed, lambda made: unkill(made, "f", environment=environment)) == before


def test_an_environment_that_says_nothing_more_goes_with_its_kill() -> None:
    before = entry("  f:", "    owner: a", "    environments:", "      prod:  # p", "        kill: true", head=HEAD)
    assert edited(before, lambda made: unkill(made, "f", environment="prod")) == entry(
        "  f:", "    owner: a", head=HEAD
    )


def test_a_flag_that_was_only_killed_becomes_empty() -> None:
    before = entry("  f: # note", "    kill: true", "  g: {}")
    assert edited(before, lambda made: unkill(made, "f")) == entry("  f: {} # note", "  g: {}")


def test_what_is_not_killed_cannot_be_undone() -> None:
    text = entry("  f: {environments: {dev: {kill: true}}}", "  g: {kill: true}", head=HEAD)
    with pytest.raises(UsageError, match="`f` is not killed") as caught:
        unkill(draft(text), "f")
    assert caught.value.help == "it is killed in dev: name the environment"
    with pytest.raises(UsageError, match="`g` is not killed in prod") as caught:
        unkill(draft(text), "g", environment="prod")
    assert caught.value.help == "it is killed everywhere: name no environment"


def test_names_the_nearest_flag_and_environment() -> None:
    with pytest.raises(UsageError, match="there is no flag `checkuot`") as caught:
        kill(draft(entry("  checkout: {}")), "checkuot")
    assert caught.value.help == "did you mean `checkout`?"
    with pytest.raises(UsageError, match="there is no environment `prd` in the registry") as caught:
        kill(draft(entry("  f: {}", head=HEAD)), "f", environment="prd")
    assert caught.value.help == "did you mean `prod`?"


@pytest.mark.parametrize(
    ("before", "field", "value", "after"),
    [
        (["  f:", "    owner: a # who"], "owner", "b", ["  f:", "    owner: b # who"]),
        (["  f:", '    owner: "@a" # who'], "owner", "@b", ["  f:", '    owner: "@b" # who']),
        (["  f:", "    owner: '@a'"], "owner", "it's b", ["  f:", "    owner: 'it''s b'"]),
        (["  f:", "    owner: a"], "owner", "@b", ["  f:", '    owner: "@b"']),
        (["  f:", "    serve: true"], "description", "a: b", ["  f:", '    description: "a: b"', "    serve: true"]),
        (["  f:", "    serve: true"], "description", "no", ["  f:", '    description: "no"', "    serve: true"]),
        (["  f:", "    serve: true"], "description", "1.10", ["  f:", '    description: "1.10"', "    serve: true"]),
        (
            ["  f:", "    serve: true"],
            "description",
            "One page, please",
            ["  f:", '    description: "One page, please"', "    serve: true"],
        ),
        (
            ["  f:", "    serve: true"],
            "description",
            "Zahle schnell (neu)",
            ["  f:", "    description: Zahle schnell (neu)", "    serve: true"],
        ),
        (
            ["  f:", "    description: |  # d", "      a", "      b", "    owner: x"],
            "description",
            "c",
            ["  f:", "    description: c  # d", "    owner: x"],
        ),
        (
            ["  f:", "    description: a", "      b", "    owner: x"],
            "description",
            "c",
            ["  f:", "    description: c", "    owner: x"],
        ),
        (["  f:", "    type: ops"], "type", "release", ["  f:", "    type: release"]),
        (["  f: {serve: true}"], "expires", DAY, ["  f: {expires: 2026-11-23, serve: true}"]),
        (["  f:", "    expires: 2026-01-01 # soon"], "expires", DAY, ["  f:", "    expires: 2026-11-23 # soon"]),
        (
            ["  f:", "    variants: {true: 1, x: 2}", "    off_variant: x"],
            "off_variant",
            "true",
            ["  f:", "    variants: {true: 1, x: 2}", "    off_variant: true"],
        ),
        (
            ["  f:", "    owner: a", "    # kept", "    type: ops"],
            "owner",
            None,
            ["  f:", "    # kept", "    type: ops"],
        ),
        (["  f:", "    type: ops", "    owner: a # who"], "owner", None, ["  f:", "    type: ops"]),
        (["  f: {type: ops, owner: a}"], "owner", None, ["  f: {type: ops}"]),
        (["  f: {owner: a, type: ops}"], "owner", None, ["  f: {type: ops}"]),
        (["  f: {", "    owner: a, # who", "    type: ops", "  }"], "owner", None, ["  f: {", "    type: ops", "  }"]),
        (
            ["  f: {", "    type: ops, # what", "    owner: a", "  }"],
            "owner",
            None,
            ["  f: {", "    type: ops # what", "  }"],
        ),
        (["  f: {owner: a}"], "owner", None, ["  f: {}"]),
        (["  f: {}"], "owner", None, ["  f: {}"]),
    ],
)
def test_sets_and_unsets_fields(before: list[str], field: str, value: str | date | None, after: list[str]) -> None:
    assert edited(entry(*before), lambda made: set_field(made, "f", field, value)) == entry(*after)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("kill", "x", "`kill` cannot be set"),
        ("ownr", "x", "`ownr` cannot be set"),
        ("type", "relese", "`relese` is no type of flag"),
        ("owner", " ", "`owner` is empty"),
    ],
)
def test_refuses_fields_and_values_that_cannot_be(field: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        set_field(draft(entry("  f: {}")), "f", field, value)


def test_an_off_variant_that_does_not_exist_is_not_written() -> None:
    made = draft(entry("  f: {}"))
    with pytest.raises(EditError, match="the edit would break the registry: FLG401 `f`: `off_variant` names `maybe`"):
        set_field(made, "f", "off_variant", "maybe")


def test_a_broken_flag_can_be_killed_all_the_same() -> None:
    before = ["  f:", "    ownr: a", "    serve: maybe"]
    assert edited(entry(*before), lambda made: kill(made, "f")) == entry(before[0], "    kill: true", *before[1:])


def test_a_broken_neighbour_is_left_alone() -> None:
    before = ["  f: {}", "  g: {rollout: 100, serve: [x]}", "  h: *a"]
    assert edited(entry(*before), lambda made: kill(made, "f")) == entry("  f: {kill: true}", *before[1:])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["  f: {}", "  f: {}"], "`f` is defined twice"),
        (["  f: &x {serve: true}", "  g: *x"], "the entry of `f` cannot be edited: the anchor `&x` is not read"),
        (["  f: *x"], "the entry of `f` is no mapping"),
        (["  f: [a]"], "the entry of `f` is no mapping"),
        (["  f: {}", "  g: {owner: [}"], "it cannot be edited: this is not YAML"),
        (["  f:", "    <<: {owner: a}"], "the entry of `f` cannot be edited: merge keys are not read"),
    ],
)
def test_refuses_entries_that_are_not_what_they_seem(lines: list[str], message: str) -> None:
    with pytest.raises(EditError, match=message) as caught:
        kill(draft(entry(*lines)), "f")
    assert caught.value.path == "flags.yaml"
    assert caught.value.line > 1


def test_an_explicit_key_is_refused_rather_than_broken() -> None:
    made = draft(entry("  ? f", "  : ? owner", "    : a"))
    with pytest.raises(EditError, match="the edit would"):
        kill(made, "f")
    assert not made.edits() or made.registry == draft(entry("  ? f", "  : ? owner", "    : a")).registry


def test_edits_json() -> None:
    text = '{"version": 1, "flags": {\n  "f": {"owner": "a"},\n  "g": {}\n}}\n'
    assert edited(text, lambda made: kill(made, "g", since=DAY, reason="é"), "flags.json") == text.replace(
        '"g": {}', '"g": {"kill": {"since": "2026-11-23", "reason": "é"}}'
    )
    assert edited(text, lambda made: set_field(made, "f", "owner", 'a "b"'), "flags.json") == text.replace(
        '"owner": "a"', '"owner": "a \\"b\\""'
    )
    assert edited(text, lambda made: set_field(made, "f", "owner", None), "flags.json") == text.replace(
        '{"owner": "a"}', "{}"
    )


def test_one_edit_follows_another() -> None:
    made = draft(entry("  f: {}", "  g: {owner: a}"))
    kill(made, "f")
    set_field(made, "f", "owner", "b")
    unkill(made, "f")
    set_field(made, "g", "owner", None)
    ((path, before, after),) = made.changed()
    assert (path, before.decode()) == ("flags.yaml", entry("  f: {}", "  g: {owner: a}"))
    assert after.decode() == entry("  f: {owner: b}", "  g: {}")
    assert all(edit.text in {b"owner: b", b"}", b"{", b"{}", b""} for edit in made.edits())


def test_edits_the_file_that_holds_the_flag() -> None:
    made = draft(entry("  f: {}"), other="version: 1\nflags:\n  g: {}\n")
    kill(made, "g")
    assert [edit.path for edit in made.edits()] == ["other.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "~",
        "0x1F",
        "2026-01-01",
        "12:30",
        "a #b",
        "- a",
        "? a",
        "a: b",
        "@a",
        "`a`",
        "%a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "[a",
        "{a",
        "a]",
        "'",
        '"',
        "\\",
        "a\tb",
        "a\nb",
        "\x07",
        "a\x85b",
        "a\u2028b",
        "\ufeffa",
        "é",
        "😀",
        "a,b",
        "https://x.y/z?a=b#c",
        "y",
        "NO",
        "1e3",
        ".inf",
        "a:",
        "...",
        "---",
        "<<",
        "=",
        "a  b",
        "null",
    ],
)
@pytest.mark.parametrize("lines", [["  f:", "    serve: true"], ["  f: {serve: true}"]])
def test_any_text_is_read_as_it_was_given(text: str, lines: list[str]) -> None:
    made = draft(entry(*lines))
    set_field(made, "f", "owner", text)
    (flag,) = made.registry.flags
    assert (flag.owner, flag.problems) == (text, False)
