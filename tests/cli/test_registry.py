"""`flaglint registry validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

BROKEN = """\
version: 1
flags:
  release-one-page:
    kill: yes
    typ: release
  release-one-page: {}
  exp: {needs: {zzz: true}}
"""


def test_says_all_that_is_wrong(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": BROKEN})
    ran = flaglint("registry", "validate")
    assert ran.code == 1
    assert (
        ran.out
        == """\
flags.yaml:4:11: FLG401 `release-one-page`: `kill` must be `true` or `false`, not `yes` (write `true`)
flags.yaml:5:5: FLG401 `release-one-page`: a flag has no field `typ` (did you mean `type`?)
flags.yaml:6:3: FLG402 `release-one-page` is defined twice; first defined here: flags.yaml:3:3 \
(keep one of the two entries)
flags.yaml:7:17: FLG405 `exp`: there is no flag `zzz`, so the prerequisite is never met (known: `release-one-page`)
"""
    )
    assert ran.err == "note: 4 problems in 1 file; 2 flags in 1 file\n"


def test_alone_says_what_it_can_do(flaglint: Flaglint) -> None:
    ran = flaglint("registry")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: flaglint registry [OPTIONS] [COMMAND]")
    assert "\n  validate  " in ran.out


def test_is_silent_about_a_registry_in_order(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": "version: 1\nflags: {f: {}}\n", "flags/more.yaml": "version: 1\nflags: {g: {}}\n"})
    ran = flaglint("registry", "validate")
    assert (ran.code, ran.out, ran.err) == (0, "", "note: 2 flags in 2 files, nothing wrong\n")


def test_looks_at_the_files_that_are_named(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": BROKEN, "other/[x].yaml": "version: 1\nflags: {g: {}}\n"})
    ran = flaglint("registry", "validate", "other/[x].yaml")
    assert (ran.code, ran.err) == (0, "note: 1 flag in 1 file, nothing wrong\n")
    assert flaglint("registry", "validate", "other").code == 0
    assert flaglint("registry", "validate", "other", "flags.yaml").code == 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "error: flags.yaml: is empty\nhelp: begin it with `version: 1` and `flags: {}`\n"),
        (b"- a\n", "error: flags.yaml:1: is no registry: a YAML mapping is wanted at its top\n"),
        (b"\xff", "error: flags.yaml:1: is not UTF-8: byte 0xff at offset 0\nhelp: save the file as UTF-8\n"),
        (b"[" * 100_000, "error: flags.yaml:1:101: is no registry: nested deeper than 100 levels\n"),
        (b"\tversion: 1\n", "error: flags.yaml:1:1: is no registry: a tab cannot indent YAML\nhelp: use spaces\n"),
    ],
)
def test_exits_2_for_what_is_no_registry(
    flaglint: Flaglint, write: Callable[..., None], content: bytes, error: str
) -> None:
    write({"flags.yaml": content})
    ran = flaglint("registry", "validate")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(error)


def test_exits_2_where_there_is_no_registry(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("registry", "validate")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: there is no registry here\nhelp: `flaglint init` writes a first one\n"
    assert flaglint("registry", "validate", "missing.yaml").code == 2
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert flaglint("registry", "validate", "loop.yaml").code == 2


def test_control_characters_do_not_reach_the_terminal(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": 'version: 1\nflags: {"\\x1b[31m": {serve: "\\x07"}}\n'})
    ran = flaglint("registry", "validate")
    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert "\x07" not in ran.out


def test_a_slip_in_a_command_gets_the_one_that_was_meant(flaglint: Flaglint) -> None:
    ran = flaglint("registry", "validat")
    assert (ran.code, ran.err) == (2, "error: no such command `validat`\nhelp: did you mean `validate`?\n")


def test_the_help_says_of_each_command_a_whole_sentence(flaglint: Flaglint) -> None:
    listed = flaglint("registry", "--help").out.partition("Commands:\n")[2]
    assert listed == (
        "  export    Write the registry for flagd, or as OpenFeature's manifest.\n"
        "  import    Write flags of other formats as a registry.\n"
        "  validate  Say everything that is wrong in a registry.\n"
    )
