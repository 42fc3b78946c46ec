"""The graph of flags as Mermaid, which GitHub and GitLab draw, as DOT for Graphviz, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flaglint.letters import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.report.links import Links, Node

VERSION = 1


def as_json(links: Links) -> str:
    """Return the graph as JSON, version 1; the schema is rules/schemas/graph.schema.json."""
    data: dict[str, Any] = {
        "version": VERSION,
        "flags": [
            {
                "key": node.key,
                "owner": node.owner or None,
                "serves": node.serves or None,
                "missing": node.missing,
                "in_cycle": node.in_cycle,
                "dead": node.dead,
                "decided_by": node.decided_by or None,
            }
            for node in links.nodes
        ],
        "needs": [
            {"flag": edge.flag, "parent": edge.parent, "variants": list(edge.variants), "met": edge.met}
            for edge in links.needs
        ],
        "reads": [{"flag": use.flag, "path": use.path, "reads": use.reads} for use in links.uses],
        "cycles": [list(circle) for circle in links.cycles],
    }
    return json.dumps(data, indent=1) + "\n"


def as_mermaid(links: Links) -> str:
    """Return the graph as a Mermaid flowchart: arrows lead from a flag to what it needs and to the files that read it.

    Dead flags are dashed, circles red, what nothing defines dotted.
    """
    return "\n".join(_mermaid(links)) + "\n"


def _mermaid(links: Links) -> Iterator[str]:
    names = {node.key: f"f{number}" for number, node in enumerate(links.nodes)}
    files = {path: f"p{number}" for number, path in enumerate(sorted({use.path for use in links.uses}))}
    yield "flowchart LR"
    for group, (owner, nodes) in enumerate(_by_owner(links)):
        if owner:
            yield f'  subgraph o{group}["{_mermaid_text(owner)}"]'
        for node in nodes:
            label = "<br>".join(_mermaid_text(line) for line in _label(node))
            yield f'  {"  " if owner else ""}{names[node.key]}["{label}"]{_mermaid_class(node)}'
        if owner:
            yield "  end"
    for path, name in files.items():
        yield f'  {name}(["{_mermaid_text(path)}"]):::file'
    for edge in links.needs:
        arrow = "-. " if edge.met is False else "-- "
        tip = " .->" if edge.met is False else " -->"
        words = f"needs {' or '.join(edge.variants)}{', never met' if edge.met is False else ''}"
        yield f'  {names[edge.flag]} {arrow}"{_mermaid_text(words)}"{tip} {names[edge.parent]}'
    for use in links.uses:
        times = f' -- "{use.reads} reads" --- ' if use.reads > 1 else " --- "
        yield f"  {names[use.flag]}{times}{files[use.path]}"
    yield "  classDef cycle stroke:#c0392b,stroke-width:3px"
    yield "  classDef dead stroke-dasharray:5 4,color:#888"
    yield "  classDef missing stroke:#c0392b,stroke-dasharray:2 3"
    yield "  classDef file fill:none,stroke:#999"


def _mermaid_class(node: Node) -> str:
    return f":::{_mark(node)}" if _mark(node) else ""


def _mermaid_text(text: str) -> str:
    """Return a text for a quoted label; Mermaid writes characters as `#34;`, and reads HTML otherwise."""
    return "".join(
        f"#{ord(letter)};" if letter in '"#<>&`\\' or ord(letter) < 32 else letter for letter in harmless(text)
    )


def as_dot(links: Links) -> str:
    """Return the graph in the language of Graphviz, with the same arrows and marks as Mermaid."""
    return "\n".join(_dot(links)) + "\n"


def _dot(links: Links) -> Iterator[str]:
    yield "digraph flags {"
    yield "  rankdir=LR"
    yield '  graph [fontname="sans-serif"]'
    yield '  edge [fontname="sans-serif"]'
    yield '  node [shape=box, style=rounded, fontname="sans-serif"]'
    for group, (owner, nodes) in enumerate(_by_owner(links)):
        if owner:
            yield f"  subgraph cluster_{group} {{"
            yield f"    label={_dot_text(owner)}"
        for node in nodes:
            label = _dot_text("\n".join(_label(node)))
            yield f"  {'  ' if owner else ''}{_dot_text(node.key)} [label={label}{_DOT[_mark(node)]}]"
        if owner:
            yield "  }"
    for path in sorted({use.path for use in links.uses}):
        yield f"  {_dot_text(f'file:{path}')} [label={_dot_text(path)}, shape=note, color=gray50]"
    for edge in links.needs:
        words = f"needs {' or '.join(edge.variants)}{', never met' if edge.met is False else ''}"
        style = ", style=dashed, color=firebrick" if edge.met is False else ""
        yield f"  {_dot_text(edge.flag)} -> {_dot_text(edge.parent)} [label={_dot_text(words)}{style}]"
    for use in links.uses:
        label = f", label={_dot_text(f'{use.reads} reads')}" if use.reads > 1 else ""
        yield f"  {_dot_text(use.flag)} -> {_dot_text(f'file:{use.path}')} [dir=none, color=gray50{label}]"
    yield "}"


_DOT = {
    "": "",
    "cycle": ", color=firebrick, penwidth=3",
    "dead": ', style="rounded,dashed", fontcolor=gray50',
    "missing": ', style="rounded,dotted", color=firebrick',
}


def _dot_text(text: str) -> str:
    escaped = harmless(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{"".join(letter for letter in escaped if ord(letter) >= 32)}"'


def _by_owner(links: Links) -> list[tuple[str, list[Node]]]:
    """Return the flags of each owner; those of nobody last."""
    found: dict[str, list[Node]] = {}
    for node in links.nodes:
        found.setdefault(node.owner, []).append(node)
    return sorted(found.items(), key=lambda item: (not item[0], item[0]))


def _label(node: Node) -> list[str]:
    """Return the lines that stand in the box of a flag."""
    lines = [node.key]
    if node.missing:
        lines.append("not defined")
    elif node.in_cycle:
        lines.append("in a cycle, serves off")
    elif node.dead:
        lines.append(f"dead: {node.decided_by} decides it")
    elif node.serves:
        lines.append(node.serves)
    return lines


def _mark(node: Node) -> str:
    return "missing" if node.missing else "cycle" if node.in_cycle else "dead" if node.dead else ""
