"""What the comments beside a declaration say of its flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference_kit.projects import search

from flaglint.model import Kind

if TYPE_CHECKING:
    from flaglint.refs.annotations import Notes

_DICTIONARY = [{"dictionary": "shop.FLAGS"}]


def _notes(code: str, *, sdks: list[str] | None = None, **config: object) -> dict[str, Notes]:
    found = search({"shop.py": code}, sdks=sdks or [], **({"declarations": _DICTIONARY} | config)).references
    return {str(ref.key.key): ref.notes for ref in found if ref.kind is Kind.DECLARATION}


def test_the_comment_above_an_entry_is_its_description() -> None:
    code = """\
FLAGS = {
    # Gift cards, in the shop
    # and at the till
    "GIFT_CARDS": False,
    "POINTS": False,  # collected by customers
    "SEARCH": True,
}
"""
    assert _notes(code) == {
        "GIFT_CARDS": (("description", "Gift cards, in the shop and at the till"),),
        "POINTS": (("description", "collected by customers"),),
        "SEARCH": (),
    }


def test_a_comment_behind_a_blank_line_or_above_a_ruler_belongs_to_nobody() -> None:
    code = """\
FLAGS = {
    # =====================
    # IN DEVELOPMENT
    # ---------------------
    # Gift cards
    "GIFT_CARDS": False,
    # These are old

    "POINTS": False,
}
"""
    assert _notes(code) == {"GIFT_CARDS": (("description", "Gift cards"),), "POINTS": ()}


def test_a_heading_above_several_entries_describes_none() -> None:
    code = 'FLAGS = {\n    # Old ones\n    "A": 1,\n    "B": 1,\n    "C": 1,\n    # Own\n    "D": 1,\n    "E": 1,\n}\n'
    assert {key for key, notes in _notes(code).items() if notes} == {"D"}


def test_comments_for_tools_are_no_description() -> None:
    code = 'FLAGS = {\n    # noqa: E501\n    "A": 1,\n    "B": 1,  # type: ignore\n    # fmt: off\n    "C": 1,\n}\n'
    assert _notes(code) == {"A": (), "B": (), "C": ()}


def test_a_text_that_looks_like_a_comment_is_none() -> None:
    code = 'FLAGS = {\n    "A": "x # no comment",\n    "B": "#",\n}\n'
    assert _notes(code) == {"A": (), "B": ()}


def test_lines_with_an_at_sign_are_fields_links_and_tags() -> None:
    code = """\
FLAGS = {
    # Gift cards
    # @owner: @payments
    # @created: 2026-01-31
    # @expires: 2026-12-31
    # @type: release
    # @lifecycle: testing
    # @docs: https://shop.example/gift-cards
    "GIFT_CARDS": False,
}
"""
    assert _notes(code)["GIFT_CARDS"] == (
        ("description", "Gift cards"),
        ("owner", "@payments"),
        ("created", "2026-01-31"),
        ("expires", "2026-12-31"),
        ("type", "release"),
        ("tag", "lifecycle:testing"),
        ("link.docs", "https://shop.example/gift-cards"),
    )


_TOGGLE = """\
from edx_toggles.toggles import SettingToggle, WaffleFlag

# .. toggle_name: course.new_outline
# .. toggle_implementation: WaffleFlag
# .. toggle_default: False
# .. toggle_description: Shows the outline of a course
#   on one page.
# .. toggle_use_cases: temporary, opt_in
# .. toggle_creation_date: 2026-01-15
# .. toggle_target_removal_date: 2026-06-30
# .. toggle_warning: Needs the new service.
# .. toggle_tickets: https://shop.example/1, https://shop.example/2
NEW_OUTLINE = WaffleFlag(
    "course.new_outline", __name__
)
# .. toggle_name: READ_ONLY
# .. toggle_use_cases: circuit_breaker
# .. toggle_creation_date: 2021-08-19
# .. toggle_target_removal_date: None
READ_ONLY = SettingToggle("READ_ONLY", default=False, module_name=__name__)
PLAIN = WaffleFlag("course.plain", __name__)
"""


def test_annotations_tell_type_dates_and_tickets_also_over_several_lines() -> None:
    found = _notes(_TOGGLE, sdks=["edx-toggles"])

    assert found["course.new_outline"] == (
        ("annotation", "course.new_outline"),
        ("description", "Shows the outline of a course on one page. Warning: Needs the new service."),
        ("type", "release"),
        ("created", "2026-01-15"),
        ("expires", "2026-06-30"),
        ("default", "false"),
        ("link.tickets", "https://shop.example/1"),
        ("link.tickets", "https://shop.example/2"),
        ("tag", "implementation:WaffleFlag"),
        ("tag", "temporary"),
        ("tag", "opt_in"),
    )
    assert found["READ_ONLY"] == (
        ("annotation", "READ_ONLY"),
        ("permanent", "its use case is circuit_breaker"),
        ("type", "ops"),
        ("created", "2021-08-19"),
        ("tag", "circuit_breaker"),
    )
    assert found["course.plain"] == ()


def test_of_annotations_right_above_each_other_the_last_belong_to_the_toggle() -> None:
    code = (
        "from edx_toggles.toggles import WaffleFlag\n"
        "# .. toggle_name: course.gone\n# .. toggle_description: Gone\n"
        "# .. toggle_name: course.here\n# .. toggle_description: Here\n"
        'HERE = WaffleFlag("course.here", __name__)\n'
    )
    assert _notes(code, sdks=["edx-toggles"]) == {
        "course.here": (("annotation", "course.here"), ("description", "Here"))
    }


def test_annotations_above_a_read_declare_what_the_file_reads() -> None:
    code = """\
from django.conf import settings


def is_mobile():
    # .. toggle_name: FEATURES['MOBILE']
    # .. toggle_description: For apps
    # .. toggle_use_cases: open_edx
    return settings.FEATURES.get("MOBILE", False)


def is_other():
    # .. toggle_name: FEATURES['NEVER_READ']
    # .. toggle_description: Read nowhere
    return False
"""
    found = search({"shop.py": code}, sdks=["dictionary"]).references
    declared = [ref for ref in found if ref.kind is Kind.DECLARATION]

    assert [(ref.key.key, str(ref.span), ref.role) for ref in declared] == [("MOBILE", "shop.py:5:33", "annotation")]
    assert declared[0].notes[:2] == (("annotation", "FEATURES['MOBILE']"), ("description", "For apps"))


def test_a_comment_beside_several_keys_says_nothing_of_one() -> None:
    assert _notes('FLAGS = {"A": 1, "B": 2}  # both\n') == {"A": (), "B": ()}
