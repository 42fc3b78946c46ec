"""Reading the nodes of one file as what their place in a schema wants, and collecting everything that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flaglint.definition import Problem
from flaglint.registry.nodes import INVALID, AliasNode, MappingNode, ScalarNode, SequenceNode
from flaglint.registry.scalars import BOOLEANS, UnfitScalarError, core_value
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Mapping

    from flaglint.model import Label, Span
    from flaglint.registry.nodes import Node, Tree

_Value = TypeVar("_Value")
_SHOWN = 40  # characters of a wrong value that a message repeats


def nearest_or_all(word: str, known: Collection[str], what: str) -> str:
    """Return a help text: the nearest of the known words, else all of them when they are few."""
    if near := nearest(word, known):
        return did_you_mean(near)
    few = sorted(known)
    if not few:
        return f"no {what} is defined"
    listed = ", ".join(f"`{name}`" for name in few[:12])
    return f"known: {listed}" if len(few) <= 12 else ""


def shown(node: Node) -> str:
    """Return a wrong value as a message shows it: what it is, and a scalar's text."""
    if isinstance(node, ScalarNode):
        if node.is_null:
            return "nothing"
        text = node.text if len(node.text) <= _SHOWN else node.text[:_SHOWN] + "…"
        text = text if text.isprintable() else repr(text)[1:-1]
        return f"the text `{text}`" if node.style else f"`{text}`"
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


