"""Release notes as one HTML page that asks nobody for anything: no script, no font, no request."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from flaglint.letters import on_a_page
from flaglint.release_notes.sections import announcement, by_way_of, counted, issue_links, sections, title_of, when
from flaglint.release_notes.wording import listed, moment, percent

if TYPE_CHECKING:
    from markupsafe import Markup

    from flaglint.release_notes.changes import ReleaseNotes

_CODE: Final = re.compile(r"`([^`]+)`")


def render(notes: ReleaseNotes, *, title: str = "", issue_url: str = "") -> str:
    """Return the page; every text of the registry is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=on_a_page
    )
    environment.filters.update(coded=_coded, percent=percent, listed=listed, day=lambda second: moment(second)[:10])
    environment.globals.update(
        announcement=announcement,
        by_way_of=by_way_of,
        issue_links=lambda change: issue_links(change, issue_url),
        title_of=title_of,
        when=when,
    )
    template = environment.from_string((files(__package__) / "page.html.jinja").read_text(encoding="utf-8"))
    heading = title or f"Feature flags from {notes.start.revision} to {notes.end.revision}"
    return template.render(title=heading, notes=notes, sections=sections(notes), counted=counted(notes)) + "\n"


def _coded(text: str) -> Markup:
    """Return a text with its names in backticks as code, and everything else escaped."""
    from markupsafe import Markup, escape

    parts = _CODE.split(text.replace(" %", "\N{NO-BREAK SPACE}%"))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
