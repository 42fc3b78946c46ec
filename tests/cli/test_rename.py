"""`flaglint rename`."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from flaglint.evaluator import Evaluator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

REGISTRY = """\
version: 1
flags:
  OnePage:
    owner: "@payments"  # who
    rules:
      - serve: {"true": 50, "false": 50}
  release-gift-cards: {needs: {OnePage: "true"}, serve: "true"}
removed:
  release-coupons: {date: 2025-05-12}
"""
CODE = """\
from flaglint.evaluator import Evaluator

client = Evaluator.from_path("flags.yaml")
ONE_PAGE = 'OnePage'


def pages(user):  # OnePage
    return 1 if client.boolean(ONE_PAGE, user) else 4
"""
TEST = """\
from shop import pages
from waffle.testutils import override_flag


@override_flag("OnePage", active=True)
def test_pages():
    assert pages({}) == 1
"""
TEMPLATE = '{% load waffle_tags %}{% flag "OnePage" %}one{% endflag %}\n'
DIFF = """\
--- a/flags.yaml
+++ b/flags.yaml
@@ -1,9 +1,11 @@
 version: 1
 flags:
-  OnePage:
+  release-one-page:
     owner: "@payments"  # who
+    salt: OnePage
     rules:
       - serve: {"true": 50, "false": 50}
-  release-gift-cards: {needs: {OnePage: "true"}, serve: "true"}
+  release-gift-cards: {needs: {release-one-page: "true"}, serve: "true"}
 removed:
   release-coupons: {date: 2025-05-12}
+  OnePage: {date: 2026-11-23}
--- a/shop.py
+++ b/shop.py
@@ -1,7 +1,7 @@
 from flaglint.evaluator import Evaluator
 BLANK
 client = Evaluator.from_path("flags.yaml")
-ONE_PAGE = 'OnePage'
+ONE_PAGE = 'release-one-page'
 BLANK
 BLANK
 def pages(user):  # OnePage
--- a/tests/test_shop.py
+++ b/tests/test_shop.py
@@ -2,6 +2,6 @@
 from waffle.testutils import override_flag
 BLANK
 BLANK
-@override_flag("OnePage", active=True)
+@override_flag("release-one-page", active=True)
 def test_pages():
     assert pages({}) == 1
""".replace(" BLANK\n", " \n")  # no blanks at the ends of lines in this file
SUMMARY = """\
`OnePage` is `release-one-page` now: 2 references, 6 edits in 3 files
look at:
  shop.py:7: a comment names `OnePage`; it was not rewritten (named-elsewhere)
  templates/home.html:1: a template reads the flag; it was not rewritten (template-read)
