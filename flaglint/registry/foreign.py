"""One file of a vendor's: its nodes as data, what is wrong in it, and which of its entries can be relied on."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from flaglint.definition import Registry
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import Reader, nearest_or_all
from flaglint.registry.scalars import plain_data
from flaglint.registry.shape import check

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from flaglint.definition import Flag, Problem
    from flaglint.model import Span
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node
    from flaglint.registry.shape import Shape


class ForeignFile:
    """A file being read: a format says in `_flags` what its entries are. `old_yaml`: its engines read YAML 1.1."""

    environments: Collection[str] = ()  # those that the file names itself; after `flags`

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

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """The flags in the order of the file."""
        return tuple(self._flags())

    def _flags(self) -> Iterable[Flag]:
        raise NotImplementedError

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


def together(files: Sequence[ForeignFile], problems: Iterable[Problem] = ()) -> Registry:
    """Return the registry that files make; `problems` are those between flags, after those of the files."""
    flags = tuple(chain.from_iterable(file.flags for file in files))
    return Registry(
        flags=flags,
        environments=tuple(dict.fromkeys(chain.from_iterable(file.environments for file in files))),
        critical=(),
        problems=(*chain.from_iterable(file.problems() for file in files), *problems),
        paths=tuple(file.tree.path for file in files),
    )


def read_each(sources: Sequence[Source], flags_of: Callable[[Source, Reader], Iterable[Flag]]) -> Registry:
    """Return the registry of files that name no environments; `flags_of` reads the flags of one."""
    flags: list[Flag] = []
    problems: list[Problem] = []
    for source in sources:
        reader = Reader(source.tree)
        flags += flags_of(source, reader)
        problems += [*source.tree.problems, *source.tree.duplicate_problems(), *reader.problems]
    return Registry(
        flags=tuple(flags),
        environments=(),
        critical=(),
        problems=tuple(problems),
        paths=tuple(source.tree.path for source in sources),
    )


def fields_of(reader: Reader, node: MappingNode, known: Collection[str], what: str) -> dict[str, Node]:
    """Return the fields of an entry by name, the first of one name; one that is not known is reported, and harmless."""
    fields: dict[str, Node] = {}
    for name, place, value in node.texts():
        if name not in known:
            reader.report(place, f"{what} has no field `{name}`", nearest_or_all(name, known, "field"), breaks=False)
        fields.setdefault(name, value)
    return fields


def only(reader: Reader, place: Node, names: Iterable[str], wanted: str) -> list[str]:
    """Return the environments of a file that count: all, or the one that is wanted; a missing one is reported."""
    known = list(names)
    if not wanted:
        return known
    if wanted not in known:
        reader.about("")
        advice = nearest_or_all(wanted, known, "environment")
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
