"""Findings for people: code frames, both sides of a finding, the next command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from flaglint.model import Label, Position, Span
from flaglint.render import frames
from flaglint.render.sources import cells

if TYPE_CHECKING:
    from tests.render.conftest import Shop

FULL = """\
warning[FLG301] expired-flag: `release-tax` expired on 2026-09-30, 1 day ago
  --> flags.yaml:4:3
   |
 4 |   release-tax:
   |   ^^^^^^^^^^^
   |
  ::: shop/cart.py:11:8
   |
11 | /     if client.get_boolean_value(
12 | |         "release-tax",
13 | |         False,
14 | |     ):
   | |_____- read here
   |
   = help: remove it: flaglint remove release-tax; or agree on a new date

information[FLG003] skipped-file: not looked at: it is not valid utf-8
 --> odd, 100%.py:1:1

error[FLG201] undefined-flag: `relase-cart` is not defined in flags.yaml
 --> shop/cart.py:7:12
  |
7 |     return client.get_boolean_value("relase-cart", False)
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
 ::: flags.yaml:3:3
  |
3 |   release-cart: {type: release}
  |   ------------ the nearest key is defined here
  |
  = help: did you mean `release-cart`?

"""


def test_shows_each_finding_with_both_sides_and_the_next_command(shop: Shop) -> None:
    assert shop.render("full") == FULL


def test_says_nothing_without_findings(shop: Shop) -> None:
    shop.result = replace(shop.result, findings=())
    assert shop.render("full") == ""


def test_lists_further_places_and_counts_those_past_the_eighth(shop: Shop) -> None:
    places = [Label(Span("shop/cart.py", Position(line, 1), Position(line, 2)), "read here") for line in range(1, 13)]
    shown = shop.render("full", replace(shop.findings["expired"], related=tuple(places)))
    notes = [line.strip() for line in shown.split("\n") if "note:" in line]
    assert shown.count(":::") == 2
    assert notes[0] == "= note: read here: shop/cart.py:3:1"
    assert notes[-1] == "= note: and 2 more places"
    assert len(notes) == 9


def test_a_place_in_another_file_is_shown_before_one_in_the_same(shop: Shop) -> None:
    same = Label(Span("shop/cart.py", Position(1, 1), Position(1, 5)), "same file")
    registry = Label(Span("flags.yaml", Position(3, 3), Position(3, 5)), "other file")
    shown = shop.render("full", replace(shop.findings["undefined"], related=(same, same, registry)))
    assert shown.index("other file") < shown.index("same file")


@pytest.mark.parametrize(
    ("line", "place", "frame"),
    [
        pytest.param("\tif x:", (5, 6), "1 |     if x:\n  |        ^", id="a tab is four columns"),
        pytest.param("a\tb", (3, 4), "1 | a   b\n  |     ^", id="a tab goes on to its stop"),
        pytest.param('"é日本" + x', (9, 10), '1 | "é日本" + x\n  |           ^', id="wide characters are two columns"),
        pytest.param("ü日 = 1", (1, 3), "1 | ü日 = 1\n  | ^^^", id="carets are as wide"),
        pytest.param("e\u0301 = 1", (4, 5), "1 | e\u0301 = 1\n  |   ^", id="a combining accent has no width"),
        pytest.param("x = 1  ", (1, 2), "1 | x = 1\n  | ^", id="no space at the end"),
        pytest.param("x", (2, 2), "1 | x\n  |  ^", id="an empty place has one caret"),
        pytest.param("x", (9, 12), "1 | x\n  |  ^", id="a place behind the line"),
        pytest.param("x\x1b[31m", (1, 2), "1 | x\ufffd[31m\n  | ^", id="no escape reaches the terminal"),
        pytest.param("x\u202e = 1", (1, 2), "1 | x\ufffd = 1\n  | ^", id="no turn of the reading direction"),
        pytest.param("", (1, 1), "1 |\n  | ^", id="an empty line"),
    ],
)
def test_carets_stand_under_what_is_meant(shop: Shop, line: str, place: tuple[int, int], frame: str) -> None:
    assert shop.around(line, *place) == f"  |\n{frame}\n  |"


def test_a_long_line_is_cut_around_the_place(shop: Shop) -> None:
    line = "a" * 300 + "KEY" + "b" * 300
    shown = shop.around(line, 301, 304).split("\n")
    assert shown[1] == "1 | …" + "a" * 39 + "KEY" + "b" * 96 + "…"
    assert shown[2] == "  | " + " " * 40 + "^^^"


def test_of_a_line_without_an_end_only_what_is_near_is_looked_at(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = 0

    def counting(letter: str, at: int) -> str:
        nonlocal looked_at
        looked_at += 1
        return cells(letter, at)

    monkeypatch.setattr(frames, "cells", counting)
    line = "ä" * 100_000 + "KEY" + "ö" * 100_000
    shown = shop.around(line, 100_001, 100_004).split("\n")
    assert shown[1] == "1 | …" + "ä" * 39 + "KEY" + "ö" * 96 + "…"
    assert shown[2] == "  | " + " " * 40 + "^^^"
    shop.files["b.py"] = f"{line}\n{line}\n".encode()
    found = replace(
        shop.findings["undefined"], primary=Span("b.py", Position(1, 1), Position(2, 150_000)), related=(), help=""
    )
    shown = shop.render("full", found).split("\n")
    assert shown[3:6] == ["1 | / " + "ä" * 139 + "…", "2 | | " + "ä" * 139 + "…", "  | |" + "_" * 140 + "^"]
    assert looked_at < 10_000


def test_a_place_that_is_too_long_itself_is_cut(shop: Shop) -> None:
    shown = shop.around("k" * 500, 1, 501).split("\n")
    assert shown[1] == "1 | " + "k" * 139 + "…"
    assert shown[2] == "  | " + "^" * 140


def test_the_middle_of_a_long_place_is_left_out(shop: Shop) -> None:
    shop.files["a.py"] = b"".join(b"line %d\n" % number for number in range(1, 21))
    found = replace(
        shop.findings["undefined"], primary=Span("a.py", Position(8, 1), Position(17, 4)), related=(), help=""
    )
    assert shop.render("full", found).split("\n")[2:-2] == [
        "   |",
        " 8 | / line 8",
        " 9 | | line 9",
        "10 | | line 10",
        "   ...",
        "16 | | line 16",
        "17 | | line 17",
        "   | |___^",
        "   |",
    ]


def test_a_message_cannot_move_the_cursor(shop: Shop) -> None:
    shown = shop.render("full", replace(shop.findings["undefined"], message="`a\x1b[2J\nb`", related=(), help=""))
    assert shown.split("\n")[0] == "error[FLG201] undefined-flag: `a\\x1b[2J\\nb`"


def test_a_file_that_is_gone_has_no_frame(shop: Shop) -> None:
    shop.files.clear()
    assert shop.render("full", shop.findings["undefined"]) == (
        "error[FLG201] undefined-flag: `relase-cart` is not defined in flags.yaml\n"
        " --> shop/cart.py:7:12\n"
        "  = note: the nearest key is defined here: flags.yaml:3:3\n"
        "  = help: did you mean `release-cart`?\n\n"
    )


def test_colour_adds_escapes_and_changes_no_text(shop: Shop) -> None:
    import re

    colored = shop.render("full", color=True)
    assert "\x1b[1;31merror[FLG201]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == FULL


def test_concise_is_one_line_per_finding(shop: Shop) -> None:
    assert shop.render("concise") == (
        "flags.yaml:4:3: warning FLG301 `release-tax` expired on 2026-09-30, 1 day ago"
        " (remove it: flaglint remove release-tax; or agree on a new date)\n"
        "odd, 100%.py:1:1: information FLG003 not looked at: it is not valid utf-8\n"
        "shop/cart.py:7:12: error FLG201 `relase-cart` is not defined in flags.yaml (did you mean `release-cart`?)\n"
    )


def test_concise_stays_one_line_whatever_a_path_holds(shop: Shop) -> None:
    odd = replace(shop.findings["skipped"], primary=Span("a\nb\udce9.py", Position(1, 1), Position(1, 1)))
    assert shop.render("concise", odd) == (
        "a\\nb\\udce9.py:1:1: information FLG003 not looked at: it is not valid utf-8\n"
    )
