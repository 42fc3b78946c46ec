"""Entries taken out by looking at their neighbours alone come out as they do from the whole file."""

from itertools import combinations

import pytest

from flaglint.model import Edit
from flaglint.registry.edit import Draft, remove_flags, remove_together
from flaglint.registry.edit.nearby import Nearby, Part, Surroundings
from flaglint.registry.files import File

PLAIN = """\
version: 1
environments: [staging, production]
segments:
  staff: {email: {ends_with: "@example.com"}}
flags:
  # of the cart
  cart:
    serve: "true"
  search: {serve: "true"}  # beside it

  # --- a section ---------

  # of the list
  list:
    description: >
      A text
        over lines
      search: no entry
    variants: {a: "x

      y", b: z}
    off_variant: a
    serve: a
    # deeper than the key
  # of the menu
  menu:
    rules:
    - segment: staff
      serve: "true"


  page:
    serve: "true"
# at the margin
  last:
    serve: "true"
    # at the end
removed:
  old: {date: 2026-03-04}
"""
AT_END = PLAIN.partition("removed:")[0].rstrip("\n")
LAYOUTS = {
    "plain": PLAIN,
    "nothing follows": AT_END,
    "no line end": AT_END.rpartition("\n")[0],
    "windows": PLAIN.replace("\n", "\r\n"),
    "marked": f"\ufeff{PLAIN}",
    "not ascii": PLAIN.replace("of the", "für"),
    "segments below": PLAIN.replace('segments:\n  staff: {email: {ends_with: "@example.com"}}\n', "").rstrip("\n")
    + '\nsegments:\n  staff: {email: {ends_with: "@example.com"}}\n',
    "no blank lines": "\n".join(line for line in PLAIN.split("\n") if line.strip()) + "\n",
}
KEYS = ["cart", "search", "list", "menu", "page", "last"]


def read(text: str) -> tuple[Draft, bytes]:
    data = text.encode()
    return Draft([File("flags.yaml", data, "native")]), data


def removed(draft: Draft, keys: list[str]) -> None:
    if len(keys) == 1 or not remove_together(draft, keys):
        for key in keys:
            remove_flags(draft, {key: "true"})


def cut_down(text: str, keys: list[str]) -> Nearby | None:
    draft, data = read(text)
    return Surroundings(draft.registry, lambda _: data).nearby(keys)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_what_goes_is_what_goes_from_the_whole_file(layout: str, count: int) -> None:
    for keys in map(list, combinations(KEYS, count)):
        whole, data = read(LAYOUTS[layout])
        found = Surroundings(whole.registry, lambda _, data=data: data).nearby(keys)
        assert found is not None
        removed(found.draft, keys)
        removed(whole, keys)
        assert found.changed() == [(*whole.changed()[0], whole.edits())], keys


def test_all_entries_may_go() -> None:
    whole, data = read(PLAIN)
    found = Surroundings(whole.registry, lambda _: data).nearby(KEYS)
    assert found is not None
    removed(found.draft, KEYS)
    removed(whole, KEYS)
    assert found.changed() == [(*whole.changed()[0], whole.edits())]


def test_entries_far_away_are_not_read() -> None:
    found = cut_down(PLAIN, ["cart"])
    assert found is not None
    assert [flag.key for flag in found.draft.registry.flags] == ["cart", "search"]


def test_a_flag_that_another_one_needs_is_for_the_whole_file() -> None:
    needing = PLAIN.replace('  cart:\n    serve: "true"', '  cart:\n    needs: {page: "true"}\n    serve: "true"')
    assert needing != PLAIN
    assert cut_down(needing, ["page"]) is None
    assert cut_down(needing, ["menu"]) is not None


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace('  page:\n    serve: "true"', "  page:\n    serve: nowhere"),
        PLAIN.replace("  search:", "  menu:"),
        PLAIN.replace("  cart:\n", "  cart: &anchor\n"),
        'version: 1\nflags: {cart: {serve: "true"}, page: {serve: "true"}}\n',
    ],
    ids=["a problem", "twice", "an anchor", "on one line"],
)
def test_a_file_that_is_not_plain_is_for_the_whole(text: str) -> None:
    assert cut_down(text, ["page"]) is None


def test_json_is_for_the_whole() -> None:
    data = b'{"version": 1, "flags": {\n"cart": {"serve": "true"},\n"page": {"serve": "true"}}}\n'
    draft = Draft([File("flags.json", data, "native")])
    assert Surroundings(draft.registry, lambda _: data).nearby(["page"]) is None


def test_a_flag_of_which_nothing_is_known_is_for_the_whole() -> None:
    assert cut_down(PLAIN, ["nowhere"]) is None


def test_a_file_that_changed_meanwhile_is_for_the_whole() -> None:
    draft, _ = read(PLAIN)
    assert Surroundings(draft.registry, lambda _: b"version: 1\n").nearby(["last"]) is None


def test_an_edit_over_a_gap_is_none_of_the_file() -> None:
    part = Part("a.yaml", b"0123456789", ((0, 3), (6, 10)))
    assert part.left == b"0126789"
    assert part.widened([Edit("a.yaml", 1, 3, b"x"), Edit("a.yaml", 3, 7, b"")]) == [
        Edit("a.yaml", 1, 3, b"x"),
        Edit("a.yaml", 6, 10, b""),
    ]
    assert part.widened([Edit("a.yaml", 2, 4, b"")]) is None


def test_a_file_is_read_once_for_however_many_entries() -> None:
    whole, data = read(PLAIN)
    asked: list[str] = []
    around = Surroundings(whole.registry, lambda path: asked.append(path) or data)  # type: ignore[func-returns-value]
    assert all(around.nearby([key]) is not None for key in KEYS)
    assert asked == ["flags.yaml"]
