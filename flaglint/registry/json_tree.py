"""Reading JSON into the same plain nodes as YAML, with places.

JSON is nearly YAML, but libyaml refuses parts of it: surrogate pairs in escapes, keys beyond 1,024 characters, a DEL in
a text. The grammar is RFC 8259.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from flaglint.definition import Problem
from flaglint.patterns import late
from flaglint.records import dataclass, field
from flaglint.registry.nodes import (
    INVALID,
    MAX_DEPTH,
    Duplicate,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Tree,
    span_of,
)

if TYPE_CHECKING:
    from flaglint.source import Text

_TOKEN = late(
    r"""[ \t\r\n]*(?:
        (?P<mark>[{}\[\]:,])
      | (?P<text>"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*")
      | (?P<word>(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)(?![\w.+-]))
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_SPACE = late(r"[ \t\r\n]*")
_LONE_SURROGATE = late("[\ud800-\udfff]")
_VALUE, _FIRST_VALUE, _FIRST_KEY, _KEY, _COLON, _AFTER = range(6)
_WANTED = {
    _VALUE: "a value",
    _FIRST_VALUE: "a value or `]`",
    _FIRST_KEY: "a key in double quotes or `}`",
    _KEY: "a key in double quotes",
    _COLON: "`:`",
    _AFTER: "`,` or the closing bracket",
}


def read_json(text: Text) -> Tree:
    """Return the nodes of a JSON file; scalars other than texts are plain, so YAML 1.2 reads their type the same way.

    Nothing is raised for any text: after an error of syntax the tree holds what was read before it.
    """
    return _JsonReader(text).read()


@dataclass(slots=True, eq=False)
class _Open:
    """A collection that is not closed yet; in a mapping with its keys so far and the one that waits for a value."""

    node: MappingNode | SequenceNode
    keys: dict[str, ScalarNode] = field(default_factory=dict)
    waiting: ScalarNode | None = None


class _JsonReader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.duplicates: list[Duplicate] = []
        self.stopped_at: int | None = None
        self.stack: list[_Open] = []

    def read(self) -> Tree:
        source, match = self.text.text, _TOKEN.match
        offset, expected = 0, _VALUE
        while self.stopped_at is None:
            token = match(source, offset)
            if token is None:
                self.unreadable(offset, expected)
                break
            kind = token.lastgroup
            start = token.start(kind or 0)
            offset = token.end()
            if kind == "end":
                if expected != _AFTER or self.stack:
                    self.stop(start, f"the file ends where {_WANTED[expected]} is expected")
                break
            if expected == _AFTER and not self.stack:
                self.stop(start, "something follows the end of the value")
            elif kind == "mark":
                expected = self.mark(source[start], start, expected)
            elif expected in {_KEY, _FIRST_KEY} and kind == "text":
                self.add_key(self.string(start, offset))
                expected = _COLON
            elif expected in {_VALUE, _FIRST_VALUE}:
                self.keep(self.string(start, offset) if kind == "text" else self.word(start, offset))
                expected = _AFTER
            else:
                self.stop(start, f"{_WANTED[expected]} is expected here")
        return Tree(
            self.text, self.root, tuple(self.problems), tuple(self.duplicates), self.stopped_at, language="JSON"
        )

    def mark(self, mark: str, start: int, expected: int) -> int:
        """Take a bracket, colon or comma; return what may come next."""
        if mark in "{[" and expected in {_VALUE, _FIRST_VALUE}:
            node = MappingNode([], True, start) if mark == "{" else SequenceNode([], True, start)  # noqa: FBT003 - flow
            self.stack.append(_Open(node))
            if len(self.stack) > MAX_DEPTH:
                self.stop(start, f"nested deeper than {MAX_DEPTH} levels")
            return _FIRST_KEY if mark == "{" else _FIRST_VALUE
        if mark == ":" and expected == _COLON:
            return _VALUE
        inside = self.stack[-1].node if self.stack else None
        if mark == "," and expected == _AFTER and inside is not None:
            return _KEY if isinstance(inside, MappingNode) else _VALUE
        if mark == "}" and expected in {_AFTER, _FIRST_KEY} and isinstance(inside, MappingNode):
            return self.close(start + 1)
        if mark == "]" and expected in {_AFTER, _FIRST_VALUE} and isinstance(inside, SequenceNode):
            return self.close(start + 1)
        self.stop(start, f"{_WANTED[expected]} is expected here, not `{mark}`")
        return expected

    def close(self, end: int) -> int:
        node = self.stack.pop().node
        node.end = end
        self.keep(node)
        return _AFTER

    def keep(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        inside = self.stack[-1]
        if isinstance(inside.node, SequenceNode):
            inside.node.items.append(node)
        elif inside.waiting is not None:
            inside.node.pairs.append((inside.waiting, node))
            inside.waiting = None

    def add_key(self, key: ScalarNode) -> None:
        inside = self.stack[-1]
        inside.waiting = key
        first = inside.keys.setdefault(key.text, key)
        if first is not key and isinstance(inside.node, MappingNode):
            self.duplicates.append(Duplicate(inside.node, first, key))

    def string(self, start: int, end: int) -> ScalarNode:
        written = self.text.text[start:end]
        value = written[1:-1]
        if "\\" in value:
            value = json.loads(written)
            if _LONE_SURROGATE.search(value):
                self.problem(start, end, "half of a surrogate pair is no character")
                value = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
        return ScalarNode(value, '"', start, end)

    def word(self, start: int, end: int) -> ScalarNode:
        return ScalarNode(self.text.text[start:end], "", start, end)

    def unreadable(self, offset: int, expected: int) -> None:
        found = _SPACE.match(self.text.text, offset)
        start = found.end() if found else offset
        character = self.text.text[start : start + 1]
        if character == '"':
            self.stop(start, "this text is not closed, or holds a character or an escape that JSON does not know")
        elif character == "'":
            self.stop(start, "JSON wants double quotes")
        elif self.text.text.startswith(("//", "/*", "#"), start):
            self.stop(start, "JSON knows no comments")
        else:
            self.stop(start, f"{_WANTED[expected]} is expected here")

    def problem(self, start: int, end: int, message: str) -> None:
        self.problems.append(Problem(INVALID, message, span_of(self.text, start, end)))

    def stop(self, offset: int, message: str) -> None:
        """Give up at `offset`; what is still open is closed with what it has."""
        self.stopped_at = offset
        self.problem(offset, offset, f"this is not JSON: {message}")
        while self.stack:
            if (key := self.stack[-1].waiting) is not None:
                self.keep(ScalarNode("", "", key.end, key.end))
            self.close(offset)
