"""Adding, removing and renaming whole entries."""

from __future__ import annotations

from datetime import date

import pytest

from flaglint.errors import EditError, UsageError
from flaglint.registry.edit import Draft, add_flag, remove_flags, remove_together, rename_flag
from flaglint.registry.edit import draft as edit_draft
from flaglint.registry.files import File
from tests.registry.editing import draft, edited

DAY = date(2026, 11, 23)
FILE = """\
# Feature flags. Owner is mandatory.
version: 1
flags:
  # payments
  beta_banner:
    owner: growth
    created: 2025-01-02

  # PAY-12: idempotent charge
  # (two lines)
  new_checkout:
    owner: payments   # was: checkout
    # part of the entry
    created: 2024-03-01
    # the end of the entry

  # ---- core ----
  other:
    owner: core
"""


def removed(text: str, *keys: str, **how: object) -> str:
    return edited(text, lambda made: remove_flags(made, dict.fromkeys(keys, ""), **how))  # type: ignore[arg-type]


def without(text: str, start: str, end: str) -> str:
    """The text without what stands from `start` up to `end`."""
    return text[: text.index(start)] + text[text.index(end) :]


def test_an_entry_goes_with_its_own_comment_and_one_gap() -> None:
    assert removed(FILE, "new_checkout") == without(FILE, "  # PAY-12", "  # ---- core")


def test_the_first_entry_leaves_no_gap() -> None:
    assert removed(FILE, "beta_banner") == without(FILE, "  # payments", "  # PAY-12")


def test_a_comment_that_heads_a_section_stays() -> None:
    assert removed(FILE, "other") == FILE.replace("  other:\n    owner: core\n", "")


def test_the_last_entry_goes_with_the_gap_before_it() -> None:
    text = FILE.replace("  # ---- core ----\n", "")
    assert removed(text, "other") == text.replace("\n  other:\n    owner: core\n", "")


def test_neighbours_go_together() -> None:
    text = FILE.replace("  # ---- core ----\n", "")
    assert removed(text, "other", "new_checkout") == text[: text.index("\n  # PAY-12")]


def test_the_last_flag_of_all_leaves_an_empty_mapping() -> None:
    text = "version: 1\nflags:  # all\n  f:\n    owner: a\nremoved: {}\n"
    assert removed(text, "f") == "version: 1\nflags: {}  # all\nremoved: {}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  # not its own\n\n  f: {}\n  g: {}\n", "  # not its own\n\n  g: {}\n"),
        ("  e: {}\n    # deeper: part of e\n  f: {}\n  g: {}\n", "  e: {}\n    # deeper: part of e\n  g: {}\n"),
        ("  e: {}\n  f: {} # own\n  # of g\n  g: {}\n", "  e: {}\n  # of g\n  g: {}\n"),
        ("  e: {}\n\n\n  f: {}\n\n\n  g: {}\n", "  e: {}\n\n\n  g: {}\n"),
        ("  e: {}\n  f: {}\n\n  # of g\n  g: {}\n", "  e: {}\n\n  # of g\n  g: {}\n"),
        ("  e: {}\n  f:\n    description: |+\n      a\n\n\n  g: {}\n", "  e: {}\n  g: {}\n"),
        ("  e: {}\n  f: {\n    owner: a # x\n  } # y\n  g: {}\n", "  e: {}\n  g: {}\n"),
        ("  e: {}\n  f: {}", "  e: {}"),
        ("  f: {}\n  g: {}", "  g: {}"),
    ],
)
def test_removes_an_entry_in_every_layout(before: str, after: str) -> None:
    head = "version: 1\nflags:\n"
    assert removed(head + before, "f") == head + after
    windows = (head + before).replace("\n", "\r\n")
    assert removed(windows, "f") == (head + after).replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{f: {}, g: {}}", "{g: {}}"),
        ("{e: {}, f: {}}", "{e: {}}"),
        ("{f: {}}", "{}"),
        ("{\n  e: {},\n  f: {}\n}", "{\n  e: {}\n}"),
    ],
)
def test_removes_an_entry_from_brackets(before: str, after: str) -> None:
    assert removed(f"version: 1\nflags: {before}\n", "f") == f"version: 1\nflags: {after}\n"


