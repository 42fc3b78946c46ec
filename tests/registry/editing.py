"""What the tests of edits share: a draft of one text, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.registry.edit import Draft
from flaglint.registry.files import File

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.model import Edit


def draft(text: str, path: str = "flags.yaml", **others: str) -> Draft:
    """Return a draft of a file, and of further ones by their names without `.yaml`."""
    files = {path: text, **{f"{name}.yaml": content for name, content in others.items()}}
    return Draft([File(name, content.encode(), "native") for name, content in files.items()])


def edited(text: str, change: Callable[[Draft], None], path: str = "flags.yaml") -> str:
    """Return a text after a change, made by its edits alone."""
    made = draft(text, path)
    change(made)
    return applied(text, made.edits())


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    """Return a text after edits, which must not overlap."""
    data = text.encode()
    last = len(data) + 1
    for edit in sorted(edits, reverse=True):
        assert edit.end < last or edit.start < edit.end <= last
        data = data[: edit.start] + edit.text + data[edit.end :]
        last = edit.start
    return data.decode()
