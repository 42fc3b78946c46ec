"""What a search of the whole project found, kept for as long as nothing that it looked at has changed.

It is found again by what it was made with (this program, the packs, the keys, what the configuration says of files)
and holds when three things do: every file of the project is the one that was read (its name, size, inode and times;
one that was changed just before it was read, by its bytes), what was read outside of the project has the same bytes,
and what was looked for there is still there or still missing. A Python file that says nothing may change into another
such one (`ground`). Otherwise it is searched again: there is no half of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from bisect import bisect_left
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flaglint import __version__
from flaglint.model import FileCounts, ParseFailure, Reference, Skipped, Wrapper
from flaglint.records import dataclass, replace
from flaglint.source import is_python, read
from flaglint.source.digest import MARK, digest, mark
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from flaglint.refs.ground import Ground

FOLDER = "references"
AT_MOST = 4  # configurations of one project that are remembered side by side
# A file that is written twice within one tick of its file system's clock keeps its times: such a one is read again.
YOUNG = 2_000_000_000  # nanoseconds
MOST_NAMES = 4  # by which a state is still known after quiet files have changed
MOST_CHANGED = 200  # files that may have changed; after more, a search costs hardly more
_MISSING = "\0missing"  # behind the name of a file that nobody can ask of


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What is known of a project from its files alone."""

    references: tuple[Reference, ...]
    texts: tuple[Reference, ...]
    wrappers: tuple[Wrapper, ...]
    failures: tuple[ParseFailure, ...]
    skipped: tuple[Skipped, ...]
    counts: FileCounts
    commented: tuple[str, ...]
    known_as: str = ""  # what tells it from what is found in any other state of the project; empty if it is not kept
    is_recalled: bool = False  # so that nothing was read for it
    # What was known of it before by other names, the last first, each with the Python files that have changed since.
    since: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Memory:
    """Looks up and keeps the search of one project with one configuration; made before anything is read.

    `paths` are sorted. `made_with` is a digest of this program and of what was given with that name. What the file
    system says of the files is asked when there is something to hold it against, or by `look`.
    """

    def __init__(self, folder: Path, root: Path, paths: Sequence[str], made_with: Iterable[object]) -> None:
        self.folder = folder
        self._root = root
        self._paths = frozenset(paths)
        words = "\0".join(map(repr, made_with))
        self.made_with = digest(_program(), words.encode("utf-8", "surrogateescape"))
        self._name = f"{FOLDER}/{self.made_with}.json"
        self._started = time.time_ns()
        self._in_order = paths
        self._rows: list[str] = []
        self.sizes: dict[str, int] = {}  # in bytes, of the files that were looked at
        self._young: list[str] = []
        self._state = ""
        self._contents: dict[str, str | None] | None = None
        self.known_as = digest(f"{self._started} {os.getpid()}".encode())  # unless something is recalled

    def look(self, contents: Mapping[str, bytes]) -> None:
        """Ask what the file system says of the files, of which `contents` were read and no others, unless it is known.

        What has changed since this was made counts as it was read; what could not be read is searched again.
        """
        self._see()
        if self._contents is not None:
            return
        self._contents = {}
        for path in self._young:
            if path in contents:
                self._contents[path] = digest(contents[path])
            else:  # not Python, and not searched yet
                self._contents[path] = None if contents and is_python(path) else self._digest_of(path)

    @cached_property
    def settled(self) -> dict[str, str]:
        """What the file system says of the files whose times settle what they hold, by path."""
        self.look({})
        young = set(self._young)
        by_path = {row.partition("\0")[0]: row for row in self._rows if not row.endswith(_MISSING)}
        return {path: row for path, row in by_path.items() if path not in young}

    def _see(self) -> None:
        """Note what the file system says of the files, in their order, and those whose times do not settle it."""
        if self._state:
            return
        rows, young = self._rows, self._young
        since = self._started - YOUNG
        base = f"{self._root}/"
        for path in self._in_order:
            try:
                found = os.stat(base + path)  # noqa: PTH116 - thousands of times
            except OSError:
                rows.append(f"{path}{_MISSING}")
                continue
            self.sizes[path] = found.st_size
            rows.append(_row(path, found))
            if max(found.st_mtime_ns, found.st_ctime_ns) > since:
                young.append(path)
        self._state = digest("\n".join(rows).encode("utf-8", "surrogateescape"))

    def is_as_seen(self, path: str) -> bool:
        """Whether the file system says of a file of the project what it said when it was asked before."""
        try:
            row = _row(path, os.stat(f"{self._root}/{path}"))  # noqa: PTH116 - thousands of times
        except (OSError, ValueError):
            row = f"{path}{_MISSING}"
        return self._rows[bisect_left(self._in_order, path)] == row

    def recall(self) -> Searched | None:
        """Return what was found before, or None when there is nothing or something may have changed since."""
        known = self._recalled()
        if known is not None:
            return replace(known, known_as=self.known_as, is_recalled=True)
        if self._state:
            self.look({})
        return None

    def _recalled(self) -> Searched | None:
        with suppress(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            header, _, body = (self.folder / self._name).read_bytes().partition(b"\n")
            self._see()
            _, state, known_as = header.decode().split()
            if known_as != digest(body):
                return None
            document = json.loads(body)
            changed = {path for path, known in document["contents"].items() if self._digest_of(path) != known}
            if state != self._state:
                changed |= self._changed_since(document)
            there_same = all(_exists(self._root, path) == known for path, known in document["probed"].items())
            if there_same and not changed:
                self.known_as = str(document["known_as"])
                readable = {path for path, known in document["contents"].items() if known is not None}
                settled = (readable & self._paths) - set(self._young)
                if settled:  # their bytes are what they were, and from now on their times say so
                    left = {path: known for path, known in document["contents"].items() if path not in settled}
                    self._write(document | {"contents": left} | self._seen())
                return _read(document)
            if there_same and changed <= self._paths and (held := self._quiet(document, changed)) is not None:
                kept = {path: known for path, known in document["contents"].items() if path not in changed}
                kept |= {path: digest(held[path]) for path in self._young if path in held}
                # A common word stays common while few files change, of this time and of the times before.
                ground = document["ground"] | {"slack": document["ground"]["slack"] - len(changed)}
                document |= {"contents": kept, "ground": ground, "since": _since(document, changed)}
                self._write(document | self._seen())
                return _read(document)
        return None

    def keep(
        self,
        searched: Searched,
        *,
        probed: Mapping[str, bool],
        outside: Mapping[str, bytes],
        ground: Ground | None = None,
    ) -> None:
        """Keep what was found. `probed` says what was looked for; `outside` is what was read besides the files.

        `ground` is what the search of the Python files rests on; without it none of them may change.
        """
        self.look({})
        contents = dict(self._contents or {})
        contents |= {path: digest(data) for path, data in outside.items()}
        # Its times do not say whether a file can be read, which a disk or a network fails to do for a moment.
        contents |= {skip.path: None for skip in searched.skipped if skip.unreadable and skip.path in self._paths}
        document = {
            "contents": contents,
            "probed": _fewest(self._root, {path: found for path, found in probed.items() if path not in self._paths}),
            "ground": ground.written() if ground is not None else None,
            "since": [],
        }
        with suppress(TypeError, ValueError, RecursionError):
            self._write(document | self._seen() | _written(searched))

    def _write(self, document: Mapping[str, Any]) -> None:
        body = json.dumps(document, separators=(",", ":")).encode()
        header = f"flaglint-references {self._state} {digest(body)}\n"
        keep(self.folder, self._name, header.encode() + body, at_most=AT_MOST)

    def _seen(self) -> dict[str, str]:
        """Return a digest of the names of all files, and a short one of what the file system says of each."""
        return {"names": self._names(), "marks": "".join(map(_mark, self._rows)), "known_as": self.known_as}

    def _names(self) -> str:
        return digest("\0".join(row.partition("\0")[0] for row in self._rows).encode("utf-8", "surrogateescape"))

    def _changed_since(self, document: Mapping[str, Any]) -> set[str]:
        """Return the files that are not as they were. Raises KeyError when files came or went."""
        if document["names"] != self._names():
            raise KeyError("names")
        marks = document["marks"]
        places = range(0, len(marks), MARK)
        return {
            row.partition("\0")[0]
            for row, at in zip(self._rows, places, strict=True)
            if marks[at : at + MARK] != _mark(row)
        }

    def _quiet(self, document: Mapping[str, Any], changed: Collection[str]) -> dict[str, bytes] | None:
        """Return the bytes of the files that have changed, when what was found stands; None when it may not."""
        if len(changed) > MOST_CHANGED or document["ground"] is None or not all(map(is_python, changed)):
            return None
        from flaglint.refs.ground import Ground

        ground = Ground.read(document["ground"])
        contents = {path: read(self._root, path) for path in changed}
        held = {path: data for path, data in contents.items() if isinstance(data, bytes)}
        return held if len(held) == len(contents) and ground.bears(held) else None

    def _digest_of(self, path: str) -> str | None:
        try:
            return digest((self._root / path).read_bytes())
        except (OSError, ValueError):
            return None


def _row(path: str, found: os.stat_result) -> str:
    return f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0{found.st_ctime_ns}\0{found.st_ino}"


def _mark(row: str) -> str:
    return mark(row.encode("utf-8", "surrogateescape"))


def _written(searched: Searched) -> dict[str, Any]:
    from flaglint.refs.across.codec import Writer

    writer = Writer()
    found = {
        "references": writer.write(searched.references),
        "texts": writer.write(searched.texts),
        "wrappers": writer.write(searched.wrappers),
        "failures": [writer.write((item.span, item.message, item.mentions)) for item in searched.failures],
        "skipped": writer.write(searched.skipped),
        "counts": [searched.counts.seen, searched.counts.screened, searched.counts.parsed],
        "commented": list(searched.commented),
    }
    return {"rows": writer.rows, "found": found}


def _read(document: dict[str, Any]) -> Searched:
    from flaglint.refs.across.codec import FactReader

    reader = FactReader(document["rows"])
    found = document["found"]
    return Searched(
        references=reader.read(found["references"]),
        texts=reader.read(found["texts"]),
        wrappers=reader.read(found["wrappers"]),
        failures=tuple(ParseFailure(*reader.read(item)) for item in found["failures"]),
        skipped=reader.read(found["skipped"]),
        counts=FileCounts(*found["counts"]),
        commented=tuple(found["commented"]),
        since=tuple((str(known_as), tuple(map(str, paths))) for known_as, paths in document["since"]),
    )


def _since(document: Mapping[str, Any], changed: Collection[str]) -> list[tuple[str, list[str]]]:
    """Return the names that a state has had, the last first, each with what has changed since."""
    before = [(document["known_as"], ()), *document["since"]]
    return [(known_as, sorted({*paths, *changed})) for known_as, paths in before[:MOST_NAMES]]


def _exists(root: Path, path: str) -> bool:
    target = f"{root}/{path}"
    return os.path.isdir(target) if path.endswith("/") else os.path.isfile(target)  # noqa: PTH112, PTH113 - hundreds


def _fewest(root: Path, probed: Mapping[str, bool]) -> dict[str, bool]:
    """Return the fewest places that tell whether all of `probed` are as they were: below what is missing is nothing."""
    found: dict[str, bool] = {}
    folders: dict[str, bool] = {"": True}
    for path, is_there in probed.items():
        top = path
        if not is_there:
            parts = path.rstrip("/").split("/")
            for size in range(1, len(parts)):
                above = "/".join(parts[:size])
                if above not in folders:
                    folders[above] = _exists(root, above + "/")
                if not folders[above]:
                    top = above + "/"
                    break
        found[top] = is_there
    return found


def _program() -> bytes:
    """Return what tells this program from any other: its version, its files, the interpreter, and the parser."""
    package = Path(__file__).resolve().parent.parent
    rows = [__version__, sys.version]
    pending = [str(package)]
    while pending:
        for entry in os.scandir(pending.pop()):
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    pending.append(entry.path)
            elif entry.name.endswith(".py"):
                state = entry.stat()
                rows.append(f"{entry.path[len(str(package)) :]} {state.st_size} {state.st_mtime_ns}")
    from importlib.util import find_spec

    parser = find_spec("libcst")
    if parser is not None and parser.origin is not None:
        state = Path(parser.origin).stat()
        rows.append(f"{state.st_size} {state.st_mtime_ns}")
    return "\n".join(sorted(rows)).encode("utf-8", "surrogateescape")
