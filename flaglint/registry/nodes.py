"""Plain nodes with places: what a YAML or JSON file says, before anybody decides what its scalars mean.

Offsets are 0-based and count the characters of the decoded text; `Tree` turns them into lines, columns and bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flaglint.definition import Problem
from flaglint.model import Label, Span
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from flaglint.source import Text

INVALID = "FLG401"
MAX_DEPTH = 100

# The nodes are not frozen: a file of a thousand flags has sixty thousand, and a frozen one takes three times as long.


@dataclass(slots=True, eq=False)
class ScalarNode:
    """A text with its quoting. `style` is empty for a plain scalar, else one of `'`, `"`, `|` and `>`."""

    text: str
    style: str
    start: int
    end: int

    @property
    def is_null(self) -> bool:
        """Whether nothing, or one of YAML's words for it, is written here without quotes."""
        return not self.style and self.text in _NULLS


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True, eq=False)
class SequenceNode:
    """A list. `flow` tells `[a, b]` from a dash per line."""

    items: list[Node]
    flow: bool
    start: int
    end: int = 0


@dataclass(slots=True, eq=False)
class MappingNode:
    """Keys with their values, in the order of the file, a duplicate key included."""

    pairs: list[tuple[Node, Node]]
    flow: bool
    start: int
    end: int = 0

    def get(self, key: str) -> Node | None:
        """Return the value of the first key with this text, or None."""
        for name, value in self.pairs:
            if isinstance(name, ScalarNode) and name.text == key:
                return value
        return None

    def texts(self) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Yield the text of each key that is a scalar, with its node and that of the value."""
        for name, value in self.pairs:
            if isinstance(name, ScalarNode):
                yield name.text, name, value


@dataclass(slots=True, eq=False)
class AliasNode:
    """A reference to an anchor that was not followed; a problem has told about it."""

    name: str
    start: int
    end: int


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode | AliasNode


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that stands in a mapping again."""

    mapping: MappingNode
    first: ScalarNode
    again: ScalarNode


@dataclass(frozen=True, slots=True)
class Tree:
    """A file as nodes, and what is wrong with its syntax.

    `stopped_at` is the offset where the reader had to give up, or None: what stands before it is in `root`.
    """

    text: Text
    root: Node | None
    problems: tuple[Problem, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    stopped_at: int | None = None
    language: str = field(default="YAML", kw_only=True)

    @property
    def path(self) -> str:
        """The path of the file, relative to the root of the project."""
        return self.text.path

    def span(self, first: Node, last: Node | None = None) -> Span:
        """Return the place of a node, or of everything from `first` to the end of `last`."""
        return span_of(self.text, first.start, (last or first).end)

    def duplicate_problems(self, *, skip: Container[int] = ()) -> Iterator[Problem]:
        """Yield a problem for each duplicate key, but for the mappings whose `id()` is in `skip`."""
        for duplicate in self.duplicates:
            if id(duplicate.mapping) not in skip:
                yield Problem(
                    INVALID,
                    f"`{duplicate.again.text}` is written twice in one mapping",
                    self.span(duplicate.again),
                    help="keep one of the two",
                    related=(Label(self.span(duplicate.first), "first written here"),),
                )


def span_of(text: Text, start: int, end: int) -> Span:
    """Return the span between two character offsets."""
    return Span(text.path, text.position(start), text.position(end))
