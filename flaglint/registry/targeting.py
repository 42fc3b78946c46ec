"""The operators that flagd's targeting knows, and where a rule uses others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flaglint.registry.nodes import MappingNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.registry.nodes import Node, ScalarNode

# JSONLogic's, as far as flagd's engines have them, and flagd's own.
OPERATORS: Final = frozenset({
    "if", "?:", "and", "or", "!", "!!", "==", "!=", "===", "!==", "<", ">", "<=", ">=", "+", "-", "*", "/", "%",
    "in", "min", "max", "cat", "log", "var", "substr", "merge", "missing", "missing_some",
    "filter", "map", "all", "some", "none", "reduce", "starts_with", "ends_with", "sem_ver", "fractional",
})  # fmt: skip
_REFERENCE: Final = "$ref"


def unknown_operators(rule: Node) -> Iterator[tuple[str, ScalarNode]]:
    """Yield the operators in a rule that no engine knows, with their places, in the order of the file.

    A mapping is an operation when it has one key; engines differ in what they make of others.
    """
    waiting: list[Node] = [rule]
    while waiting:
        node = waiting.pop()
        if isinstance(node, SequenceNode):
            waiting.extend(reversed(node.items))
        elif isinstance(node, MappingNode) and len(node.pairs) == 1:
            for name, key, written in node.texts():
                if name not in OPERATORS and name != _REFERENCE:
                    yield name, key
                waiting.append(written)
