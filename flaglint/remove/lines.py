"""The lines of a source text: where they begin, how they are indented, which are blank or a comment."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from flaglint.records import dataclass

_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Lines:
    """The physical lines of `text`, counted from 0. A line ends with its line end."""

    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins; a text that ends with a line end has no line after it."""
        if "\r" in self.text:
            found = [0, *(match.end() for match in _END.finditer(self.text))]
        else:
            found = list(accumulate(map((1).__add__, map(len, self.text.split("\n"))), initial=0))
            found.pop()  # where a line after the last would begin
        if len(found) > 1 and found[-1] == len(self.text):
            found.pop()
        return found

    @cached_property
    def newline(self) -> str:
        """The line end that the text uses, the first one it has."""
        found = _END.search(self.text)
        return found.group() if found else "\n"

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.starts)

    def number(self, offset: int) -> int:
        """Return the number of the line that holds the character at `offset`."""
        return bisect_right(self.starts, offset) - 1

    def start(self, number: int) -> int:
        """Return where line `number` begins; one past the last gives the end of the text."""
        return self.starts[number] if number < len(self.starts) else len(self.text)

    def end(self, number: int) -> int:
        """Return where line `number` ends, its line end included."""
        return self.start(number + 1)

    def content(self, number: int) -> str:
        """Return line `number` without its line end."""
        return self.text[self.start(number) : self.end(number)].rstrip("\r\n")

    def content_end(self, number: int) -> int:
        """Return where line `number` ends without its line end."""
        return self.start(number) + len(self.content(number))

    def indent(self, number: int) -> str:
        """Return the blanks that line `number` begins with."""
        content = self.content(number)
        return content[: len(content) - len(content.lstrip(" \t\f"))]

    def is_blank(self, number: int) -> bool:
        """Whether line `number` holds nothing but blanks."""
        return not self.content(number).strip()

    def is_comment(self, number: int) -> bool:
        """Whether line `number` holds a comment and nothing else."""
        return self.content(number).lstrip().startswith("#")


def width(indent: str) -> int:
    """Return how far an indentation reaches, as Python's tokenizer counts tabs."""
    return len(indent.rpartition("\f")[2].expandtabs(8))
