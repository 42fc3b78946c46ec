"""The fenced blocks of the pages, so that each can be tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text without the indentation of the fence, and where it begins."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The commands of a console block, each with the output below it."""
        parts = re.split(r"^\$ ", self.text, flags=re.MULTILINE)
        assert not parts[0].strip(), f"{self}: output before the first command"
        return [(command, output) for command, _, output in (part.partition("\n") for part in parts[1:])]


def blocks(*languages: str) -> list[Block]:
    """Return the blocks of all pages in some languages, in order."""
    return [block for page in PAGES for block in of_page(page) if block.language in languages]


def of_page(page: Path) -> Iterator[Block]:
    """Yield the blocks of one page."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        indent = len(found[1])
        lines = (line[indent:] for line in found[3].splitlines(keepends=True))
        yield Block(page, text.count("\n", 0, found.start()) + 1, found[2], "".join(lines))
