"""A registry being edited: splices on its files, held against what was meant before they are given out."""

from __future__ import annotations

import os
from collections import Counter
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeAlias

from flaglint.errors import EditError
from flaglint.model import Edit
from flaglint.records import dataclass, replace
from flaglint.registry.edit.meaning import is_same
from flaglint.registry.edit.splice import Splice, apply
from flaglint.registry.files import File, registry_files
from flaglint.registry.formats import NATIVE
from flaglint.registry.loading import read_bytes
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.parsing import Parsed, garbage_collection_paused, load_trees, parsed, read_tree
from flaglint.registry.unknown import unknown_flag
from flaglint.source import Replacement, replace_together

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from flaglint.config import RegistrySpec
    from flaglint.definition import Flag, Registry
    from flaglint.model import Span
    from flaglint.registry.nodes import Node, Tree


_Given = ParamSpec("_Given")
Piece: TypeAlias = "tuple[int, int] | bytes"  # a range of the bytes that were read, or new ones


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a flag is defined, in the text as it is now."""

    tree: Tree
    flags: MappingNode  # the mapping that holds it
    index: int  # its pair in there
    key: ScalarNode
    value: MappingNode

    @property
    def text(self) -> str:
        """The text of its file."""
        return self.tree.text.text

    @property
    def path(self) -> str:
        """The path of its file."""
        return self.tree.path

    @property
    def language(self) -> str:
        """`YAML` or `JSON`."""
        return self.tree.language


@dataclass(slots=True)
class _Work:
    """A file in work. The pieces make its bytes as they are now."""

    file: File
    parsed: Parsed
    pieces: list[Piece]
    is_new: bool = False


State: TypeAlias = "tuple[dict[str, _Work], Registry]"


class Draft:
    """The files of a registry with changes that are not written yet.

    An edit finds nodes with `entry`, makes splices with `splice`, and ends with `check`, which loads the result and
    raises EditError unless it differs from the state before in the intended way alone.
    """

    def __init__(self, files: Sequence[File]) -> None:
        with garbage_collection_paused():
            self._work = {file.path: _work(file) for file in files}
            self.registry = load_trees([work.parsed for work in self._work.values()])

    @classmethod
    def of(cls, root: Path, specs: Sequence[RegistrySpec]) -> Draft:
        """Return a draft of a project's registry; raises RegistryError when it cannot be read."""
        found = registry_files(root, specs)
        return cls([File(path, read_bytes(root, path), spec.format, spec.environment) for path, spec in found])

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of the native format, in their order."""
        return tuple(path for path, work in self._work.items() if work.parsed.format == NATIVE)

    def tree(self, path: str) -> Tree:
        """Return the nodes of a file as it is now."""
        return self._work[path].parsed.tree

    def entry(self, key: str) -> Entry:
        """Return the entry of a flag; raises UsageError for an unknown key, EditError when it cannot be edited."""
        found = [flag for flag in self.registry.flags if flag.key == key]
        if not found:
            for path in self.paths:
                self.refuse_broken(self.tree(path))  # it may be defined below the place where reading stopped
            known = {flag.key for flag in self.registry.flags}
            raise unknown_flag(key, self.registry, known)
        flag = next((flag for flag in found if flag.format == NATIVE), found[0])
        if flag.format != NATIVE:
            fact = f"`{key}` is defined in the format `{flag.format}`, which is edited where it comes from"
            advice = "change it there, and put the new file in place of this one: flaglint edits its own format only"
            raise refusal(fact, flag.key_span, advice)
        if sum(other.format == NATIVE for other in found) > 1:
            others = [other.key_span for other in found if other.format == NATIVE and other is not flag]
            fact = f"`{key}` is defined twice, so it is not clear which entry is meant"
            raise refusal(fact, flag.key_span, f"keep one of the two: the other is at {others[0]}")
        tree = self.tree(flag.key_span.path)
        self.refuse_broken(tree)
        flags = tree.root.get("flags") if isinstance(tree.root, MappingNode) else None
        for index, (name, value) in enumerate(flags.pairs if isinstance(flags, MappingNode) else ()):
            if isinstance(name, ScalarNode) and name.text == key and isinstance(flags, MappingNode):
                if not isinstance(value, MappingNode):
                    raise refusal(f"the entry of `{key}` is no mapping", flag.key_span)
                self._refuse_syntax(tree, key, name, value)
                return Entry(tree, flags, index, name, value)
        raise refusal(f"the entry of `{key}` cannot be found", flag.key_span)

    def refuse_broken(self, tree: Tree) -> None:
        """Raise EditError for a file with an error of syntax: its nodes are not what its author sees."""
        if tree.stopped_at is not None:
            problem = tree.problems[-1]
            raise refusal(f"it cannot be edited: {problem.message}", problem.span, problem.help)

    def _refuse_syntax(self, tree: Tree, key: str, name: Node, value: Node) -> None:
        place = tree.span(name, value)
        for problem in tree.problems:
            if place.start <= problem.span.start < place.end:
                raise refusal(f"the entry of `{key}` cannot be edited: {problem.message}", problem.span, problem.help)

    def splice(self, path: str, splices: Sequence[Splice]) -> None:
        """Make splices in a file; nodes that were found before are not valid any more."""
        work = self._work[path]
        text = work.parsed.tree.text
        for splice in sorted(splices, reverse=True):
            start, end = text.byte_offset(splice.start), text.byte_offset(splice.end)
            work.pieces = _replaced(work.pieces, start, end, splice.text.encode(text.encoding))
        data = text.data[: text.mark] + apply(text.text, splices).encode(text.encoding)
        with garbage_collection_paused():
            work.parsed = replace(work.parsed, tree=read_tree(path, data))

    def add_file(self, path: str) -> None:
        """Add a new file of the native format, which holds no flag yet."""
        data = b"version: 1\n"
        self._work[path] = _Work(File(path, b"", NATIVE), Parsed(read_tree(path, data), NATIVE), [data], is_new=True)

    def check(
        self,
        flags: Mapping[str, Flag | None],
        change: Callable[[Registry], Registry] | None = None,
        *,
        added: Container[str] = (),
    ) -> None:
        """Load the result, and raise EditError unless it is the state before with these changes.

        `flags` holds what each changed flag must be now (places do not count), and None for those that are gone;
        `change` says what else is different; flags that are `added` may be anything without a problem. No problem may
        be new.
        """
        before = change(self.registry) if change else self.registry
        with garbage_collection_paused():
            after = load_trees([work.parsed for work in self._work.values()])
            self._compare(before, after, flags, added)
        self.registry = after

    def _compare(
        self, before: Registry, after: Registry, flags: Mapping[str, Flag | None], added: Container[str]
    ) -> None:
        new = Counter(_words(after)) - Counter(_words(self.registry))
        if new:
            raise EditError(f"the edit would break the registry: {next(iter(new))}", help="nothing was written")
        old_keys = {flag.key for flag in before.flags}
        expected = [flags.get(flag.key, flag) for flag in before.flags]
        expected += [flag for key, flag in flags.items() if key not in old_keys]
        expected += [flag for flag in after.flags if flag.key in added]
        meant = replace(before, flags=tuple(flag for flag in expected if flag is not None))
        if not is_same(meant, after):
            raise EditError(
                "the edit would change more than it should, because of how the file is written",
                help="edit the file by hand; nothing was written",
            )

    def state(self) -> State:
        """Return what `restore` brings back."""
        return {path: replace(work) for path, work in self._work.items()}, self.registry

    def restore(self, state: State) -> None:
        """Forget everything since `state` was taken."""
        work, self.registry = state
        self._work = dict(work)

    def edits(self) -> tuple[Edit, ...]:
        """Return all changes so far, in bytes of the files as they were read; a new file is an edit of nothing."""
        return tuple(edit for work in self._work.values() for edit in _edits(work))

    def changed(self) -> tuple[tuple[str, bytes, bytes], ...]:
        """Return path, bytes as they were read and bytes as they are now, of each file that changed."""
        found = ((path, work.file.data, work.parsed.tree.text.data) for path, work in self._work.items())
        return tuple((path, old, new) for path, old, new in found if old != new)

    def write(self, root: Path) -> None:
        """Write all changes below `root`, or none; raises EditError when a file changed since it was read."""
        changed = self.changed()
        for path, old, _ in changed:
            if self._work[path].is_new and os.path.lexists(root / path):
                raise EditError("there is a file of that name by now, and it was left alone", path=path)
            if not self._work[path].is_new and read_bytes(root, path) != old:
                raise EditError("it changed since it was read, and was left alone", path=path, help="try again")
            (root / path).parent.mkdir(parents=True, exist_ok=True)
        replace_together(
            Replacement(root / path, new, None if self._work[path].is_new else old) for path, old, new in changed
        )


def all_or_nothing(edit: Callable[Concatenate[Draft, _Given], None]) -> Callable[Concatenate[Draft, _Given], None]:
    """Make an edit leave the draft as it was when it raises, so that others can go on with it."""

    @wraps(edit)
    def whole(draft: Draft, /, *args: _Given.args, **kwargs: _Given.kwargs) -> None:
        state = draft.state()
        try:
            edit(draft, *args, **kwargs)
        except BaseException:
            draft.restore(state)
            raise

    return whole


def refusal(message: str, span: Span, advice: str = "") -> EditError:
    """Return an EditError at a place."""
    return EditError(message, path=span.path, line=span.start.line, column=span.start.column, help=advice)


def _work(file: File) -> _Work:
    return _Work(file, parsed(file), [(0, len(file.data))])


def _words(registry: Registry) -> list[str]:
    return [f"{problem.code} {problem.message}" for problem in registry.problems]


def _replaced(pieces: list[Piece], start: int, end: int, new: bytes) -> list[Piece]:
    """Replace the bytes `[start, end)` of what the pieces make together."""
    result: list[Piece] = []
    first, is_placed = 0, False
    for piece in pieces:
        size = len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
        left = min(max(start - first, 0), size)
        right = min(max(first + size - end, 0), size)
        result.append(_cut(piece, 0, left))
        if not is_placed and first <= start <= first + size:
            result.append(new)
            is_placed = True
        result.append(_cut(piece, size - right, size))
        first += size
    return [piece for piece in result if (piece if isinstance(piece, bytes) else piece[0] < piece[1])]


def _cut(piece: Piece, start: int, end: int) -> Piece:
    return piece[start:end] if isinstance(piece, bytes) else (piece[0] + start, piece[0] + end)


def _edits(work: _Work) -> Iterator[Edit]:
    """Yield what stands between the pieces of the old bytes, as replacements of what is gone there."""
    position, between = 0, b""
    size = len(work.file.data)
    for piece in [*work.pieces, (size, size)]:
        if isinstance(piece, bytes):
            between += piece
            continue
        if between or piece[0] > position:
            yield Edit(work.file.path, position, piece[0], between)
        position, between = piece[1], b""
