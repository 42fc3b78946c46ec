"""The report as Markdown that fits an issue or a chat: headings, lists and code spans, and nothing that needs a table.

Owners stand in code spans: a report that is posted every week should not call whole teams each time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.letters import harmless
from flaglint.report.score import count, days
from flaglint.report.summary import decide_first, headline, moves, net_change, remove_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from flaglint.report.debt import FlagDebt, Moved, OwnerDebt, Report

_SPAN = re.compile(r"`[^`]+`")
# An underscore inside of a word means nothing; `<` opens a tag wherever it stands.
_SPECIAL = re.compile(r"([\\`*\[\]~|]|(?<!\w)_|_(?!\w))")
_MOST_MOVES, _MOST_OWNERS = 10, 20
_BREAK = "  "  # two blanks at the end keep a line apart; a chat does not show them


def render(report: Report, *, top: int) -> str:
    """Return the report; `top` is how many flags stand in each list."""
    return "\n".join(_lines(report, top)) + "\n"


def _lines(report: Report, top: int) -> Iterator[str]:
    yield f"# Flags of {plain(report.project)}, {report.day}"
    yield ""
    moved = report.comparison
    if moved is not None:
        yield f"**Since {plain(moved.since)}: {net_change(moved)}.** Due: {moved.due_after}, {moved.due_before} before."
        yield ""
    yield plain(headline(report))
    for item in report.budgets:
        yield f"- **Over budget:** {plain(item.sentence)}"
    removable, blocked = remove_first(report, top), decide_first(report, top)
    if removable:
        yield from ("", "## Remove first", "")
        yield from (line for number, flag in enumerate(removable, 1) for line in _todo(number, flag))
    if blocked:
        yield from ("", "## Decide first", "")
        yield from (line for number, flag in enumerate(blocked, 1) for line in _todo(number, flag))
    if len(report.order) > 1:
        yield from ("", "## Order of removal", "")
        yield from (f"{step}. {_some(group, top)}" for step, group in enumerate(report.order, 1))
    for circle in report.cycles:
        yield f"- These need each other in a circle: {_some(circle, top)}"
    if moved is not None:
        for name, meaning, items in moves(moved):
            yield from ("", f"## {len(items)} {name}: {meaning}", "")
            yield from _moves(items)
    if len(report.owners) > 1:
        yield from ("", "## Owners", "")
        rows = [row for row in report.owners if row.temporary]
        yield from map(_owner, rows[:_MOST_OWNERS])
        if len(rows) > _MOST_OWNERS:
            yield f"- and {len(rows) - _MOST_OWNERS} more"
    if report.notes:
        yield from ("", "## What is not known", "")
        yield from (f"- {plain(note)}" for note in report.notes)


def _todo(number: int, flag: FlagDebt) -> Iterator[str]:
    owner = code(flag.owner) if flag.owner else "nobody's"
    late = f", {days(flag.overdue)} late" if flag.overdue else ""
    where = f"{count(flag.reads, 'read')} in {count(len(flag.files), 'file')}" if flag.reads else "no reads"
    yield f"{number}. {code(flag.key)} ({owner}, {flag.readiness.level}, {flag.difficulty}{late}, {where}){_BREAK}"
    facts = [flag.due[0].sentence, *(flag.readiness.reasons[:1] if flag.readiness.level != "safe" else ())]
    yield f"   {'; '.join(plain(fact) for fact in facts)}{_BREAK}"
    yield f"   {code(flag.command)}"


def _some(keys: Sequence[str], most: int) -> str:
    more = f" and {len(keys) - most} more" if len(keys) > most else ""
    return f"{', '.join(map(code, keys[:most]))}{more}"


def _moves(items: tuple[Moved, ...]) -> Iterator[str]:
    for item in items[:_MOST_MOVES]:
        owner = f" ({code(item.owner)})" if item.owner else ""
        yield f"- {code(item.key)}{owner}: {plain(item.fact)}"
    if len(items) > _MOST_MOVES:
        yield f"- and {len(items) - _MOST_MOVES} more"


def _owner(row: OwnerDebt) -> str:
    parts = [f"{row.due} due of {row.temporary}"]
    parts += _counted((("safe", row.safe), ("with caution", row.caution), ("blocked", row.blocked)))
    if row.budget is not None:
        parts.append(f"budget {row.budget}{', over it' if row.is_over_budget else ''}")
    return f"- {code(row.owner) if row.owner else 'nobody'}: {', '.join(parts)}"


def _counted(numbers: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{number} {word}" for word, number in numbers if number]


def plain(text: str) -> str:
    """Return a text that stays one in Markdown, on one line; what stands in backticks stays a code span."""
    text = " ".join(harmless(text).split())
    done, parts = 0, []
    for span in _SPAN.finditer(text):
        parts += [_escaped(text[done : span.start()]), span[0]]
        done = span.end()
    return "".join([*parts, _escaped(text[done:])])


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("<", "&lt;")


def code(text: str) -> str:
    """Return a text as a code span, whatever backticks it holds."""
    text = " ".join(harmless(text).split())
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{text}{space}{fence}"
