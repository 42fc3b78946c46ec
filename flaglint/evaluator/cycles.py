"""Which flags lie on a cycle of prerequisites."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


def on_cycles(parents: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the keys that lead back to themselves; one that merely needs such a key is not among them."""
    return frozenset(key for circle in circles(parents) for key in circle)


def circles(parents: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """Yield the keys that lead to each other, and so back to themselves: those of one circle, or of several that meet.

    Tarjan's strongly connected components, without recursion: a registry may chain thousands of flags.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    for root in parents:
        if root in order:
            continue
        path = [(root, iter(parents[root]))]
        order[root] = lowest[root] = len(order)
        stack.append(root)
        waiting.add(root)
        while path:
            key, rest = path[-1]
            for parent in rest:
                if parent not in parents:
                    continue
                if parent not in order:
                    order[parent] = lowest[parent] = len(order)
                    stack.append(parent)
                    waiting.add(parent)
                    path.append((parent, iter(parents[parent])))
                    break
                if parent in waiting:
                    lowest[key] = min(lowest[key], order[parent])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[key])
                if lowest[key] == order[key]:
                    component = _pop_component(stack, waiting, key)
                    if len(component) > 1 or key in parents[key]:
                        yield component


def _pop_component(stack: list[str], waiting: set[str], root: str) -> list[str]:
    component = []
    while True:
        key = stack.pop()
        waiting.discard(key)
        component.append(key)
        if key == root:
            return component
