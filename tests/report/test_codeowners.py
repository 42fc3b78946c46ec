"""CODEOWNERS by GitHub's rules, which are not those of .gitignore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flaglint.report.codeowners import parse_codeowners
from tests.report.conftest import by_key

if TYPE_CHECKING:
    from collections.abc import Callable

    Report = Callable[..., dict[str, Any]]
    Write = Callable[[dict[str, str | bytes]], None]


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "a/b/c.py", True),
        ("*.js", "a/b/c.js", True),
        ("*.js", "a/b/c.jsx", False),
        ("/build/logs/", "build/logs/a/b.txt", True),
        ("/build/logs/", "x/build/logs/a.txt", False),
        ("docs/*", "docs/getting-started.md", True),
        ("docs/*", "docs/build-app/troubleshooting.md", False),
        ("docs/**", "docs/build-app/troubleshooting.md", True),
        ("apps/", "x/apps/y/z.py", True),
        ("apps/", "x/apps", False),
        ("/docs/", "docs/a.md", True),
        ("/docs/", "x/docs/a.md", False),
        ("/scripts", "scripts/a/b.sh", True),
        ("**/logs", "deeply/nested/logs/a.txt", True),
        ("**/logs", "logs/a.txt", True),
        ("a/**/z.py", "a/z.py", True),
        ("a/**/z.py", "a/b/c/z.py", True),
        ("a/**/z.py", "b/a/z.py", False),
        ("shop/cart", "shop/cart/total.py", True),
        ("shop/cart", "x/shop/cart/total.py", False),
        ("shop/cart", "shop/carts.py", False),
        ("cart.py", "shop/cart.py", True),
        ("shop/c?rt.py", "shop/cart.py", True),
        ("shop/c?rt.py", "shop/c/rt.py", False),
        (r"a\ b.py", "a b.py", True),
        ("Shop/", "shop/cart.py", False),
        ("shop.py", "shopxpy", False),
    ],
)
def test_matches_as_github_does(pattern: str, path: str, matches: bool) -> None:
    found = parse_codeowners([f"{pattern} @owner"]).owners(path)
    assert found == (("@owner",) if matches else ())


def test_the_last_line_that_matches_decides() -> None:
    lines = ["* @all", "/apps/ @apps @more  # a comment", "/apps/github", "*.md docs@shop.example"]
    owners = parse_codeowners(lines)
    assert owners.owners("a.py") == ("@all",)
    assert owners.owners("apps/a.py") == ("@apps", "@more")
    assert owners.owners("apps/github/a.py") == ()
    assert owners.owners("apps/a.md") == ("docs@shop.example",)


@pytest.mark.parametrize(
    "line",
    ["!a.py @x", "[ab].py @x", r"\#a.py @x", "a.py owner", "a.py @", "# a.py @x", "", "[Section] @x", "a***.py @x"],
)
def test_what_github_cannot_read_is_skipped(line: str) -> None:
    assert parse_codeowners(["* @all", line]).owners("a.py") == ("@all",)


@pytest.mark.usefixtures("shop")
def test_the_first_of_the_three_places_counts(report: Report, write: Write) -> None:
    write({"docs/CODEOWNERS": "* @docs\n", "CODEOWNERS": "* @root\n"})
    assert by_key(report("--no-history"))["release-dark"]["owner"]["name"] == "@root"
    write({".github/CODEOWNERS": "* @github\n"})
    assert by_key(report("--no-history"))["release-dark"]["owner"]["name"] == "@github"


@pytest.mark.usefixtures("shop")
def test_a_project_in_a_folder_of_its_repository_has_the_owners_of_the_repository(
    report: Report, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    write(
        {
            ".git/HEAD": "ref: refs/heads/main\n",
            "CODEOWNERS": "/inner/ @inner\n/code.py @wrong\n",
            "inner/flaglint.toml": "",
            "inner/flags.yaml": "version: 1\nflags:\n  one: {type: release, serve: 'true'}\n",
            "inner/code.py": "from flaglint.evaluator import Evaluator\n"
            "Evaluator.from_path('flags.yaml').boolean('one', None, False)\n",
        }
    )
    monkeypatch.chdir(f"{tmp_path}/inner")
    assert by_key(report("--no-history"))["one"]["owner"] == {"name": "@inner", "source": "CODEOWNERS"}
