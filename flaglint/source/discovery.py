"""Which files belong to the project: what git tracks or would track, else a walk that honours `.gitignore`."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.errors import SHORTAGES, FlaglintError, UsageError
from flaglint.model import Skipped
from flaglint.records import dataclass
from flaglint.source.ignore import EXCLUDED_FOLDERS, IgnoreFiles, is_ignored, matcher
from flaglint.source.text import PYTHON_SUFFIXES, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


# Set in a hook or by a wrapper, these point git at another repository than the one around the folder that is listed.
_GIT_REDIRECTIONS = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"}
)
_SLIP = 0.8  # how like each other a name and its slip are
_FOLDERS_READ_WITHOUT_GIT = frozenset({".github", ".gitlab", ".circleci", ".ci"})


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files of the project, relative to its root with `/`, sorted; and those that are known but cannot be had."""

    paths: tuple[str, ...]
    skipped: tuple[Skipped, ...] = ()


def is_python(path: str) -> bool:
    """Whether a file is Python by its name."""
    return path.endswith(PYTHON_SUFFIXES)


def discover(
    root: Path,
    given: Sequence[Path] = (),
    *,
    source: Sequence[str] = (".",),
    exclude: Sequence[str] = (),
    force_exclude: bool = False,
) -> Discovery:
    """Return the files at or below `given` (relative to the working folder), or below `source` when none is given.

    A file that is given itself is always taken, unless `force_exclude` and a glob of `exclude` (as in `.gitignore`)
    matches it. Symbolic links are not followed: what they lead to is listed at its own place, or is not ours.
    Raises UsageError for a path that does not exist, is outside of `root`, or is neither file nor folder; FlaglintError
    or OSError when what there is cannot be listed now.
    """
    root = root.resolve()
    starts = [Path.cwd() / path for path in given] if given else [root / path for path in source]
    excluded = matcher(exclude)
    paths: set[str] = set()
    skipped: list[Skipped] = []
    for start, shown in zip(starts, given or source, strict=True):
        if not given and not start.exists():
            raise UsageError(f"`{shown}` in `source` does not exist", help=f"`source` is relative to `{root}`")
        relative = relative_to_root(root, start, shown=str(shown))
        if start.is_dir():
            for found in _below(root, relative):
                if isinstance(found, Skipped):
                    skipped.append(found)
                elif not excluded(found):
                    paths.add(found)
        elif not start.is_file():
            raise UsageError(f"`{_printable(str(shown))}` is neither a file nor a folder")
        elif not (force_exclude and is_excluded(relative, exclude)):
            paths.add(relative)
    unnamed = {path for path in paths if not path.isprintable() and _printable(path) != path}
    skipped += [skip for path in unnamed if (skip := _named(root, path)) is not None]
    kept = sorted(paths - unnamed if unnamed else paths)
    return Discovery(tuple(kept), tuple(sorted(set(skipped), key=lambda skip: (skip.path, skip.reason))))


def is_excluded(path: str, exclude: Sequence[str]) -> bool:
    """Whether a path below the root matches a glob, or lies in a folder that never holds a project's own code."""
    return _in_excluded_folder(path) or matcher(exclude)(path)


def relative_to_root(root: Path, path: Path, *, shown: str = "", missing_ok: bool = False) -> str:
    """Return `path` relative to the resolved `root`, with `/`; the root itself is the empty text.

    Raises UsageError when the path lies outside, or does not exist unless `missing_ok`. A linked folder is named by
    what it leads to, a linked file by its own name.
    """
    shown = _printable(shown or str(path))
    try:
        path.lstat()
    except FileNotFoundError:
        if not missing_ok or not path.parent.is_dir():
            help_ = "paths are relative to the working folder"
            if close := _beside(path):
                help_ = f"did you mean `{_printable(str(Path(shown).with_name(close)))}`?"
            elif not set("/\\.") & set(shown):
                help_ += f"; if it is a flag: flaglint refs {shown}"
            raise UsageError(f"`{shown}` does not exist", help=help_) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"`{shown}` cannot be reached: {reason_of(error)}") from error
    try:
        real = path.resolve(strict=True) if path.is_dir() else path.parent.resolve(strict=True) / path.name
        inside = real.relative_to(root).as_posix()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise UsageError(f"`{shown}` leads nowhere: it is a loop of symbolic links") from error
    except ValueError:
        raise UsageError(
            f"`{shown}` is outside of the project, whose root is `{root}`",
            help="run flaglint from that project's folder, or name its configuration with --config",
        ) from None
    return "" if inside == "." else inside


