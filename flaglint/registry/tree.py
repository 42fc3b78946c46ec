"""Reading YAML into plain nodes with places, from PyYAML's event stream and without its constructors.

Constructors give scalars a type by YAML 1.1 (`NO` becomes false, `1:30` becomes 90), collapse keys that are equal in
Python only, and recurse. Events are text with marks; libyaml produces them at ten times the speed of `yaml.load`.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

from flaglint.definition import Problem
from flaglint.errors import RegistryError
from flaglint.patterns import late
from flaglint.registry.nodes import (
    INVALID,
    MAX_DEPTH,
    AliasNode,
    Duplicate,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Tree,
    span_of,
)
from flaglint.source import Text

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What YAML does not allow in a file. Replaced one for one, so that every other offset stays and the rest can be read.
_FORBIDDEN = late("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN_IN_ASCII = late("[^\t\n\r\x20-\x7e]")  # compiled in a hundredth of the time
# Line ends in YAML 1.1 only, which libyaml reads. Behind a stand-in they end no line, as in YAML 1.2 and in editors.
_OLD_LINE_ENDS = "\x85\u2028\u2029"
_PRIVATE_USE = range(0xE000, 0xF8FF)
_MANY = 5
MAX_NODES = 1_000_000  # what aliases may multiply a file to; the largest flag exports have a tenth of it
_MORE_TELLING = {
    "mapping values are not allowed in this context": "a text that holds `: ` needs quotes, and keys of one mapping"
    " the same indentation",
    "could not find expected ':'": "a key needs `:` and a space after it",
    "did not find expected key": "keys of one mapping need the same indentation",
    "did not find expected ',' or '}'": "close the `{`, or write a comma between the pairs",
    "did not find expected ',' or ']'": "close the `[`, or write a comma between the items",
    "found unexpected end of stream": "close the quotes",
}


def decode(path: str, data: bytes) -> Text:
    """Return the text of a registry file, which is UTF-8 with or without a byte order mark.

    Raises RegistryError for anything else.
    """
    if data.startswith(_WIDE_MARKS):
        raise RegistryError("is not UTF-8 but UTF-16 or UTF-32", path=path, help="save the file as UTF-8")
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return Text(path, data, data[mark:].decode(), "utf-8", mark)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, mark + error.start) + 1
        raise RegistryError(
            f"is not UTF-8: byte 0x{data[mark + error.start]:02x} at offset {mark + error.start}",
            path=path,
            line=line,
            help="save the file as UTF-8",
        ) from None


def read_yaml(text: Text, *, follow_aliases: bool = False) -> Tree:
    """Return the nodes of a YAML file, with every violation of YAML or of the strict subset as a problem.

    Anchors, aliases, merge keys, tags, further documents and nesting beyond a depth of 100 are problems. After an
    error of syntax the tree holds what was read before it. Nothing is raised for any text.

    With `follow_aliases`, for formats that are not ours, an alias becomes the node that it names (one node in several
    places) and merge keys are carried out, up to a million nodes in all.
    """
    pattern = _FORBIDDEN_IN_ASCII if text.text.isascii() else _FORBIDDEN
    forbidden = [found.start() for found in pattern.finditer(text.text)]
    clean = pattern.sub("\N{REPLACEMENT CHARACTER}", text.text) if forbidden else text.text
    builder = _Builder(text, follow_aliases=follow_aliases)
    for offset in forbidden[:_MANY]:
        more = f", and {len(forbidden) - _MANY} more" if len(forbidden) > _MANY and offset == forbidden[0] else ""
        code = ord(text.text[offset])
        escape = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
        builder.problem(
            offset,
            offset + 1,
            f"the character U+{code:04X} is not allowed in YAML{more}",
            f'take it out, or write it as an escape in double quotes: "{escape}"',
        )
    if any(old in clean for old in _OLD_LINE_ENDS):
        unused = [character for character in map(chr, _PRIVATE_USE) if character not in clean]
        builder.stand_ins = dict(zip(map(ord, unused), _OLD_LINE_ENDS, strict=False))
        clean = clean.translate({ord(old): stand_in for stand_in, old in builder.stand_ins.items()})
    builder.run(clean)
    return builder.tree()


class _Builder:
    """Turns events into nodes with a stack of its own, so that no depth of nesting can overflow Python's."""

    def __init__(self, text: Text, *, follow_aliases: bool) -> None:
        self.text = text
        self.follow_aliases = follow_aliases
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.duplicates: list[Duplicate] = []
        self.stopped_at: int | None = None
        self.stack: list[tuple[MappingNode | SequenceNode, list[Node]]] = []
        self.anchors: dict[str, Node] = {}
        self.sizes: dict[int, int] = {}  # by `id()` of an anchored node: how many nodes an alias to it stands for
        self.nodes = 0
        self.stand_ins: dict[int, str] = {}

    def tree(self) -> Tree:
        return Tree(self.text, self.root, tuple(self.problems), tuple(self.duplicates), self.stopped_at)

    def problem(self, start: int, end: int, message: str, advice: str) -> None:
        size = len(self.text.text)
        span = span_of(self.text, min(start, size), min(max(start, end), size))
        self.problems.append(Problem(INVALID, message, span, help=advice))

    def stop(self, offset: int, message: str, advice: str) -> None:
        """Give up at `offset`; what is still open is closed with what it has."""
        self.stopped_at = min(offset, len(self.text.text))
        self.problem(offset, offset, message, advice)
        while self.stack:
            node, children = self.stack.pop()
            if isinstance(node, MappingNode) and len(children) % 2:
                children.append(ScalarNode("", "", children[-1].end, children[-1].end))
            self.close(node, children, children[-1].end if children else node.start)
            self.keep(node)

    def keep(self, node: Node) -> None:
        if self.stack:
            self.stack[-1][1].append(node)
        else:
            self.root = node

    def run(self, text: str) -> None:
        import yaml

        try:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
            self.read(loader.get_event)
        except yaml.MarkedYAMLError as error:
            self.syntax_error(error)
        except yaml.YAMLError as error:
            self.stop(0, f"this is not YAML: {error}", "")

    def syntax_error(self, error: Any) -> None:
        mark = error.problem_mark or error.context_mark
        offset = min(mark.index, len(self.text.text)) if mark else 0
        words = str(error.problem or error.context or "it cannot be read")
        if self.text.text[offset : offset + 1] == "\t":
            self.stop(offset, "a tab cannot indent YAML", "use spaces")
            return
        place = f" {error.context}" if error.context and error.context != words else ""
        advice = next((advice for known, advice in _MORE_TELLING.items() if words.startswith(known)), "")
        self.stop(offset, f"this is not YAML: {words}{place}", advice)

    def read(self, next_event: Callable[[], Any]) -> None:
        from yaml.events import (
            AliasEvent,
            DocumentStartEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
            StreamEndEvent,
        )

        stack, text = self.stack, self.text.text
        documents = 0
        while self.stopped_at is None:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                self.nodes += 1
                style = event.style or ""
                start = event.start_mark.index
                end = event.end_mark.index
                if style == "|" or style == ">":
                    end = start + len(text[start:end].rstrip())
                value = event.value.translate(self.stand_ins) if self.stand_ins else event.value
                scalar = ScalarNode(value, style, start, end)
                if event.anchor or event.tag:
                    self.decorated(event, scalar)
                if stack:
                    stack[-1][1].append(scalar)
                else:
                    self.root = scalar
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self.nodes += 1
                start = event.start_mark.index
                opened = MappingNode if kind is MappingStartEvent else SequenceNode
                stack.append((opened([], event.flow_style, start), []))
                if event.anchor or event.tag:
                    self.decorated(event, stack[-1][0])
                if len(stack) > MAX_DEPTH:
                    self.stop(start, f"nested deeper than {MAX_DEPTH} levels", "")
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                node, children = stack.pop()
                self.close(node, children, event.end_mark.index)
                self.keep(node)
            elif kind is AliasEvent:
                self.alias(event)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self.stop(event.start_mark.index, "a second document begins here", "a file holds one: split it")
            elif kind is StreamEndEvent:
                return

    def close(self, node: MappingNode | SequenceNode, children: list[Node], end: int) -> None:
        """Fill a collection. One in block style ends with its last child, not where the next token begins."""
        if id(node) in self.sizes:
            self.sizes[id(node)] += self.nodes
        if isinstance(node, SequenceNode):
            node.items = children
        else:
            node.pairs = list(zip(children[::2], children[1::2], strict=True))
            self.check_keys(node)
        node.end = end if node.flow or not children else max(children[-1].end, node.start)
        if node.flow and self.stopped_at is not None:
            node.end = max(end, node.start)

    def check_keys(self, mapping: MappingNode) -> None:
        first: dict[str, ScalarNode] = {}
        merges = False
        for name, value in mapping.pairs:
            if type(name) is not ScalarNode:
                if self.stopped_at is not None and name.end >= self.stopped_at:
                    continue  # cut short, so nobody knows what it would have been
                self.problem(name.start, name.end, "a key must be a text, not a collection or an alias", "")
                continue
            if name.text == "<<" and not name.style:
                merges = True
            elif first.setdefault(name.text, name) is not name:
                self.duplicates.append(Duplicate(mapping, first[name.text], name))
            if type(value) is ScalarNode and value.start == value.end:
                self.settle(name, value)
        if merges and self.follow_aliases:
            self.merge(mapping, first)
        elif merges:
            for name, value in mapping.pairs:
                if isinstance(name, ScalarNode) and name.text == "<<" and not name.style:
                    self.problem(name.start, value.end, "merge keys are not read", "write the fields out")

    def settle(self, name: ScalarNode, value: ScalarNode) -> None:
        """Put the empty value of a `? key` behind its key: the parser's mark is that of the next token."""
        if "\n" in self.text.text[name.end : value.start]:
            value.start = value.end = name.end

    def merge(self, mapping: MappingNode, own: dict[str, ScalarNode]) -> None:
        """Add the pairs of `<<: *anchor` and `<<: [*a, *b]` below the mapping's own, which win; so do earlier ones."""
        merged: list[tuple[Node, Node]] = []
        kept: list[tuple[Node, Node]] = []
        for name, value in mapping.pairs:
            if not (isinstance(name, ScalarNode) and name.text == "<<" and not name.style):
                kept.append((name, value))
                continue
            for source in value.items if isinstance(value, SequenceNode) else [value]:
                if not isinstance(source, MappingNode):
                    self.problem(name.start, value.end, "a merge key needs a mapping, or a list of them", "")
                    continue
                for pair in source.pairs:
                    if isinstance(pair[0], ScalarNode) and pair[0].text not in own:
                        own[pair[0].text] = pair[0]
                        merged.append(pair)
        mapping.pairs = kept + merged

    def decorated(self, event: Any, node: Node) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.tag and not (self.follow_aliases and event.tag.startswith("tag:yaml.org,2002:")):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.problem(start, end, f"the tag `{tag}` is not read", "take it out; quotes make a text")
        if event.anchor and self.follow_aliases:
            self.anchors[event.anchor] = node
            self.sizes[id(node)] = 1 if isinstance(node, ScalarNode) else 1 - self.nodes
        elif event.anchor:
            self.problem(
                start,
                end,
                f"the anchor `&{event.anchor}` is not read: an edit through an alias would change two flags",
                "write the value out where it is needed, or give the condition a name under `segments`",
            )

    def alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        node: Node = AliasNode(event.anchor, start, end)
        known = self.anchors.get(event.anchor)
        if not self.follow_aliases:
            self.problem(start, end, f"the alias `*{event.anchor}` is not read", "write the value out")
        elif known is None:
            self.problem(start, end, f"there is no anchor `&{event.anchor}` above", "")
        elif any(known is unfinished for unfinished, _ in self.stack):
            self.problem(start, end, f"the alias `*{event.anchor}` stands inside of what it names", "")
        else:
            node = known
            self.nodes += self.sizes[id(known)]
        self.keep(node)
        if self.nodes > MAX_NODES:
            self.stop(start, f"its aliases stand for more than {MAX_NODES:,} nodes", "write the values out")
