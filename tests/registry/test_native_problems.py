"""The native format: what is wrong in a file, where, and what to do about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.errors import RegistryError
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files
from tests.registry.reading import entry_problems, problems, registry, shown

HEAD = "version: 1\n"
ATTRIBUTES = "attributes: {email: string, plan: {enum: [free, pro]}, age: integer, beta: boolean, roles: list}\n"


def in_when(condition: str, *, head: str = "") -> list[str]:
    return entry_problems(f"  f:\n    rules: [{{when: {condition}, serve: true}}]\n", head=head)


def test_reports_all_that_is_wrong_in_one_run() -> None:
    text = """\
version: 1
flags:
  one:
    typ: release
    created: 2026-02-30
    serve: on
  two:
    kill: yes
    rules:
      - segment: staf
        serve: true
  two: {}
  three: {needs: {four: true}}
segments:
  staff: {age: {gt: x}}
"""
    assert problems(text) == [
        "4:5 FLG401 `one`: a flag has no field `typ`",
        "5:14 FLG401 `one`: `created` `2026-02-30` is no day of the calendar",
        "6:12 FLG401 `one`: `serve` names `on`, which is no variant",
        "8:11 FLG401 `two`: `kill` must be `true` or `false`, not `yes`",
        "10:18 FLG407 `two`: there is no segment `staf`",
        "12:3 FLG402 `two` is defined twice",
        "13:19 FLG405 `three`: there is no flag `four`, so the prerequisite is never met",
        "15:21 FLG401 segment `staff`: `gt` of `age` must be a number, not `x`",
    ]


def test_says_what_was_probably_meant() -> None:
    text = (
        f"{HEAD}flags:\n  f:\n    typ: release\n    kill: yes\n    rules:\n      - serve: on\n        segment: staf\n"
    )
    helps = [problem.help for problem in registry(text + "segments: {staff: {a: 1}}\n").problems]
    assert helps == [
        "did you mean `type`?",
        "write `true`",
        "write `true`",
        "did you mean `staff`?",
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("", "a flag must be a mapping, not nothing"),
        ("[a]", "a flag must be a mapping, not a list"),
        ("{owner: }", "`owner` has no value"),
        ("{owner: ~}", "`owner` has no value"),
        ("{owner: [a]}", "`owner` must be a text, not a list"),
        ("{owner: ''}", "`owner` is empty"),
        ("{ownr: a}", "a flag has no field `ownr`"),
        ("{type: relase}", "the type `relase` is not known"),
        ("{created: 2026-2-3}", "`created` `2026-2-3` is no date"),
        ("{created: 2025-02-29}", "`created` `2025-02-29` is no day of the calendar"),
        ("{created: 2026-08-01T00:00:00Z}", "`created` `2026-08-01T00:00:00Z` is no date"),
        ("{permanent: no}", "`permanent` must be a reason, not `no`"),
        ("{permanent: ''}", "`permanent` is empty"),
        ("{links: SHOP-1}", "`links` must be a mapping, not `SHOP-1`"),
        ("{tags: a}", "`tags` must be a list, not `a`"),
        ("{kill: 'true'}", "`kill` must be `true` or `false`, not the text `true`"),
        ("{kill: 1}", "`kill` must be `true` or `false`, not `1`"),
        ("{kill: {}}", "`kill` is empty"),
        ("{kill: {when: 2026-01-01}}", "`kill` has no field `when`"),
        ("{kill: {since: soon}}", "`since` `soon` is no date"),
        ("{serve: true, rules: []}", "a flag has `serve` or `rules`, not both"),
        ("{serve: maybe}", "`serve` names `maybe`, which is no variant"),
        ("{serve: {}}", "`serve` names no variant"),
        ("{serve: {true: 1, maybe: 1}}", "`serve` names `maybe`, which is no variant"),
        ("{serve: [true]}", "`serve` must be the name of a variant, not a list"),
        ("{off_variant: off}", "`off_variant` names `off`, which is no variant"),
        ("{variants: {a: 1}}", "a flag with `variants` needs `off_variant`"),
        ("{variants: {}, off_variant: 'false'}", "`variants` is empty"),
        ("{variants: {a: 1, b: x}, off_variant: a}", "the value of `b` is a text, that of `a` is a number"),
        ("{variants: {a: true, b: 1}, off_variant: a}", "the value of `b` is a number, that of `a` is a boolean"),
        ("{variants: {a: [1]}, off_variant: a}", "the value of `a` cannot be a list"),
        ("{variants: {a: ~}, off_variant: a}", "the value of `a` must be a text, a number or a boolean, not nothing"),
        ("{variants: {a: {b: }}, off_variant: a}", "`b` must be a text, a number or a boolean, not nothing"),
        ("{variants: {a: .inf}, off_variant: a}", "the value of `a` `.inf` is no number that JSON can carry"),
        ("{variants: {'-a': 1}, off_variant: '-a'}", "the text `-a` cannot name a variant"),
        ("{needs: {}}", "`needs` names no flag"),
        ("{needs: [a]}", "`needs` must be a mapping, not a list"),
        ("{needs: {f: []}}", "`needs` wants no variant of `f`"),
        ("{bucket_by: a.b}", "the attribute `a.b` has a dot in its name"),
        ("{rules: {}}", "`rules` must be a list, not a mapping"),
        ("{rules: [{}]}", "a rule needs `serve` or `ramp`"),
        ("{rules: [{serve: true, ramp: {}}]}", "a rule has `serve` or `ramp`, not both"),
        ("{rules: [{serve: true, segment: []}]}", "`segment` names no segment"),
        ("{rules: [{serve: true, when: {}}]}", "`when` holds no condition"),
        ("{rules: [{serve: true, from: 2026-09-01}]}", "`from` `2026-09-01` is a day, not a time"),
        ("{rules: [{serve: true, from: 2026-09-01T24:00:00Z}]}", "`from` `2026-09-01T24:00:00Z` is no time of the day"),
        ("{rules: [{serve: true, from: '2026-09-01 09:00'}]}", "`from` the text `2026-09-01 09:00` is no time"),
        ("{rules: [{ramp: {to: true}}]}", "`ramp` needs `percent`"),
        ("{environments: {production: {kill: true}}}", "there is no environment `production`"),
        ("{environments: {default: {}}}", "`default` changes nothing"),
        ("{environments: {default: {owner: a}}}", "`default` has no field `owner`"),
    ],
)
def test_problems_of_an_entry(entry: str, expected: str) -> None:
    assert f"`f`: {expected}" in entry_problems(f"  f: {entry}\n")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "{serve: true, from: 2026-09-01T09:00:00}",
            "`from` `2026-09-01T09:00:00` has no offset, so it is another moment in each place",
        ),
        ("{serve: true, from: 2026-09-02T00:00Z, until: 2026-09-02T00:00Z}", "`until` is not after `from`"),
        (
            "{ramp: {to: true, percent: [0], from: 2026-09-02T00:00Z, until: 2026-09-03T00:00Z}}",
            "`percent` must hold two numbers, where the ramp begins and where it ends",
        ),
        (
            "{ramp: {to: true, percent: [0, 101], from: 2026-09-02T00:00Z, until: 2026-09-03T00:00Z}}",
            "`percent` must be a number from 0 to 100, not `101`",
        ),
        (
            "{ramp: {to: true, percent: [0, 1], from: 2026-09-03T00:00Z, until: 2026-09-02T00:00Z}}",
            "`until` is not after `from`",
        ),
        (
            "{ramp: {to: maybe, percent: [0, 1], from: 2026-09-03T00:00Z, until: 2026-09-04T00:00Z}}",
            "`to` names `maybe`, which is no variant",
        ),
    ],
)
def test_problems_of_a_rule(rule: str, expected: str) -> None:
    assert entry_problems(f"  f:\n    rules: [{rule}]\n") == [f"`f`: {expected}"]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("{true: -1, false: 2}", "`f`: the weight of `true` is negative"),
        ("{true: 12.5, false: 87.5}", "`f`: the weight of `true` must be a whole number, not `12.5`"),
        ("{true: 2147483647, false: 1}", "`f`: the weights sum up to more than 2,147,483,647"),
        ("{true: 0, false: 0}", "`f`: every weight is 0, so `off_variant` is served"),
    ],
)
def test_bad_weights_have_their_own_code(weights: str, expected: str) -> None:
    found = registry(f"{HEAD}flags:\n  f: {{serve: {weights}}}\n").problems[0]
    assert (found.code, found.message) == ("FLG408", expected)


def test_a_weight_that_is_no_number_is_a_wrong_type() -> None:
    found = registry(f"{HEAD}flags:\n  f: {{serve: {{true: half}}}}\n").problems[0]
    assert (found.code, found.message) == ("FLG401", "`f`: the weight of `true` must be a whole number, not `half`")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{segment: staff}", "`f`: `segment` stands beside `when`, not inside of it"),
        ("{a.b: 1}", "`f`: the attribute `a.b` has a dot in its name"),
        ("{a: }", "`f`: `a` must be a text, a number or a boolean, not nothing"),
        ("{a: {}}", "`f`: `a` is compared with nothing"),
        ("{a: {eq: 1}}", "`f`: `a` has no operator `eq`"),
        ("{a: {gt: '1'}}", "`f`: `gt` of `a` must be a number, not the text `1`"),
        ("{a: {gt: true}}", "`f`: `gt` of `a` must be a number, not `true`"),
        ("{a: {in: x}}", "`f`: `in` must be a list, not `x`"),
        ("{a: {not: [x]}}", "`f`: `not` of `a` takes one value, not a list"),
        ("{a: {exists: yes}}", "`f`: `exists` of `a` must be `true` or `false`, not `yes`"),
        ("{a: {semver: 2.1.0}}", "`f`: `semver` of `a` `2.1.0` is no comparison of versions"),
        ("{a: {semver: '>=1.0.0-01'}}", "`f`: `semver` of `a` the text `>=1.0.0-01` is no comparison of versions"),
        ("{a: {semver: '^1-rc.00'}}", "`f`: `semver` of `a` the text `^1-rc.00` is no comparison of versions"),
        ("{a: [[x]]}", "`f`: `a` must be a text, a number or a boolean, not a list"),
        (
            "{a: 9007199254740992}",
            "`f`: `a` `9007199254740992` is an integer beyond 2^53-1, which not every reader keeps exactly",
        ),
        ("{any: []}", "`f`: `any` holds no condition"),
        ("{any: {a: 1}}", "`f`: `any` must be a list, not a mapping"),
        ("{not: [{a: 1}]}", "`f`: `not` must be a mapping, not a list"),
    ],
)
def test_problems_of_a_condition(condition: str, expected: str) -> None:
    assert in_when(condition) == [expected]


@pytest.mark.parametrize(
    ("operator", "advice"),
    [("eq", "write a plain value"), ("startsWith", "write `starts_with`"), ("NOT_IN", "did you mean `not_in`?")],
)
def test_knows_other_words_for_operators(operator: str, advice: str) -> None:
    text = f"{HEAD}flags:\n  f:\n    rules: [{{when: {{a: {{{operator}: 1}}}}, serve: true}}]\n"
    assert [problem.help for problem in registry(text).problems] == [advice]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{emial: x}", "the attribute `emial` is not declared"),
        ("{plan: gold}", "`plan` is never `gold`"),
        ("{plan: [free, gold]}", "`plan` is never `gold`"),
        ("{age: '3'}", "`age` is an integer and never the text `3`"),
        ("{age: 1.5}", "`age` is an integer and never `1.5`"),
        ("{age: true}", "`age` is an integer and never `true`"),
        ("{beta: 1}", "`beta` is boolean and never `1`"),
        ("{beta: yes}", "`beta` is boolean and never `yes`"),
        ("{email: {gt: 3}}", "`gt` never matches `email`, which is a string"),
        ("{roles: admin}", "`equals` never matches `roles`, which is a list"),
    ],
)
def test_holds_conditions_against_declared_attributes(condition: str, expected: str) -> None:
    found = registry(f"{HEAD}{ATTRIBUTES}flags:\n  f:\n    rules: [{{when: {condition}, serve: true}}]\n")
    assert [(p.code, p.message, p.breaks) for p in found.problems] == [("FLG409", f"`f`: {expected}", False)]
    assert not found.flags[0].problems


@pytest.mark.parametrize(
    "condition",
    [
        "{email: 3}",
        "{plan: {starts_with: pr}}",
        "{age: {gt: 1.5}}",
        "{age: 2.0}",
        "{roles: {contains: admin}}",
        "{targetingKey: u1}",
        "{beta: {exists: true}}",
        "{email: {contains: '@'}}",
    ],
)
def test_leaves_conditions_alone_that_can_match(condition: str) -> None:
    assert not in_when(condition, head=ATTRIBUTES)


def test_no_attribute_is_unknown_where_none_are_declared() -> None:
    assert not in_when("{anything: goes}")


def test_a_bucketing_attribute_must_be_declared_and_a_text() -> None:
    assert entry_problems("  f: {bucket_by: emal}\n", head=ATTRIBUTES) == ["`f`: the attribute `emal` is not declared"]
    assert entry_problems("  f: {bucket_by: age}\n", head=ATTRIBUTES) == [
        "`f`: `bucket_by` needs a text, and `age` is declared as integer"
    ]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("flags: {}", "1:1 FLG401 a registry needs `version`"),
        ("version: '1'", "1:10 FLG401 `version` must be `1`, not the text `1`"),
        ("version: 2", "1:10 FLG401 `version` must be `1`, not `2`"),
        ("version: 1\nflag: {}", "2:1 FLG401 a registry has no field `flag`"),
        ("version: 1\nbucketing: v2", "2:12 FLG401 `bucketing` `v2` is not known"),
        ("version: 1\nenvironments: prod", "2:15 FLG401 `environments` must be a list, not `prod`"),
        ("version: 1\nenvironments: [a, a]", "2:19 FLG401 `a` is listed twice"),
        ("version: 1\nenvironments: []", "2:15 FLG401 `environments` is empty"),
        ("version: 1\nenvironments: [a b]", "2:16 FLG401 `a b` cannot name an environment"),
        ("version: 1\ncritical: [prod]", "2:12 FLG401 there is no environment `prod`"),
        ("version: 1\nattributes: {a: text}", "2:17 FLG401 attribute `a`: the kind `text` is not known"),
        ("version: 1\nattributes: {a.b: string}", "2:14 FLG401 attribute `a.b`: an attribute has no dot in its name"),
        (
            "version: 1\nattributes: {any: string}",
            "2:14 FLG401 attribute `any`: `any` is a word of the format and cannot name an attribute",
        ),
        ("version: 1\nattributes: {a: {enum: []}}", "2:24 FLG401 attribute `a`: `enum` has no values"),
        (
            "version: 1\nattributes: {targetingKey: integer}",
            "2:28 FLG401 attribute `targetingKey`: `targetingKey` is a string",
        ),
        ("version: 1\nsegments: {a: {}}", "2:15 FLG401 segment `a`: a segment holds no condition"),
        ("version: 1\nsegments: {a: {segment: b}}", "2:25 FLG407 segment `a`: there is no segment `b`"),
        ("version: 1\nflags: [a]", "2:8 FLG401 `flags` must be a mapping, not a list"),
        ("version: 1\nflags: {'': {}}", "2:9 FLG401 ``: the key of a flag is a line of printable text"),
        ('version: 1\nflags: {"a\\nb": {}}', "2:9 FLG401 `a\nb`: the key of a flag is a line of printable text"),
        ("version: 1\nflags: {[a]: {}}", "2:9 FLG401 a key must be a text, not a collection or an alias"),
        ("version: 1\nremoved: {a: {on: 2026-01-01}}", "2:15 FLG401 `a`: a removed flag has no field `on`"),
        ("version: 1\nremoved: {a: {date: x}}", "2:21 FLG401 `a`: `date` `x` is no date"),
    ],
)
def test_problems_of_the_head(head: str, expected: str) -> None:
    assert expected in problems(head + "\n")


def test_attributes_whose_kind_is_unknown_are_declared_all_the_same() -> None:
    assert in_when("{age: {gt: 3}}", head="attributes: {age: int}\n") == [
        "attribute `age`: the kind `int` is not known"
    ]


def test_names_both_places_of_a_key_that_is_defined_twice() -> None:
    loaded = registry(f"{HEAD}flags:\n  f: {{serve: true}}\n  f: {{}}\n")
    (problem,) = loaded.problems
    assert (problem.code, str(problem.span)) == ("FLG402", "flags.yaml:4:3")
    assert [str(label.span) for label in problem.related] == ["flags.yaml:3:3"]
    assert [flag.problems for flag in loaded.flags] == [True, True]


def test_circles_of_prerequisites_are_found_once_each() -> None:
    entries = "  a: {needs: {b: true}}\n  b: {needs: {c: true, d: true}}\n  c: {needs: {a: true}}\n"
    entries += "  d: {}\n  e: {needs: {e: true}}\n"
    loaded = registry(f"{HEAD}flags:\n{entries}  f: {{needs: {{a: true}}}}\n")
    assert [(p.code, p.message) for p in loaded.problems] == [
        ("FLG404", "`a` needs itself: `a` → `b` → `c` → `a`"),
        ("FLG404", "`e` needs itself: `e` → `e`"),
    ]
    assert [str(label.span) for label in loaded.problems[0].related] == ["flags.yaml:4:15", "flags.yaml:5:15"]
    assert not any(flag.problems for flag in loaded.flags)


def test_prerequisites_that_share_a_parent_are_no_circle() -> None:
    entries = "  a: {needs: {b: true, c: true}}\n  b: {needs: {d: true}}\n  c: {needs: {d: true}}\n  d: {}\n"
    assert not entry_problems(entries)


def test_a_prerequisite_wants_a_variant_that_its_parent_has() -> None:
    assert entry_problems("  a: {needs: {b: [true, tru]}}\n  b: {}\n") == [
        "`a`: `b` has no variant `tru`, so it never serves it"
    ]


def test_a_removed_parent_is_named_with_its_tombstone() -> None:
    loaded = registry(f"{HEAD}flags:\n  a: {{needs: {{b: true}}}}\nremoved:\n  b: {{date: 2026-01-02}}\n")
    (problem,) = loaded.problems
    assert problem.message == "`a`: there is no longer a flag `b`, so the prerequisite is never met"
    assert [str(label.span) for label in problem.related] == ["flags.yaml:5:3"]


def test_circles_of_segments_break_the_flags_that_ask_for_them() -> None:
    head = "segments:\n  a: {segment: b}\n  b: {segment: a}\n  c: {segment: b}\n  d: {x: 1}\n"
    rules = "  f: {rules: [{segment: c, serve: true}]}\n  g: {rules: [{segment: d, serve: true}]}\n"
    loaded = registry(f"{HEAD}{head}flags:\n{rules}")
    assert [p.message for p in loaded.problems] == ["segment `a` refers to itself: `a` → `b` → `a`"]
    assert [flag.problems for flag in loaded.flags] == [True, False]


def test_a_problem_breaks_its_own_entry_only() -> None:
    loaded = registry(f"{HEAD}flags:\n  a: {{serve: true}}\n  b: {{serve: maybe}}\n  c: {{serve: true}}\n")
    assert [(flag.key, flag.problems) for flag in loaded.flags] == [("a", False), ("b", True), ("c", False)]


def test_an_anchor_breaks_the_flags_that_use_it() -> None:
    loaded = registry(f"{HEAD}flags:\n  a: &x {{serve: true}}\n  b: *x\n  c: {{serve: true}}\n")
    assert [problem.message.split(" is ")[0] for problem in loaded.problems] == ["the anchor `&x`", "the alias `*x`"]
    assert [(flag.key, flag.problems) for flag in loaded.flags] == [("a", True), ("b", True), ("c", False)]


def test_keys_behind_an_error_of_syntax_are_still_defined() -> None:
    text = f"""\
{HEAD}flags:
  a: {{serve: true}}
  b:
    rules:
