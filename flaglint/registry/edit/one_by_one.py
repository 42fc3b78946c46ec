"""Which lines go when entries are taken out one after the other, found without reading the file again after each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from flaglint.registry.edit.entry_lines import lines_of_run
from flaglint.registry.edit.splice import Splice
from flaglint.registry.nodes import MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterable

    Pair = tuple[Node, Node]


def lines_of_each(text: str, flags: MappingNode, keys: Iterable[str]) -> list[Splice]:
    """Return what deletes the entries of `keys`, in that order, from a mapping in block style; others stay in it."""
    shrinking = _Shrinking(text, flags)
    for key in keys:
        shrinking.take_out(key)
    return shrinking.gone()


class _Shrinking(Sequence["Pair"]):
    """The pairs of a mapping of which entries were taken out already, with the places that they have by now."""

    def __init__(self, text: str, flags: MappingNode) -> None:
        self._size = len(text)
        self._text = text
        self._left = list(flags.pairs)
        self._kept = [(0, len(text))]  # the stretches of the text that are left, as they were
        self._index = {key.text: pair for pair in flags.pairs if isinstance(key := pair[0], ScalarNode)}

    def take_out(self, key: str) -> None:
        """Take the lines of an entry out of the text."""
        pair = self._index[key]
        number = self._left.index(pair)
        view = MappingNode(self, flow=False, start=0)  # type: ignore[arg-type] # it is only read
        cut = lines_of_run(self._text, view, number, number)
        del self._left[number]
        self._text = self._text[: cut.start] + self._text[cut.end :]
        self._kept = list(_without(self._kept, cut.start, cut.end))

    def gone(self) -> list[Splice]:
        """Return what was taken out, as deletions from the text as it was."""
        found: list[Splice] = []
        position = 0
        for start, end in [*self._kept, (self._size, self._size)]:
            if position < start:
                found.append(Splice(position, start, ""))
            position = end
        return found

    @overload
    def __getitem__(self, index: int) -> Pair: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Pair]: ...
    def __getitem__(self, index: int | slice) -> Pair | Sequence[Pair]:
        """Return a pair with the places that it has by now; of a value in block style, the last node in it."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        key, value = self._left[index]
        return self._moved(key), self._moved(_last(value))

    def __len__(self) -> int:
        return len(self._left)

    def _moved(self, node: Node) -> Node:
        start, end = self._now(node.start), self._now(node.end)
        if isinstance(node, ScalarNode):
            return ScalarNode(node.text, node.style, start, end)
        return MappingNode([], flow=True, start=start, end=end)

    def _now(self, offset: int) -> int:
        number = bisect_right(self._kept, (offset, self._size + 1)) - 1
        return sum(end - start for start, end in self._kept[:number]) + offset - self._kept[number][0]


def _last(node: Node) -> Node:
    while isinstance(node, MappingNode | SequenceNode) and not node.flow:
        node = node.pairs[-1][1] if isinstance(node, MappingNode) else node.items[-1]
    return node


def _without(kept: Iterable[tuple[int, int]], start: int, end: int) -> Iterable[tuple[int, int]]:
    """Yield what is left of stretches without what stands at `[start, end)` when they are put together."""
    position = 0
    for first, last in kept:
        size = last - first
        left, right = min(max(start - position, 0), size), min(max(end - position, 0), size)
        if left > 0:
            yield first, first + left
        if right < size:
            yield first + max(right, left), last
        position += size
