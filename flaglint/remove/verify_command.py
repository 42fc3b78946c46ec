"""Running the project's own tests before and after a removal, each in a copy, and comparing how they end."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.errors import UsageError
from flaglint.records import dataclass

if TYPE_CHECKING:
    from flaglint.remove.outcome import Plan

_TESTS = re.compile(r"\b(\d+) (passed|failed|errors?|skipped)\b")
_BAD = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)  # what pytest says of each test in its summary
_LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", ".flaglint_cache", ".venv", "node_modules", ".mypy_cache")
_ROOTS = ("src", "lib", "")  # the folders from which a project's modules are imported
_LAST_LINES = 20


@dataclass(frozen=True, slots=True)
class Report:
    """How a command ended before and after."""

    is_same: bool
    lines: tuple[str, ...]


def compare(root: Path, plan: Plan, command: str) -> Report:
    """Run `command` in a copy of `root` as it is and in one with the plan's changes; compare how the two end.

    They end alike with the same exit code, no test that fails only afterwards, and no more failures. Fewer tests
    passing is what a removal does when it deletes tests of the other value, so that is told and not judged. Modules are
    imported from the copy, also where the project itself is installed in place. Raises UsageError for a command that
    cannot be run.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"`--verify-cmd` cannot be read: {str(error).lower()}") from error
    if not words:
        raise UsageError("`--verify-cmd` is empty")
    if "/" in words[0] and (root / words[0]).is_file():  # an interpreter below the root is not copied
        words[0] = str(root / words[0])
    with tempfile.TemporaryDirectory(prefix="flaglint-verify-") as folder:
        before = _run(root, Path(folder) / "before", words, None)
        after = _run(root, Path(folder) / "after", words, plan)
    lines = [
        f"before: exit code {before.returncode}{_counts(before)}",
        f"after: exit code {after.returncode}{_counts(after)}",
    ]
    if before.returncode:
        lines.append("the command fails without the removal already, so it says little")
    fresh = sorted(set(_BAD.findall(after.stdout)) - set(_BAD.findall(before.stdout)))
    is_same = before.returncode == after.returncode and not fresh and _failures(after) <= _failures(before)
    if fresh:
        lines += [f"fails only with the flag removed: {name}" for name in fresh]
    elif not is_same:
        lines += [line for line in (after.stdout + after.stderr).splitlines()[-_LAST_LINES:] if line.strip()]
    return Report(is_same, tuple(lines))


def _run(root: Path, copy: Path, words: list[str], plan: Plan | None) -> subprocess.CompletedProcess[str]:
    shutil.copytree(root, copy, ignore=_LEFT_OUT, symlinks=True)
    for change in plan.changes if plan is not None else ():
        (copy / change.path).write_bytes(change.after)
    inside = [str(copy / name) for name in _ROOTS if (copy / name).is_dir()]
    path = os.pathsep.join([*inside, *filter(None, [os.environ.get("PYTHONPATH", "")])])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return subprocess.run(
            words, cwd=copy, env=environment, capture_output=True, check=False, text=True, errors="replace"
        )
    except OSError as error:
        raise UsageError(f"`{words[0]}` cannot be run: {(error.strerror or str(error)).lower()}") from error


def _counts(done: subprocess.CompletedProcess[str]) -> str:
    found = _TESTS.findall(done.stdout)
    return f", {', '.join(f'{count} {word}' for count, word in found)}" if found else ""


def _failures(done: subprocess.CompletedProcess[str]) -> int:
    return sum(int(count) for count, word in _TESTS.findall(done.stdout) if word.startswith(("failed", "error")))
