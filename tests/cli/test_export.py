"""`flaglint registry export`: what is written, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Flaglint = Callable[..., object]

GOOD = """\
version: 1
flags:
  checkout: {owner: "@payments", serve: {"true": 25, "false": 75}}
  banner: {serve: "true"}
"""
BAD = GOOD + "  très: {serve: {'true': 25, 'false': 75}}\n"


@pytest.fixture(autouse=True)
def command(flaglint: Flaglint) -> None:
    from flaglint.cli.group import root

    if "registry" not in root.list_commands(None):  # type: ignore[arg-type,attr-defined] # the context is not looked at
        pytest.skip("the group `registry` does not exist yet")


def test_writes_flagds_format(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flaglint.toml": "", "flags.yaml": GOOD})
    ran = flaglint("registry", "export", "--format", "flagd")
    document = json.loads(ran.out)
    assert ran.code == 0
    assert document["flags"]["banner"] == {
        "state": "ENABLED",
        "variants": {"true": True, "false": False},
        "defaultVariant": "true",
    }
    assert document["flags"]["checkout"]["metadata"] == {"owner": "@payments"}
    assert document["metadata"] == {"flagSetId": "default", "bucketing": "flagd-v2"}
    assert ran.err == (
        "note: 2 flags, with the buckets of flagd-v2: serve them with an engine of that generation, "
        "and with targeting keys in ASCII\n"
    )


def test_writes_to_a_file(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write({"flaglint.toml": "", "flags.yaml": GOOD})
    ran = flaglint("registry", "export", "-o", "flagd.json")
    assert (ran.code, ran.out) == (0, "")
    assert set(json.loads((tmp_path / "flagd.json").read_text())["flags"]) == {"checkout", "banner"}


def test_refuses_what_cannot_be_said_exactly(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write({"flaglint.toml": "", "flags.yaml": BAD})
    ran = flaglint("registry", "export", "-o", "flagd.json")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "error: flags.yaml:5:3: `très` cannot be exported: the engines hash the salt `très` differently, because it is "
        "not ASCII\n"
        "note: nothing was written\n"
        "help: `--partial` leaves these flags out, and their readers get their defaults\n"
    )
    assert not (tmp_path / "flagd.json").exists()


def test_leaves_refused_flags_out_when_told_so(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flaglint.toml": "", "flags.yaml": BAD})
    ran = flaglint("registry", "export", "--partial")
    assert ran.code == 1
    assert set(json.loads(ran.out)["flags"]) == {"checkout", "banner"}


def test_a_missing_registry_exits_2(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flaglint.toml": 'registry = ["nowhere.yaml"]\n'})
    assert flaglint("registry", "export").code == 2
