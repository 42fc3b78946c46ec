"""Where the bytes of a file may set an attribute, a name of a module, or an element of a list or dictionary by a name.

Most places where a name stands only read it. They are told apart before anything is parsed, as the name may be one that
half of a project uses; what is taken for a store here is looked at more closely later.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from flaglint.patterns import late
from flaglint.refs.cells import is_module
from flaglint.refs.containers import CHANGING
from flaglint.refs.reading import BUILTINS
from flaglint.refs.screen import Screen
from flaglint.refs.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from flaglint.refs.cells import Cell

_NEAR = 300  # bytes on either side of a name in quotes, within which something sets what is named so
# Lines may be as long as a file, and hold thousands of places: what goes on for `_NEAR` bytes counts as a store.
_ASSIGNED = late(rb"[ \t]*(?:=(?!=)|:[^=\n]{0,299}[^=!<>\n]=(?!=)|:[^=\n]{300}|(?:[-+*/%&|^@]|//|\*\*|<<|>>)=)")
_CHANGED = late(
    rb"[ \t]*(?:\.(?:" + CHANGING.encode() + rb")[ \t]*\(|"
    rb"(?:\[[^\]\n]{0,299}\]){1,9}[ \t]*(?:[-+*/%&|^@]|//|\*\*|<<|>>)?=(?!=)|\[[^\]\n]{300})"
)
_TARGETS = late(rb"[ \t\w.,*\[\]()'\"-]*+=(?!=)")
_CALLED = late(rb"\w\(")
_IN_FOR = late(rb"\bfor[ \t(]+(?:(?!\bin\b)[ \t\w.,*()\[\]])*\Z")
_IN_AS = late(rb"\bas[ \t(][ \t(\w.,*\[\]'\"]*\Z")
_IN_DEL = late(rb"\bdel\b[^\n]*\Z")
_BY_STRING = late(
    rb"setattr|__dict__|\b(?:vars|globals|locals|type)\(|\bpatch[.(]|new_class|make_dataclass|__defaults__|__kwdefaults__"
)
_DEFINED = late(rb"[ \t]+(?:async[ \t]+)?(?:def[ \t]+)?\Z")
_AUGMENTED = late(rb"[ \t]*(?:[-+*/%&|^@]|//|\*\*|<<|>>)=(?!=)")
# What only reads a list or dictionary, as what stands before and behind its name tells.
_LOOKED_UP = late(rb"[ \t]*(?:\[|\.(?!(?:" + CHANGING.encode() + rb")\b)\w)")
_DOTTED = late(rb"[\w.]*\Z")
_READ_BY = late(
    rb"(?:\b(?:in|if|elif|while|not|assert|class|def|del)|(?<![\w.])(?:" + BUILTINS.encode() + rb")\(|\*)"
    rb"[ \t]*\Z"
)
_IMPORTING = late(rb"^[ \t]*(?:from|import)\b[^\n]*\Z|\bimport[ \t]*\([^()]*\Z", re.MULTILINE)
_AS = late(rb"[ \t]+as\b")
_CLOSED = late(rb"[ \t]*(?:[,):\n#]|\Z)")
_QUOTES = (b'"', b"'")
# What sets attributes by names that need not be spelled there.
COMPUTED = ("setattr(", "__setattr__", "__getattribute__", "__dict__", "vars(", "globals(", "locals(", "new_class(")
_BY_NAME = frozenset({b"setattr(", b"__setattr__("})
_UPDATED = late(rb"\.update\(")
_COMPUTED_NAME = late(rb"\s*(?:[fF][\"']|[^\s\"'])")
_GIVEN = late(rb"\(?\s*([\w.]+)\s*[,)]")
_HAVING = late(rb"([\w.]+)\.\Z")
_SELF = frozenset({b"self", b"cls", b"super"})
_FAR = 1000  # bytes before the place, within which it is said of what kind an object is


class Sought(NamedTuple):
    """What is looked for: names, each with whether a class may define it, too; the modules and classes they are of.

    Of the names that hold lists or dictionaries (each with whether these hold others) it is looked for who gets them.
    """

    names: Mapping[str, bool]
    modules: frozenset[bytes]
    classes: frozenset[bytes]
    held: Mapping[str, bool] = {}
    beside: Mapping[str, frozenset[bytes]] = {}  # of names that are other ones: words of which a file holds one

    @classmethod
    def of(cls, cells: Collection[Cell]) -> Sought:
        """Return what to look for to find out who sets some cells."""
        names: dict[str, bool] = {}
        held: dict[str, bool] = {}
        beside: dict[str, frozenset[bytes]] = {}
        for cell in cells:
            if cell.origin is None:
                names[cell.name] = names.get(cell.name, False) or cell.is_open
            if cell.depth or cell.is_setter:
                held[cell.name] = held.get(cell.name, False) or cell.depth > 1 or cell.is_called
        for cell in cells:
            if cell.name in held and cell.name not in names:
                beside[cell.name] = beside.get(cell.name, frozenset()) | {cell.word.encode()}
        modules = frozenset(cell.word.encode() for cell in cells if is_module(cell.owner))
        classes = frozenset(cell.word.encode() for cell in cells if not is_module(cell.owner))
        return cls(names, modules, classes, held, beside)

    def joined(self, other: Sought) -> Sought:
        """Return what to look for to find either."""
        return Sought(
            {**self.names, **other.names},
            self.modules | other.modules,
            self.classes | other.classes,
            {**self.held, **other.held},
            {**self.beside, **other.beside},
        )

    @property
    def all_names(self) -> set[str]:
        """The names."""
        return {*self.names, *self.held}

    @property
    def words(self) -> tuple[str, ...]:
        """The words whose places `places` wants to know."""
        return (*self.all_names, *COMPUTED)


def found_in(
    paths: Iterable[str], data_of: Callable[[str], bytes | None], cells: Collection[Cell]
) -> dict[str, list[int]]:
    """Return the files with places where some cells may be set, or lists and dictionaries of them handed on."""
    sought = Sought.of(cells)
    own = {cell.owner[0] for cell in cells}
    screen = Screen(sought.words)
    found: dict[str, list[int]] = {}
    for path in paths:
        data = data_of(path)
        if data is not None and (hits := screen.hits(data)):
            if at := places(data, hits, sought, is_own=path in own):
                found[path] = at
    return found


def places(data: bytes, hits: Mapping[str, Iterable[int]], sought: Sought, *, is_own: bool) -> list[int]:
    """Return the offsets at which one of the names may be set, in order.

    `hits` are the places of the words in the bytes. What sets attributes by names that nobody spells counts where it
    goes by what they are of, and in the file itself that has them (`is_own`).
    """
    found: list[int] = []
    own = _Own(data, sought, is_own=is_own)
    for word, offsets in hits.items():
        size = len(word.encode())
        if word in sought.names:
            found += [at for at in offsets if _is_store(data, at, at + size, is_defined=sought.names[word])]
        if word in sought.held and (is_own or any(name in data for name in sought.beside.get(word, (b"",)))):
            in_code = counted(data, word, offsets)
            found += [at for at in in_code if _is_handed(data, at, at + size, is_nested=sought.held[word])]
        if word not in sought.names and word not in sought.held:
            found += [at for at in offsets if own.is_computed(at, at + size)]
    return sorted(set(found))


class _Own:
    """Tells the places of one file that set attributes by computed names of what is sought."""

    def __init__(self, data: bytes, sought: Sought, *, is_own: bool) -> None:
        self._data = data
        self._sought = sought
        self._is_own = is_own

    def is_computed(self, start: int, end: int) -> bool:
        """Whether what stands at `[start, end)` does."""
        data, sought = self._data, self._sought
        piece = data[start:end]
        if piece in {b"globals(", b"locals("}:
            return self._is_own
        given = _HAVING.search(data, max(0, start - _NEAR), start) if piece == b"__dict__" else None
        given = given or _GIVEN.match(data, end, end + _NEAR)
        parts = given[1].split(b".") if given is not None else [b""]
        if parts[-1] in sought.classes or (parts[-1] in sought.modules and _is_imported(data, parts[-1])):
            return True
        if parts[0] in _SELF:
            return self._names_class
        # So many files set what they are passed that those which do not name the classes are not looked at.
        if given is not None and _sets_passed(piece, data, given.end()) and (self._is_own or self._names_class):
            return True  # whatever it is, it may be passed one of them
        return _names_one(sought.classes, data[max(0, start - _FAR) : end + _NEAR])

    @cached_property
    def _names_class(self) -> bool:
        """Whether the file names one of the classes."""
        return _names_one(self._sought.classes, self._data)


def _sets_passed(piece: bytes, data: bytes, at: int) -> bool:
    """Whether a call sets what it is given by a name that is none in quotes, or by those in a dictionary."""
    return (_COMPUTED_NAME if piece in _BY_NAME else _UPDATED).match(data, at) is not None


def _names_one(names: Iterable[bytes], data: bytes) -> bool:
    return any(name in data and re.search(rb"\b%b\b" % re.escape(name), data) for name in names)


def _is_imported(data: bytes, name: bytes) -> bool:
    """Whether a module may be imported by its name."""
    if name not in data:
        return False
    bare = re.escape(name)
    return re.search(rb"\bimport\b[^()\n]*\b%b\b|\bimport\s*\([^)]*\b%b\b" % (bare, bare), data) is not None


def _is_store(data: bytes, start: int, end: int, *, is_defined: bool) -> bool:
    before, after = data[start - 1 : start], data[end : end + 1]
    if after in _QUOTES and before in (*_QUOTES, b"."):
        return _BY_STRING.search(data, max(0, start - _NEAR), end + _NEAR) is not None
    if _CHANGED.match(data, end) is not None:
        return True
    first = max(0, start - _FAR)
    line = max(data.rfind(b"\n", first, start) + 1, first)
    if before == b".":
        return _ASSIGNED.match(data, end) is not None or _is_target(data, line, start, end)
    if after == b"[" and _IN_DEL.search(data, line, start) is not None:
        return True
    if _ASSIGNED.match(data, end) is None and not (is_defined and after == b"("):
        return False
    if is_defined and _DEFINED.match(data, line, start) is not None and not _is_argument(data, end):
        return True
    return _BY_STRING.search(data, max(0, start - _NEAR), start) is not None


def _is_handed(data: bytes, start: int, end: int, *, is_nested: bool) -> bool:
    """Whether a name of a list or dictionary stands where it may be changed, or handed to what may change it."""
    if data[end : end + 1] in _QUOTES or any(found.match(data, end) for found in (_AS, _AUGMENTED, _CHANGED)):
        return True
    if _ASSIGNED.match(data, end) is not None or (_LOOKED_UP.match(data, end) is not None and not is_nested):
        return False
    first = max(0, start - _NEAR)
    dotted = _DOTTED.search(data, first, start)
    begin = dotted.start() if dotted is not None else start
    line = max(data.rfind(b"\n", first, begin) + 1, first)
    if data.find(b"#", line, begin) >= 0 or _IMPORTING.search(data, max(0, start - _FAR), begin) is not None:
        return False
    return is_nested or _CLOSED.match(data, end) is None or _READ_BY.search(data, first, begin) is None


def _is_argument(data: bytes, end: int) -> bool:
    """Whether what begins a line is an argument by name: its sign stands close, and more or a bracket behind it."""
    if data[end : end + 1] != b"=":
        return False
    stop = data.find(b"\n", end)
    rest = data[end : stop if stop >= 0 else len(data)].rstrip()
    behind = data[stop + 1 : stop + 1 + _NEAR].lstrip()[:1] if stop >= 0 else b""
    return rest.endswith(b",") or behind == b")" or rest.count(b")") > rest.count(b"(")


def _is_target(data: bytes, line: int, start: int, end: int) -> bool:
    """Whether an attribute is one of several targets, or one that a loop or a `with` sets."""
    if start - line > _NEAR:
        return True  # so far behind the begin of its line, it may be
    found = _TARGETS.match(data, line, end + _FAR)
    if found is not None and found.end() > end and data.find(b",", line, found.end()) >= 0:
        if _CALLED.search(data, line, found.end()) is None:
            return True
    if _IN_FOR.search(data, line, start) is not None or _IN_AS.search(data, line, start) is not None:
        return True
    return data[end : end + 1] == b"[" and _IN_DEL.search(data, line, start) is not None