def test_a_registry_with_other_problems_can_lose_a_flag() -> None:
    text = FILE.replace("version: 1\n", "").replace("    owner: core\n", "    ownr: core\n    rollout: 100\n")
    assert removed(text, "beta_banner") == without(text, "  # payments", "  # PAY-12")


@pytest.mark.parametrize(
    ("tail", "after"),
    [
        ("", "removed:\n  f: {date: 2026-11-23, issue: X-1}\n"),
        (
            "removed:  # stones\n  old: {}  # o\n",
            "removed:  # stones\n  old: {}  # o\n  f: {date: 2026-11-23, issue: X-1}\n",
        ),
        ("removed: {}\n", "removed: {f: {date: 2026-11-23, issue: X-1}}\n"),
        ("removed:  # none\n", "removed:  # none\n  f: {date: 2026-11-23, issue: X-1}\n"),
        ("removed: {old: {}}", "removed: {old: {}, f: {date: 2026-11-23, issue: X-1}}"),
    ],
)
def test_a_tombstone_takes_the_place_of_a_flag(tail: str, after: str) -> None:
    text = f"version: 1\nflags:\n  f: {{links: {{issue: X-1}}}}\n  g: {{}}\n{tail}"
    assert removed(text, "f", removed_on=DAY) == f"version: 1\nflags:\n  g: {{}}\n{after}"


def test_a_tombstone_goes_where_the_others_are() -> None:
    made = draft("version: 1\nflags: {f: {links: {issue: Y-2}}}\n", other="version: 1\nremoved:\n  old: {}\n")
    remove_flags(made, {"f": ""}, removed_on=DAY)
    changed = {path: new.decode() for path, _, new in made.changed()}
    assert changed == {
        "flags.yaml": "version: 1\nflags: {}\n",
        "other.yaml": "version: 1\nremoved:\n  old: {}\n  f: {date: 2026-11-23, issue: Y-2}\n",
    }


CHILD = "  child:\n    needs: {parent: on, g: true}\n"
PARENT = "  parent: {variants: {on: true, off: false}, off_variant: off}\n"


def test_prerequisites_that_are_always_met_go_with_the_parent() -> None:
    text = f"version: 1\nflags:\n{CHILD}{PARENT}  g: {{}}\n"
    assert edited(text, lambda made: remove_flags(made, {"parent": "on"})) == (
        "version: 1\nflags:\n  child:\n    needs: {g: true}\n  g: {}\n"
    )
    both = edited(text, lambda made: remove_flags(made, {"parent": "on", "g": "true"}))
    assert both == "version: 1\nflags:\n  child: {}\n"


def test_a_child_that_would_never_be_served_again_is_in_the_way() -> None:
    text = f"version: 1\nflags:\n{CHILD}{PARENT}  g: {{}}\n"
    with pytest.raises(EditError, match="`child` needs `parent` to serve `on`, which it never does") as caught:
        remove_flags(draft(text), {"parent": "off"})
    assert (caught.value.line, caught.value.help) == (4, "remove `child` first")
    assert "child" not in edited(text, lambda made: remove_flags(made, {"parent": "off", "child": ""}))


def test_many_flags_go_in_one_step() -> None:
    entries = [f"  # note {i}\n  f{i}:\n    owner: a\n\n" for i in range(40)]
    text = "version: 1\nflags:\n" + "".join(entries)
    keys = [f"f{i}" for i in range(40) if i % 3]
    kept = "".join(entry for i, entry in enumerate(entries) if not i % 3)
    assert removed(text, *keys) == "version: 1\nflags:\n" + kept


# ------------------------------------------------------------------------------------------------------------ adding

