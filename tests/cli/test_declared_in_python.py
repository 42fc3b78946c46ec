"""Projects whose flags are declared in Python: what their comments say counts, and what they are is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Flaglint

    Write = Callable[..., None]

_NOW = "2026-11-01T00:00:00Z"
_TOGGLES = """\
from edx_toggles.toggles import WaffleFlag

# .. toggle_name: course.new_outline
# .. toggle_description: Shows the outline of a course
# .. toggle_use_cases: temporary
# .. toggle_creation_date: 2026-01-15
# .. toggle_target_removal_date: {removal}
NEW_OUTLINE = WaffleFlag("course.new_outline", __name__)


def outline():
    return NEW_OUTLINE.is_enabled()
"""


def _check(flaglint: Flaglint, *more: str) -> list[str]:
    found = flaglint("check", "--output-format", "concise", "--no-cache", "--now", _NOW, *more)
    return [line.partition(" (")[0] for line in found.out.splitlines() if "FLG" in line]


def test_a_toggle_past_its_removal_date_is_expired(flaglint: Flaglint, write: Write) -> None:
    write({"course/toggles.py": _TOGGLES.format(removal="2026-06-30")})

    assert _check(flaglint) == [
        "course/toggles.py:8:15: warning FLG301 `course.new_outline` expired on 2026-06-30, 124 days ago"
    ]


def test_a_temporary_toggle_without_a_removal_date_is_stale_by_its_age(flaglint: Flaglint, write: Write) -> None:
    write({"course/toggles.py": _TOGGLES.format(removal="None")})

    fact = "`course.new_outline` is 290 days old; a release flag should live 40 days"
    assert _check(flaglint) == [f"course/toggles.py:8:15: warning FLG303 {fact}"]


@pytest.mark.parametrize("use_case", ["open_edx", "vip", "circuit_breaker"])
def test_a_toggle_that_is_to_stay_has_no_age(flaglint: Flaglint, write: Write, use_case: str) -> None:
    write({"course/toggles.py": _TOGGLES.format(removal="None").replace("temporary", use_case)})

    assert _check(flaglint) == []


def test_annotations_without_a_description_or_a_day_are_missing_it(flaglint: Flaglint, write: Write) -> None:
    bare = "\n".join(
        line
        for line in _TOGGLES.splitlines()
        if not any(name in line for name in ("description", "creation", "removal"))
    )
    write({"course/toggles.py": f"{bare}\n"})

    assert _check(flaglint) == [
        "course/toggles.py:5:15: warning FLG305 `course.new_outline` has no description or expiry"
    ]


_CONFIG = """\
[[calls]]
function = "shop.flags.is_on"
key = {position = 0}
[[declarations]]
dictionary = "shop.flags.FLAGS"
"""
_FLAGS = """\
FLAGS = {
    # Gift cards
    "GIFT_CARDS": False,
    "POINTS": True,
}


def is_on(name):
    return FLAGS[name]


def shop():
    return is_on("GIFT_CARDS"), is_on("POINTS")
"""


def test_a_flag_that_is_always_its_default_is_told_to_be_a_constant(flaglint: Flaglint, write: Write) -> None:
    write({"shop/__init__.py": "", "shop/flags.py": _FLAGS, "flaglint.toml": _CONFIG})

    checked = flaglint("check", "--no-cache")
    removed = flaglint("remove", "POINTS")

    assert "note: 2 flags are constants in shop/flags.py (1 on, 1 off): only a deployment changes them" in checked.err
    assert removed.err.startswith(
        "error: what `POINTS` serves in default is not known: it is a constant in the code, true (shop/flags.py:4:5), "
        "that only a deployment changes\n"
    )


def test_a_flag_that_another_module_sets_is_no_constant(flaglint: Flaglint, write: Write) -> None:
    production = 'from shop.flags import FLAGS\n\nFLAGS["GIFT_CARDS"] = True\nFLAGS.update({"POINTS": True})\n'
    write(
        {
            "shop/__init__.py": "",
            "shop/flags.py": _FLAGS,
            "shop/production.py": production,
            "flaglint.toml": _CONFIG,
        }
    )

    checked = flaglint("check", "--no-cache")

    assert "note: 1 flag is a constant in shop/flags.py: only a deployment changes it" in checked.err
    assert (
        "the code sets it to false (shop/flags.py:3:5) and true (shop/production.py:3:1), so it varies by deployment"
        in flaglint("remove", "GIFT_CARDS").err
    )


def test_a_test_that_sets_a_flag_changes_nothing(flaglint: Flaglint, write: Write) -> None:
    test = 'from shop.flags import FLAGS\n\n\ndef test_shop():\n    FLAGS["GIFT_CARDS"] = True\n'
    write({"shop/__init__.py": "", "shop/flags.py": _FLAGS, "tests/test_shop.py": test, "flaglint.toml": _CONFIG})

    assert "2 flags are constants in shop/flags.py" in flaglint("check", "--no-cache").err


def test_what_a_flag_object_serves_is_decided_at_run_time(flaglint: Flaglint, write: Write) -> None:
    write({"course/toggles.py": _TOGGLES.format(removal="2027-01-01")})

    assert "constant" not in flaglint("check", "--no-cache", "--now", _NOW).err
    assert "it is declared in Python, and what it serves is decided at run time" in (
        flaglint("remove", "course.new_outline").err
    )


def test_fields_in_comments_are_asked_for_once_one_key_of_the_file_has_them(flaglint: Flaglint, write: Write) -> None:
    flags = _FLAGS.replace("# Gift cards\n", "# @owner: @payments\n    # @expires: 2026-10-01\n    # @type: release\n")
    write({"shop/__init__.py": "", "shop/flags.py": flags, "flaglint.toml": _CONFIG})

    assert _check(flaglint) == [
        "shop/flags.py:5:5: warning FLG301 `GIFT_CARDS` expired on 2026-10-01, 31 days ago",
        "shop/flags.py:6:5: warning FLG305 `POINTS` has no owner, type or expiry",
    ]


def test_a_day_that_is_none_is_told_with_its_place(flaglint: Flaglint, write: Write) -> None:
    flags = _FLAGS.replace("# Gift cards\n", "# @expires: 31.12.2026\n")
    write({"shop/__init__.py": "", "shop/flags.py": flags, "flaglint.toml": _CONFIG})
    write({"course/toggles.py": _TOGGLES.format(removal="2026-02-31")})

    told = "what its comment gives as the day when it expires,"
    assert [line for line in _check(flaglint) if "FLG401" in line] == [
        f"course/toggles.py:8:15: error FLG401 `course.new_outline`: {told} `2026-02-31`, is no date",
        f"shop/flags.py:3:5: error FLG401 `GIFT_CARDS`: {told} `31.12.2026`, is no date",
    ]


def test_other_words_of_a_comment_become_tags_of_the_imported_flag(flaglint: Flaglint, write: Write) -> None:
    flags = 'FLAGS = {\n    # Pay on one page\n    # @lifecycle: testing\n    "one-page": True,\n}\n'
    config = '[[declarations]]\ndictionary = "course.flags.FLAGS"\n'
    write({"flaglint.toml": config, "course/flags.py": flags})
    assert '    tags: ["lifecycle:testing"]\n' in flaglint("registry", "import", "--declared").out
