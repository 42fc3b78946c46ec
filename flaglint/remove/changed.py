"""What changes in a file, in bytes of the original; and which files are never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Edit, Position, Span
from flaglint.patterns import late
from flaglint.remove.outcome import Change

if TYPE_CHECKING:
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project

_MIGRATION = late(r"(?:^|/)migrations/\d{3,}_\w+\.py$|(?:^|/)(?:alembic/)?versions/[0-9a-f]{6,}_?\w*\.py$")


def is_migration(path: str) -> bool:
    """Whether a file is a database migration of Django or Alembic, which is history."""
    return _MIGRATION.search(path) is not None


def span_of(project: Project, path: str, start: int, end: int) -> Span:
    """Return the place of `[start, end)` of a file as it was; its beginning when the file is not at hand."""
    text = project.text(path)
    if text is None:
        return Span(path, Position(1, 1), Position(1, 1))
    return Span(path, text.position(start), text.position(min(end, len(text.text))))


def change_of(project: Project, engine: FileEngine) -> Change | None:
    """Return the edits of a file in bytes, or None when nothing in it changed."""
    text = project.text(engine.path)
    assert text is not None  # it has an engine
    edits = []
    after = bytearray()
    position = 0
    for cut in engine.draft.rope.cuts:
        start, end = text.byte_offset(cut.start), text.byte_offset(cut.end)
        new = cut.text.encode(text.encoding)
        edits.append(Edit(engine.path, start, end, new))
        after += text.data[position:start] + new
        position = end
    if not edits:
        return None
    after += text.data[position:]
    return Change(engine.path, text.data, bytes(after), tuple(edits))
