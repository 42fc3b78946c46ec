"""What is said of two registries that differ: a sentence for each change, and none where nobody gets anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.registry.files import File
from flaglint.registry.parsing import load_files
from flaglint.release_notes.compare import compare, segments_changed
from flaglint.release_notes.moved import moves
from flaglint.release_notes.snapshot import Snapshot
from tests.history.repositories import at

if TYPE_CHECKING:
    from flaglint.release_notes.changes import Move

HEAD = "version: 1\nenvironments: [staging, production]\nsegments:\n  staff: {email: {ends_with: '@x.org'}}\n"
NOW = float(at("2026-06-01"))
FIFTY = "{'true': 50, 'false': 50}"
COLORS = "variants: {red: r, blue: b, off: o}, off_variant: off"


def snapshot(flags: str, *, when: float = NOW, head: str = HEAD) -> Snapshot:
    text = head + "flags:\n" + "".join(f"  {line}\n" for line in flags.splitlines())
    registry = load_files([File("flags.yaml", text.encode())])
    assert not registry.problems, registry.problems
    return Snapshot(registry, when)


def said(before: str, after: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.kind, one.summary, one.environments) for one in compare(snapshot(before), snapshot(after))]


@pytest.mark.parametrize(
    ("before", "after", "kind", "summary"),
    [
        ("a: {serve: {'true': 10, 'false': 90}}", f"a: {{serve: {FIFTY}}}", "rollout", "moved from 10 % to 50 %"),
        ("a: {}", "a: {serve: {'true': 1, 'false': 7}}", "rollout", "moved from 0 % to 12.5 %"),
        ("a: {serve: {'true': 1, 'false': 99999}}", "a: {serve: {'true': 1, 'false': 1}}", "rollout",
         "moved from less than 0.01 % to 50 %"),
        (f"a: {{serve: {FIFTY}}}", "a: {serve: 'true'}", "released", "on for everyone (was 50 %)"),
        ("a: {}", "a: {serve: 'true'}", "released", "on for everyone (was off for everyone)"),
        (f"a: {{serve: {FIFTY}}}", "a: {serve: {'true': 5, 'false': 95}}", "rolled-back", "back from 50 % to 5 %"),
        ("a: {serve: 'true'}", f"a: {{serve: {FIFTY}}}", "rolled-back", "back from 100 % to 50 %"),
        ("a: {serve: 'true'}", "a: {}", "rolled-back", "off for everyone (was on for everyone)"),
        (f"a: {{serve: {FIFTY}}}", f"a: {{serve: {FIFTY}, kill: true}}", "killed", "off for everyone (was 50 %)"),
        (f"a: {{serve: {FIFTY}}}", f"a: {{serve: {FIFTY}, kill: {{reason: errors}}}}", "killed",
         "off for everyone: errors (was 50 %)"),
        ("a: {serve: 'true', kill: true}", "a: {serve: 'true'}", "revived", "on for everyone"),
        ("a: {}", "a: {rules: [{segment: staff, serve: 'true'}]}", "audience", "now on for segment `staff`"),
        ("a: {rules: [{segment: staff, serve: 'true'}]}", "a: {}", "rolled-back",
         "off for everyone (was off, but on for segment `staff`)"),
        ("a: {rules: [{segment: staff, serve: 'true'}]}",
         "a: {rules: [{segment: staff, serve: 'true'}, {when: {age: {gte: 18}, country: [DE, FR]}, serve: 'true'}]}",
         "audience", "now on for users where age is at least 18 and country is DE or FR"),
        ("a: {rules: [{segment: staff, serve: 'true'}]}",
         f"a: {{rules: [{{segment: staff, serve: 'true'}}, {{serve: {FIFTY}}}]}}", "rollout", "moved from 0 % to 50 %"),
        (f"a: {{{COLORS}, serve: {{off: 1, red: 1, blue: 1}}}}",
         f"a: {{{COLORS}, serve: {{red: 1, off: 1, blue: 1}}}}", "audience",
         "the same shares for other users: `red` 33.33 %, `blue` 33.33 %"),
        (f"a: {{{COLORS}, serve: {{red: 20, off: 80}}}}", f"a: {{{COLORS}, serve: {{red: 20, blue: 30, off: 50}}}}",
         "rollout", "moved from `red` 20 % to `red` 20 %, `blue` 30 %"),
        (f"a: {{{COLORS}, serve: red}}", f"a: {{{COLORS}, serve: blue}}", "served",
         "`blue` for everyone (was `red` for everyone)"),
        (f"a: {{{COLORS}, serve: red}}", f"a: {{{COLORS}, serve: off}}", "rolled-back",
         "`off` for everyone (was `red` for everyone)"),
        ("a: {variants: {short: 200, long: 250}, off_variant: long}",
         "a: {variants: {short: 300, long: 250}, off_variant: long}", "value", "`short` is 300 (was 200)"),
        ("a: {owner: '@x'}", "a: {owner: '@y', expires: 2027-01-01}", "details",
         "owner is @y (was @x); expires is 2027-01-01"),
        ("a: {needs: {b: 'true', c: 'true'}}\nb: {}\nc: {}", "a: {needs: {c: 'true'}}\nb: {}\nc: {}", "details",
         "does not need `b` any more"),
        ("a: {needs: {b: 'true'}}\nb: {}\nc: {}", "a: {needs: {b: ['true', 'false'], c: 'true'}}\nb: {}\nc: {}",
         "details", "needs `b` to serve `true` or `false`; needs `c` to serve `true`"),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(before: str, after: str, kind: str, summary: str) -> None:
    assert said(before, after) == [(kind, summary, ())]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {serve: 'true'}", "a: {serve: 'true'}  # a comment"),
        ("a: {serve: 'true', owner: '@x'}", 'a:\n    owner: "@x"\n    serve: true'),
        ("a: {serve: 'true'}", "a: {rules: [{segment: staff, serve: 'true'}, {serve: 'true'}]}"),
        ("a: {serve: {'true': 1, 'false': 1}}", f"a: {{serve: {FIFTY}}}"),
        ("a: {}\nb: {serve: true}", "b: {serve: true}\na: {}"),
    ],
)
def test_nothing_is_said_where_nobody_gets_anything_else(before: str, after: str) -> None:
    assert said(before, after) == []


def test_each_environment_is_told_apart() -> None:
    before = f"a: {{serve: {FIFTY}}}"
    after = f"a: {{serve: {FIFTY}, environments: {{staging: {{serve: 'true'}}, production: {{kill: true}}}}}}"
    assert said(before, after) == [
        ("released", "on for everyone (was 50 %)", ("staging",)),
        ("killed", "off for everyone (was 50 %)", ("production",)),
    ]


def test_new_and_removed_flags_say_what_they_serve() -> None:
    after = "a: {environments: {staging: {serve: 'true'}}}"
    assert said("", after) == [("new", "staging: on for everyone; production: off for everyone", ())]
    assert said("a: {serve: 'true'}", "") == [("removed", "was on for everyone", ())]


def test_a_new_name_with_the_old_buckets_is_one_change() -> None:
    assert said(f"a: {{serve: {FIFTY}}}", f"b: {{serve: {FIFTY}, salt: a}}") == [
        ("renamed", "`a` is called `b` now", ())
    ]


def test_a_flag_follows_what_it_needs() -> None:
    child = "\nb: {serve: 'true', needs: {a: 'true'}}"
    assert said(f"a: {{serve: {FIFTY}}}" + child, "a: {serve: 'true'}" + child) == [
        ("released", "on for everyone (was 50 %)", ()),
        ("released", "on for everyone (was on, where `a` serves `true`)", ()),
    ]


def test_what_is_planned_is_told_with_its_date() -> None:
    window = "a: {rules: [{serve: 'true', from: 2026-12-01T09:00:00Z}]}"
    assert said("a: {}", window) == [("scheduled", "on for everyone from 2026-12-01 09:00 UTC", ())]
    assert said(window, "a: {}") == [("scheduled", "no longer planned: on for everyone from 2026-12-01 09:00 UTC", ())]
    window = "from: 2026-05-22T12:00:00Z, until: 2026-06-11T12:00:00Z"
    ramp = f"a: {{rules: [{{ramp: {{to: 'true', percent: [10, 100], {window}}}}}]}}"
    assert said("a: {}", ramp) == [
        ("rollout", "moved from 0 % to 55 %", ()),
        ("scheduled", "grows from 10 % to 100 % between 2026-05-22 12:00 UTC and 2026-06-11 12:00 UTC", ()),
    ]


def test_a_window_that_opened_is_a_release_without_any_edit() -> None:
    window = "a: {rules: [{serve: 'true', from: 2026-05-01T00:00:00Z}]}\nb: {}"
    changes = compare(snapshot(window, when=at("2026-04-01")), snapshot(window))
    assert [(one.kind, one.key, one.summary) for one in changes] == [
        ("released", "a", "on for everyone (was off for everyone)"),
    ]


def test_a_segment_that_is_another_one_is_told_once() -> None:
    flags = "a: {rules: [{segment: staff, serve: 'true'}]}"
    other = snapshot(flags, head=HEAD.replace("@x.org", "@y.org"))
    assert compare(snapshot(flags), other) == []
    assert list(segments_changed(snapshot(flags).registry, other.registry)) == [
        ("staff", "segment `staff` is email ends with @y.org (was email ends with @x.org)")
    ]


def test_a_foreign_flag_says_what_its_proof_says() -> None:
    def flagd(variant: str, targeting: str) -> Snapshot:
        text = (
            '{"flags": {"a": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "'
            f'{variant}", "targeting": {targeting}}}}}}}'
        )
        return Snapshot(load_files([File("flags.json", text.encode(), "flagd", "production")]), NOW)

    off, on = flagd("off", "{}"), flagd("on", "{}")
    depends = flagd("off", '{"if": [{"==": [{"var": "plan"}, "pro"]}, "on", "off"]}')
    assert [(one.kind, one.summary) for one in compare(off, on)] == [
        ("released", "on for everyone (was off for everyone)")
    ]
    assert [(one.kind, one.summary) for one in compare(on, off)] == [
        ("rolled-back", "off for everyone (was on for everyone)")
    ]
    assert [(one.kind, one.summary) for one in compare(off, depends)] == [
        ("served", "its targeting depends on the context (was off for everyone)")
    ]
    assert compare(depends, depends) == []


def test_a_flag_follows_a_segment_that_nobody_is_in_any_more() -> None:
    flags = "a: {rules: [{segment: staff, serve: 'true'}]}"
    nobody = snapshot(flags, head=HEAD.replace("{ends_with: '@x.org'}", "{in: []}"))
    assert [(one.kind, one.summary) for one in compare(snapshot(flags), nobody)] == [
        ("rolled-back", "off for everyone (was off, but on for segment `staff`)")
    ]


def test_a_foreign_flag_follows_one_that_only_its_vendor_knows_it_needs() -> None:
    def goff(parent: str) -> Snapshot:
        variations = "  variations: {yes: true, no: false}\n"
        text = (
            f"vault:\n{variations}  defaultRule: {{variation: {parent}}}\n"
            f"cart:\n{variations}  defaultRule: {{variation: yes}}\n  needs: [{{flag: vault}}]\n"
        )
        return Snapshot(load_files([File("flags.goff.yaml", text.encode(), "goff")]), NOW)

    keys = [one.key for one in compare(goff("yes"), goff("no"))]
    assert keys == ["cart", "vault"]
    assert compare(goff("no"), goff("no")) == []


# ---------------------------------------------------------------------------------------------- who changes variant


def moved(before: str, after: str, **heads: str) -> list[Move]:
    return list(moves(snapshot(before), snapshot(after, **heads)))


def test_an_inserted_variant_is_warned_about_with_its_share() -> None:
    (move,) = moved(
        f"a: {{{COLORS}, serve: {{red: 20, off: 80}}}}", f"a: {{{COLORS}, serve: {{blue: 20, red: 20, off: 60}}}}"
    )
    assert (round(float(move.moved), 6), round(float(move.needed), 6)) == (0.4, 0.2)
    assert sorted((old, new, round(float(share), 6)) for old, new, share in move.transitions) == [
        ("`off`", "`red`", 0.2),
        ("`red`", "`blue`", 0.2),
    ]
    assert move.why == "`blue` stands in front of a variant that users have"
    assert move.help == "write what is new behind the others"
    assert move.environments == ()


def test_another_order_is_warned_about() -> None:
    (move,) = moved(f"a: {{serve: {FIFTY}}}", "a: {serve: {'false': 50, 'true': 50}}")
    assert move.moved == 1
    assert move.why == "the variants of the split stand in another order"
    assert move.help == "keep their order: on and off"


def test_a_new_salt_is_warned_about() -> None:
    (move,) = moved(f"a: {{serve: {FIFTY}}}", f"a: {{serve: {FIFTY}, salt: other}}")
    assert move.is_expected
    assert move.moved == 0.5
    assert move.help == "write `salt: a` to keep everybody where they are"


def test_another_generation_of_buckets_is_warned_about() -> None:
    (move,) = moved(
        f"a: {{serve: {FIFTY}}}\nb: {{}}", f"a: {{serve: {FIFTY}}}\nb: {{}}", head=HEAD + "bucketing: flagd-v3\n"
    )
    assert move.key == "a"
    assert move.why == "the bucketing changed, which draws every bucket anew"


def test_a_split_of_a_rule_is_held_against_that_of_the_same_rule() -> None:
    rules = "{{rules: [{{segment: staff, serve: {}}}, {{serve: 'false'}}]}}"
    (move,) = moved("a: " + rules.format(FIFTY), "a: " + rules.format("{'false': 50, 'true': 50}"))
    assert move.rule == "segment `staff`"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {serve: {'true': 10, 'false': 90}}", f"a: {{serve: {FIFTY}}}"),
        (f"a: {{serve: {FIFTY}}}", "a: {serve: {'true': 10, 'false': 90}}"),
        ("a: {}", "a: {serve: 'true'}"),
        (f"a: {{serve: {FIFTY}}}", f"a: {{serve: {FIFTY}, kill: true}}"),
        ("a: {serve: 'true', salt: x}", "a: {serve: 'true', salt: y}"),
        (f"a: {{serve: {FIFTY}}}", f"b: {{serve: {FIFTY}, salt: a}}"),
        (f"a: {{{COLORS}, serve: {{red: 20, off: 80}}}}", f"a: {{{COLORS}, serve: {{red: 20, blue: 20, off: 60}}}}"),
    ],
)
def test_no_warning_where_nobody_moves_for_no_need(before: str, after: str) -> None:
    assert moved(before, after) == []
