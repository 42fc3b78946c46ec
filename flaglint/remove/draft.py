"""One file under rewriting: its text now, what that has of the original, and trees of the stretches that matter.

A *stretch* is one top-level statement of the original with the comments above it. Only stretches that hold a mark are
parsed again and again; the others are parsed when someone asks for their names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.refs.outline import outline
from flaglint.remove import cst
from flaglint.remove.lines import Lines, width
from flaglint.remove.methods import class_in
from flaglint.remove.rope import Cut, Rope
from flaglint.remove.scopes import Scope, scopes_of
from flaglint.remove.spelled import imported_words, is_call, may_bind
from flaglint.remove.tree import SyntaxProblem, Tree, identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flaglint.refs.outline import Unit
    from flaglint.remove.tree import Node

_CLASSES = 8  # of which methods are taken over when they are parsed again
# Of a word that ends so, too: what begins with letters is found sooner.
_DEFINED = re.compile(r"def(?=[\s\\]+(\w+))")


@dataclass(frozen=True)
class Stretch:
    """A part of a file that parses on its own. `base` is where it begins in the file."""

    base: int
    text: str
    parsed: Parsed

    @property
    def tree(self) -> Tree:
        """The tree of the stretch; raises SyntaxProblem when it has none."""
        return self.parsed.tree

    @property
    def scope(self) -> Scope:
        """The names of the stretch."""
        return self.parsed.scope

    @property
    def parses(self) -> bool:
        """Whether the stretch has a tree."""
        try:
            return self.parsed.tree is not None
        except SyntaxProblem:
            return False


class Parsed:
    """A text with its tree and its names, each made when it is first asked for."""

    def __init__(self, text: str, classes: dict[str, Tree] | None = None) -> None:
        self.text = text
        self._classes = classes if classes is not None else {}

    @cached_property
    def tree(self) -> Tree:
        """The tree; raises SyntaxProblem."""
        name = class_in(self.text)
        made = Tree(self.text, self._classes.pop(name, None))
        if name:
            self._classes[name] = made
            if len(self._classes) > _CLASSES:
                del self._classes[next(iter(self._classes))]
        return made

    @cached_property
    def scope(self) -> Scope:
        """The module scope of the text; raises SyntaxProblem."""
        return scopes_of(self.tree.module)

    @cached_property
    def _bound(self) -> frozenset[str] | None:
        """The names that the statements of the text bind, read without a parser; None when only a parse can tell."""
        names: set[str] = set()
        for unit in outline(self.text).units:
            if unit.names is None and not (unit.kind == "simple" and is_call(self.text, unit.start)):
                return None
            names.update(unit.names or ())
        return frozenset(names) if ":=" not in self.text else None

    def may_bind(self, name: str) -> bool:
        """Whether the text may bind `name` at its top level; nothing is parsed for the answer."""
        if self.is_read:
            return True
        return may_bind(self.text, name) and (self._bound is None or name in self._bound)

    @cached_property
    def _imported(self) -> frozenset[str]:
        return frozenset().union(*imported_words(self.text))

    def may_import(self, name: str) -> bool:
        """Whether a statement of the text may import something as `name`; nothing is parsed for the answer."""
        return name in self._imported

    @cached_property
    def function_names(self) -> frozenset[str]:
        """The names that stand behind a `def`, perhaps no word or in a string; nothing is parsed for the answer."""
        return frozenset(_DEFINED.findall(self.text))

    @property
    def is_read(self) -> bool:
        """Whether the tree is there already."""
        return "tree" in vars(self)

    def has_scope(self, scope: Scope) -> bool:
        """Whether a module scope is that of this very text; nothing is parsed for the answer."""
        return vars(self).get("scope") is scope

    @cached_property
    def bound_names(self) -> frozenset[str]:
        """The names that any scope in the text binds; raises SyntaxProblem."""
        return frozenset([name for scope in self.scope.walk() for name in scope.bindings])

    def binds(self, name: str) -> bool:
        """Whether any scope in the text binds `name`; nothing is parsed where that is plain. Raises SyntaxProblem."""
        return may_bind(self.text, name) and name in self.bound_names

    @cached_property
    def identifiers(self) -> Counter[str]:
        """How often each name stands in the text, attributes with a dot before them; raises SyntaxProblem."""
        return Counter(identifiers(self.tree))

    @cached_property
    def attributes(self) -> dict[str, list[cst.Attribute]]:
        """The attributes in the tree by their last name, in the order of the text; raises SyntaxProblem."""
        found: dict[str, list[cst.Attribute]] = {}
        for node in self.tree.of(cst.Attribute):
            found.setdefault(node.attr.value, []).append(node)
        return found

    @cached_property
    def strings(self) -> tuple[cst.SimpleString, ...]:
        """The string literals in the tree; raises SyntaxProblem."""
        return tuple(self.tree.of(cst.SimpleString))

    @cached_property
    def functions_by_name(self) -> dict[str, list[Scope]]:
        """The scopes of functions by the names of these, in the order of the text."""
        found: dict[str, list[Scope]] = {}
        for scope in self.scope.walk():
            if isinstance(scope.node, cst.FunctionDef):
                found.setdefault(scope.node.name.value, []).append(scope)
        return found

    @cached_property
    def functions(self) -> dict[int, Scope]:
        """The scope of each function, by where its name stands."""
        return {
            self.tree.inner(scope.node.name)[0]: scope
            for scope in self.scope.walk()
            if isinstance(scope.node, cst.FunctionDef)
        }


class Parses:
    """What was parsed before, by its text; the texts that were asked for last are kept, `most` characters of them."""

    def __init__(self, most: int = 3_000_000) -> None:
        self._most = most
        self._size = 0
        self._known: dict[str, Parsed] = {}
        self._classes: dict[str, Tree] = {}  # those that were parsed last, by their names
        self._boundaries: dict[str, tuple[int, ...]] = {}

    def boundaries(self, text: str) -> tuple[int, ...]:
        """Return where the stretches of a text begin."""
        if text not in self._boundaries:
            self._boundaries[text] = tuple(boundaries(text))
        return self._boundaries[text]

    def of(self, text: str) -> Parsed:
        """Return a text as one that can be parsed; equal texts share their tree."""
        found = self._known.pop(text, None)
        if found is None:
            found = Parsed(text, self._classes)
            self._size += len(text)
        self._known[text] = found
        while self._size > self._most and len(self._known) > 1:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._size -= len(oldest)
        return found


class Draft:
    """The text of a file while it is rewritten."""

    def __init__(self, path: str, text: str, parses: Parses | None = None) -> None:
        self.path = path
        self.rope = Rope(text)
        self._parsed: dict[str, Parsed] = {}
        self._parses = parses if parses is not None else Parses()
        self._bounds = list(self._parses.boundaries(text))
        self._stretches: tuple[Stretch, ...] | None = None  # as long as nothing is cut
        self.original = self.stretches()
        self._original_bases = [stretch.base for stretch in self.original]
        self.original_texts = frozenset(stretch.text for stretch in self.original)

    @property
    def text(self) -> str:
        """The text as it stands now."""
        return self.rope.text

    def stretches(self) -> tuple[Stretch, ...]:
        """Return the stretches of the text as it stands now, those that are empty left out."""
        if self._stretches is None:
            text = self.text
            places = zip(self._bounds, [*self._bounds[1:], len(text)], strict=True)
            parts = ((start, text[start:end]) for start, end in places if start < end)
            self._stretches = tuple(Stretch(start, part, self._parse(part)) for start, part in parts)
        return self._stretches

    def _parse(self, part: str) -> Parsed:
        found = self._parsed.get(part)
        if found is None:
            found = self._parsed[part] = self._parses.of(part)
        return found

    def stretch_at(self, offset: int) -> Stretch:
        """Return the stretch that holds the character at `offset` of the text now."""
        number = bisect_right(self._bounds, offset) - 1
        end = self._bounds[number + 1] if number + 1 < len(self._bounds) else len(self.text)
        part = self.text[self._bounds[number] : end]
        return Stretch(self._bounds[number], part, self._parse(part))

    def original_at(self, origin: int) -> Stretch | None:
        """Return the stretch of the original that holds its character at `origin`."""
        number = bisect_right(self._original_bases, origin) - 1
        return self.original[number] if number >= 0 else None

    def was_among(self, stretch: Stretch, node: Node, found: Callable[[Tree], Iterable[Node]]) -> bool | None:
        """Whether a node of a stretch begins where, in the original, one did of those that are `found` in its tree.

        None for a node that is new, and where the original does not parse.
        """
        origin = self.rope.origin(stretch.tree.inner(node)[0] + stretch.base)
        original = self.original_at(origin) if origin is not None else None
        if original is None or not original.parses:
            return None
        return any(original.tree.inner(item)[0] + original.base == origin for item in found(original.tree))

    def original_function(self, stretch: Stretch, function: cst.FunctionDef) -> Scope | None:
        """Return the scope that a function had in the original, or None when it is new."""
        found = self._original_of(stretch, function)
        return found[1] if found is not None else None

    def is_as_it_was(self, stretch: Stretch, function: cst.FunctionDef) -> bool:
        """Whether a function reads now as it did in the original."""
        found = self._original_of(stretch, function)
        if found is None:
            return False
        original, scope = found
        return original.tree.source(scope.node) == stretch.tree.source(function)

    def _original_of(self, stretch: Stretch, function: cst.FunctionDef) -> tuple[Stretch, Scope] | None:
        origin = self.rope.origin(stretch.tree.inner(function.name)[0] + stretch.base)
        found = self.original_at(origin) if origin is not None else None
        if found is None or origin is None or not found.parses:
            return None
        scope = found.parsed.functions.get(origin - found.base)
        return (found, scope) if scope is not None else None

    def cut(self, cuts: Iterable[Cut]) -> bool:
        """Make cuts in the text; return whether they change anything. Raises OverlapError when two overlap."""
        made = sorted(cuts)
        before = self.text
        rope = self.rope.cut(made)
        if rope.text == before:
            return False
        self._bounds = [_moved(bound, made) for bound in self._bounds]
        self._stretches = None
        self.rope = rope
        return True


def _moved(offset: int, cuts: list[Cut]) -> int:
    shift = 0
    for cut in cuts:
        if cut.start >= offset:
            break
        if cut.end > offset:
            return cut.start + shift + len(cut.text)
        shift += len(cut.text) - (cut.end - cut.start)
    return offset + shift


@lru_cache(maxsize=32)
def units_of(text: str) -> tuple[Unit, ...]:
    """Return the top-level statements of a text; those of the files that were cut last are kept."""
    return outline(text).units


_QUOTES = ('"', "'", 'r"', "r'")


def boundaries(text: str) -> list[int]:
    """Return where the stretches of a text begin: after each top-level statement and the deeper comments below it."""
    units = units_of(text)
    lines = Lines(text)
    found = [0]
    for unit, following in pairwise(units):
        line = lines.number(unit.end - 1)
        limit = lines.number(following.start)
        last = line
        for number in range(line + 1, limit):
            if lines.is_comment(number):
                if width(lines.indent(number)) == 0:
                    break
                last = number
        bound = lines.start(last + 1)
        if last + 1 == limit and text.startswith(_QUOTES, following.start):
            continue  # it describes what stands above it
        if bound > found[-1]:
            found.append(bound)
    return found
