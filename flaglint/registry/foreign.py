"""One file of a vendor's: its nodes as data, what is wrong in it, and which of its entries can be relied on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import Reader, did_you_mean
from flaglint.registry.scalars import plain_data
from flaglint.registry.shape import check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.definition import Problem
    from flaglint.model import Span
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node
    from flaglint.registry.shape import Shape


class ForeignFile:
    """A file being read. `old_yaml`: the vendor's engines read YAML 1.1."""

    def __init__(self, source: Source, *, old_yaml: bool = False) -> None:
        self.tree = source.tree
        self.environment = source.environment
        self.reader = Reader(source.tree)
        self.old_yaml = old_yaml
        self._listed: set[int] = set()

    @property
    def root(self) -> MappingNode:
        """The mapping that the file is; an empty one for a file that is none."""
        root = self.tree.root
        return root if isinstance(root, MappingNode) else MappingNode([], True, 0)  # noqa: FBT003 - flow

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong in the file; after everything has been read."""
        yield from self.tree.problems
        yield from self.tree.duplicate_problems(skip=self._listed)
        yield from self.reader.problems

    def entries(self, node: Node | None) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Yield the entries of a mapping of flags; one that comes twice is two flags with one key, and reported so."""
        if isinstance(node, MappingNode):
            self._listed.add(id(node))
            for name, key, value in node.texts():
                if name:
                    yield name, key, value

    def is_broken(self, node: Node, shape: Shape, what: str) -> bool:
        """Report what of an entry does not fit, and return whether nobody knows what it serves.

        So it is, too, where one of its keys is written twice, and in a file that was not read to its end.
        """
        known = len(self.reader.problems)
        check(self.reader, node, shape, what, old_yaml=self.old_yaml)
        if any(problem.breaks for problem in self.reader.problems[known:]):
            return True
        if self.tree.stopped_at is not None:
            return True
        return any(node.start <= duplicate.again.start < node.end for duplicate in self.tree.duplicates)

    def spans(self, node: Node, fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, Span], ...]:
        """Return the places of fields, given as flaglint's name of a field and the vendor's."""
        if not isinstance(node, MappingNode):
            return ()
        found = ((name, node.get(field)) for name, field in fields)
        return tuple((name, self.reader.span(value)) for name, value in found if value is not None)


def only(reader: Reader, place: Node, names: Iterable[str], wanted: str) -> list[str]:
    """Return the environments of a file that count: all, or the one that is wanted; a missing one is reported."""
    known = list(names)
    if not wanted:
        return known
    if wanted not in known:
        reader.about("")
        advice = did_you_mean(wanted, known, "environment")
        reader.report(place, f"it holds nothing of the environment `{wanted}`", advice, breaks=False)
    return [wanted] if wanted in known else []


def data(node: Node | None) -> Any:
    """Return a node as plain data; None for no node."""
    return plain_data(node) if node is not None else None


def mapping(node: Node | None) -> MappingNode:
    """Return the node if it is a mapping, else an empty one."""
    return node if isinstance(node, MappingNode) else MappingNode([], True, 0)  # noqa: FBT003 - flow


def items(node: Node | None) -> list[Node]:
    """Return the items of a list, none for anything else."""
    return node.items if isinstance(node, SequenceNode) else []


def text(node: Node | None) -> str:
    """Return the text of a scalar; empty for anything else, and for null."""
    return node.text if isinstance(node, ScalarNode) and not node.is_null else ""


def is_true(node: Node | None) -> bool:
    """Whether a scalar is `true`, written plainly."""
    return isinstance(node, ScalarNode) and not node.style and node.text in {"true", "True", "TRUE"}


def is_boolean(node: Node | None) -> bool:
    """Whether a scalar is a boolean, written plainly."""
    return isinstance(node, ScalarNode) and not node.style and node.text.lower() in {"true", "false"}
