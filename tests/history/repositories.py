"""Repositories for tests: commits with their days, authors and parents, written by one run of `git fast-import`."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def at(day: str, hour: int = 12) -> int:
    """Return the UTC seconds of an hour of a day."""
    return int(datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC).timestamp())


def day(text: str) -> date:
    return date.fromisoformat(text)


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it writes."""
    ran = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        check=True,
    )
    return ran.stdout.decode("utf-8", "surrogateescape").strip()


@dataclass(slots=True)
class Made:
    """Commits on their way into a repository."""

    root: Path
    _stream: list[bytes] = field(default_factory=list)
    _marks: int = 0

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        when: str,
        by: str = "ann",
        *,
        on: int = 0,
        merging: tuple[int, ...] = (),
        branch: str = "main",
        hour: int = 12,
    ) -> int:
        """Add a commit that sets or takes away (None) files; return its mark, for `on` and `merging`."""
        self._marks += 1
        seconds = at(when, hour)
        person = f"{by.title()} <{by}@example.org> {seconds} +0000"
        lines = [f"commit refs/heads/{branch}", f"mark :{self._marks}", f"author {person}", f"committer {person}"]
        lines += ["data 1", "c"]
        lines += [f"from :{on}"] if on else []
        lines += [f"merge :{other}" for other in merging]
        self._stream.append("\n".join(lines).encode() + b"\n")
        for path, content in files.items():
            quoted = (
                b'"' + os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
            )
            if content is None:
                self._stream.append(b"D " + quoted + b"\n")
                continue
            data = content if isinstance(content, bytes) else content.encode()
            self._stream.append(b"M 100644 inline " + quoted + b"\ndata %d\n" % len(data) + data + b"\n")
        return self._marks

    def link(self, path: str, target: str) -> None:
        """Put a symbolic link into the last commit."""
        self._stream.append(f"M 120000 inline {path}\ndata {len(target)}\n{target}\n".encode())

    def submodule(self, path: str) -> None:
        """Put a submodule into the last commit."""
        self._stream.append(f"M 160000 {'1' * 40} {path}\n".encode())

    def build(self, *, checkout: str = "main") -> Path:
        """Write the commits, check one of them out, and return the folder."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not (self.root / ".git").exists():
            git(self.root, "init", "-q", "-b", "main")
        subprocess.run(
            ["git", "fast-import", "--quiet", "--force"],
            cwd=self.root,
            env=ENVIRONMENT,
            input=b"".join(self._stream),
            capture_output=True,
            check=True,
        )
        git(self.root, "checkout", "-q", "-f", checkout)
        return self.root


def registry(flags: str, *, environments: str = "", version: int = 1) -> str:
    """Return a native registry with flags written at the left margin."""
    head = f"version: {version}\n" + (f"environments: [{environments}]\n" if environments else "")
    return head + "flags:\n" + "".join(f"  {line}\n" if line else "\n" for line in flags.splitlines())
