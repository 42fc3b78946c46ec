"""In which order flags can be removed: a flag goes after those that need it, and never while one of them stays."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from flaglint.circles import circles, on_circles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from flaglint.graph import FlagGraph


def needs_of(graph: FlagGraph) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return for each flag the keys that it needs, with the variants that satisfy each; all definitions together."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, flags in graph.flags.items():
        parents: dict[str, set[str]] = {}
        for flag in flags:
            for need in flag.needs:
                parents.setdefault(need.key, set()).update(need.variants)
        found[key] = {parent: tuple(sorted(variants)) for parent, variants in sorted(parents.items())}
    return found


def cycles(needs: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the flags that need each other in a circle, each circle sorted."""
    return tuple(sorted(tuple(sorted(circle)) for circle in circles(needs)))


def removal_order(
    wanted: Iterable[str], needs: Mapping[str, Collection[str]], rank: Mapping[str, int]
) -> tuple[tuple[str, ...], ...]:
    """Return the `wanted` flags in groups: those of a group can go once the groups before it are gone.

    A flag that somebody needs who is not wanted has to wait for a decision on that one, and is left out; so is
    everything on a circle. Within a group the better rank comes first.
    """
    keys = set(wanted)
    blocked = set(on_circles(needs))
    blocked |= {parent for key, parents in needs.items() if key not in keys for parent in parents}
    pending = list(blocked)
    while pending:  # what a flag needs that has to stay, has to stay
        more = set(needs.get(pending.pop(), ())) - blocked
        blocked |= more
        pending += more
    free = keys - blocked
    groups = _generations({key: [parent for parent in needs.get(key, ()) if parent in free] for key in free})
    return tuple(tuple(sorted(group, key=lambda key: (rank.get(key, 0), key))) for group in groups)


def _generations(needs: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the keys that no key needs which was not yielded before; no key may lead back to itself."""
    order = TopologicalSorter(dict.fromkeys(needs, ()))
    for key, parents in needs.items():
        for parent in parents:
            order.add(parent, key)
    order.prepare()
    while order.is_active():
        yield (free := order.get_ready())
        order.done(*free)
