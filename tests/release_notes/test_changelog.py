"""`flaglint changelog` on a repository whose story is written down by hand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import jsonschema
import pytest

from flaglint.cli import run
from flaglint.rulesdata import rules_folder
from tests.history.repositories import Made, git, registry

if TYPE_CHECKING:
    from pathlib import Path

TENTH = "{'true': 10, 'false': 90}"
HALF = "{'true': 50, 'false': 50}"
ONE = (
    "one: {{owner: '@pay', description: One page, release_note: Pay on one page, links: {{issue: SHOP-8}}, serve: {}}}"
)


def flags(*entries: str) -> dict[str, str | bytes | None]:
    return {"flags.yaml": registry("\n".join(entries))}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rolled out and released by way of a merge; killed and revived; removed; a branch that swaps a split."""
    made = Made(tmp_path / "shop")
    two, three = f"two: {{owner: '@ops', serve: {HALF}}}", "three: {serve: true}"
    base = made.commit(flags(ONE.format(TENTH), two, three), "2026-01-05")
    last = made.commit(flags(ONE.format(HALF), two, three), "2026-01-10", "bea", on=base)
    killed = two.replace("}}", "}, kill: {reason: errors}}")
    last = made.commit(flags(ONE.format(HALF), killed, three), "2026-01-12", on=last)
    side = made.commit(
        flags(ONE.format("true"), two, three),
        "2026-01-13",
        "cem",
        on=last,
        branch="side",
    )
    released = flags(ONE.format("true"), two, three)
    last = made.commit(released, "2026-01-20", "eve", on=last, merging=(side,))
    made.commit(flags(ONE.format("true"), two), "2026-01-25", "dan", on=last)
    swapped = two.replace(HALF, "{'false': 50, 'true': 50}")
    made.commit(flags(ONE.format("true"), swapped, three), "2026-01-21", on=last, branch="swap")
    root = made.build()
    git(root, "tag", "v1", "HEAD~4")
    monkeypatch.chdir(root)
    return root


def changelog(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["changelog", "--now", "2026-06-01", *arguments]) == 0
    return capsys.readouterr().out


def test_release_notes_tell_each_thing_once_with_its_day(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert changelog(capsys, "v1..HEAD", "--issue-url", "https://example.org/{}") == (
        "# Feature flags from v1 to HEAD\n"
        "\n"
        "2026-01-05 to 2026-06-01: 1 released to everyone, 1 changed and changed back, 1 removed.\n"
        "\n"
        "## @ops\n"
        "\n"
        "- **Back where it was**: `two`: killed on 2026-01-12, and back to 50 % on 2026-01-20.\n"
        "\n"
        "## @pay\n"
        "\n"
        "- **Released to everyone** on 2026-01-20: One page (`one`): on for everyone (was 10 %), by way of 50 % on"
        " 2026-01-10. Pay on one page. [SHOP-8](https://example.org/SHOP-8)\n"
        "\n"
        "## Without an owner\n"
        "\n"
        "- **Removed** on 2026-01-25: `three`: was on for everyone.\n"
    )


def test_json_follows_its_schema_and_names_who_did_it(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(changelog(capsys, "v1..HEAD", "--format", "json"))
    schema = json.loads((rules_folder() / "schemas" / "changelog.schema.json").read_text())
    jsonschema.validate(document, schema)
    told = {one["key"]: (one["kind"], one["day"], one["author"]) for one in document["changes"]}
    assert told == {
        "one": ("released", "2026-01-20", "Cem"),
        "two": ("interrupted", "2026-01-20", "Cem"),
        "three": ("removed", "2026-01-25", "Dan"),
    }


def test_three_dots_tell_what_a_branch_does_and_whom_it_moves(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(changelog(capsys, "main...swap", "--format", "json"))
    jsonschema.validate(document, json.loads((rules_folder() / "schemas" / "changelog.schema.json").read_text()))
    assert "three" not in {one["key"] for one in document["changes"]}  # removed on main alone
    (move,) = document["moves"]
    assert (move["key"], move["moved"], move["needed"]) == ("two", 1, 0)


def test_one_revision_reaches_to_the_work_tree(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "flags.yaml").write_text(registry(f"{ONE.format('true')}\nfour: {{}}"))
    told = json.loads(changelog(capsys, "HEAD", "--format", "json"))
    assert [(one["kind"], one["key"], one["day"]) for one in told["changes"]] == [
        ("new", "four", None),
        ("removed", "two", None),
    ]
    assert told["to"] == {"revision": "the work tree", "commit": None, "when": 1780272000}


def test_a_page_asks_for_nothing_and_shows_names_as_text(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "<script>alert(1)</script>"
    flag = f"\"{evil}\": {{owner: '\"><b>@x</b>', description: '{evil}', links: {{issue: 'javascript:alert(1)'}}}}"
    (shop / "flags.yaml").write_text(registry(flag))
    page = changelog(capsys, "HEAD", "--format", "html")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>@x" not in page
    assert not re.search(r"(?:href|src)=\"(?!https?://)", page)
    text = changelog(capsys, "HEAD")
    assert "<script>" not in re.sub(r"`[^`]*`", "", text).replace("\\<", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope..HEAD"], "there is no revision `nope`"),
        (["a....b"], "`a....b` is no range of revisions"),
        (["..HEAD"], "`..HEAD` is no range of revisions"),
        (["v1", "--env", "prod"], "there is no environment `prod`"),
        (["v1", "--issue-url", "example.org"], "`--issue-url` is no address with `{}` in it"),
    ],
)
def test_what_cannot_be_told_is_an_error(
    shop: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run(["changelog", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_same_input_gives_the_same_bytes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("markdown", "json", "html"):
        assert changelog(capsys, "v1..", "--format", form) == changelog(capsys, "v1..", "--format", form)


def test_no_change_is_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no flag changed" in changelog(capsys, "HEAD..HEAD")


def test_a_registry_that_was_moved_after_the_range_is_found_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "init", "-q")
    entry = "version: 1\nflags:\n  release-a: {type: release, serve: 'SERVED'}\n"
    for name, served in (("v1", "false"), ("v2", "true")):
        (tmp_path / "flags.yaml").write_text(entry.replace("SERVED", served))
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", name)
        git(tmp_path, "tag", name)
    (tmp_path / "conf").mkdir()
    git(tmp_path, "mv", "flags.yaml", "conf/flags.yaml")
    (tmp_path / "flaglint.toml").write_text('registry = ["conf/flags.yaml"]\n')
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "moved")
    monkeypatch.chdir(tmp_path)
    assert "Released to everyone" in changelog(capsys, "v1..v2")


def test_one_day_is_named_once(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert changelog(capsys, "v1..v1").splitlines()[2] == "2026-01-05: no flag changed."
    assert '<p class="quiet">2026-01-05: no flag changed.</p>' in changelog(capsys, "v1..v1", "--format", "html")


@pytest.mark.parametrize(
    ("name", "begin"), [("a.html", "<!DOCTYPE html>"), ("a.JSON", "{"), ("a.md", "# "), ("notes", "# ")]
)
def test_the_name_of_the_file_tells_the_format(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, begin: str
) -> None:
    changelog(capsys, "v1..HEAD", "-o", str(tmp_path / name))
    assert (tmp_path / name).read_text().startswith(begin)
    changelog(capsys, "v1..HEAD", "--format", "markdown", "-o", str(tmp_path / name))
    assert (tmp_path / name).read_text().startswith("# ")
