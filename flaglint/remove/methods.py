"""The methods of a class that stay as they were when its text changes: their trees stay, too, and are not read again.

A removal reads a class anew after each of its steps, and most steps change one method.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass
from flaglint.refs.ast_places import UnsureError
from flaglint.refs.outline import outline
from flaglint.remove import cst
from flaglint.remove.cst.parsing import parsed_here
from flaglint.remove.nodes import children

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from flaglint.refs.outline import Unit
    from flaglint.remove.nodes import Nodes

    Node: TypeAlias = cst.CSTNode

_STAND_IN = "pass"
_SHORT = 2_000  # characters of a class that is read as a whole in no time
_CLASS = re.compile(r"^class[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method that was read. In the text that its places are of, it began at `start`."""

    nodes: Nodes
    start: int

    @property
    def root(self) -> Node:
        """The definition itself."""
        return self.nodes.listed[0]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A method in a class, from `start` to `end` of its text; its places are to be moved by `base`."""

    method: Method
    start: int
    end: int

    @property
    def base(self) -> int:
        """What makes the places of the method those in the class."""
        return self.start - self.method.start


def class_in(text: str) -> str:
    """Return the name of a class that a text may be, if it is a long one; else nothing."""
    found = _CLASS.search(text) if len(text) >= _SHORT else None
    return found[1] if found is not None else ""


@lru_cache(maxsize=8)
def methods_in(text: str) -> tuple[Unit, ...]:
    """Return where the methods stand in the text of a class."""
    units = outline(text).units
    return tuple([member for member in units[0].members if member.kind == "def"]) if len(units) == 1 else ()


def methods_of(text: str, module: cst.Module, nodes: Nodes, placed: list[Placed]) -> dict[str, Method]:
    """Return the methods of a class by their texts, those that were `placed` in it among them."""
    owner = module.body[0] if len(module.body) == 1 else None
    if not isinstance(owner, cst.ClassDef):
        return {}
    known = {item.start: item.method for item in placed}
    taken = {item.method.root for item in placed}
    index = {node: number for number, node in enumerate(nodes.listed)}
    behind: list[Node | None] = [*children(owner), None]
    body = owner.body.body
    following = dict(zip(body, [*body[1:], behind[behind.index(owner.body) + 1]], strict=True))
    fresh = {_begin(node): node for node in following if isinstance(node, cst.FunctionDef) and node not in taken}
    found: dict[str, Method] = {}
    for unit in methods_in(text):
        method = known.get(unit.start)
        node = fresh.get(unit.start + len(unit.indent))
        if method is None and node is not None:
            last = following[node]
            method = Method(nodes.part(node, last, index), unit.start)
        if method is not None:
            found[text[unit.start : unit.end]] = method
    return found


def _begin(node: cst.FunctionDef) -> int:
    return node.decorators[0].place[0] if node.decorators else node.place[0]


def read_around(text: str, known: Mapping[str, Method]) -> tuple[cst.Module, list[Placed]] | None:
    """Return the tree of the text of a class with the methods in it that are `known` by their texts, and these.

    None where there are none, and where they cannot be left out when the rest is read.
    """
    placed: list[Placed] = []
    pieces: list[str] = []
    position = 0
    used: set[Method] = set()
    units = []
    for unit in methods_in(text):
        source = text[unit.start : unit.end]
        method = known.get(source)
        if method is None or method in used:  # each node stands in one place
            continue
        stand_in = _stand_in(source, unit.indent)
        if stand_in:
            used.add(method)
            units.append(unit)
            placed.append(Placed(method, unit.start, unit.end))
            pieces += [text[position : unit.start], stand_in]
            position = unit.end
    if not placed:
        return None
    try:
        module = parsed_here("".join((*pieces, text[position:])))
    except UnsureError:
        return None
    begins = {unit.start + len(unit.indent): item for unit, item in zip(units, placed, strict=True)}
    return (module, placed) if _put_in(module, begins) else None


def _put_in(module: cst.Module, methods: dict[int, Placed]) -> bool:
    """Put methods in the place of what stands in for them, by where that begins; whether they all have one."""
    owner = module.body[0] if len(module.body) == 1 else None
    block = owner.body if isinstance(owner, cst.ClassDef) else None
    if not isinstance(owner, cst.ClassDef) or not isinstance(block, cst.IndentedBlock):
        return False
    body: list[Any] = [
        item.method.root if (item := methods.get(statement.place[0])) is not None else statement
        for statement in block.body
    ]
    if sum(statement.place[0] in methods for statement in block.body) != len(methods):
        return False
    first, last = methods.get(block.body[0].place[0]), methods.get(block.body[-1].place[0])
    block.body = tuple(body)
    start, end = block.place
    start = start if first is None else first.method.root.place[0] + first.base
    end = end if last is None else last.method.root.place[1] + last.base
    block.place = start, end
    owner.place = owner.place[0], end
    return True


def _stand_in(source: str, indent: str) -> str:
    """Return a statement as long as a method, with the line end that it has; nothing where there is none."""
    code = source.rstrip()
    blanks = len(code) - len(indent) - len(_STAND_IN)
    if not indent or not source.startswith(indent) or blanks < 0:
        return ""
    filler = f"#{'_' * (blanks - 1)}" if blanks else ""  # a comment is read many times faster than blanks are
    return f"{indent}{_STAND_IN}{filler}{source[len(code) :]}"
