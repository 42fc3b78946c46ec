"""Where a key is spelled: the one string, or the one keyword, by which a reference names its flag."""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING, NamedTuple

from flaglint.model import Kind
from flaglint.refs.outline import outline
from flaglint.source import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.model import Reference

_LITERAL = re.compile(r"""([rRuU]?)("{3}|'{3}|"|')""")


class Spelling(NamedTuple):
    """A place that spells a key, as 0-based character offsets of its file; a keyword has no quotes around it."""

    start: int
    end: int
    is_keyword: bool = False

    def rewritten(self, text: str, new: str) -> str:
        """Return `new` as it is spelled here: with the prefix and the quotes of the string that stands in `text`."""
        found = _LITERAL.match(text, self.start)
        if self.is_keyword or found is None:
            return new
        prefix, quote = found.groups()
        return f"{prefix}{quote}{new}{quote}"


def spellings(text: Text, reference: Reference, key: str) -> tuple[Spelling, ...]:
    """Return what spells `key` in the place of a reference: nothing when no whole string or keyword does.

    Strings that only stand in its place, such as a default or an argument of an inner call, are left out.
    """
    start, end = text.offset(reference.span.start), text.offset(reference.span.end)
    piece = text.text[start:end]
    strings = _whole_strings(piece, key)
    tree = _parsed(piece)
    if tree is None:
        return tuple(Spelling(start + first, start + last) for first, last in strings) if len(strings) == 1 else ()
    root, shift = tree
    place = _Places(piece, shift)
    direct = [node for node in _key_places(root) if isinstance(node, ast.Constant) and node.value == key]
    chosen = [found for node in direct if (found := place(node)) in strings]
    default = reference.default
    if len(chosen) > 1 and default is not None and default.known and default.value == key:
        named = [
            place(node.value) for node in ast.walk(root) if isinstance(node, ast.keyword) and node.arg == "default"
        ]
        chosen = [found for found in chosen if found not in named] if named else chosen[:-1]
    if not chosen and len(strings) == 1 and not _is_a_part(root, place, strings[0]):
        chosen = strings
    spelled = [Spelling(start + first, start + last) for first, last in dict.fromkeys(chosen)]
    if not spelled and reference.kind is Kind.OVERRIDE and key.isidentifier():
        spelled = [Spelling(start + at, start + at + len(key), is_keyword=True) for at in _keywords(root, place, key)]
    return tuple(spelled)


def is_word(new: str) -> bool:
    """Whether a key can be the name of a keyword argument."""
    import keyword

    return new.isidentifier() and not keyword.iskeyword(new)


def _whole_strings(piece: str, key: str) -> list[tuple[int, int]]:
    """Return the strings of a piece of code that are the key, each a token of its own without format or bytes."""
    found = []
    for start, end in outline(piece).strings:
        opening = _LITERAL.match(piece, start)
        if opening is None or key not in (spelled := piece[start:end]):
            continue
        quote = opening[2]
        if spelled[opening.end() - start : -len(quote)] == key:
            found.append((start, end))
    return found


def _parsed(piece: str) -> tuple[ast.AST, int] | None:
    """Return the tree of an expression, or else of a statement, and how many characters were put before it."""
    for code, mode, shift in ((f"({piece}\n)", "eval", 1), (piece, "exec", 0)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return ast.parse(code, mode=mode), shift
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


class _Places:
    """Turns the lines and bytes that `ast` counts into characters of the piece."""

    def __init__(self, piece: str, shift: int) -> None:
        self._lines = Text("", b"", piece, "utf-8").lines
        self._starts = [0]
        for found in re.finditer(r"\r\n|\r|\n", piece):
            self._starts.append(found.end())
        self._shift = shift

    def __call__(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None  # the parser sets both
        assert node.end_col_offset is not None
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def at(self, line: int, column: int) -> int:
        before = column - (self._shift if line == 1 else 0)
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:before].decode(errors="ignore"))


def _key_places(node: ast.AST | None) -> Iterator[ast.AST]:
    """Yield the expressions of a reference that may be its key, not what is computed on the way to something else."""
    match node:
        case None | ast.Lambda() | ast.Compare() | ast.JoinedStr() | ast.BinOp():
            return
        case ast.Call():
            yield from _key_places(node.func)
            for arg in (*node.args, *(keyword.value for keyword in node.keywords)):
                if not isinstance(arg, ast.Call):
                    yield from _key_places(arg)
        case ast.IfExp():
            yield from _key_places(node.body)
            yield from _key_places(node.orelse)
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                yield from _key_places(key)
                if isinstance(value, ast.Dict | ast.List | ast.Tuple | ast.Set):
                    yield from _key_places(value)
        case ast.Assign() | ast.AnnAssign():
            yield from _key_places(node.value)
        case _:
            yield node
            for child in ast.iter_child_nodes(node):
                yield from _key_places(child)


def _is_a_part(root: ast.AST, place: _Places, found: tuple[int, int]) -> bool:
    """Whether a string is a part of a longer one, or beside what decides: in `"a" + x`, an f-string, a comparison."""
    joined: list[ast.expr] = []
    joined += [
        node for node in ast.walk(root) if isinstance(node, ast.JoinedStr | ast.BinOp | ast.Compare | ast.Lambda)
    ]
    joined += [node for node in ast.walk(root) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for node in joined:
        start, end = place(node)
        if start <= found[0] and found[1] <= end and (start, end) != found:
            return True
    return False


def _keywords(root: ast.AST, place: _Places, key: str) -> list[int]:
    """Return where keyword arguments of this name begin."""
    return [
        place.at(node.lineno, node.col_offset)
        for node in ast.walk(root)
        if isinstance(node, ast.keyword) and node.arg == key
    ]
