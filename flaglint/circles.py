"""Circles in what needs what: flags and their prerequisites, segments and those that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


def circles(needs: Mapping[str, Collection[str]]) -> Iterator[frozenset[str]]:
    """Yield the names that lead to each other, and so back to themselves: those of one circle, or of several that meet.

    Names that nothing defines are passed over. R. Tarjan's strongly connected components (1972), without recursion: a
    registry may chain thousands of flags.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: dict[str, None] = {}
    for root in needs:
        if root in order:
            continue
        order[root] = lowest[root] = len(order)
        waiting[root] = None
        way = [(root, iter(needs[root]))]
        while way:
            name, rest = way[-1]
            for needed in rest:
                if needed not in needs:
                    continue
                if needed not in order:
                    order[needed] = lowest[needed] = len(order)
                    waiting[needed] = None
                    way.append((needed, iter(needs[needed])))
                    break
                if needed in waiting:
                    lowest[name] = min(lowest[name], order[needed])
            else:
                way.pop()
                if way:
                    lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[name])
                if lowest[name] == order[name]:
                    component = {waiting.popitem()[0]}
                    while name not in component:
                        component.add(waiting.popitem()[0])
                    if len(component) > 1 or name in needs[name]:
                        yield frozenset(component)


def on_circles(needs: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the names that lead back to themselves; one that merely needs such a name is not among them."""
    return frozenset(name for circle in circles(needs) for name in circle)


def shortest_circles(needs: Mapping[str, Collection[str]]) -> list[tuple[str, ...]]:
    """Return one shortest circle for each set of names that lead to each other, from the first of them in `needs`."""
    found = []
    for circle in circles(needs):
        first = next(name for name in needs if name in circle)
        found.append(_way_back(first, circle, needs))
    return found


def _way_back(first: str, circle: Collection[str], needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the shortest way from a name to itself, breadth first."""
    before: dict[str, str] = {}
    layer = [first]
    while first not in before:
        following = []
        for name in layer:
            for needed in needs[name]:
                if needed in circle and needed not in before:
                    before[needed] = name
                    following.append(needed)
        layer = following
    way = [before[first]]
    while way[-1] != first:
        way.append(before[way[-1]])
    return tuple(reversed(way))
