"""What files that are not Python say, each kept for as long as it has not changed: they are many, and few change.

What a file says depends on its bytes, the keys, the packs and this program, and on no other file. So one is known by
its name, size, inode and times alone, as in `remembered`; one that was changed just before is searched again. This is
what a run looks at after some file has changed; after none, all that was found is remembered as a whole.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from flaglint.model import Skipped
from flaglint.refs.texts import Texts
from flaglint.source.digest import digest
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from flaglint.refs.remembered import Memory

FOLDER = "texts"
AT_MOST = 4  # sets of keys of one project that are remembered side by side
_NOTHING = Texts(())


class RememberedTexts:
    """Looks up and keeps what single files say; what is kept is all of the files that were asked for, and no more."""

    def __init__(self, memory: Memory, made_with: Iterable[object]) -> None:
        words = "\0".join(map(repr, (memory.made_with, *made_with)))
        self._folder: Path = memory.folder
        self._name = f"{FOLDER}/{digest(words.encode('utf-8', 'surrogateescape'))}.json"
        self._rows = memory.settled
        self._known: dict[str, Texts] = {}
        with suppress(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            self._known = self._read()
        self._now: dict[str, Texts] = {}

    def said_by(self, path: str) -> Texts | None:
        """Return what a file says, or None when that is not known."""
        row = self._rows.get(path, "")
        known = self._known.get(row)
        if known is not None:
            self._now[row] = known
        return known

    def keep(self, fresh: Mapping[str, Texts]) -> None:
        """Write down what files were found to say, if any were searched, beside what is known of others.

        Left out are those that could not be read, and those that may change with their times the same.
        """
        new = {
            row: said
            for path, said in fresh.items()
            if (row := self._rows.get(path)) is not None
            and not any(isinstance(item, Skipped) and item.unreadable for item in said.found)
        }
        if not new:
            return
        from flaglint.refs.across.codec import Writer

        writer = Writer()
        silent: list[str] = []
        said: list[list[object]] = []
        for row, (found, is_commented) in (self._now | new).items():
            if found or is_commented:
                said.append([row, is_commented, *map(writer.write, found)])
            else:
                silent.append(row)
        document = {"rows": writer.rows, "silent": silent, "said": said}
        body = json.dumps(document, separators=(",", ":")).encode()
        keep(self._folder, self._name, _header(body) + body, at_most=AT_MOST)

    def _read(self) -> dict[str, Texts]:
        data = (self._folder / self._name).read_bytes()
        end = data.index(b"\n") + 1
        body = data[end:]
        if data[:end] != _header(body):
            return {}
        from flaglint.refs.across.codec import FactReader

        document = json.loads(body)
        reader = FactReader(document["rows"])
        found = dict.fromkeys(document["silent"], _NOTHING)
        for row, is_commented, *items in document["said"]:
            found[row] = Texts(tuple(map(reader.read, items)), bool(is_commented))
        return found


def _header(body: bytes) -> bytes:
    return f"flaglint-texts {digest(body)}\n".encode()
