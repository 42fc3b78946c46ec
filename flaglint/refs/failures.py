"""Where a statement does not parse, in lines and columns of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import ParseFailure, Position, Span

if TYPE_CHECKING:
    from flaglint.refs.program import UnitRef


def failure_of(unit: UnitRef, mentions: frozenset[str]) -> ParseFailure:
    """Return the failure of a statement that does not parse; `mentions` are the words of interest in it."""
    text = unit.view.text
    facts = unit.facts
    if unit.unit.broken:
        place = text.position(unit.unit.offset)
    else:
        line = text.position(unit.unit.start).line + max(facts.failure_line, 1) - 1
        there = text.offset(Position(line, max(facts.failure_column, 1)))
        place = text.position(min(there, len(text.text)))
    return ParseFailure(Span(unit.view.path, place, place), facts.failure, mentions)
