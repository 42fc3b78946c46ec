"""What is said where there is little: no flag in the registry, no wrapper, a text and nothing else."""

from collections.abc import Callable

import pytest

from tests.cli.conftest import Flaglint

REGISTRY = "version: 1\nflags:\n  old-cart: {}\n"
READ = "import waffle\nwaffle.switch_is_active('k')\n"
CONCISE = ("--output-format", "concise")


def test_a_registry_without_flags_defines_none_of_those_that_are_read(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    write({"flags.yaml": "version: 1\nflags: {}\n", "a.py": READ})
    ran = flaglint("check", *CONCISE)
    assert ran.code == 1
    assert ran.out.startswith("a.py:2:1: error FLG201 `k` is not defined in flags.yaml ")


def test_a_registry_that_cannot_be_read_whole_does_not_make_every_key_undefined(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    write({"flags.yaml": "version: 1\nflags:\n\tk: {}\n", "a.py": READ})
    assert flaglint("check", *CONCISE).out == "flags.yaml:3:1: error FLG401 a tab cannot indent YAML (use spaces)\n"


def test_a_text_is_listed_with_its_language(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": REGISTRY, "web/cart.ts": 'if (flags["old-cart"]) show()\n'})
    assert "\n  web/cart.ts:1:12: text (typescript) likely\n" in flaglint("refs", "old-cart").out


def test_says_so_where_no_wrapper_was_found(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": REGISTRY, "a.py": READ})
    ran = flaglint("refs", "--wrappers", "old-cart")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "note: no function was found that reads these flags for its callers\n"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("{a: {type: release, created: 2026-11-01}}", "The only temporary flag does not have to go yet."),
        ("{a: {type: ops, permanent: tuned by hand}}", "There are no temporary flags."),
    ],
)
def test_a_report_on_one_flag_does_not_speak_of_many(
    flaglint: Flaglint, write: Callable[..., None], flags: str, said: str
) -> None:
    write({"flags.yaml": f"version: 1\nflags: {flags}\n", "a.py": "import waffle\nwaffle.switch_is_active('a')\n"})
    assert said in flaglint("report", "--no-history", "--now", "2026-11-02").out.splitlines()
