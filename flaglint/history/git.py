"""Running git by its command line, the same whatever the user has configured: plumbing only, no shell, no network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Of git's own variables, those that say where git is and whom it may trust. All others can lead it to another
# repository (in hooks), another index, other parents, or make it write what a person wants to see.
_KEPT: Final = ("GIT_CONFIG_", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_FIXED: Final = {
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
}
_OPTIONS: Final = (
    "--no-pager", "--no-replace-objects",
    "-c", "core.quotePath=false",
    "-c", "diff.renameLimit=2000",
    "-c", "diff.external=",
    "-c", "diff.submodule=short",
    "-c", "diff.ignoreSubmodules=none",
    "-c", "diff.orderFile=",
    "-c", "blame.ignoreRevsFile=",
    "-c", "mailmap.file=",
    "-c", "mailmap.blob=",
    "-c", "gc.auto=0",
)  # fmt: skip


class GitError(Exception):
    """Git could not do what it was asked for; the text is its complaint, or why it could not be run."""


def environment() -> dict[str, str]:
    """Return the environment variables that git runs with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return {**kept, **_FIXED}


def run(folder: Path, *arguments: str, feed: bytes = b"", magic: bool = False) -> bytes:
    """Return what git writes when it runs in a folder and reads `feed`; raises GitError.

    Paths stand for themselves alone, whatever characters they hold, unless they are to be read as git's patterns.
    """
    import subprocess  # a check of given files never gets here

    try:
        ran = subprocess.run(
            ["git", *_OPTIONS, *(() if magic else ("--literal-pathspecs",)), *arguments],
            cwd=folder,
            env=environment(),
            input=feed,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise GitError("git is not installed, or cannot be run") from error
    if ran.returncode:
        raise GitError(_complaint(ran.stderr.decode("utf-8", "replace")) or f"git exited with {ran.returncode}")
    return ran.stdout


def _complaint(said: str) -> str:
    """Return the line that says what is wrong: more of them may follow, with advice."""
    lines = said.strip().splitlines()
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or [""])[-1]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository, and the project's folder in it: `prefix` is the way from the top to the project, with `/`."""

    top: Path
    prefix: str
    head: str  # the commit that is checked out
    shallow: frozenset[str] = frozenset()  # commits whose parents are cut off

    def run(self, *arguments: str, feed: bytes = b"") -> bytes:
        """Return what git writes when it runs at the top; raises GitError."""
        return run(self.top, *arguments, feed=feed)

    def run_with_magic(self, *arguments: str, feed: bytes = b"") -> bytes:
        """Return the same, with paths that are git's patterns."""
        return run(self.top, *arguments, feed=feed, magic=True)

    def commit(self, revision: str) -> str:
        """Return the commit that a revision names; raises GitError when there is none."""
        out = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return out.decode().strip()


def open_repository(root: Path) -> Repository | str:
    """Return the repository that holds the project at `root`, or a sentence that says why there is none to ask."""
    try:
        if (told := _told_at_once(root)) is not None:
            return told
        inside = run(root, "rev-parse", "--is-inside-work-tree").strip()
        if inside != b"true":
            return "the folder is inside of a bare repository"
        top = os.fsdecode(run(root, "rev-parse", "--show-toplevel").removesuffix(b"\n"))
        prefix = os.fsdecode(run(root, "rev-parse", "--show-prefix").removesuffix(b"\n"))
        shallow_file = os.fsdecode(run(root, "rev-parse", "--git-path", "shallow").removesuffix(b"\n"))
    except GitError as error:
        if "not a git repository" in str(error):
            return "the project is not in a git repository"
        return f"git cannot be asked: {error}"
    try:
        head = run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except GitError:
        return "the repository has no commit yet"
    return Repository(Path(top), prefix, head, _shallow(root / shallow_file))


def _told_at_once(root: Path) -> Repository | None:
    """Return the repository by one process of git; None where it takes one question after the other to tell.

    That is outside of a work tree, before the first commit, and with a line end in the name of a folder. Raises
    GitError where there is no repository, or no git.
    """
    questions = ("--is-inside-work-tree", "--show-toplevel", "--show-prefix", "--git-path", "shallow", "HEAD^{commit}")
    try:
        lines = os.fsdecode(run(root, "rev-parse", *questions)).split("\n")
    except GitError as error:
        if "not a git repository" in str(error):
            raise
        return None
    if len(lines) != len(questions) or lines[0] != "true":
        return None
    _, top, prefix, shallow_file, head, _ = lines
    return Repository(Path(top), prefix, head, _shallow(root / shallow_file))


def _shallow(file: Path) -> frozenset[str]:
    try:
        return frozenset(file.read_text("ascii").split())
    except (OSError, ValueError):
        return frozenset()


def read_blobs(repository: Repository, names: Iterable[str]) -> Iterator[bytes | None]:
    """Yield the bytes of each object by its name (an id, or `commit:path`), or None for one that is not there.

    Names with a line end in them are not there. Raises GitError when git stops in between.
    """
    asked = list(names)
    if not asked:
        return
    feed = "".join(f"{name if _is_line(name) else '.missing'}\n" for name in asked)
    out = repository.run("cat-file", "--batch", feed=os.fsencode(feed))
    at = 0
    for _ in asked:
        end = out.index(b"\n", at)
        header = out[at:end].rsplit(b" ", 2)
        at = end + 1
        if not header[-1].isdigit():
            yield None
            continue
        size = int(header[-1])
        yield out[at : at + size]
        at += size + 1


def _is_line(name: str) -> bool:
    return "\n" not in name


def object_ids(repository: Repository, names: Iterable[str]) -> list[str]:
    """Return the id of each object by its name (`commit:path`), empty where there is none."""
    asked = list(names)
    if not asked:
        return []
    feed = "".join(f"{name if _is_line(name) else '.missing'}\n" for name in asked)
    form = "--batch-check=%(objectname) %(objecttype)"
    lines = repository.run("cat-file", form, feed=os.fsencode(feed)).split(b"\n")
    return [_blob_id(line) for line in lines[: len(asked)]]


def _blob_id(line: bytes) -> str:
    name, _, kind = line.rpartition(b" ")
    return name.decode() if kind == b"blob" else ""


__all__ = ["GitError", "Repository", "object_ids", "open_repository", "read_blobs", "run"]
