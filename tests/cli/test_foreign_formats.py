"""What the commands say to somebody whose flags are in another system's file: read and proven, but not edited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Flaglint

FORMATS = Path(__file__).parents[1] / "registry" / "formats"
EXAMPLES = [
    ("launchdarkly/export.json", "release-one-page-checkout"),
    ("unleash/state-export.json", "release.one-page-checkout"),
    ("waffle/fixture.json", "one_page_checkout"),
    ("goff/flags.yaml", "release-one-page-checkout"),
    ("flipt/features.yaml", "release-one-page-checkout"),
]
LAUNCHDARKLY = """\
import ldclient
from ldclient import Context

client = ldclient.get()


def checkout(user):
    return client.variation("release-one-page-checkout", Context.create(user), False)
"""


def project(write: Callable[..., None], name: str, **others: str) -> str:
    """Write an example file and the configuration that names it; return the file's name."""
    path = f"registry{Path(name).suffix}"
    write({path: (FORMATS / name).read_bytes(), "flaglint.toml": f'registry = ["{path}"]\n', **others})
    return path


@pytest.mark.parametrize(("name", "key"), EXAMPLES)
def test_a_file_of_another_system_is_valid(flaglint: Flaglint, write: Callable[..., None], name: str, key: str) -> None:
    project(write, name)
    ran = flaglint("registry", "validate")
    assert ran.code == 0
    assert ran.err.endswith("nothing wrong\n")


@pytest.mark.parametrize(("name", "key"), EXAMPLES)
def test_what_cannot_be_evaluated_says_what_is_proven_instead(
    flaglint: Flaglint, write: Callable[..., None], name: str, key: str
) -> None:
    project(write, name)
    ran = flaglint("eval", key)
    assert (ran.code, ran.out) == (2, "")
    fact, advice = ran.err.splitlines()
    assert fact == f"error: `{key}` is in the format {Path(name).parent}, which flaglint reads but does not evaluate"
    assert advice.startswith("help: what its file proves: always true (")


def test_what_is_proven_is_told_for_each_environment(flaglint: Flaglint, write: Callable[..., None]) -> None:
    project(write, "launchdarkly/export.json")
    assert flaglint("eval", "release-one-page-checkout").err.splitlines()[1] == (
        "help: what its file proves: always true (it is on, and its default rule serves it) in production; "
        "no single value (it depends on who is targeted) in staging"
    )


@pytest.mark.parametrize(("name", "key"), EXAMPLES)
@pytest.mark.parametrize("command", [["kill"], ["set", "--rollout", "25"]])
def test_edits_are_refused_with_the_way_out(
    flaglint: Flaglint, write: Callable[..., None], name: str, key: str, command: list[str]
) -> None:
    path = project(write, name)
    ran = flaglint(*command, key)
    assert ran.code == 2
    fact, advice = ran.err.splitlines()
    assert f"is defined in the format `{Path(name).parent}`, which is edited where it comes from" in fact
    assert advice.startswith("help: change it there, and put the new file in place of this one")
    assert Path(path).read_bytes() == (FORMATS / name).read_bytes()


def test_the_finding_names_the_environment_that_does_not_agree(flaglint: Flaglint, write: Callable[..., None]) -> None:
    project(write, "launchdarkly/export.json", **{"shop.py": LAUNCHDARKLY})
    ran = flaglint("check", "--select", "FLG302", "--output-format", "concise", "--now", "2026-11-20T00:00:00Z")
    assert "always true in production" in ran.out
    assert "but staging does not (it depends on who is targeted)" in ran.out


def test_nothing_is_asked_of_a_flag_that_its_format_cannot_carry(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    for name in ("launchdarkly/flag-data.json", "waffle/fixture.json", "featurevisor/datafile.json"):
        project(write, name)
        assert flaglint("check", "--select", "FLG305").out == ""
