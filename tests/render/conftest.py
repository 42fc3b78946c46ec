"""Findings of a small shop, and its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flaglint.config import Settings
from flaglint.model import CheckResult, FileCounts, Finding, Label, Position, Severity, Skipped, Span
from flaglint.render import render

SHOP = """\
from openfeature import api

client = api.get_client()


def cart():
    return client.get_boolean_value("relase-cart", False)


def total(rows):
    if client.get_boolean_value(
        "release-tax",
        False,
    ):
        return 1
"""
FLAGS = """\
version: 1
flags:
  release-cart: {type: release}
  release-tax:
    type: release
    expires: 2026-09-30
"""


def span(path: str, line: int, column: int, end_column: int, end_line: int = 0) -> Span:
    return Span(path, Position(line, column), Position(end_line or line, end_column))


UNDEFINED = Finding(
    code="FLG201",
    severity=Severity.ERROR,
    message="`relase-cart` is not defined in flags.yaml",
    primary=span("shop/cart.py", 7, 12, 58),
    key="relase-cart",
    related=(Label(span("flags.yaml", 3, 3, 15), "the nearest key is defined here"),),
    help="did you mean `release-cart`?",
    qualname="cart",
)
EXPIRED = Finding(
    code="FLG301",
    severity=Severity.WARNING,
    message="`release-tax` expired on 2026-09-30, 1 day ago",
    primary=span("flags.yaml", 4, 3, 14),
    key="release-tax",
    related=(Label(span("shop/cart.py", 11, 8, 6, 14), "read here"),),
    help="remove it: flaglint remove release-tax; or agree on a new date",
)
SKIPPED = Finding(
    code="FLG003",
    severity=Severity.INFORMATION,
    message="not looked at: it is not valid utf-8",
    primary=span("odd, 100%.py", 1, 1, 1),
)
RESULT = CheckResult(
    findings=(EXPIRED, SKIPPED, UNDEFINED),
    suppressed=(UNDEFINED,),
    baselined=(EXPIRED, EXPIRED),
    files=FileCounts(seen=4, screened=3, parsed=2),
    skipped=(Skipped("odd, 100%.py", "it is not valid utf-8"),),
    notes=("FLG202 unused-flag was withheld",),
    stale=("FLG201 gone shop/cart.py",),
)


class Shop:
    """Renders findings over the files of the shop, or over others."""

    def __init__(self) -> None:
        self.findings = {"undefined": UNDEFINED, "expired": EXPIRED, "skipped": SKIPPED}
        self.files = {"shop/cart.py": SHOP.encode(), "flags.yaml": FLAGS.encode()}
        self.result = RESULT

    def render(self, form: str, *findings: Finding, color: bool = False, **settings: object) -> str:
        result = replace(self.result, findings=findings) if findings else self.result
        return render(form, result, Settings(root=Path("/nowhere"), **settings), self.files.get, color=color)

    def around(self, line: str, column: int, end_column: int, message: str = "m") -> str:
        """Return the code frame of one finding in a file of one line."""
        self.files["a.py"] = line.encode("utf-8", "surrogateescape")
        found = Finding(
            code="FLG201", severity=Severity.ERROR, message=message, primary=span("a.py", 1, column, end_column)
        )
        return "\n".join(self.render("full", found).split("\n")[2:-2])


@pytest.fixture
def shop() -> Shop:
    return Shop()