class Reader:
    """One file being read. `subject` says whom the messages are about; `key` is the flag's, for the findings."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.problems: list[Problem] = []
        self.subject = ""
        self.key = ""

    def about(self, subject: str, key: str = "") -> None:
        """Name what is read from now on."""
        self.subject, self.key = subject, key

    def span(self, first: Node, last: Node | None = None) -> Span:
        """Return the place of a node, or of all from `first` to `last`."""
        return self.tree.span(first, last)

    def report(
        self,
        node: Node,
        fact: str,
        advice: str = "",
        *,
        code: str = INVALID,
        related: tuple[Label, ...] = (),
        breaks: bool = True,
    ) -> None:
        """Add a problem at a node. `breaks`: without mending it, nobody knows what the entry serves."""
        message = f"{self.subject}: {fact}" if self.subject else fact
        self.problems.append(
            Problem(code, message, self.span(node), key=self.key, help=advice, related=related, breaks=breaks)
        )

    def mapping(self, node: Node, what: str) -> MappingNode | None:
        """Return the node if it is a mapping; anything else is a problem, unless it was one already."""
        if isinstance(node, MappingNode):
            return node
        if not isinstance(node, AliasNode):
            self.report(node, f"{what} must be a mapping, not {shown(node)}")
        return None

    def fields(
        self,
        node: Node,
        what: str,
        known: Collection[str],
        *,
        required: Mapping[str, str] | None = None,
        may_be_empty: Container[str] = (),
    ) -> dict[str, tuple[ScalarNode, Node]]:
        """Return the known fields of a mapping with the nodes of key and value; all others are problems.

        `required` gives a help text for each field that must be there. A field without a value is left out, and a
        problem unless it `may_be_empty`. Of a duplicate the first counts.
        """
        found: dict[str, tuple[ScalarNode, Node]] = {}
        mapping = self.mapping(node, what)
        if mapping is None:
            return found
        empty: set[str] = set()
        for name, key, value in mapping.texts():
            if name in found or (name == "<<" and not key.style):
                continue
            if name not in known:
                if not any(again.again is key for again in self.tree.duplicates):
                    self.report(key, f"{what} has no field `{_short(name)}`", nearest_or_all(name, known, "field"))
            elif isinstance(value, ScalarNode) and value.is_null:
                if name not in may_be_empty:
                    self.report(key, f"`{name}` has no value", "write one, or leave the field out")
                empty.add(name)
            else:
                found[name] = (key, value)
        for name, advice in (required or {}).items():
            if name not in found and name not in empty:
                self.report(first_key(mapping), f"{what} needs `{name}`", advice)
        return found

    def entries(self, node: Node, what: str) -> list[tuple[str, ScalarNode, Node]]:
        """Return the pairs of a mapping whose keys are names of the author's; of a duplicate the first counts."""
        mapping = self.mapping(node, what)
        if mapping is None:
            return []
        seen: set[str] = set()
        found = []
        for name, key, value in mapping.texts():
            if name in seen or (name == "<<" and not key.style):
                continue
            seen.add(name)
            if not name:
                self.report(key, f"a key of {what} is empty")
                continue
            found.append((name, key, value))
        return found

    def items(self, node: Node, what: str) -> list[Node]:
        """Return the items of a list; anything else is a problem."""
        if isinstance(node, SequenceNode):
            return node.items
        if not isinstance(node, AliasNode):
            self.report(node, f"{what} must be a list, not {shown(node)}", "write it in brackets: `[a, b]`")
        return []

    def scalar(self, node: Node, what: str, wanted: str) -> ScalarNode | None:
        """Return the node if it is a scalar with a value."""
        if isinstance(node, ScalarNode) and not node.is_null:
            return node
        if not isinstance(node, AliasNode):
            self.report(node, f"{what} must be {wanted}, not {shown(node)}")
        return None

    def text(self, node: Node, what: str) -> str:
        """Return the text of a scalar as it is written, whatever its form: `1.10` stays `1.10`."""
        scalar = self.scalar(node, what, "a text")
        if scalar is None:
            return ""
        if not scalar.text.strip():
            self.report(node, f"{what} is empty", "write a text, or leave the field out")
        return scalar.text

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(filter(None, (self.text(item, f"an item of {what}") for item in self.items(node, what))))

    def boolean(self, node: Node, what: str) -> bool | None:
        """Return `true` or `false`, written plainly; None, with a problem, for anything else."""
        if isinstance(node, ScalarNode) and not node.style and node.text in BOOLEANS:
            return BOOLEANS[node.text]
        if isinstance(node, AliasNode):
            return None
        advice = "write `true` or `false`"
        if isinstance(node, ScalarNode):
            word = node.text.lower()
            if word in {"y", "yes", "on", "true"}:
                advice = "write `true`"
            elif word in {"n", "no", "off", "false"}:
                advice = "write `false`"
        self.report(node, f"{what} must be `true` or `false`, not {shown(node)}", advice)
        return None

    def parsed(self, node: Node, what: str, wanted: str, parse: Callable[[str], _Value]) -> _Value | None:
        """Return what `parse` makes of a scalar's text; its UnfitScalarError becomes a problem."""
        scalar = self.scalar(node, what, wanted)
        if scalar is None:
            return None
        try:
            return parse(scalar.text)
        except UnfitScalarError as unfit:
            self.report(node, f"{what} {shown(node)} {unfit.fact}", unfit.help)
            return None

    def value(self, node: Node, what: str) -> bool | int | float | str | None:
        """Return what a scalar means by YAML 1.2's core schema; None, with a problem, when it cannot be used."""
        scalar = self.scalar(node, what, "a text, a number or a boolean")
        if scalar is None:
            return None
        try:
            return core_value(scalar)
        except UnfitScalarError as unfit:
            self.report(node, f"{what} {shown(node)} {unfit.fact}", unfit.help)
            return None

    def choice(self, node: Node, what: str, known: Collection[str]) -> str:
        """Return a scalar that is one of the known words."""
        scalar = self.scalar(node, what, "one word")
        if scalar is None:
            return ""
        if scalar.text in known:
            return scalar.text
        self.report(node, f"{what} {shown(node)} is not known", nearest_or_all(scalar.text, known, what))
        return ""


def _short(name: str) -> str:
    name = name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
    return name if name.isprintable() else repr(name)[1:-1]


def first_key(mapping: MappingNode) -> Node:
    """Return where a mapping begins to a reader's eye: its first key, or its brackets when it is empty."""
    return mapping.pairs[0][0] if mapping.pairs else mapping
