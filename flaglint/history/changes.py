"""What commits changed: paths with the ids of their contents before and after, by `git diff-tree`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from flaglint.history.git import Repository

_OPTIONS: Final = ("--stdin", "--root", "-r", "-z", "--no-ext-diff", "--no-textconv", "--no-relative")
_LINK: Final = b"120000"
_SUBMODULE: Final = b"160000"


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a commit changed; `after` is empty when it is gone. `former` is its path before a rename."""

    path: str
    after: str
    former: str = ""
    added: bool = False


def changes(
    repository: Repository,
    commits: Iterable[tuple[str, str]],
    paths: Sequence[str] = (),
    *,
    renames: bool = False,
) -> Mapping[str, tuple[Change, ...]]:
    """Return what each commit changed against the parent beside it (the empty one: everything is new).

    `paths` are files and folders from the top of the repository, none for all. Commits that changed nothing there are
    left out, symbolic links and submodules count as nothing. Raises GitError.
    """
    feed = "".join(f"{commit} {parent}".rstrip() + "\n" for commit, parent in commits)
    if not feed:
        return {}
    detection = "-M" if renames else "--no-renames"
    out = repository.run("diff-tree", *_OPTIONS, "--raw", detection, "--", *paths, feed=feed.encode())
    found: dict[str, list[Change]] = {}
    commit = ""
    fields = iter(out.split(b"\0"))
    for field in fields:
        if not field.startswith(b":"):
            commit = field.decode() or commit
            continue
        found.setdefault(commit, []).extend(_changes(field, fields))
    return {name: tuple(items) for name, items in found.items()}


def _changes(header: bytes, fields: Iterator[bytes]) -> Iterator[Change]:
    _, mode, _, after, status = header.split(b" ")
    path = os.fsdecode(next(fields))
    former = ""
    if status[:1] in {b"R", b"C"}:
        former, path = path, os.fsdecode(next(fields))
    is_file = status != b"D" and mode not in {_LINK, _SUBMODULE}
    yield Change(path, after.decode() if is_file else "", former if status[:1] == b"R" else "", status == b"A")


def files_at(repository: Repository, revision: str, paths: Sequence[str] = ()) -> Mapping[str, str]:
    """Return the files of a commit by path from the top, each with the id of its content; no links, no submodules.

    Raises GitError.
    """
    out = repository.run("ls-tree", "-r", "-z", "--full-tree", revision, "--", *paths)
    found = {}
    for entry in filter(None, out.split(b"\0")):
        about, _, path = entry.partition(b"\t")
        mode, kind, name = about.split(b" ")
        if kind == b"blob" and mode != _LINK:
            found[os.fsdecode(path)] = name.decode()
    return found
