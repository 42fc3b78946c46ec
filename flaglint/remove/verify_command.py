"""Running the project's own tests before and after a removal, each in a copy, and comparing how they end."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.errors import UsageError

if TYPE_CHECKING:
    from flaglint.remove.outcome import Plan

# Times and durations differ from run to run; what is compared is what the command says beside them.
_VARYING = re.compile(r"\b\d+(?:\.\d+)?\s?(?:s|ms|seconds?)\b|0x[0-9a-fA-F]+")
_TESTS = re.compile(r"\b(\d+) (passed|failed|errors?|skipped)\b")
_LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", ".flaglint_cache", ".venv", "node_modules", ".mypy_cache")


@dataclass(frozen=True, slots=True)
class Report:
    """How a command ended before and after."""

    is_same: bool
    lines: tuple[str, ...]


def compare(root: Path, plan: Plan, command: str) -> Report:
    """Run `command` in a copy of `root` as it is and in one with the plan's changes; compare exit codes and counts.

    Fewer tests passing is what a removal does when it deletes tests of the other value, so that is told and not judged.
    """
    words = shlex.split(command)
    if not words:
        raise UsageError("`--verify-cmd` is empty")
    with tempfile.TemporaryDirectory(prefix="flaglint-verify-") as folder:
        before = _run(root, Path(folder) / "before", words, None)
        after = _run(root, Path(folder) / "after", words, plan)
    lines = [
        f"before: exit code {before.returncode}{_counts(before)}",
        f"after: exit code {after.returncode}{_counts(after)}",
    ]
    is_same = before.returncode == after.returncode
    if not is_same:
        lines += [line for line in _VARYING.sub("", after.stdout + after.stderr).splitlines()[-20:] if line.strip()]
    return Report(is_same, tuple(lines))


def _run(root: Path, copy: Path, words: list[str], plan: Plan | None) -> subprocess.CompletedProcess[str]:
    shutil.copytree(root, copy, ignore=_LEFT_OUT, symlinks=True)
    for change in plan.changes if plan is not None else ():
        (copy / change.path).write_bytes(change.after)
    try:
        return subprocess.run(words, cwd=copy, capture_output=True, check=False, text=True, errors="replace")
    except OSError as error:
        raise UsageError(f"`{words[0]}` cannot be run: {error.strerror}") from error


def _counts(done: subprocess.CompletedProcess[str]) -> str:
    found = _TESTS.findall(done.stdout)
    return f", {', '.join(f'{count} {word}' for count, word in found)}" if found else ""
