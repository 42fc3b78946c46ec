"""A command line to call as a user would, and a small project whose flags have grown old."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import Flaglint, flaglint, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Flaglint", "flaglint", "write"]

NOW = "2026-11-23"
REGISTRY = """\
version: 1
environments: [staging, production]
critical: [production]
flags:
  release-checkout:
    description: Pay on one page
    type: release
    owner: "@payments"
    created: 2026-01-20
    expires: 2026-06-30
    links: {issue: "https://issues.example/SHOP-812"}
    rules:
      - ramp: {to: "true", percent: [0, 100], from: 2026-03-03T09:00:00Z, until: 2026-03-17T09:00:00Z}
  release-vault:
    type: release
    owner: "@payments"
    created: 2026-11-01
    rules:
      - when: {country: [DE, FR]}
        serve: "true"
  release-cards:
    type: release
    owner: "@web"
    created: 2026-08-01
    needs: {release-vault: "true"}
    serve: {"true": 25, "false": 75}
  release-dark:
    type: release
    created: 2026-02-10
    serve: "false"
  release-unread:
    type: release
    owner: "@web"
    created: 2026-11-20
    serve: {"true": 50, "false": 50}
  kill-search:
    type: kill-switch
    owner: "@search"
    permanent: the search service fails now and then
    created: 2025-01-01
    serve: "true"
"""
CART = """\
from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("flags.yaml")


def total(items, user):
    if flags.boolean("release-checkout", user, False):
        price = sum(items)
        if flags.boolean("release-cards", user, False):
            price -= 5
        return price
    else:
        fee = 3
        price = sum(items) + fee
        return price


def vault(user):
    return flags.boolean("release-vault", user, False)
"""
PAGES = """\
from shop.cart import flags


def colours(user):
    return "dark" if flags.boolean("release-dark", user, False) else "light"


def search(user):
    return flags.boolean("kill-search", user, True)


def misspelt(user):
    return flags.boolean("release-chekout", user, False)
"""
TEST_CART = """\
from flaglint.evaluator.testing import override

from shop.cart import total


def test_total():
    with override("release-checkout", "true"):
        assert total([1], {}) == 1
"""


@pytest.fixture
def shop(write: Callable[..., None]) -> None:
    write(
        {
            "flaglint.toml": "",
            "flags.yaml": REGISTRY,
            "shop/__init__.py": "",
            "shop/cart.py": CART,
            "shop/pages.py": PAGES,
            "tests/test_cart.py": TEST_CART,
            "docs/flags.md": "Ask for `release-checkout`.\n",
        }
    )


@pytest.fixture
def report(flaglint: Flaglint) -> Callable[..., dict[str, Any]]:
    """Return a function that runs `flaglint report --format json` and returns the document."""

    def call(*arguments: str, code: int = 0) -> dict[str, Any]:
        ran = flaglint("report", "--format", "json", "--now", NOW, *arguments)
        assert ran.code == code, ran.err
        return json.loads(ran.out)

    return call


def by_key(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the flags of a document by key."""
    return {flag["key"]: flag for flag in document["flags"]}


def git(folder: Path, *arguments: str, day: str = "2026-11-01", author: str = "Ada") -> str:
    """Run git in a folder, as of a day."""
    who = {"NAME": author, "EMAIL": f"{author.lower()}@shop.example", "DATE": f"{day}T12:00:00Z"}
    names = {f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in who.items()}
    ran = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), **names},
        capture_output=True,
        check=True,
        text=True,
    )
    return ran.stdout
