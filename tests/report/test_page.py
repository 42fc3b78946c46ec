"""The page in a browser: no script error, no request, a table that sorts, a filter that works, text that is text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.report.browser import Browser, find_chromium
from tests.report.conftest import NOW, REGISTRY, git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Flaglint
    from tests.report.browser import Page

    Write = Callable[[dict[str, str | bytes]], None]

CHROMIUM = find_chromium()
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed, so no page is opened"),
    pytest.mark.usefixtures("shop"),
    pytest.mark.xdist_group("chromium"),
]
HOSTILE = "<script>alert(1)</script>"
EVIL = f"""\
  "{HOSTILE}":
    description: "<img src=x onerror=alert(2)>"
    type: release
    owner: "a \\"quoted' </option><b>owner"
    created: 2026-01-01
    links: {{issue: "javascript:alert(3)"}}
    serve: "true"
"""
VISIBLE = "Array.from(document.querySelectorAll('#table tbody tr')).filter((row) => !row.hidden)"
KEYS = f"{VISIBLE}.map((row) => row.querySelector('.key').textContent)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None
    with Browser(CHROMIUM) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, flaglint: Flaglint, tmp_path: Path, write: Write) -> Page:
    write({"flags.yaml": REGISTRY + EVIL})
    assert flaglint("report", "--now", NOW, "--no-history", "-o", "report.html").code == 0
    return browser.open(tmp_path / "report.html")


def choose(page: Page, control: str, value: str) -> None:
    """Choose in a select as a person does."""
    page.run(
        f"(() => {{ const control = document.getElementById({control!r}); control.value = {value!r};"
        " control.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def type_words(page: Page, words: str) -> None:
    """Type into the search field as a person does."""
    page.run(
        f"(() => {{ const box = document.getElementById('find'); box.value = {words!r};"
        " box.dispatchEvent(new Event('input')); })()"
    )


def test_nothing_goes_wrong_and_nothing_is_asked_of_the_network(page: Page, tmp_path: Path) -> None:
    page.run("document.querySelectorAll('details').forEach((card) => { card.open = true; })")
    page.run("new Promise((done) => setTimeout(done, 100))")
    assert page.errors == []
    assert page.requests == [(tmp_path / "report.html").as_uri()]


def test_a_click_sorts_the_table_and_the_next_one_turns_it_round(page: Page) -> None:
    late = f"{VISIBLE}.map((row) => Number(row.cells[6].dataset.v))"
    click = (
        "Array.from(document.querySelectorAll('#table th')).find((h) => h.textContent === 'Late').firstChild.click()"
    )
    page.run(click)
    falling = page.run(late)
    page.run(click)
    assert len(set(falling)) > 3
    assert falling == sorted(falling, reverse=True)
    assert page.run(late) == sorted(falling)
    assert page.run("document.querySelector('#table th[aria-sort]').textContent") == "Late"


def test_the_filter_leaves_one_owner_in_table_lists_and_sections(page: Page) -> None:
    choose(page, "owner", "@payments")
    assert set(page.run(KEYS)) == {"release-checkout", "release-vault"}
    teams = "Array.from(document.querySelectorAll('.team')).filter((team) => !team.hidden).map((t) => t.dataset.owner)"
    assert page.run(teams) == ["@payments"]
    first = (
        "Array.from(document.querySelectorAll('.todo > li')).filter((item) => !item.hidden).map((i) => i.dataset.owner)"
    )
    assert set(page.run(first)) == {"@payments"}
    choose(page, "owner", "*")
    assert len(page.run(KEYS)) == 8


def test_words_and_readiness_filter_too(page: Page) -> None:
    type_words(page, "vault")
    assert page.run(KEYS) == ["release-vault"]
    type_words(page, "")
    choose(page, "kind", "permanent")
    assert page.run(KEYS) == ["kill-search"]


def test_what_looks_like_markup_is_shown_as_text(page: Page) -> None:
    assert HOSTILE in page.run(KEYS)
    assert page.run("document.querySelectorAll('img, .card script, option b').length") == 0
    assert page.run("document.querySelectorAll('a[href^=javascript]').length") == 0
    owner = "a \"quoted' </option><b>owner"
    assert owner in page.run("Array.from(document.querySelectorAll('#owner option')).map((option) => option.value)")
    choose(page, "owner", owner)
    assert page.run(KEYS) == [HOSTILE]
    assert page.run("document.body.textContent.includes('<img src=x onerror=alert(2)>')")


def test_a_link_in_the_table_opens_its_card(page: Page) -> None:
    page.run("document.querySelector('#table tbody .key').click()")
    page.run("new Promise((done) => setTimeout(done, 50))")
    assert page.run("document.querySelector('.card[open] .key').textContent") == page.run(f"{KEYS}[0]")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_fits_a_phone_and_a_screen_in_light_and_dark(
    page: Page, browser: Browser, tmp_path: Path, width: int, dark: bool
) -> None:
    again = browser.open(tmp_path / "report.html", width=width, dark=dark)
    again.run("document.querySelectorAll('details').forEach((card) => { card.open = true; })")
    assert again.run("document.documentElement.scrollWidth") <= width
    background = again.run("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 300) == dark


def test_charts_over_time_are_drawn_from_the_history(
    browser: Browser, flaglint: Flaglint, tmp_path: Path, write: Write
) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A", day="2026-08-01")
    git(tmp_path, "commit", "-qm", "one", day="2026-08-01")
    assert flaglint("report", "--now", NOW, "-o", "report.html").code == 0
    page = browser.open(tmp_path / "report.html")
    assert page.errors == []
    assert page.run("document.querySelectorAll('figure').length") == 3
    assert page.run("document.querySelectorAll('polygon').length") >= 3