FIELDS = {"created": DAY, "owner": "@shop", "type": "release", "description": "One page"}
LINES = '    description: One page\n    type: release\n    owner: "@shop"\n    created: 2026-11-23\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 1\n", f"version: 1\nflags:\n  f:\n{LINES}"),
        ("version: 1\nflags: {}  # none\n", f"version: 1\nflags:  # none\n  f:\n{LINES}"),
        ("version: 1\nflags:\nremoved: {}\n", f"version: 1\nflags:\n  f:\n{LINES}removed: {{}}\n"),
        ("version: 1\nflags:\n  e: {}  # e\n# end\n", f"version: 1\nflags:\n  e: {{}}  # e\n  f:\n{LINES}# end\n"),
        ("version: 1\nflags:\n  e: {}", f"version: 1\nflags:\n  e: {{}}\n  f:\n{LINES[:-1]}"),
        ("version: 1\nflags:\n  a: {}\n\n  b: {}\n", f"version: 1\nflags:\n  a: {{}}\n\n  b: {{}}\n\n  f:\n{LINES}"),
        (
            "version: 1\nflags:\n    e:\n        owner: a\n",
            "version: 1\nflags:\n    e:\n        owner: a\n    f:\n" + LINES.replace("    ", "        "),
        ),
        (
            "version: 1\nflags:\n  d: {}\n  e: {}\n  # of g\n  g: {}\n",
            f"version: 1\nflags:\n  d: {{}}\n  e: {{}}\n  f:\n{LINES}  # of g\n  g: {{}}\n",
        ),
        (
            "version: 1\nflags:\n  # of g\n  g: {}\n  h: {}\n  i: {}\n",
            f"version: 1\nflags:\n  f:\n{LINES}  # of g\n  g: {{}}\n  h: {{}}\n  i: {{}}\n",
        ),
        (
            "version: 1\nflags: {e: {}}\n",
            (
                "version: 1\nflags: {e: {}, f: {description: One page, type: release, "
                'owner: "@shop", created: 2026-11-23}}\n'
            ),
        ),
    ],
)
def test_adds_an_entry_as_the_file_is_written(before: str, after: str) -> None:
    assert edited(before, lambda made: add_flag(made, "f", FIELDS, "flags.yaml")) == after
    windows = edited(before.replace("\n", "\r\n"), lambda made: add_flag(made, "f", FIELDS, "flags.yaml"))
    assert windows == after.replace("\n", "\r\n")


def test_adds_an_entry_to_json() -> None:
    text = '{\n  "version": 1,\n  "flags": {\n    "e": {}\n  }\n}\n'
    after = edited(text, lambda made: add_flag(made, "f", {"created": DAY}, "f.json"), "f.json")
    assert after == text.replace('"e": {}', '"e": {},\n    "f": {"created": "2026-11-23"}')


def test_adds_a_file() -> None:
    made = draft("version: 1\nflags: {e: {}}\n")
    add_flag(made, "f", {"owner": "a"}, "flags/f.yaml")
    assert [(edit.path, edit.start, edit.end, edit.text) for edit in made.edits()] == [
        ("flags/f.yaml", 0, 0, b"version: 1\nflags:\n  f:\n    owner: a\n")
    ]
    assert [flag.key for flag in made.registry.flags] == ["e", "f"]


def test_a_key_is_quoted_when_it_has_to_be() -> None:
    text = edited("version: 1\n", lambda made: add_flag(made, "a: b", {}, "flags.yaml"))
    assert text == 'version: 1\nflags:\n  "a: b": {}\n'


def test_a_key_that_is_taken_or_buried_is_refused() -> None:
    text = "version: 1\nflags: {f: {}}\nremoved: {old: {date: 2026-01-02}}\n"
    with pytest.raises(UsageError, match=r"`f` is defined already, at flags\.yaml:2:9"):
        add_flag(draft(text), "f", {}, "flags.yaml")
    with pytest.raises(UsageError, match="`old` was removed on 2026-01-02, and a key is never used again"):
        add_flag(draft(text), "old", {}, "flags.yaml")


def test_an_entry_with_a_problem_is_not_added() -> None:
    with pytest.raises(
        EditError, match="the edit would break the registry: FLG401 `f`: the type `relase` is not known"
    ):
        add_flag(draft("version: 1\n"), "f", {"type": "relase"}, "flags.yaml")


# ---------------------------------------------------------------------------------------------------------- renaming


def test_a_rename_writes_the_salt_out_and_takes_the_children_along() -> None:
    text = f"version: 1\nflags:\n{CHILD}{PARENT}  'g':  # quoted\n    serve: true\n"
    child = CHILD.replace("g: true", '"it\'s new": true')
    assert edited(text, lambda made: rename_flag(made, "g", "it's new")) == (
        f"version: 1\nflags:\n{child}{PARENT}  'it''s new':  # quoted\n    salt: g\n    serve: true\n"
    )


def test_a_salt_that_is_written_stays() -> None:
    text = "version: 1\nflags:\n  f: {salt: s, serve: {true: 1, false: 1}}\n"
    assert edited(text, lambda made: rename_flag(made, "f", "g")) == text.replace("f: {salt", "g: {salt")