def _beside(path: Path) -> str:
    """Return the name beside it of which that of a path is probably a slip, or an empty text."""
    from flaglint.spelling import nearest  # only when something is wrong

    try:
        return nearest(path.name, (item.name for item in path.parent.iterdir()), cutoff=_SLIP)
    except OSError:
        return ""


def _printable(path: str) -> str:
    """Return a file name with the bytes that are no UTF-8 written as `\\xNN`, so that it can be printed."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _named(root: Path, path: str) -> Skipped | None:
    """Say why a file whose name is no UTF-8 is left out; nothing of one that is binary anyway."""
    reason = "its name is not valid UTF-8"
    try:
        with (root / path).open("rb") as file:
            return None if b"\0" in file.read(8000) else Skipped(_printable(path), reason, unreadable=True)
    except OSError:
        return Skipped(_printable(path), reason, unreadable=True)


def _below(root: Path, folder: str) -> Iterator[str | Skipped]:
    """Yield the files below a folder of the project, by git when it answers, else by a walk."""
    listed = _git_files(root / folder) if _in_git(root / folder) else None
    if listed is None or (not listed and _ignored_by_git(root / folder)):
        yield from _walk(root, folder)
        return
    environments = {os.path.dirname(path) for path in listed if path.rpartition("/")[2] == "pyvenv.cfg"}  # noqa: PTH120 - text
    for inside in listed:
        path = f"{folder}/{inside}".rstrip("/") if folder else inside.rstrip("/")
        if _in_excluded_folder(inside) or any(inside.startswith(f"{place}/") for place in environments):
            continue
        try:
            mode = os.lstat(f"{root}/{path}").st_mode
        except OSError:
            continue  # tracked, and deleted in the working tree
        if stat.S_ISREG(mode):
            yield path
        elif stat.S_ISDIR(mode) and (root / path / ".git").exists():
            yield from _below(root, path)  # a submodule, or a repository inside this one


def _in_git(folder: Path) -> bool:
    return any((place / ".git").exists() for place in (folder, *folder.parents))


def _git(folder: Path, *arguments: str) -> tuple[int, bytes]:
    """Run git in a folder and return its exit code and output; code 127 when there is no git.

    Raises FlaglintError when git was ended, and OSError when this process may have no other: without git other files
    belong to the project, and nobody would know.
    """
    import subprocess  # 5 ms that a hook on given files does not pay

    environment = {name: value for name, value in os.environ.items() if name not in _GIT_REDIRECTIONS}
    try:
        ran = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, check=False)
    except OSError as error:
        if error.errno in SHORTAGES:
            raise
        return 127, b""
    if ran.returncode < 0:
        raise FlaglintError(f"git was ended by signal {-ran.returncode} before it named the files of the project")
    return ran.returncode, ran.stdout


def _git_files(folder: Path) -> list[str] | None:
    """Return what git tracks or would track below a folder, relative to it; None when git cannot say."""
    code, out = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if code != 0:
        return None
    return sorted({os.fsdecode(name) for name in out.split(b"\0") if name})


def _ignored_by_git(folder: Path) -> bool:
    """Whether git ignores a folder as a whole: someone who names it wants it read all the same."""
    return _git(folder, "check-ignore", "-q", ".")[0] == 0


def _in_excluded_folder(path: str) -> bool:
    return not EXCLUDED_FOLDERS.isdisjoint(path.split("/")[:-1])


def _walk(root: Path, folder: str) -> Iterator[str | Skipped]:
    """Yield the files below a folder, less what the `.gitignore` files of the root and below ignore."""
    ignore = IgnoreFiles(root, folder)
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            entries = list(os.scandir(f"{root}/{current}"))
        except OSError as error:
            if error.errno in SHORTAGES:
                raise
            yield Skipped(
                _printable(current) or ".", f"the folder cannot be listed: {reason_of(error)}", unreadable=True
            )
            continue
        names = [entry.name for entry in entries]
        if "pyvenv.cfg" in names and current != folder:
            continue  # a virtual environment
        deciding = ignore.deciding_in(current, has_file=".gitignore" in names)
        head = f"{current}/" if current else ""
        for name, entry in zip(names, entries, strict=True):
            path = head + name
            if entry.is_file(follow_symlinks=False):
                if not deciding or not is_ignored(path, deciding):
                    yield path
            elif entry.is_dir(follow_symlinks=False) and _is_entered(name):
                if not deciding or not is_ignored(path + "/", deciding):
                    pending.append(path)


def _is_entered(name: str) -> bool:
    """Whether a walk looks into a folder of this name."""
    is_hidden = name.startswith(".") and name not in _FOLDERS_READ_WITHOUT_GIT
    return not is_hidden and name not in EXCLUDED_FOLDERS
