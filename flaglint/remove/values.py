"""The values that a removal knows, and the marks that stand for them in a text under rewriting.

A mark is an identifier that no file uses. It keeps what came from the flag apart from every constant that was there
before, so that nothing else is folded; at the end each mark becomes the literal of its value.
"""

from __future__ import annotations

import re
from typing import Any

from flaglint.records import dataclass, field
from flaglint.remove import cst
from flaglint.remove.cst.expressions import evaluated

PREFIX = "FLAGLINT" + "_KEPT_"  # in two parts, so that this very file can be worked on
MARK = re.compile(rf"{PREFIX}(\d+)_")


@dataclass(frozen=True, slots=True)
class Known:
    """A value that follows from the flag. `origins` are the numbers of the reads it follows from.

    `shape` is `plain`; or `details`, an object whose `.value` and `.variant` are known; or `variant`, the name of a
    variant or an object that stands for it, which only its use can tell.
    """

    value: Any
    origins: frozenset[int]
    shape: str = "plain"
    variant: str | None = None
    quote: str = '"'

    @property
    def is_true(self) -> bool:
        """Whether the value counts as true."""
        return bool(self.value) if self.shape == "plain" else True

    def becoming(self, value: Any, *others: Known) -> Known:
        """Return a plain value that follows from this one and `others`."""
        origins = self.origins.union(*(other.origins for other in others))
        return Known(value, origins, quote=self.quote)


@dataclass
class Marks:
    """The marks of one removal, over all files."""

    known: list[Known] = field(default_factory=list)

    def name(self, known: Known) -> str:
        """Return a new mark for `known`."""
        self.known.append(known)
        return f"{PREFIX}{len(self.known) - 1}_"

    def of(self, node: cst.CSTNode) -> Known | None:
        """Return what a name stands for, if it is a mark."""
        if not isinstance(node, cst.Name):
            return None
        found = MARK.fullmatch(node.value)
        return self.known[int(found[1])] if found else None

    def origins_in(self, text: str) -> frozenset[int]:
        """Return the numbers of all reads whose marks stand in `text`."""
        return frozenset().union(*(self.known[int(found[1])].origins for found in MARK.finditer(text)))


def literal(value: Any, quote: str = '"') -> str:
    """Return Python source for a JSON value; `quote` is the quotation mark that the file prefers."""
    if isinstance(value, str):
        return _quoted(value, quote)
    if isinstance(value, dict):
        inner = ", ".join(f"{literal(key, quote)}: {literal(item, quote)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(literal(item, quote) for item in value)}]"
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f'float("{value}")'
    return repr(value)


def _quoted(text: str, quote: str) -> str:
    if quote in text:
        quote = "'" if quote == '"' else '"'
        if quote in text:
            return repr(text)
    body = repr(text + "'")[1:-1] if quote == '"' else repr(text + '"')[1:-1]
    return f"{quote}{body[:-1]}{quote}" if "\\" not in body[-2:] else repr(text)


def literal_value(node: cst.CSTNode) -> tuple[Any] | None:
    """Return the value of a literal in a tuple of one, or None when `node` is no literal."""
    match node:
        case cst.Name(value="True"):
            return (True,)
        case cst.Name(value="False"):
            return (False,)
        case cst.Name(value="None"):
            return (None,)
        case cst.Integer() | cst.Float():
            return None if (number := evaluated(node)) is None else (number,)
        case cst.SimpleString() | cst.ConcatenatedString():
            value = evaluated(node)
            return (value,) if isinstance(value, str | bytes) else None
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer() | cst.Float() as number):
            value = evaluated(number)
            return (-value,) if isinstance(value, int | float) else None
        case cst.Tuple() if all(isinstance(element, cst.Element) for element in node.elements):
            items = [literal_value(element.value) for element in node.elements]
            return (tuple(item[0] for item in items),) if all(items) else None  # type: ignore[index] # all are there
    return None
