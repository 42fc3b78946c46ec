"""The report as one HTML file that needs nothing else: no network, readable on a phone, in print, in light and dark."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flaglint.letters import on_a_page
from flaglint.report import charts
from flaglint.report.score import count, days
from flaglint.report.summary import decide_first, headline, moves, net_change, remove_first

if TYPE_CHECKING:
    from flaglint.report.debt import FlagDebt, Report

_FOLDER = Path(__file__).resolve().parent / "templates"
_SPAN = re.compile(r"`([^`]+)`")
_PLACES = 6  # of a flag that its card lists; `flaglint refs` lists them all


def render(report: Report, *, top: int) -> str:
    """Return the page; `top` is how many flags stand in each of its first lists."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        finalize=on_a_page,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(count=count, days=days, age=age_words, sentence=sentence, coded=coded)
    style, script = _file("report.css"), _file("report.js")
    return environment.get_template("report.html").render(
        report=report,
        style=style,
        script=script,
        # The page itself forbids every request, and every script but its own.
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'",
        **_content(report, top),
    )


def _content(report: Report, top: int) -> dict[str, Any]:
    by_owner: dict[str, list[FlagDebt]] = {}
    for flag in report.flags:
        by_owner.setdefault(flag.owner, []).append(flag)
    temporary = [flag for flag in report.flags if flag.is_temporary]
    due = [flag for flag in temporary if flag.due]
    return {
        "headline": headline(report),
        "moves": moves(report.comparison) if report.comparison is not None else (),
        "net": net_change(report.comparison) if report.comparison is not None else "",
        "temporary": temporary,
        "due": due,
        "ready": [flag for flag in due if flag.readiness.level == "safe"],
        "overdue": [flag for flag in temporary if flag.overdue],
        "statements": sum(flag.code.statements for flag in due if flag.code is not None),
        "remove_first": remove_first(report, top),
        "decide_first": decide_first(report, top),
        "trend": charts.trend(report.trend),
        "ages": charts.ages(report.flags),
        "debt": charts.owners(report.owners),
        "width": charts.WIDTH,
        "bar": charts.BAR,
        "by_owner": by_owner,
        "numbers": {flag.key: flag.rank for flag in report.flags},
        "most_places": _PLACES,
        "state_classes": {str(state): style for state, style in charts.CLASSES.items()},
    }


def age_words(age: int | None) -> str:
    """Return an age in words that fit a column: days up to three months, then months, then years."""
    if age is None:
        return "\N{EN DASH}"
    if age < 92:
        return days(age)
    if age < 730:
        return count(round(age / 30.44), "month")
    return f"{age / 365.25:.1f} years"


def coded(text: str) -> str:
    """Return a text as HTML, escaped, with what stands in backticks as code."""
    from markupsafe import Markup, escape

    parts = _SPAN.split(text)
    done = [
        escape(part) if index % 2 == 0 else Markup("<code>{}</code>").format(part) for index, part in enumerate(parts)
    ]
    return Markup("").join(done)


def sentence(text: str) -> str:
    """Return a fact as a sentence of its own, as HTML."""
    first = text.split(" ", 1)[0]
    is_name = any(letter in first.strip(".,:;") for letter in "/._`:")  # a path or a key keeps its letters
    return coded(f"{text if is_name else text[:1].upper() + text[1:]}.")


def _file(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
