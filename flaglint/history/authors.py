"""Who wrote lines last, for flags that nobody is named as the owner of: `git blame`, one file at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flaglint.history.events import Author
from flaglint.history.git import GitError
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.history.commits import Checkout

_IGNORED_COMMITS: Final = ".git-blame-ignore-revs"  # the name that git hosts look for
_TOO_FEW: Final = 4  # files; to share them costs more than it saves
_AT_ONCE: Final = 8  # processes of git
_OPTIONS: Final = ("blame", "--porcelain", "-w", "-M", "--no-color-lines", "--no-color-by-age", "--no-progress")


@dataclass(frozen=True, slots=True)
class _Line:
    commit: str
    name: str
    email: str
    when: int


@dataclass(slots=True)
class LineAuthors:
    """Asks git once for each file who wrote its lines; lines that are not committed have no author."""

    checkout: Checkout
    _files: dict[str, Mapping[int, _Line]] = field(default_factory=dict)

    def of(self, lines: Iterable[tuple[str, int, int]]) -> tuple[Author, ...]:
        """Return who wrote lines, given as path below the root, first and last line (1-based, both counted).

        Most lines first, then the latest, then by name. Empty where git cannot tell; nothing is raised.
        """
        found: dict[str, Author] = {}
        seen: set[tuple[str, int]] = set()
        for path, first, last in lines:
            known = self._file(path)
            for number in range(first, last + 1):
                line = known.get(number)
                if line is None or (path, number) in seen:
                    continue
                seen.add((path, number))
                before = found.get(line.email or line.name, Author(line.name, line.email, 0, 0))
                name = line.name if line.when >= before.when else before.name
                author = Author(name, line.email, before.lines + 1, max(before.when, line.when))
                found[line.email or line.name] = author
        return tuple(sorted(found.values(), key=lambda author: (-author.lines, -author.when, author.name)))

    def ask(self, paths: Iterable[str]) -> None:
        """Ask now for files whose lines will be asked for, several at a time: git takes a process for each of them."""
        left = sorted(set(paths) - self._files.keys())
        if len(left) < _TOO_FEW or not self._open():
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            self._files.update(zip(left, pool.map(self._blame, left), strict=True))

    def _open(self) -> bool:
        return not isinstance(self.checkout.repository, str)

    def _file(self, path: str) -> Mapping[int, _Line]:
        if path not in self._files:
            self._files[path] = self._blame(path) if self._open() else {}
        return self._files[path]

    def _blame(self, path: str) -> Mapping[int, _Line]:
        repository = self.checkout.repository
        assert not isinstance(repository, str)
        inside = f"{repository.prefix}{path}"
        # A reformat that the repository itself lists as one is passed over; a list that git cannot use is, too.
        ignored = [f"--ignore-revs-file={_IGNORED_COMMITS}"] if (repository.top / _IGNORED_COMMITS).is_file() else []
        for options in (ignored, []) if ignored else ([],):
            try:
                return _read(repository.run(*_OPTIONS, *options, "--", inside), repository.shallow)
            except GitError:
                continue
        return {}


def _read(out: bytes, shallow: frozenset[str]) -> Mapping[int, _Line]:
    """Return the lines of `git blame --porcelain` by number, but those of nobody and of cut off commits."""
    commits: dict[str, dict[bytes, bytes]] = {}
    lines: dict[int, _Line] = {}
    commit, number = "", 0
    for row in out.split(b"\n"):
        if row.startswith(b"\t"):
            if commit.strip("0") and commit not in shallow:
                lines[number] = _line(commit, commits[commit])
            commit = ""
        elif not commit:
            fields = row.split(b" ")
            if len(fields) >= 3:
                commit, number = fields[0].decode(), int(fields[2])
                commits.setdefault(commit, {})
        else:
            name, _, value = row.partition(b" ")
            commits[commit][name] = value
    return lines


def _line(commit: str, about: Mapping[bytes, bytes]) -> _Line:
    name = about.get(b"author", b"").decode("utf-8", "replace")
    email = about.get(b"author-mail", b"").decode("utf-8", "replace").removeprefix("<").removesuffix(">")
    when = about.get(b"author-time", b"0")
    return _Line(commit, name, email, int(when) if when.isdigit() else 0)
