"""What a command changes in files: printed as a unified diff, then written."""

from __future__ import annotations

import difflib
import re
import sys
from typing import TYPE_CHECKING

import click

from flaglint.cli.session import note, out, use_color

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.registry.edit import Draft

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def unified(path: str, before: bytes, after: bytes) -> str:
    """Return the diff of one file, as `git apply` takes it; a file that was not there has no bytes before."""
    old, new = (_LINE.findall(data.decode("utf-8", "surrogateescape")) for data in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{path}" if before else "/dev/null", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def show(path: str, before: bytes, after: bytes) -> None:
    """Print the diff of one file."""
    for line in unified(path, before, after).splitlines(keepends=True):
        style = "" if line.startswith(("+++", "---")) else _STYLES.get(line[:1], "")
        out(click.style(line, fg=style) if style and use_color(sys.stdout) else line, newline=False)


def show_and_write(draft: Draft, root: Path, *, dry_run: bool) -> int:
    """Print what a draft of the registry changes, and write it unless it is a dry run; return the exit code."""
    changed = draft.changed()
    if not changed:
        note("nothing to change: the registry says so already")
        return 0
    for path, before, after in changed:
        show(path, before, after)
    if dry_run:
        note("nothing was written")
        return 0
    draft.write(root)
    return 0
