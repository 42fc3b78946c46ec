"""`flaglint set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

REGISTRY = """\
version: 1
environments: [staging, production]
flags:
  release-one-page:
    owner: "@payments"  # who
    expires: 2026-12-31
    rules:
      - when: {country: DE}
        serve: true
      - serve: false  # the rest
  exp-price:
    variants: {low: 1, high: 2}
    off_variant: low
"""


@pytest.fixture(autouse=True)
def registry(write: Callable[..., None]) -> None:
    write({"flags.yaml": REGISTRY})


def test_rolls_out_and_prints_the_diff(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("set", "release-one-page", "--rollout", "25%")
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == """\
--- a/flags.yaml
+++ b/flags.yaml
@@ -7,7 +7,7 @@
     rules:
       - when: {country: DE}
         serve: true
-      - serve: false  # the rest
+      - serve: {true: 25, false: 75}  # the rest
   exp-price:
     variants: {low: 1, high: 2}
     off_variant: low
"""
    )
    assert flaglint("set", "release-one-page", "--rollout", "100").code == 0
    expected = REGISTRY.replace("serve: false  #", "serve: true  #")
    assert (tmp_path / "flags.yaml").read_text() == expected


@pytest.mark.parametrize(
    ("arguments", "before", "after"),
    [
        (["release-one-page", "--serve", "false", "--rule", "1"], "        serve: true\n", "        serve: false\n"),
        (["release-one-page", "--owner", "@shop"], '"@payments"', '"@shop"'),
        (["release-one-page", "--expires", "2027-01-31"], "2026-12-31", "2027-01-31"),
        (["release-one-page", "--unset", "expires"], "    expires: 2026-12-31\n", ""),
        (
            ["exp-price", "--rollout", "10", "--to", "high"],
            "off_variant: low\n",
            "off_variant: low\n    serve: {high: 10, low: 90}\n",
        ),
        (
            ["exp-price", "--serve", "high", "--env", "staging"],
            "off_variant: low\n",
            "off_variant: low\n    environments:\n      staging: {serve: high}\n",
        ),
        (
            [
                "release-one-page",
                "--type",
                "release",
                "--description",
                "One page",
                "--permanent",
                "why",
                "--unset",
                "expires",
            ],
            '    owner: "@payments"  # who\n    expires: 2026-12-31\n',
            '    description: One page\n    type: release\n    owner: "@payments"  # who\n    permanent: why\n',
        ),
    ],
)
def test_edits_what_is_asked_for_alone(
    flaglint: Flaglint, tmp_path: Path, arguments: list[str], before: str, after: str
) -> None:
    ran = flaglint("set", *arguments)
    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY.replace(before, after)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], "error: there is nothing to set\nhelp: give --rollout, --serve, or a field such as --owner\n"),
        (["--env", "staging", "--owner", "a"], "error: `--rule` and `--env` go with `--rollout` or `--serve`\n"),
        (
            ["--rollout", "101"],
            (
                "error: invalid value for `--rollout`: `101` is no percentage from 0 to 100\n"
                "help: flaglint set --help shows what it takes\n"
            ),
        ),
        (
            ["--rollout", "1", "--serve", "true"],
            "error: `--rollout` and `--serve` exclude each other\nhelp: `--rollout 100` serves everybody\n",
        ),
        (
            ["--serve", "true", "--to", "x"],
            "error: `--to` goes with `--rollout`\nhelp: `--serve` names the variant itself\n",
        ),
        (["--serve", "tru"], "error: `release-one-page` has no variant `tru`\nhelp: did you mean `true`?\n"),
        (
            ["--rollout", "1", "--rule", "3"],
            "error: `release-one-page` has no rule 3\nhelp: it has 2 rules, counted from 1\n",
        ),
        (
            ["--expires", "2026-02-30"],
            (
                "error: invalid value for `--expires`: `2026-02-30` is no day, such as 2026-12-31\n"
                "help: flaglint set --help shows what it takes\n"
            ),
        ),
    ],
)
def test_says_what_cannot_be(flaglint: Flaglint, tmp_path: Path, arguments: list[str], error: str) -> None:
    ran = flaglint("set", "release-one-page", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", error)
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


def test_a_dry_run_writes_nothing(flaglint: Flaglint, tmp_path: Path) -> None:
    assert flaglint("set", "exp-price", "--serve", "high", "--dry-run").err == "note: nothing was written\n"
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


def test_a_field_is_given_or_taken_out_and_not_both(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("set", "release-one-page", "--owner", "@web", "--unset", "owner")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: `--owner` and `--unset owner` exclude each other\n"
    assert flaglint("set", "exp-price", "--release-note", "Cheaper", "--unset", "release-note").code == 2
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY
