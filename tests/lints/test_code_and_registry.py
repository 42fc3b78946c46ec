"""Rules FLG0 and FLG2: what code asks for, held against what is defined. Each with what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from flaglint.definition import Need, Tombstone, Variant
from flaglint.model import (
    Confidence,
    Constant,
    Default,
    Kind,
    ParseFailure,
    Pattern,
    Severity,
    Skipped,
    Unknown,
    ValueType,
    Varies,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from flaglint.model import Span
    from tests.lints.conftest import Project


def test_a_broken_statement_that_mentions_nothing_is_no_business_of_ours(project: Project, at: Callable) -> None:
    project.failures = [
        ParseFailure(at("a.py", 3), "invalid syntax"),
        ParseFailure(at("b.py", 4), "no", frozenset({"k"})),
    ]
    project.flag("k")
    assert [one.split(" | ")[0] for one in project.said("FLG001")] == [
        "b.py:4:1 error FLG001 a statement that mentions `k` does not parse: no"
    ]
    assert project.check("FLG001").findings[0].key == "k"


def test_only_skipped_python_is_a_finding(project: Project) -> None:
    project.skipped = [Skipped("logo.png", "it is binary"), Skipped("a.py", "it is not valid utf-8")]
    assert project.said("FLG003") == ["a.py:1:1 information FLG003 not looked at: it is not valid utf-8"]


def test_an_undefined_key_says_where_it_was_looked_for(project: Project) -> None:
    project.registry_paths = ("flags/a.yaml", "flags/b.yaml", "ld.json")
    project.flag("release-cart", path="flags/a.yaml")
    project.read("release-crat", "shop.py:4", qualname="cart")
    assert project.said("FLG201") == [
        (
            "shop.py:4:4 error FLG201 `release-crat` is not defined in flags/a.yaml or 2 more files"
            " | did you mean `release-cart`?"
        )
    ]
    found = project.check("FLG201").findings[0]
    assert [str(label.span) for label in found.related] == ["flags/a.yaml:2:3"]
    assert found.qualname == "cart"


@pytest.mark.parametrize(
    ("via", "told"),
    [
        (("literal",), "`gone` is not"),
        (("wrapper shop.gates.is_on", "literal"), "`gone` is not"),
        (("wrapper shop.gates.is_on", "enum shop.Flag.GONE"), "`gone` (enum shop.Flag.GONE) is not"),
        (("constant shop.a.GONE", "constant shop.b.OLD"), "`gone` (constant shop.a.GONE, constant shop.b.OLD) is not"),
    ],
)
def test_a_key_that_is_written_elsewhere_says_where(project: Project, via: tuple[str, ...], told: str) -> None:
    project.flag("other")
    project.read("gone", "shop.py:4", via=via)
    assert project.check("FLG201").findings[0].message.startswith(told)


def test_two_registry_files_are_both_named(project: Project) -> None:
    project.registry_paths = ("a.yaml", "b.yaml")
    project.flag("x", path="a.yaml")
    project.read("something-else", "shop.py:4")
    assert project.said("FLG201")[0].startswith(
        "shop.py:4:4 error FLG201 `something-else` is not defined in a.yaml or b.yaml"
    )


def test_without_a_registry_file_a_key_is_to_be_declared(project: Project) -> None:
    project.registry_paths = ()
    project.flag("X", path="config.py", format="python")
    project.read("X", "config.py:2", kind=Kind.DECLARATION)
    project.read("SOMETHING_ELSE", "shop.py:4")
    assert project.said("FLG201") == [
        "shop.py:4:4 error FLG201 `SOMETHING_ELSE` is not defined in config.py | declare it in config.py"
    ]


def test_an_undefined_key_is_reported_where_a_wrapper_spells_it_and_not_at_its_calls(project: Project) -> None:
    project.flag("other")
    project.read("nope", "gates.py:3")
    project.read("nope", "shop.py:8", traits=frozenset({"fixed-wrapper", "spelled-elsewhere"}))
    for scope in ("file", "project"):
        assert [str(one.primary) for one in project.check("FLG201", scope=scope).findings] == ["gates.py:3:4"]


def test_the_call_of_a_wrapper_that_holds_its_key_is_a_use_of_the_flag(project: Project) -> None:
    project.flag("k")
    project.read("k", "shop.py:8", traits=frozenset({"fixed-wrapper", "spelled-elsewhere"}))
    assert project.said("FLG202") == []


def test_each_unknown_key_of_a_loop_over_keys_is_reported(project: Project) -> None:
    project.flag("known")
    project.read(["gone", "known", "lost"], "shop.py:4")
    assert [one.key for one in project.check("FLG201").findings] == ["gone", "lost"]


@pytest.mark.parametrize("kind", [Kind.MENTION, Kind.TEXT, Kind.DECLARATION, Kind.OVERRIDE])
def test_only_reads_are_undefined(project: Project, kind: Kind) -> None:
    project.flag("known")
    project.read("gone", "shop.py:4", kind=kind)
    assert project.said("FLG201") == []


def test_a_dynamic_key_is_not_undefined(project: Project) -> None:
    project.flag("known")
    project.read(Pattern(("ui-", None)), "shop.py:4")
    project.read(Unknown("a parameter"), "shop.py:5")
    assert project.said("FLG201") == []


def test_a_broken_entry_still_defines_its_key(project: Project) -> None:
    project.flag("broken", problems=True)
    project.read("broken", "shop.py:4")
    assert project.said("FLG201") == []


def test_an_undefined_key_in_a_test_is_information(project: Project) -> None:
    project.flag("known")
    project.read("made-up", "tests/test_shop.py:4", is_test=True)
    assert [one.severity for one in project.check("FLG201").findings] == [Severity.INFORMATION]


def test_without_any_definition_the_band_is_off_and_says_so(project: Project) -> None:
    project.registry_paths = ()
    project.read("anything", "shop.py:4")
    project.read(Unknown(), "shop.py:5")
    result = project.check("FLG2")
    assert result.findings == ()
    assert result.notes == (
        "no registry and no declarations in Python: FLG2, the rules that compare code with them, did not run",
    )


def test_a_hook_does_not_repeat_that_the_band_is_off(project: Project) -> None:
    project.registry_paths = ()
    project.read("anything", "shop.py:4")
    assert project.check("FLG2", scope="file", paths=("shop.py",)).notes == ()


def test_declarations_of_one_sdk_say_nothing_about_another(project: Project) -> None:
    project.registry_paths = ()
    project.flag("course.toggle", path="toggles.py", format="python")
    project.read("course.toggle", "toggles.py:2", kind=Kind.DECLARATION, sdk="edx-toggles")
    project.read("ENABLE_X", "settings.py:4", sdk="dictionary")
    project.read("course.other", "views.py:4", sdk="edx-toggles")
    assert [one.key for one in project.check("FLG201").findings] == ["course.other"]


def test_a_configured_declaration_stands_for_every_sdk(project: Project) -> None:
    project.registry_paths = ()
    project.flag("A", path="flags.py", format="python")
    project.read("A", "flags.py:2", kind=Kind.DECLARATION, sdk="project")
    project.read("B", "views.py:4", sdk="openfeature")
    assert [one.key for one in project.check("FLG201").findings] == ["B"]


# ------------------------------------------------------------------------------------------------- 202 and 208, unused


def test_an_unused_flag_offers_its_removal(project: Project) -> None:
    project.flag("it's idle", line=5)
    assert project.said("FLG202") == [
        "flags.yaml:5:3 warning FLG202 `it's idle` is never read | remove it: flaglint remove 'it'\"'\"'s idle'"
    ]


@pytest.mark.parametrize(
    "reference",
    [
        {"key": "flag", "at": "shop.py:4"},
        {"key": "flag", "at": "shop.py:4", "confidence": Confidence.POSSIBLE},
        {"key": ["flag", "other"], "at": "shop.py:4"},
        {"key": "flag", "at": "page.html:4", "kind": Kind.TEXT, "language": "html"},
        {"key": Pattern(("f", None)), "at": "shop.py:4"},
    ],
)
def test_whatever_may_read_a_flag_uses_it(project: Project, reference: dict) -> None:
    project.flag("flag")
    project.read(reference.pop("key"), **reference)
    assert project.said("FLG202", "FLG208") == []


@pytest.mark.parametrize(
    "reference",
    [
        {"key": "flag", "at": "README.md:4", "kind": Kind.TEXT, "language": "markdown"},
        {"key": "flag", "at": "uv.lock:4", "kind": Kind.TEXT, "language": "lock"},
        {"key": "flag", "at": "flags.yaml:9", "kind": Kind.TEXT, "language": "yaml"},
        {"key": "flag", "at": "known.txt:9", "kind": Kind.TEXT, "language": "text"},
        {"key": "flag", "at": "flags.py:9", "kind": Kind.DECLARATION},
        {"key": "other", "at": "shop.py:9"},
        {"key": Pattern(("o", None)), "at": "shop.py:9"},
    ],
)
def test_what_only_names_a_flag_does_not_use_it(project: Project, reference: dict) -> None:
    project.flag("flag")
    project.read(reference.pop("key"), **reference)
    assert [one.key for one in project.check("FLG202", baseline_path="known.txt").findings] == ["flag"]


def test_a_key_without_any_known_part_is_named_beside_the_finding(project: Project) -> None:
    project.flag("flag")
    for line in range(1, 6):
        project.read(Pattern((None, None)), f"shop.py:{line}")
    found = project.check("FLG202").findings
    assert [str(label.span) for label in found[0].related] == ["shop.py:1:4", "shop.py:2:4", "shop.py:3:4"]
    assert found[0].confidence is Confidence.LIKELY


def test_a_flag_that_is_only_mentioned_is_information(project: Project) -> None:
    project.flag("flag")
    project.read("flag", "shop.py:4", kind=Kind.MENTION)
    found = project.check("FLG202").findings
    assert [(one.message, one.severity) for one in found] == [
        ("`flag` is never read, only mentioned", Severity.INFORMATION)
    ]


def test_a_prerequisite_is_used_by_the_flag_that_needs_it(project: Project, at: Callable) -> None:
    project.flag("parent")
    project.flag("child", needs=(Need("parent", ("true",), at("flags.yaml", 9)),))
    project.read("child", "shop.py:1")
    assert project.said("FLG202") == []


def test_an_archived_flag_is_not_unused(project: Project) -> None:
    project.flag("flag", archived=True)
    project.flag("other")
    project.read("other", "shop.py:1")
    assert project.said("FLG202") == []


def test_a_permanent_flag_can_be_unused(project: Project) -> None:
    project.flag("flag", type="kill-switch", permanent="why")
    assert len(project.said("FLG202")) == 1


def test_a_skipped_file_blocks_only_the_keys_that_it_holds(project: Project) -> None:
    project.file("binary.py", "read('held')")
    project.skipped = [Skipped("binary.py", "it is binary")]
    project.flag("held")
    project.flag("idle")
    assert [one.key for one in project.check("FLG202").findings] == ["idle"]


def test_a_statement_that_does_not_parse_blocks_the_keys_in_it(project: Project, at: Callable) -> None:
    project.failures = [ParseFailure(at("a.py", 3), "no", frozenset({"held"}))]
    project.flag("held")
    project.flag("idle")
    assert [one.key for one in project.check("FLG202").findings] == ["idle"]


@pytest.mark.parametrize("skipped", [Skipped("a.py", "no permission", unreadable=True), Skipped("gone.py", "vanished")])
def test_a_file_that_cannot_be_read_withholds_the_judgement(project: Project, skipped: Skipped) -> None:
    project.skipped = [skipped]
    project.flag("idle")
    project.file("flags.yaml", "idle: {}  # flaglint: ignore[FLG202] soon\n")
    result = project.check("FLG002", "FLG202", "FLG208")
    assert result.findings == (), "nor is its suppression unused"
    assert result.notes == (
        f"FLG202 unused-flag was withheld: {skipped.path} cannot be read, and may use any flag",
        f"FLG208 test-only-flag was withheld: {skipped.path} cannot be read, and may use any flag",
    )


def test_a_flag_of_two_files_is_reported_once_with_both(project: Project) -> None:
    project.registry_paths = ("production.json", "staging.json")
    project.flag("flag", 4, "staging.json", format="launchdarkly")
    project.flag("flag", 7, "production.json", format="launchdarkly")
    found = project.check("FLG202").findings
    assert [str(one.primary) for one in found] == ["production.json:7:3"]
    assert [str(label.span) for label in found[0].related] == ["staging.json:4:3"]


def test_a_few_files_say_nothing_about_use(project: Project) -> None:
    project.flag("idle")
    assert project.said("FLG202", "FLG208", scope="file", paths=("flags.yaml",)) == []


def test_a_flag_in_tests_alone_is_named_with_its_tests(project: Project) -> None:
    project.flag("flag", line=3)
    project.read("flag", "tests/test_a.py:1", is_test=True)
    project.read("flag", "tests/test_a.py:2", is_test=True, kind=Kind.OVERRIDE)
    assert project.said("FLG202") == []
    assert project.said("FLG208") == [
        (
            "flags.yaml:3:3 warning FLG208 only tests use `flag`, in 2 places"
            " | remove it with its tests: flaglint remove flag"
        )
    ]
    assert [label.message for label in project.check("FLG208").findings[0].related] == [
        "a test reads it here",
        "a test sets it here",
    ]


def test_a_flag_in_tests_and_in_the_product_is_fine(project: Project) -> None:
    project.flag("flag")
    project.read("flag", "tests/test_a.py:2", is_test=True, kind=Kind.OVERRIDE)
    project.read("flag", "shop.py:2")
    assert project.said("FLG208") == []


# ------------------------------------------------------------------------------------------------------- 203 to 209


def test_a_read_of_a_tombstone_tells_when_and_why(project: Project, at: Callable, day: Callable[[str], date]) -> None:
    project.flag("other")
    project.tombstones = [Tombstone("old", at("flags.yaml", 9), day("2026-03-04"), "SHOP-77")]
    project.read("old", "shop.py:4")
    assert project.said("FLG201", "FLG203") == [
        (
            "shop.py:4:4 error FLG203 `old` was removed on 2026-03-04 (SHOP-77), but is still read"
            " | take the read out: flaglint remove old --value JSON, with the value it served last"
        )
    ]


def test_a_read_of_an_archived_flag_is_reported(project: Project) -> None:
    project.flag("old", archived=True)
    project.read("old", "shop.py:4")
    assert [one.message for one in project.check("FLG201", "FLG203").findings] == [
        "`old` is archived, but is still read"
    ]


def test_a_flag_that_is_archived_in_one_file_only_is_in_use(project: Project) -> None:
    project.flag("flag", path="a.json", archived=True)
    project.flag("flag", path="b.json")
    project.read("flag", "shop.py:4")
    assert project.said("FLG201", "FLG203") == []


@pytest.mark.parametrize(
    ("asked", "has", "fits"),
    [
        (ValueType.BOOLEAN, ValueType.STRING, False),
        (ValueType.STRING, ValueType.INTEGER, False),
        (ValueType.OBJECT, ValueType.BOOLEAN, False),
        (ValueType.BOOLEAN, ValueType.BOOLEAN, True),
        (ValueType.FLOAT, ValueType.INTEGER, True),
        (ValueType.VALUE, ValueType.STRING, True),
        (ValueType.DETAILS, ValueType.STRING, True),
        (ValueType.VARIANT, ValueType.BOOLEAN, True),
        (ValueType.UNKNOWN, ValueType.STRING, True),
        (ValueType.BOOLEAN, ValueType.UNKNOWN, True),
    ],
)
def test_a_read_asks_for_the_type_that_the_flag_has(
    project: Project, asked: ValueType, has: ValueType, fits: bool
) -> None:
    project.flag("flag", value_type=has)
    project.read("flag", "shop.py:4", value_type=asked)
    assert (project.said("FLG204") == []) is fits


def test_an_integer_fits_where_all_numbers_are_whole(project: Project, at: Callable[..., Span]) -> None:
    place = at("flags.yaml", 3)
    whole = (Variant("a", 1.0, place), Variant("b", 2, place))
    project.flag("whole", value_type=ValueType.FLOAT, variants=whole)
    project.flag("half", value_type=ValueType.FLOAT, variants=(*whole, Variant("c", 2.5, place)))
    project.read("whole", "shop.py:4", value_type=ValueType.INTEGER)
    project.read("half", "shop.py:5", value_type=ValueType.INTEGER)
    assert [one.key for one in project.check("FLG204").findings] == ["half"]


def test_a_fallback_of_another_type_is_reported(project: Project) -> None:
    project.flag("flag", value_type=ValueType.STRING)
    project.read("flag", "shop.py:4", value_type=ValueType.VALUE, default=Default("0", known=True, value=0))
    project.read("flag", "shop.py:5", value_type=ValueType.VALUE, default=Default("None", known=True, value=None))
    project.read("flag", "shop.py:6", value_type=ValueType.VALUE, default=Default("DEFAULT"))
    assert [one.message for one in project.check("FLG204").findings] == [
        "`flag` has the fallback `0`, but its values are of type string"
    ]


@pytest.mark.parametrize("sdk", ["unleash", "posthog", "waffle", "flagsmith"])
def test_where_on_and_value_are_two_things_a_boolean_read_always_fits(project: Project, sdk: str) -> None:
    project.flag("flag", value_type=ValueType.STRING)
    project.read("flag", "shop.py:4", value_type=ValueType.BOOLEAN, sdk=sdk)
    assert project.said("FLG204") == []


def fallback(value: object) -> Default:
    return Default(repr(value), known=True, value=value)


def test_the_rarest_fallback_is_reported_with_the_others(project: Project) -> None:
    project.flag("flag")
    project.read("flag", "shop.py:1", default=fallback(False))
    project.read("flag", "shop.py:2", default=fallback(True))
    project.read("flag", "shop.py:3", default=fallback(False))
    assert project.said("FLG205") == [
        (
            "shop.py:2:4 warning FLG205 `flag` falls back to `True` here, and to `False` in 2 other reads"
            " | pass the same fallback everywhere, best from one constant"
        )
    ]


@pytest.mark.parametrize(
    "second",
    [
        {"default": fallback(False)},
        {"default": None},
        {"default": Default("DEFAULT")},
        {"default": fallback(True), "is_test": True},
        {"default": fallback(True), "kind": Kind.OVERRIDE},
    ],
)
def test_fallbacks_agree_as_far_as_they_are_known(project: Project, second: dict) -> None:
    project.flag("flag")
    project.read("flag", "shop.py:1", default=fallback(False))
    project.read("flag", "shop.py:2", **second)
    assert project.said("FLG205") == []


def test_one_and_one_point_zero_are_one_fallback(project: Project) -> None:
    project.flag("flag", value_type=ValueType.FLOAT)
    project.read("flag", "shop.py:1", default=fallback(1))
    project.read("flag", "shop.py:2", default=fallback(1.0))
    assert project.said("FLG205") == []


@pytest.mark.parametrize(
    ("verdict", "reported"),
    [
        (Constant("true", True, "static"), True),
        (Constant("false", False, "static"), False),
        (Varies("a split"), False),
        (Unknown("broken"), False),
    ],
)
def test_a_fallback_that_is_not_what_everyone_gets_is_information(
    project: Project, verdict: object, reported: bool
) -> None:
    project.flag("flag")
    project.verdicts = {"flag": {"default": verdict}}
    project.read("flag", "shop.py:1", default=fallback(False))
    found = project.check("FLG205").findings
    assert [one.severity for one in found] == [Severity.INFORMATION] * reported


def test_a_comparison_with_a_value_that_cannot_be_says_what_can(project: Project, at: Callable[..., Span]) -> None:
    place = at("flags.yaml", 3)
    variants = (Variant("a", "classic", place), Variant("b", "semantic", place))
    project.flag("ranking", value_type=ValueType.STRING, variants=variants)
    project.read("ranking", "shop.py:1", value_type=ValueType.STRING, compared_with=("semantics", "classic"))
    assert project.said("FLG206") == [
        (
            'shop.py:1:4 error FLG206 `ranking` is never "semantics"; it is `"classic"` or `"semantic"`'
            ' | did you mean "semantic"?'
        )
    ]


@pytest.mark.parametrize(
    "read",
    [
        {"value_type": ValueType.STRING, "compared_with": ("classic", None)},
        {"value_type": ValueType.VARIANT, "compared_with": ("a",)},
        {"value_type": ValueType.STRING, "compared_with": ("none",), "default": fallback("none")},
        {"value_type": ValueType.STRING, "compared_with": ("none",), "default": Default("NONE")},
        {"value_type": ValueType.UNKNOWN, "compared_with": ("zzz",)},
        {"value_type": ValueType.DETAILS, "compared_with": ("zzz",)},
    ],
)
def test_a_comparison_with_what_may_be_is_fine(project: Project, at: Callable[..., Span], read: dict) -> None:
    place = at("flags.yaml", 3)
    variants = (Variant("a", "classic", place), Variant("b", "semantic", place))
    project.flag("ranking", value_type=ValueType.STRING, variants=variants)
    project.read("ranking", "shop.py:1", **read)
    assert project.said("FLG206") == []


def test_a_comparison_with_a_variant_of_a_flag_without_variants_says_nothing(project: Project) -> None:
    project.flag("ranking", value_type=ValueType.STRING)
    project.read("ranking", "shop.py:1", value_type=ValueType.STRING, compared_with=("zzz",))
    assert project.said("FLG206") == []


def test_a_computed_key_names_the_flags_that_it_can_be(project: Project) -> None:
    for name in ("reviews", "stock", "more", "other"):
        project.flag(f"panel-{name}")
    project.flag("cart")
    project.read(Pattern(("panel-", None)), "shop.py:1")
    project.read(Pattern(("nothing-", None)), "shop.py:2")
    project.read(Unknown("an argument"), "shop.py:3")
    project.read(Pattern(("panel-", None)), "tests/test_a.py:1", is_test=True)
    assert [one.message for one in project.check("FLG207").findings] == [
        "this key is computed: `panel-*` can be `panel-more`, `panel-other`, `panel-reviews` or `panel-stock`",
        "this key is computed: `nothing-*` matches no flag in flags.yaml",
        "this key is computed, and could be that of any flag",
    ]


def test_an_override_of_nothing_is_reported(project: Project, at: Callable, day: Callable[[str], date]) -> None:
    project.flag("cart")
    project.flag("attic", archived=True)
    project.tombstones = [Tombstone("old", at("flags.yaml", 9), day("2026-03-04"))]
    for line, key in enumerate(["cart", "crat-x", "old", "attic"], 1):
        project.read(key, f"tests/test_a.py:{line}", kind=Kind.OVERRIDE, is_test=True)
    assert project.said("FLG209") == [
        (
            "tests/test_a.py:2:4 warning FLG209 this sets `crat-x`, which is not defined in flags.yaml"
            " | take the override out, or define the flag"
        ),
        "tests/test_a.py:3:4 warning FLG209 this sets `old`, which was removed on 2026-03-04 | take the override out",
        "tests/test_a.py:4:4 warning FLG209 this sets `attic`, which is archived | take the override out",
    ]


def test_a_key_made_up_for_a_test_is_left_alone(project: Project) -> None:
    project.flag("cart")
    project.read("made-up", "tests/test_a.py:1", kind=Kind.OVERRIDE, is_test=True)
    project.read("made-up", "tests/test_a.py:2", is_test=True)
    assert project.said("FLG209") == []


def test_the_severity_of_a_rule_can_be_configured(project: Project) -> None:
    project.flag("idle")
    found = project.check("FLG202", severity={"unused-flag": Severity.ERROR}).findings
    assert [one.severity for one in found] == [Severity.ERROR]


def test_findings_come_in_the_order_of_their_places(project: Project) -> None:
    project.flag("other")
    for place in ("b.py:1", "a.py:9", "a.py:2"):
        project.read("gone", place)
    project.references = [replace(ref) for ref in reversed(project.references)]
    assert [str(one.primary) for one in project.check("FLG201").findings] == ["a.py:2:4", "a.py:9:4", "b.py:1:4"]