"""
REFUSED = "def other(user):\n    return client.boolean('One' + 'Page', user)\n"


@pytest.fixture(autouse=True)
def files(write: Callable[..., None]) -> dict[str, str]:
    content = {
        "flaglint.toml": '[naming]\nstyle = "kebab-case"\n',
        "flags.yaml": REGISTRY,
        "shop.py": CODE,
        "tests/test_shop.py": TEST,
        "templates/home.html": TEMPLATE,
    }
    write(content)
    return content


def rename(flaglint: Flaglint, *arguments: str) -> object:
    return flaglint("rename", "OnePage", "release-one-page", "--now", "2026-11-23", *arguments)


def on_disk(root: Path, files: dict[str, str]) -> dict[str, str]:
    return {path: (root / path).read_text() for path in files}


def keys_found(flaglint: Flaglint, key: str) -> list[tuple[str, str]]:
    document = json.loads(flaglint("refs", key, "--format", "json").out)
    return sorted((item["kind"], item["path"]) for item in document["references"])


def test_prints_the_diff_and_what_is_left_and_writes_nothing(
    flaglint: Flaglint, tmp_path: Path, files: dict[str, str]
) -> None:
    ran = rename(flaglint)
    assert (ran.code, ran.out, ran.err) == (0, DIFF, SUMMARY)
    assert on_disk(tmp_path, files) == files


def test_the_diff_applied_is_what_is_written(flaglint: Flaglint, tmp_path: Path, files: dict[str, str]) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply"], input=rename(flaglint).out, text=True, cwd=tmp_path, check=True)
    applied = on_disk(tmp_path, files)
    assert applied != files
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    ran = rename(flaglint, "--write", "--allow-dirty")
    assert (ran.code, ran.out, ran.err) == (0, "", SUMMARY)
    assert on_disk(tmp_path, files) == applied


def test_nobody_gets_another_variant(flaglint: Flaglint, tmp_path: Path) -> None:
    people = [{"targetingKey": f"user-{number}"} for number in range(300)]

    def served(key: str) -> list[object]:
        evaluator = Evaluator.from_path(tmp_path / "flags.yaml")
        return [evaluator.boolean(key, person) for person in people]

    before, children = served("OnePage"), served("release-gift-cards")
    assert len(set(before)) == 2
    assert rename(flaglint, "--write").code == 0
    assert served("release-one-page") == before
    assert served("release-gift-cards") == children
    registry = tmp_path / "flags.yaml"
    registry.write_text(registry.read_text().replace("    salt: OnePage\n", ""))
    assert served("release-one-page") != before


def test_references_move_to_the_new_key_and_texts_keep_the_old(flaglint: Flaglint) -> None:
    before = keys_found(flaglint, "OnePage")
    template = [item for item in before if item[1].startswith("templates/")]
    rename(flaglint, "--write")
    assert keys_found(flaglint, "release-one-page") == [item for item in before if item not in template]
    assert keys_found(flaglint, "OnePage") == template


def test_a_second_time_there_is_no_such_flag(flaglint: Flaglint, tmp_path: Path, files: dict[str, str]) -> None:
    rename(flaglint, "--write")
    after = on_disk(tmp_path, files)
    assert rename(flaglint, "--write").code == 2
    assert flaglint("rename", "OnePage", "release-other", "--write").code == 2
    assert on_disk(tmp_path, files) == after


def test_nothing_changes_when_one_read_is_refused(flaglint: Flaglint, tmp_path: Path, files: dict[str, str]) -> None:
    files["shop.py"] += REFUSED
    (tmp_path / "shop.py").write_text(files["shop.py"])
    ran = rename(flaglint, "--write")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "`OnePage` was not renamed\n"
        "not renamed:\n"
        "  shop.py:10: the key is put together from parts: concatenation (unknown-spelling)\n"
        f"{SUMMARY.partition(chr(10))[2]}"
        "note: nothing was changed, because that is all or nothing\n"
        "help: --leave-refused renames the rest\n"
    )
    assert on_disk(tmp_path, files) == files


def test_the_rest_is_renamed_when_told_so(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(CODE + REFUSED)
    ran = rename(flaglint, "--write", "--leave-refused")
    assert ran.code == 1
    assert (tmp_path / "shop.py").read_text() == CODE.replace("'OnePage'", "'release-one-page'") + REFUSED


def test_what_would_change_another_flag_is_never_written(
    flaglint: Flaglint, tmp_path: Path, files: dict[str, str]
) -> None:
    files["shop.py"] += "\n\nx = client.boolean(ONE_PAGE + '-2', {})\n"
    (tmp_path / "shop.py").write_text(files["shop.py"])
    ran = rename(flaglint, "--write", "--leave-refused")
    assert (ran.code, ran.out) == (1, "")
    assert "  shop.py:11: this is another flag" in ran.err
    assert on_disk(tmp_path, files) == files


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["OnePge", "release-x"],
            "error: there is no flag `OnePge` in the registry or the code\nhelp: did you mean `OnePage`?\n",
        ),
        (
            ["OnePage", "release-gift-cards"],
            "error: `release-gift-cards` is defined already, at flags.yaml:7:3\nhelp: take another name\n",
        ),
        (
            ["OnePage", "release-coupons"],
            (
                "error: `release-coupons` was removed on 2025-05-12, and a key is never used again\n"
                "help: take another name; its tombstone is at flags.yaml:9:3\n"
            ),
        ),
        (
            ["OnePage", "releaseGiftCards"],
            (
                "error: `releaseGiftCards` and `release-gift-cards` differ in case and separators alone\n"
                "help: take another name; --any-name takes this one\n"
            ),
        ),
        (
            ["OnePage", "TwoPages"],
            "error: `TwoPages` is not kebab-case (FLG101)\nhelp: `two-pages` would pass; --any-name takes this one\n",
        ),
        (["OnePage", "OnePage"], "error: `OnePage` has that name already\n"),
        (
            ["OnePage", "one'page"],
            "error: `one'page` is no key: it holds what has to be escaped in code, or blanks around it\n",
        ),
        (
            ["OnePage", "one\npage"],
            "error: `one\\npage` is no key: it holds what has to be escaped in code, or blanks around it\n",
        ),
        (["OnePage", ""], "error: the new key is empty\n"),
    ],
)
def test_says_what_cannot_be(
    flaglint: Flaglint, tmp_path: Path, files: dict[str, str], arguments: list[str], error: str
) -> None:
    ran = flaglint("rename", *arguments, "--write")
    assert (ran.code, ran.out, ran.err) == (2, "", error)
    assert on_disk(tmp_path, files) == files


def test_a_name_against_the_rules_is_taken_when_told_so(flaglint: Flaglint, tmp_path: Path) -> None:
    assert flaglint("rename", "OnePage", "TwoPages", "--any-name", "--write").code == 0
    assert "ONE_PAGE = 'TwoPages'\n" in (tmp_path / "shop.py").read_text()


def test_a_name_that_differs_from_its_own_old_one_in_separators_alone_is_no_collision(flaglint: Flaglint) -> None:
    assert flaglint("rename", "OnePage", "one-page").code == 0


def test_leaves_no_tombstone_when_told_so(flaglint: Flaglint, tmp_path: Path) -> None:
    assert rename(flaglint, "--no-tombstone", "--write").code == 0
    text = (tmp_path / "flags.yaml").read_text()
    assert text.endswith("removed:\n  release-coupons: {date: 2025-05-12}\n")


def test_prints_json(flaglint: Flaglint, tmp_path: Path, files: dict[str, str]) -> None:
    (tmp_path / "shop.py").write_text(CODE + REFUSED)
    ran = rename(flaglint, "--format", "json", "--leave-refused")
    document = json.loads(ran.out)
    assert ran.code == 1
    assert {key: document[key] for key in ("version", "old", "new", "references")} == {
        "version": 1,
        "old": "OnePage",
        "new": "release-one-page",
        "references": 2,
    }
    assert [(item["path"], item["line"], item["code"]) for item in document["refused"]] == [
        ("shop.py", 10, "unknown-spelling")
    ]
    edits = {entry["path"]: entry["edits"] for entry in document["edits"]}
    start = CODE.index("'OnePage'")
    assert edits["shop.py"] == [{"start": start, "end": start + len("'OnePage'"), "text": "'release-one-page'"}]


def test_a_file_with_changes_that_are_not_committed_is_left_alone(
    flaglint: Flaglint, tmp_path: Path, files: dict[str, str]
) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "a"], cwd=tmp_path, check=True)
    files["shop.py"] += "# new\n"
    (tmp_path / "shop.py").write_text(files["shop.py"])
    ran = rename(flaglint, "--write")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: shop.py: it has changes that are not committed\n")
    assert on_disk(tmp_path, files) == files


def test_a_flag_of_another_format_is_refused_where_it_is_defined(flaglint: Flaglint, tmp_path: Path) -> None:
    flag = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on"}
    (tmp_path / "flags.json").write_text(json.dumps({"flags": {"OnePage": flag}}))
    (tmp_path / "flags.yaml").unlink()
    (tmp_path / "flaglint.toml").write_text('registry = ["flags.json"]\n')
    ran = rename(flaglint)
    assert (ran.code, ran.out) == (1, "")
    assert "  flags.json:1: it is defined in the format `flagd`, which is edited where it comes from" in ran.err
