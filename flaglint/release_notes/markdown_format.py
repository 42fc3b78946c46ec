"""Release notes as Markdown: for a release page, an issue or a chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flaglint.release_notes.sections import (
    announcement,
    by_way_of,
    counted,
    issue_links,
    sections,
    title_of,
    when,
)
from flaglint.release_notes.wording import listed, moment, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.release_notes.changes import Change, Move, ReleaseNotes
    from flaglint.release_notes.sections import Link

_CODE: Final = re.compile(r"(`[^`]+`)")
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>~&])")
_NOT_IN_A_URL: Final = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"}


def render(notes: ReleaseNotes, *, title: str = "", issue_url: str = "") -> str:
    """Return the notes; `issue_url` is where an issue is found, with `{}` for its name."""
    return "\n".join(_lines(notes, title, issue_url)) + "\n"


def _lines(notes: ReleaseNotes, title: str, issue_url: str) -> Iterator[str]:
    start, end = notes.start, notes.end
    yield f"# {_text(title or f'Feature flags from {start.revision} to {end.revision}')}"
    yield ""
    days = dict.fromkeys((moment(start.when)[:10], moment(end.when)[:10]))
    yield f"{' to '.join(days)}: {counted(notes)}."
    for gap in notes.gaps:
        yield ""
        yield f"> {_text(gap)}"
    if notes.moves:
        yield from ("", "## Users who change variant", "")
        for move in notes.moves:
            yield f"- {_move(move)}"
    several = len(notes.environments) > 1
    for section in sections(notes):
        if several:
            yield from ("", f"## {_text(section.title)}")
        for owned in section.owners:
            yield from ("", f"{'###' if several else '##'} {_text(owned.owner)}", "")
            for change in owned.changes:
                yield f"- {_change(change, issue_url)}"
    if notes.segments:
        yield from ("", "## Segments", "")
        for text in notes.segments:
            yield f"- {_text(text)}"


def _change(change: Change, issue_url: str) -> str:
    name = f"{_text(change.title)} ({_code(change.key)})" if change.title else _code(change.key)
    day = when(change) if change.kind != "interrupted" else ""
    said = f"**{title_of(change)}**{f' on {day}' if day else ''}: {name}: {_text(change.summary)}"
    if way := by_way_of(change):
        said += f", by way of {_text(way)}"
    said += "."
    note = announcement(change)
    if note is not None and change.kind in {"new", "released", "rollout", "revived", "scheduled"}:
        said += f" {_link(note)}{'' if note.text.endswith(('.', '!', '?')) else '.'}"
    links = ", ".join(_link(link) for link in issue_links(change, issue_url))
    return f"{said} {links}" if links else said


def _move(move: Move) -> str:
    """Return a warning on users who get another variant."""
    where = f" in {_text(listed(move.environments))}" if move.environments else ""
    whom = f" of {_text(move.rule)}" if move.rule else " of the users"
    about = "about " if move.is_expected else ""
    ways = "; ".join(f"{percent(share)} from {_text(old)} to {_text(new)}" for old, new, share in move.transitions[:6])
    enough = f"{percent(move.needed)} would do" if move.needed else "none would have to"
    return (
        f"**{_code(move.key)}{where}**: {about}{percent(move.moved)}{whom} get another variant, where"
        f" {enough}, because {_text(move.why)} ({ways}). {_text(move.help).capitalize()}."
    )


def _link(link: Link) -> str:
    if not link.url:
        return _text(link.text)
    url = "".join(_NOT_IN_A_URL.get(letter, letter) for letter in link.url if letter.isprintable())
    return f"[{_text(link.text)}]({url})"


def _text(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line; names in backticks stay code."""
    pieces = _CODE.split(_line(text))
    return "".join(_code(piece[1:-1]) if piece[:1] == "`" and len(piece) > 2 else _escaped(piece) for piece in pieces)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line(text: str) -> str:
    joined = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in joined)


def _code(text: str) -> str:
    """Return a text as code, between more backticks than it holds."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{_line(text)}{space}{fence}"
