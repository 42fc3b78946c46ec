"""Who owns a file by CODEOWNERS, with the rules by which GitHub matches its patterns.

They are not those of `.gitignore`: the last matching line decides, `docs/*` stops at one level, and there is no `!`,
no `[a-z]` and no escaped `#`. A line that GitHub cannot read is skipped, here as there.
Source: docs.github.com, "About code owners".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# GitHub takes the first of these that exists, and none that is larger.
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_LARGEST = 3 * 1024 * 1024  # bytes
_PATTERN = re.compile(r"(?:\\.|[^\\\s])+")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_OWNER = re.compile(r"@[A-Za-z0-9][\w.-]*(?:/[\w.-]+)?$|[^@\s]+@[^@\s]+\.[^@\s]+$")


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """The lines of a CODEOWNERS file that count, in their order: what they match, and the owners they name."""

    path: str = ""
    prefix: str = ""  # the way from the folder that the patterns are relative to, to the project's root, with `/`
    lines: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = ()

    def owners(self, path: str) -> tuple[str, ...]:
        """Return the owners of a file (relative to the root, with `/`): those of the last line that matches it."""
        for pattern, owners in reversed(self.lines):
            if pattern.match(self.prefix + path):
                return owners
        return ()


def read_codeowners(root: Path) -> CodeOwners:
    """Return the CODEOWNERS file of the repository that holds a project; without one nobody owns anything."""
    root = root.resolve()
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    prefix = f"{root.relative_to(top).as_posix()}/" if top != root else ""
    for place in PLACES:
        try:
            data = (top / place).read_bytes()
        except OSError:
            continue
        if len(data) > _LARGEST:
            return CodeOwners(place)
        return parse_codeowners(data.decode("utf-8-sig", "replace").splitlines(), place, prefix)
    return CodeOwners()


def parse_codeowners(lines: Iterable[str], path: str = "CODEOWNERS", prefix: str = "") -> CodeOwners:
    """Return what the lines of a CODEOWNERS file say; a line that is no pattern with owners is left out."""
    found = []
    for text in lines:
        line = _COMMENT.sub("", text).strip()
        pattern = _PATTERN.match(line)
        if pattern is None:
            continue
        owners = tuple(line[pattern.end() :].split())
        matches = _compiled(pattern[0])
        if matches is not None and all(_OWNER.match(owner) for owner in owners):
            found.append((matches, owners))
    return CodeOwners(path, prefix, tuple(found))


def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Return the expression that matches whole paths, or None for what GitHub does not understand."""
    if pattern[0] in "!\\" or "[" in pattern or "***" in pattern or pattern == "/":
        return None
    parts = pattern.split("/")
    if parts[0] == "":
        parts = parts[1:]
    elif len(parts) == 1 or (len(parts) == 2 and parts[1] == ""):
        parts = ["**", *parts]  # a name alone is found in every folder
    if parts[-1] == "":
        parts[-1] = "**"
    return re.compile("".join(_expressions(parts)) + r"\Z")


def _expressions(parts: list[str]) -> Iterable[str]:
    """Yield the expression of each part of a pattern, with the slash that follows it."""
    last = len(parts) - 1
    for index, part in enumerate(parts):
        if part == "**":
            yield ".+" if index == last else "(?:.+/)?"
        elif index < last:
            yield _name(part) + "/"
        elif part == "*":
            yield "[^/]+"  # the files of one folder, and nothing below
        else:
            yield _name(part) + "(?:/.*)?"


def _name(part: str) -> str:
    text = re.sub(r"\\(.)", r"\1", part)
    return "".join("[^/]*" if letter == "*" else "[^/]" if letter == "?" else re.escape(letter) for letter in text)
