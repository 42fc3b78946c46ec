"""Rules FLG3, FLG4 and FLG5, as far as they need no proof: dates, metadata, the registry, the shape of the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.definition import EnvironmentRules, Problem, Rule, Segment, Serve
from flaglint.model import Kind, Label, OneOf, Pattern, Position, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lints.conftest import Project

Day = "Callable[[str], date]"


def test_a_flag_is_expired_from_the_day_after_its_last(project: Project, day: Day) -> None:
    project.flag("flag", line=3, expires=day("2026-09-30"))
    project.read("flag", "shop.py:1")
    assert project.said("FLG301", today="2026-09-30") == []
    assert project.said("FLG301", today="2026-10-01") == [
        (
            "flags.yaml:3:3 warning FLG301 `flag` expired on 2026-09-30, 1 day ago"
            " | remove it: flaglint remove flag; or agree on a new date"
        )
    ]
    assert [str(label.span) for label in project.check("FLG301").findings[0].related] == ["shop.py:1:4"]


PERMANENT = [
    {"type": "ops"},
    {"type": "kill-switch"},
    {"type": "permission"},
    {"permanent": "why"},
    {"is_permanent": True},
]


@pytest.mark.parametrize("fields", PERMANENT)
@pytest.mark.parametrize("code", ["FLG301", "FLG303", "FLG308"])
def test_what_is_permanent_has_no_age(project: Project, day: Day, fields: dict, code: str) -> None:
    fields = {"type": "release", **fields}
    project.flag("late", expires=day("2026-01-01"), created=day("2020-01-01"), **fields)
    project.flag("soon", expires=day("2026-10-03"), created=day("2020-01-01"), **fields)
    lifetimes = dict.fromkeys(("release", "ops", "kill-switch", "permission"), 1)
    assert project.said(code, lifetimes=lifetimes) == []


def test_a_flag_without_a_place_is_reported_at_its_first_read(project: Project, day: Day) -> None:
    nowhere = Span("ld.json", Position(0, 0), Position(0, 0))
    project.flag("flag", expires=day("2026-09-01"))
    project.flags = [
        type(flag)(key=flag.key, span=nowhere, key_span=nowhere, expires=flag.expires) for flag in project.flags
    ]
    project.read("flag", "shop.py:7")
    project.read("flag", "shop.py:9")
    found = project.check("FLG301").findings[0]
    assert str(found.primary) == "shop.py:7:4"
    assert [str(label.span) for label in found.related] == ["shop.py:9:4"]


@pytest.mark.parametrize(
    ("created", "kind", "said"),
    [
        ("2026-08-22", "release", []),
        ("2026-08-21", "release", ["`flag` is 41 days old; a release flag should live 40 days"]),
        ("2026-01-01", "experiment", ["`flag` is 273 days old; an experiment flag should live 40 days"]),
        ("2020-01-01", "", []),
        ("2027-01-01", "release", []),
        (None, "release", []),
    ],
)
def test_a_flag_is_stale_when_it_outlives_its_type(
    project: Project, day: Day, created: str | None, kind: str, said: list[str]
) -> None:
    project.flag("flag", type=kind, created=day(created) if created else None)
    assert [one.message for one in project.check("FLG303").findings] == said


def test_a_lifetime_of_none_makes_nothing_stale(project: Project, day: Day) -> None:
    project.flag("flag", type="release", created=day("2020-01-01"))
    assert project.said("FLG303", lifetimes={"release": 0}) == []


def test_a_stale_flag_with_a_date_to_come_is_information(project: Project, day: Day) -> None:
    project.flag("planned", type="release", created=day("2026-01-01"), expires=day("2026-10-01"))
    project.flag("late", type="release", created=day("2026-01-01"), expires=day("2026-09-30"))
    assert [(one.key, one.severity.word) for one in project.check("FLG303").findings] == [("planned", "information")]


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        ("2026-09-30", []),
        ("2026-10-01", ["`flag` expires on 2026-10-01, today"]),
        ("2026-10-02", ["`flag` expires on 2026-10-02, in 1 day"]),
        ("2026-10-15", ["`flag` expires on 2026-10-15, in 14 days"]),
        ("2026-10-16", []),
    ],
)
def test_a_flag_that_expires_soon_is_told(project: Project, day: Day, expires: str, said: list[str]) -> None:
    project.flag("flag", expires=day(expires))
    assert [one.message for one in project.check("FLG308").findings] == said


def test_dates_are_no_reason_to_fail_a_commit(project: Project, day: Day) -> None:
    project.flag("flag", type="release", expires=day("2020-01-01"), created=day("2019-01-01"))
    assert project.said("FLG301", "FLG303", "FLG308", scope="file", paths=("flags.yaml",)) == []


FULL = {"owner": "@a", "description": "text", "type": "release"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ["no owner, description, type or expiry"]),
        ({"owner": "@a", "description": "x"}, ["no type or expiry"]),
        ({**FULL, "owner": " "}, ["no owner or expiry"]),
        ({**FULL, "expires": "2026-12-01"}, []),
        ({**FULL, "created": "2026-12-01"}, []),
        ({**FULL, "created": "2026-12-01", "type": "ops"}, []),
        ({**FULL, "permanent": "why"}, []),
        ({"problems": True}, []),
        ({"archived": True}, []),
        ({"format": "python"}, []),
        ({"format": "launchdarkly"}, []),
        ({"format": "flagpole"}, ["no owner"]),
    ],
)
def test_a_flag_says_what_its_format_can_carry(project: Project, day: Day, fields: dict, told: list[str]) -> None:
    dates = {name: day(value) for name, value in fields.items() if name in {"expires", "created"}}
    project.flag("flag", **{**fields, **dates})
    assert [one.message.partition(" has ")[2] for one in project.check("FLG305").findings] == told


def test_missing_metadata_names_the_options_that_write_it_down(project: Project) -> None:
    project.flag("k", owner="@web", type="release")
    (finding,) = project.check("FLG305").findings
    assert finding.help.endswith(": flaglint set k --description TEXT --expires DAY")


def test_a_field_that_any_flag_of_a_file_with_free_metadata_has_is_asked_of_all(project: Project) -> None:
    project.flag("a", format="flagd", owner="@a")
    project.flag("b", format="flagd")
    assert [one.message for one in project.check("FLG305").findings] == ["`b` has no owner"]


def test_that_one_flag_is_an_experiment_asks_no_other_for_its_type(project: Project) -> None:
    for form in ("posthog", "statsig"):
        project.flag(f"{form}-a", format=form, type="experiment", description="One of two prices")
        project.flag(f"{form}-b", format=form)
    assert [one.message for one in project.check("FLG305").findings] == [
        "`posthog-b` has no description",
        "`statsig-b` has no description",
    ]


def test_a_permanent_flag_gives_its_reason(project: Project) -> None:
    project.flag("reasoned", is_permanent=True, permanent="tuned in incidents")
    project.flag("silent", is_permanent=True)
    project.flag("temporary")
    assert [one.key for one in project.check("FLG306").findings] == ["silent"]


@pytest.mark.parametrize("code", ["FLG401", "FLG402", "FLG404", "FLG405", "FLG407", "FLG409"])
def test_what_the_loader_found_is_reported_as_it_said_it(project: Project, at: Callable, code: str) -> None:
    there = Label(at("flags.yaml", 1), "there")
    project.problems = [
        Problem(code, "`a` is wrong", at("flags.yaml", 3), key="a", help="mend it", related=(there,)),
        Problem("FLG400", "of no rule", at("flags.yaml", 4)),
    ]
    result = project.check(code)
    assert project.said(code)[0].split(" ", 2)[0] == "flags.yaml:3:1"
    assert [(one.code, one.message, one.help, one.key, one.related) for one in result.findings] == [
        (code, "`a` is wrong", "mend it", "a", (there,))
    ]


def segment(at: Callable, name: str, line: int, *inner: str) -> Segment:
    return Segment(name, at("flags.yaml", line), segments=inner)


def test_a_segment_is_used_through_another(project: Project, at: Callable) -> None:
    place = at("flags.yaml", 20)
    project.segments = [
        segment(at, "staff", 1),
        segment(at, "testers", 2, "staff"),
        segment(at, "pilots", 3),
        segment(at, "lonely", 4, "alone"),
        segment(at, "alone", 5),
    ]
    project.flag("a", rules=(Rule(Serve("on"), place, segments=("testers",)),))
    environment = EnvironmentRules("staging", place, rules=(Rule(Serve("on"), place, segments=("pilots",)),))
    project.flag("b", environments=(environment, EnvironmentRules("production", place)))
    assert [one.message for one in project.check("FLG411").findings] == [
        "segment `lonely` is used by no flag",
        "segment `alone` is used by no flag",
    ]
    project.flag("broken", problems=True)
    assert project.said("FLG411") == []


def test_a_flag_inside_another_is_told_when_asked_for(project: Project) -> None:
    project.flag("inner")
    project.read("inner", "shop.py:1", traits=frozenset({"guarded-by:outer"}))
    project.read("inner", "shop.py:2", traits=frozenset({"guarded-by:inner", "in-loop"}))
    project.read("inner", "tests/test_a.py:2", is_test=True, traits=frozenset({"guarded-by:outer"}))
    assert project.said("FLG501") == [
        (
            "shop.py:1:4 warning FLG501 `inner` is read only where `outer` decides"
            " | say it in the registry, with `needs`, or remove the outer flag first"
        )
    ]


@pytest.mark.parametrize(("code", "trait"), [("FLG502", "at-import"), ("FLG503", "in-loop")])
def test_a_read_in_a_bad_place_is_told_when_asked_for(project: Project, code: str, trait: str) -> None:
    project.flag("flag")
    project.read("flag", "shop.py:1", traits=frozenset({trait}))
    project.read("flag", "shop.py:2", traits=frozenset({"awaited"}))
    project.read("flag", "shop.py:3", traits=frozenset({trait}), kind=Kind.OVERRIDE)
    project.read("flag", "tests/test_a.py:1", traits=frozenset({trait}), is_test=True)
    assert [str(one.primary) for one in project.check(code).findings] == ["shop.py:1:4"]
    assert project.check().findings == () or code not in {one.code for one in project.check().findings}


@pytest.mark.parametrize(
    ("begin", "is_told"),
    [
        ('if __name__ == "__main__":', False),
        ("if '__main__' == __name__ and True:", False),
        ("if (__name__ == '__main__'):", False),
        ('if __name__ != "__main__":', True),
        ('if __name__ == "shop":', True),
        ('if __name__ == "__main__":\n    pass\nelse:', True),
        ("class Shop:", True),
    ],
)
def test_what_runs_when_the_file_is_the_program_is_not_read_at_import(
    project: Project, begin: str, is_told: bool
) -> None:
    project.flag("flag")
    code = f"{begin}\n\n    # once\n    on()\n"
    project.file("shop.py", code)
    project.read("flag", f"shop.py:{code.count(chr(10))}", traits=frozenset({"at-import"}))
    assert bool(project.said("FLG502")) is is_told


def test_a_loop_over_keys_is_no_read_in_a_loop(project: Project) -> None:
    project.flag("a")
    project.flag("b")
    project.read(OneOf(("a", "b")), "shop.py:1", traits=frozenset({"in-loop"}))
    project.read(Pattern(("a", None)), "shop.py:2", traits=frozenset({"in-loop"}))
    assert project.said("FLG503") == []


def test_a_flag_is_scattered_when_it_is_read_in_more_places_than_allowed(project: Project) -> None:
    project.flag("flag", line=3)
    for line in range(1, 4):
        project.read("flag", f"a{line}.py:{line}")
    project.read("flag", "tests/test_a.py:1", is_test=True)
    assert project.said("FLG504", scattered_reads=3) == []
    assert project.said("FLG504", scattered_reads=2) == [
        (
            "flags.yaml:3:3 warning FLG504 `flag` is read in 3 places of 3 files"
            " | decide once, and hand on what was decided: a function, a subclass, a strategy"
        )
    ]


@pytest.mark.parametrize(
    ("source", "reported"),
    [
        ("if read():\n    a()\nelse:\n    a()\n", True),
        ("if read():\n    return 1\nreturn 1\n", True),
        ("x = 1 if read() else 1\n", True),
        ("if not read():\n    a()\nelse:\n    a()  # really\n", True),
        ("if read():\n    a()\nelse:\n    b()\n", False),
        ("if read():\n    a()\na()\n", False),
        ("if read():\n    return 1\nreturn 2\n", False),
        ("x = 1 if read() else 2\n", False),
        ("if other:\n    a(read())\nelse:\n    a(read())\n", False),
        ("if read(:\n", False),
    ],
)
def test_branches_that_are_written_alike_are_told_when_asked_for(project: Project, source: str, reported: bool) -> None:
    body = "def é():\n" + "".join(f"    {line}\n" for line in source.splitlines())
    project.file("shop.py", body)
    project.flag("flag")
    offset = body.index("read(")
    line = body.count("\n", 0, offset) + 1
    column = offset - body.rindex("\n", 0, offset)
    place = Span("shop.py", Position(line, column), Position(line, column + len("read()")))
    project.read("flag", span=place)
    assert bool(project.said("FLG505")) is reported


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ('X = ["a", "b"  # why\n  "c", "d"]', True),
        ('X = ("a", "b" "c")', True),
        ("X = {\n  'b'\n  'c',\n}", True),
        ('X = ["b" \\\n "c"]', True),
        ('X = ["a", ("b"\n "c")]', False),
        ('X = "b" "c"', False),
        ('X = {"b" "c": True}', False),
        ('X = ["a", "bc"]', False),
        ('X = ["a", "b", "c"]', False),
        ('X = ["b" + "c"]', False),
        ('X = ["b" "c"', False),
    ],
)
def test_two_literals_without_a_comma_run_together(project: Project, source: str, parts: bool) -> None:
    project.file("flags.py", source)
    project.registry_paths = ()
    project.flag("bc", path="flags.py", format="python")
    project.read("bc", "flags.py:1", kind=Kind.DECLARATION)
    said = [one.message for one in project.check("FLG410").findings]
    assert said == ["`bc` is 2 string literals that run together: is a comma missing?"] * parts


@pytest.mark.parametrize(
    ("source", "known", "parts"),
    [
        ('X = {\n    "shop:a": True,\n    "shop:b"\n    # why\n    "shop:c": False,\n}', (), ("shop:b", "shop:c")),
        ('X = {"points" "wallet": True}', ("wallet",), ("points", "wallet")),
        ('X = {"points" "wallet": True}', ("points",), ("points", "wallet")),
        ('X = {"points" "wallet": True}', ("pointswallet",), None),
        ('X = {"a-long-key-" "in-two-parts": True}', ("a-long",), None),
        ('X = {"shop:a-long-" "key": True}', (), None),
        ('X = {"shop:a" "cart:b": True}', (), None),
        ('X = {True: "points" "wallet"}', ("wallet",), None),
    ],
)
def test_keys_of_a_dictionary_run_together_where_their_parts_are_keys(
    project: Project, source: str, known: tuple[str, ...], parts: tuple[str, ...] | None
) -> None:
    project.file("flags.py", source)
    project.registry_paths = ()
    for key in known:
        project.flag(key, path="others.py", format="python")
    literals = [piece for piece in source.split('"')[1::2] if piece != "shop:a" or "cart" in source]
    key = "".join(literals)
    project.read(key, "flags.py:1", kind=Kind.DECLARATION)
    said = [one.message for one in project.check("FLG410").findings]
    assert len(said) == (parts is not None)
    assert parts is None or f"`{''.join(parts)}` is 2 string literals" in said[0]


def test_strings_are_found_only_in_files_where_a_key_does_not_stand_in_one_piece(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.file("flags.py", 'X = ["bc", "b" "c"]')
    project.flag("bc", path="flags.py", format="python")
    project.read("bc", kind=Kind.DECLARATION, span=Span("flags.py", Position(1, 6), Position(1, 10)))
    with monkeypatch.context() as patched:
        patched.setattr("flaglint.refs.outline.outline", lambda _text: pytest.fail("the strings were found"))
        assert project.said("FLG410") == []
    project.read("bc", kind=Kind.DECLARATION, span=Span("flags.py", Position(1, 12), Position(1, 19)))
    assert len(project.said("FLG410")) == 1


def test_joined_literals_that_declare_nothing_are_left_alone(project: Project) -> None:
    project.file("flags.py", 'X = ["b" "c"]')
    project.flag("other")
    project.read("other", "flags.py:1", kind=Kind.DECLARATION)
    assert project.said("FLG410") == []
