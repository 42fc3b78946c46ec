"""`flaglint add`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

REGISTRY = "version: 1\nflags:\n  release-a: {type: release}\nremoved:\n  release-old: {date: 2026-01-02}\n"
FLAGD = '{"flags": {"a": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"}}}\n'
KNOWN = ["--type", "release", "--owner", "@shop", "--description", "Gift cards", "--now", "2026-11-23"]


@pytest.fixture(autouse=True)
def registry(write: Callable[..., None]) -> None:
    write({"flags.yaml": REGISTRY})


def test_adds_a_flag_that_is_off_and_prints_the_diff(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("add", "release-gift-cards", *KNOWN)
    assert (ran.code, ran.err) == (0, "")
    assert (
        ran.out
        == """\
--- a/flags.yaml
+++ b/flags.yaml
@@ -1,5 +1,11 @@
 version: 1
 flags:
   release-a: {type: release}
+  release-gift-cards:
+    description: Gift cards
+    type: release
+    owner: "@shop"
+    created: 2026-11-23
+    expires: 2027-01-02
 removed:
   release-old: {date: 2026-01-02}
"""
    )
    assert flaglint("registry", "validate").code == 0
    assert "release-gift-cards" in (tmp_path / "flags.yaml").read_text()


def test_writes_variants_links_and_an_expiry(flaglint: Flaglint, tmp_path: Path) -> None:
    more = ["--variant", "short=200", "--variant", "long=2000", "--off-variant", "long", "--link", "issue=SHOP-1"]
    ran = flaglint("add", "release-b", *KNOWN, *more, "--expires", "2026-12-31")
    assert (ran.code, ran.err) == (0, "")
    added = "    expires: 2026-12-31\n    links: {issue: SHOP-1}\n"
    added += "    variants: {short: 200, long: 2000}\n    off_variant: long\n"
    assert added in (tmp_path / "flags.yaml").read_text()


def test_a_permanent_flag_gets_no_expiry(flaglint: Flaglint) -> None:
    assert "expires" not in flaglint("add", "release-b", *KNOWN, "--permanent", "always needed").out


def test_a_type_without_a_lifetime_gets_no_expiry(flaglint: Flaglint) -> None:
    assert "expires" not in flaglint("add", "ops-b", "--type", "ops", *KNOWN[2:]).out


def test_writes_the_first_registry_of_a_project(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").unlink()
    ran = flaglint("add", "release-b", *KNOWN)
    assert ran.code == 0
    assert ran.out.startswith("--- /dev/null\n+++ b/flags.yaml\n@@ -0,0 +1,8 @@\n+version: 1\n+flags:\n+  release-b:\n")
    assert (tmp_path / "flags.yaml").read_text().startswith("version: 1\nflags:\n  release-b:\n")


def test_takes_the_file_that_the_layout_names(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text(
        '[layout.by-type]\nrelease = "flags/release/*.yaml"\n[layout.by-owner]\n"@core" = "flags/core.yaml"\n'
    )
    assert "+++ b/flags/release/release-b.yaml\n" in flaglint("add", "release-b", *KNOWN).out
    assert "+++ b/flags/release/release-c.yaml\n" in flaglint("add", "release-c", *KNOWN).out
    core = ["--type", "ops", "--owner", "@core", "--description", "x"]
    assert "+++ b/flags/core.yaml\n" in flaglint("add", "ops-d", *core).out
    assert (tmp_path / "flags" / "release" / "release-b.yaml").exists()
    assert flaglint("registry", "validate").code == 0


def test_one_file_per_flag_stays_one_file_per_flag(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "flags.yaml").unlink()
    write({f"flags/shop/{key}.yaml": f"version: 1\nflags: {{{key}: {{type: ops}}}}\n" for key in ("a", "b")})
    assert "+++ b/flags/shop/release-b.yaml\n" in flaglint("add", "release-b", *KNOWN).out


def test_goes_where_flags_like_it_are(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags/more.yaml": "version: 1\nflags:\n  release-x: {type: release}\n  release-y: {type: release}\n"})
    assert "+++ b/flags/more.yaml\n" in flaglint("add", "release-b", *KNOWN).out
    assert "+++ b/flags.yaml\n" in flaglint("add", "release-c", *KNOWN, "--file", "flags.yaml").out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["release-a", *KNOWN],
            "error: `release-a` is defined already, at flags.yaml:3:3\nhelp: take another name\n",
        ),
        (
            ["release-old", *KNOWN],
            (
                "error: `release-old` was removed on 2026-01-02, and a key is never used again\n"
                "help: take another name; its tombstone is at flags.yaml:5:3\n"
            ),
        ),
        (
            ["release-b"],
            (
                "error: a flag needs --type, --owner and --description\n"
                "help: nobody can be asked here, because stdin is no terminal\n"
            ),
        ),
        (
            ["release-b", *KNOWN, "--variant", "a=1"],
            "error: `--variant` needs `--off-variant`\nhelp: name the variant to serve when the flag is off\n",
        ),
        (["release-b", *KNOWN, "--variant", "a"], "error: `--variant a` is no NAME=VALUE\n"),
        (
            ["release-b", *KNOWN, "--off-variant", "a"],
            "error: `--off-variant` goes with `--variant`\nhelp: a boolean flag serves `false` when it is off\n",
        ),
        (
            ["release-b", *KNOWN, "--file", "other.yaml"],
            (
                "error: `other.yaml` is no part of the registry\n"
                "help: `registry` in the configuration is `flags.yaml`, `flags/**/*.yaml`\n"
            ),
        ),
    ],
)
def test_says_what_cannot_be(flaglint: Flaglint, tmp_path: Path, arguments: list[str], error: str) -> None:
    ran = flaglint("add", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", error)
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


def test_a_name_has_to_pass(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text('[naming]\nstyle = "kebab-case"\nprefixes = {release = "release-"}\n')
    ran = flaglint("add", "Gift_Cards", *KNOWN)
    assert (ran.code, ran.out) == (2, "")
    assert "`Gift_Cards`" in ran.err
    assert "`release-gift-cards` would pass; --any-name takes this one" in ran.err
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY
    assert flaglint("add", "Gift_Cards", *KNOWN, "--any-name").code == 0


def test_a_name_that_is_nearly_another_does_not_pass(flaglint: Flaglint) -> None:
    ran = flaglint("add", "Release_A", *KNOWN)
    assert (ran.code, ran.out) == (2, "")
    assert "FLG105" in ran.err


def test_asks_on_a_terminal(flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["release", "@shop", "Gift cards"])
    asked = []

    def prompt(question: str, **_: object) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", prompt)
    ran = flaglint("add", "release-b", "--dry-run")
    assert (ran.code, asked) == (0, ["type", "owner", "what it decides"])
    assert "+    description: Gift cards\n" in ran.out


def test_writes_no_file_that_the_registry_would_not_read(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "flags.yaml").unlink()
    write({"flaglint.toml": 'registry = ["served.flagd.json"]\n', "served.flagd.json": FLAGD})
    ran = flaglint("add", "release-gift-cards", *KNOWN)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: `flags.yaml` is no part of the registry\nhelp: `registry` in the configuration is `served.flagd.json`\n"
    )
    assert not (tmp_path / "flags.yaml").exists()
