"""In which order flags can be removed: a flag goes after those that need it, and never while one of them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def cycles(needs: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the flags that need each other in a circle, each circle sorted."""
    if not any(needs.values()):
        return ()
    import networkx as nx

    links = nx.DiGraph([(key, parent) for key, parents in needs.items() for parent in parents])
    found = [
        tuple(sorted(part))
        for part in nx.strongly_connected_components(links)
        if len(part) > 1 or links.has_edge(*(2 * tuple(part)))
    ]
    return tuple(sorted(found))


def removal_order(
    wanted: Iterable[str], needs: Mapping[str, Iterable[str]], rank: Mapping[str, int]
) -> tuple[tuple[str, ...], ...]:
    """Return the `wanted` flags in groups: those of a group can go once the groups before it are gone.

    A flag that somebody needs who is not wanted has to wait for a decision on that one, and is left out; so is
    everything on a circle. Within a group the better rank comes first.
    """
    keys = set(wanted)
    blocked = {key for circle in cycles(needs) for key in circle}
    blocked |= {parent for key, parents in needs.items() if key not in keys for parent in parents}
    while True:  # what a flag needs that has to stay, has to stay
        more = {parent for key in blocked & keys for parent in needs.get(key, ())} - blocked
        if not more:
            break
        blocked |= more
    free = keys - blocked
    links = {key: [parent for parent in needs.get(key, ()) if parent in free] for key in free}
    if not any(links.values()):
        groups = [free] if free else []
    else:
        import networkx as nx

        before = nx.DiGraph([(key, parent) for key, parents in links.items() for parent in parents])
        before.add_nodes_from(free)
        groups = [set(group) for group in nx.topological_generations(before)]
    return tuple(tuple(sorted(group, key=lambda key: (rank.get(key, 0), key))) for group in groups)