def test_a_flag_that_needs_itself_can_be_renamed() -> None:
    text = "version: 1\nflags:\n  f: {needs: {f: true}}\n"
    with pytest.raises(EditError):  # the message of its circle would be new
        edited(text, lambda made: rename_flag(made, "f", "g"))


def test_a_rename_can_leave_a_tombstone() -> None:
    text = "version: 1\nflags:\n  f: {serve: true}\n"
    assert edited(text, lambda made: rename_flag(made, "f", "g", removed_on=DAY)) == (
        "version: 1\nflags:\n  g: {salt: f, serve: true}\nremoved:\n  f: {date: 2026-11-23}\n"
    )


def test_a_rename_reads_a_file_no_more_often_for_many_children(monkeypatch: pytest.MonkeyPatch) -> None:
    def reads_with(children: int) -> int:
        needing = "".join(f"  c{number}: {{needs: {{f: 'true', g: 'true'}}}}\n" for number in range(children))
        made = draft(
            f"version: 1\nflags:\n  f: {{salt: s}}\n  g: {{}}\n{needing}", far="flags: {d: {needs: {f: 'true'}}}\n"
        )
        seen: list[str] = []
        with monkeypatch.context() as patch:
            read = edit_draft.read_tree
            patch.setattr(edit_draft, "read_tree", lambda path, data: seen.append(path) or read(path, data))
            rename_flag(made, "f", "new")
        assert [need.key for flag in made.registry.flags for need in flag.needs] == ["new", "g"] * children + ["new"]
        return len(seen)

    assert reads_with(30) == reads_with(1) == 2


def test_a_rename_to_a_key_that_is_taken_or_buried_is_refused() -> None:
    text = "version: 1\nflags: {f: {}, g: {}}\nremoved: {old: {}}\n"
    with pytest.raises(UsageError, match="`g` is defined already"):
        rename_flag(draft(text), "f", "g")
    with pytest.raises(UsageError, match="`old` was removed, and a key is never used again"):
        rename_flag(draft(text), "f", "old")


def test_foreign_formats_are_edited_where_they_come_from() -> None:
    made = Draft(
        [
            File(
                "f.json",
                b'{"flags": {"f": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"}}}',
                "flagd",
            )
        ]
    )
    with pytest.raises(EditError, match="`f` is defined in the format `flagd`"):
        remove_flags(made, {"f": ""})


def test_an_edit_that_is_refused_leaves_the_draft_as_it_was() -> None:
    text = f"version: 1\nflags:\n{CHILD}{PARENT}  g: {{}}\n"
    made = draft(text)
    with pytest.raises(EditError):
        remove_flags(made, {"g": "true", "parent": "off"})
    with pytest.raises(EditError):
        add_flag(made, "f", {"type": "relase"}, "flags.yaml")
    with pytest.raises(EditError):
        add_flag(made, "f", {"type": "relase"}, "new.yaml")
    assert not made.edits()
    assert not made.changed()
    remove_flags(made, {"g": "true"})
    assert [flag.key for flag in made.registry.flags] == ["child", "parent"]


def test_entries_go_together_where_nothing_else_names_them() -> None:
    made = draft("version: 1\nflags:\n  # of a\n  a: {}\n\n  b: {}\n\n  # of c\n  c: {}\n  d: {}\n")
    assert remove_together(made, ["c", "a"])
    assert made.changed()[0][2] == b"version: 1\nflags:\n  b: {}\n\n  d: {}\n"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (f"version: 1\nflags:\n{CHILD}{PARENT}  g: {{}}\n", ["parent", "g"]),  # another flag needs one
        ("version: 1\nflags: {a: {}, b: {}, c: {}}\n", ["a", "b"]),
        ("version: 1\nflags:\n  a: {}\n  b: {}\n", ["a", "b"]),  # nothing is left
        ("version: 1\nflags:\n  a: {}\n  b: &b {}\n  c: {}\n", ["a", "b"]),
    ],
)
def test_entries_that_ask_for_more_than_lines_are_left_to_be_removed_one_by_one(text: str, keys: list[str]) -> None:
    made = draft(text)
    assert not remove_together(made, keys)
    assert not made.edits()