\t- serve: true
  # note:
  "c d":
    rules:
      serve: x
  'e':
    serve: true
  f-g: # note
    serve: true
removed:
  old: {{}}
"""
    loaded = registry(text)
    assert [problem.message for problem in loaded.problems] == ["a tab cannot indent YAML"]
    assert [(flag.key, flag.problems) for flag in loaded.flags] == [
        ("a", False),
        ("b", True),
        ("c d", True),
        ("e", True),
        ("f-g", True),
    ]
    assert str(loaded.flags[-1].span) == "flags.yaml:13:3"


def test_keys_are_found_when_the_error_stands_before_all_flags() -> None:
    loaded = registry(f"{HEAD}segments:\n  a: {{x: [1}}\nflags:\n  a:\n    serve: true\n  b: {{}}\n")
    assert [(flag.key, flag.problems) for flag in loaded.flags] == [("a", True), ("b", True)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "flags.yaml: is empty"),
        (b"# only a note\n", "flags.yaml: is empty"),
        (b"~\n", "flags.yaml: is empty"),
        (b"- a\n", "flags.yaml:1: is no registry: a YAML mapping is wanted at its top"),
        (b"text\n", "flags.yaml:1: is no registry: a YAML mapping is wanted at its top"),
        (b"[" * 100_000, "flags.yaml:1:101: is no registry: nested deeper than 100 levels"),
        (b"\tversion: 1\n", "flags.yaml:1:1: is no registry: a tab cannot indent YAML"),
        (b"\xff", "flags.yaml:1: is not UTF-8: byte 0xff at offset 0"),
    ],
)
def test_stops_at_what_is_no_registry(data: bytes, expected: str) -> None:
    with pytest.raises(RegistryError) as caught:
        load_files([File("flags.yaml", data, "native")])
    assert str(caught.value) == expected
    assert caught.value.help


@pytest.mark.parametrize(
    "value", ["9" * 100_000, "-" + "9" * 5_000, "0x" + "f" * 100_000, "1e" + "9" * 1_000, "1." + "9" * 100_000]
)
def test_huge_numbers_are_no_trouble(value: str) -> None:
    entry = (
        f"  f: {{variants: {{a: {value}}}, off_variant: a, serve: {{a: {value}}}, kill: {value}, created: {value}}}\n"
    )
    assert entry_problems(entry)


def test_says_it_when_a_registry_is_deep() -> None:
    text = f"{HEAD}flags:\n  f: {{variants: {{a: {'{b: ' * 200}1{'}' * 200}}}, off_variant: a}}\n"
    assert [message.split(" ", 1)[1] for message in problems(text)] == ["FLG401 nested deeper than 100 levels"]


def test_a_long_wrong_value_is_shortened() -> None:
    (message,) = entry_problems(f"  f: {{type: {'x' * 10_000}}}\n")
    assert len(message) < 100


PIECES = st.sampled_from(
    [
        "version: 1\n",
        "flags:\n",
        "  f:\n",
        "  f: {",
        "serve: ",
        "rules:\n",
        "    - ",
        "when: {",
        "true",
        "kill: ",
        "}",
        "{",
        "[",
        "]",
        "variants: ",
        "off_variant: ",
        "a",
        ": ",
        ", ",
        "\n",
        "    ",
        "segments:\n",
        "segment: ",
        "needs: {",
        "environments: ",
        "attributes:\n",
        "enum: ",
        "1",
        "-1",
        "1.5",
        "2026-01-01",
        "from: ",
        "ramp: {",
        "percent: ",
        "~",
        "'",
        '"',
        "&x ",
        "*x",
        "<<: *x",
        "!!int ",
        "\t",
        "removed:\n",
        "in: ",
        "any: ",
        "not: ",
        "---\n",
        "é",
        "\x00",
        "\r\n",
        "bucket_by: ",
        "critical: ",
    ]
)


def loads_without_surprise(data: bytes) -> None:
    try:
        loaded = load_files([File("flags.yaml", data, "native")])
    except RegistryError:
        return
    for problem in loaded.problems:
        assert problem.code.startswith("FLG4")
        assert problem.message
        assert problem.span.start <= problem.span.end
    assert loaded.flags or loaded.problems or b"flags" in data or b"version" in data


@given(st.binary(max_size=200))
def test_any_bytes_give_problems_or_an_error(data: bytes) -> None:
    loads_without_surprise(data)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_yaml_gives_problems_or_an_error(text: str) -> None:
    loads_without_surprise(text.encode())


@given(st.lists(PIECES, max_size=40).map(lambda pieces: "version: 1\nflags:\n  f:\n    " + "".join(pieces)))
def test_any_entry_gives_problems_or_an_error(text: str) -> None:
    loads_without_surprise(text.encode())


def test_what_is_looked_at_twice_is_reported_once() -> None:
    assert problems(f"{HEAD}segments: [a]\n") == ["2:11 FLG401 `segments` must be a mapping, not a list"]
    assert problems(f"{HEAD}critical: [a, a]\n") == [
        "2:12 FLG401 there is no environment `a`",
        "2:15 FLG401 `a` is listed twice",
        "2:15 FLG401 there is no environment `a`",
    ]


def test_the_flags_of_a_second_section_are_defined_too() -> None:
    loaded = registry(f"{HEAD}flags:\n  a: {{}}\nflags:\n  b: {{}}\n  a: {{}}\n")
    assert [(flag.key, flag.problems) for flag in loaded.flags] == [("a", True), ("b", True), ("a", True)]
    assert [shown(problem) for problem in loaded.problems] == [
        "4:1 FLG401 `flags` is written twice in one mapping",
        "6:3 FLG402 `a` is defined twice",
    ]
