"""How flags, owners and files hang together: what `flaglint graph` draws."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flaglint.lints.served import critical_environments, served
from flaglint.lints.values import shown
from flaglint.model import Constant, Kind
from flaglint.records import dataclass, replace
from flaglint.report.order import cycles, needs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flag. `missing`: others need it or code reads it, and nothing defines it.

    `dead`: a prerequisite can never be met, so it serves its off variant to everyone; `decides_it` is the flag whose
    value makes that so, and dead subtrees hang below one. `in_cycle`: it needs itself through others.
    """

    key: str
    owner: str = ""
    serves: str = ""  # the one value that it serves wherever it matters, in words; empty when there is none
    missing: bool = False
    in_cycle: bool = False
    dead: bool = False
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A prerequisite: `flag` needs `parent` to serve one of `variants`; `met` is None when that differs."""

    flag: str
    parent: str
    variants: tuple[str, ...]
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A file outside of tests that reads a flag, and how often."""

    flag: str
    path: str
    reads: int


@dataclass(frozen=True, slots=True)
class Links:
    """Flags by key, and the edges between them, to their owners and to files, all sorted."""

    nodes: tuple[Node, ...]
    needs: tuple[Need, ...]
    uses: tuple[Use, ...]
    cycles: tuple[tuple[str, ...], ...] = ()


def links_of(graph: FlagGraph, settings: Settings) -> Links:
    """Return how the flags of a project hang together."""
    needs = needs_of(graph)
    circles = cycles(needs)
    on_circle = {key for circle in circles for key in circle}
    defined = {flag.key: flag for flag, _ in graph.definitions}
    environments = critical_environments(graph, settings)
    edges = [
        Need(key, parent, variants, _met(graph.verdicts.get(parent, {}), environments, variants, parent in defined))
        for key in sorted(defined)
        for parent, variants in needs.get(key, {}).items()
    ]
    unmet: dict[str, str] = {}
    for edge in edges:
        if edge.met is False or edge.flag in on_circle:
            unmet.setdefault(edge.flag, edge.parent)
    reads = Counter(
        (key, ref.span.path)
        for key, refs in graph.by_key.items()
        for ref in refs
        if ref.kind is Kind.READ and not ref.is_test
    )
    keys = sorted({*defined, *(edge.parent for edge in edges), *(key for key, _ in reads)})
    nodes = []
    for key in keys:
        flag = defined.get(key)
        found = served(graph, settings, key)
        nodes.append(
            Node(
                key=key,
                owner=flag.owner if flag is not None else "",
                serves=f"always {shown(found.value)}" if found is not None else "",
                missing=flag is None,
                in_cycle=key in on_circle,
                dead=key in unmet,
                decided_by=unmet.get(key, ""),
            )
        )
    uses = tuple(Use(key, path, count) for (key, path), count in sorted(reads.items()))
    return Links(tuple(nodes), tuple(edges), uses, circles)


def _met(
    verdicts: Mapping[str, Verdict],
    environments: tuple[str, ...],
    variants: tuple[str, ...],
    is_defined: bool,  # noqa: FBT001 - private
) -> bool | None:
    """Return whether a parent is proven to serve one of `variants` in every environment that counts, or in none."""
    if not is_defined:
        return False
    looked_at = [verdicts[name] for name in environments if name in verdicts] or list(verdicts.values())
    answers = {
        verdict.variant in variants if isinstance(verdict, Constant) and verdict.variant is not None else None
        for verdict in looked_at
    }
    return answers.pop() if len(answers) == 1 else None


def around(links: Links, key: str, depth: int) -> Links:
    """Return what is at most `depth` prerequisites away from a flag, either way, with its files and owners."""
    near: dict[str, set[str]] = {}
    for edge in links.needs:
        near.setdefault(edge.flag, set()).add(edge.parent)
        near.setdefault(edge.parent, set()).add(edge.flag)
    kept = {key}
    edge_of_it = {key}
    for _ in range(depth):
        edge_of_it = {other for one in edge_of_it for other in near.get(one, ())} - kept
        kept |= edge_of_it
    return replace(
        links,
        nodes=tuple(node for node in links.nodes if node.key in kept),
        needs=tuple(edge for edge in links.needs if edge.flag in kept and edge.parent in kept),
        uses=tuple(use for use in links.uses if use.flag in kept),
        cycles=tuple(circle for circle in links.cycles if not kept.isdisjoint(circle)),
    )


def without_files(links: Links) -> Links:
    """Return the links without the edges to files."""
    return replace(links, uses=())


def without_loners(links: Links) -> Links:
    """Return the links without flags that need nothing, that nothing needs, and that no file of these links reads."""
    used = {name for edge in links.needs for name in (edge.flag, edge.parent)} | {use.flag for use in links.uses}
    return replace(links, nodes=tuple(node for node in links.nodes if node.key in used))


def merged(parts: Sequence[Links]) -> Links:
    """Return several parts of one graph as one."""
    return Links(
        nodes=tuple(
            sorted({node.key: node for part in parts for node in part.nodes}.values(), key=lambda node: node.key)
        ),
        needs=tuple(dict.fromkeys(edge for part in parts for edge in part.needs)),
        uses=tuple(sorted({use for part in parts for use in part.uses}, key=lambda use: (use.flag, use.path))),
        cycles=tuple(dict.fromkeys(circle for part in parts for circle in part.cycles)),
    )
