"""Where each key of a TOML file stands: the standard library reads values, but tells no places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

Keys: TypeAlias = "tuple[str | int, ...]"

_TRIVIA = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_LITERAL = re.compile(r"'([^'\n]*)'")
_LONG = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def place_of(path: Path, keys: Keys) -> tuple[int, int]:
    """Return the 1-based line and column where the value at `keys` is set in a file.

    The nearest enclosing table that has a place is taken when the key itself has none; (0, 0) when there is none.
    """
    try:
        places = places_in(path.read_text("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, ValueError):
        return 0, 0
    while keys and keys not in places:
        keys = keys[:-1]
    return places.get(keys, (0, 0))


def places_in(text: str) -> dict[Keys, tuple[int, int]]:
    """Return the 1-based line and column of each key and array item of a valid TOML document, by its path."""
    return _Scanner(text).document()


class _Scanner:
    """Walks a document that `tomllib` has accepted; so every branch may trust the grammar."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._offsets: dict[Keys, int] = {}

    def document(self) -> dict[Keys, tuple[int, int]]:
        table: Keys = ()
        counts: dict[Keys, int] = {}
        while self._skip(_TRIVIA) < len(self._text):
            if self._text[self._at] != "[":
                self._pair(table)
                continue
            is_array = self._text.startswith("[[", self._at)
            start = self._at
            self._at += 2 if is_array else 1
            table = self._inside_arrays(self._key(), counts, ends_in_array=is_array)
            self._offsets.setdefault(table, start)
            self._at += 2 if is_array else 1
        return {keys: self._place(offset) for keys, offset in self._offsets.items()}

    def _inside_arrays(self, names: list[str], counts: dict[Keys, int], *, ends_in_array: bool) -> Keys:
        """Return the path that a header means: its last array of tables gets a new item, those above their latest."""
        path: Keys = ()
        for index, name in enumerate(names):
            path = (*path, name)
            if ends_in_array and index == len(names) - 1:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path

    def _place(self, offset: int) -> tuple[int, int]:
        return self._text.count("\n", 0, offset) + 1, offset - (self._text.rfind("\n", 0, offset) + 1) + 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _key(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            found = next((m for p in (_BASIC, _LITERAL, _BARE) if (m := p.match(self._text, self._at))), None)
            if found is None:  # not reached in a valid document
                self._at = len(self._text)
                return names
            names.append(found[1] if found.re is not _BARE else found[0])
            self._at = found.end()
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _pair(self, table: Keys) -> None:
        start = self._skip(_SPACE)
        path = table
        for name in self._key():
            path = (*path, name)
            self._offsets.setdefault(path, start)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Keys) -> None:
        self._offsets.setdefault(path, self._at)
        opening = self._text[self._at : self._at + 1]
        if opening == "[":
            self._items(path, "]")
        elif opening == "{":
            self._items(path, "}")
        elif self._text.startswith(('"""', "'''"), self._at):
            self._skip(_LONG)
        elif opening in {'"', "'"}:
            self._skip(_BASIC if opening == '"' else _LITERAL)
        else:
            self._skip(_SCALAR)

    def _items(self, path: Keys, closing: str) -> None:
        self._at += 1
        index = 0
        while self._skip(_TRIVIA) < len(self._text) and self._text[self._at] != closing:
            if closing == "}":
                self._pair(path)
            else:
                self._value((*path, index))
            index += 1
            self._skip(_TRIVIA)
            if self._text.startswith(",", self._at):
                self._at += 1
        self._at += 1
