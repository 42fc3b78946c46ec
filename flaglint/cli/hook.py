"""The command line of a hook, known by sight: what it asks is answered without the command where that is plain."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.refs import Search

_ENVIRONMENT = ("FLAGLINT", "_FLAGLINT")  # what the names of variables begin with that may say something else
_SCOPE, _QUIET = "--scope=file", frozenset({"-q", "--quiet"})
_OPTIONS = frozenset({_SCOPE, *_QUIET, "--force-exclude", "--exit-zero"})


class _Handed:
    """What the command of this run can go on with: the state that nobody remembers yet, or the search that was made."""

    unknown = ""
    search: Search | None = None


handed = _Handed()


def has_nothing_to_say(arguments: Sequence[str]) -> bool:
    """Whether this is a check of some files that prints nothing and exits with 0, as far as can be told at a glance."""
    handed.unknown, handed.search = "", None
    asked = _asked(arguments)
    if asked is None or any(name.startswith(_ENVIRONMENT) for name in os.environ):
        return False
    from flaglint.cli.glance import is_silent

    files, force_exclude = asked
    return is_silent(files, force_exclude=force_exclude)


def _asked(arguments: Sequence[str]) -> tuple[list[str], bool] | None:
    """Return the files that a hook's command line names, and whether excluded ones are left out; else None."""
    if not arguments or arguments[0] != "check":
        return None
    options: set[str] = set()
    paths: list[str] = []
    rest = iter(arguments[1:])
    for word in rest:
        if not word.startswith("-"):
            paths.append(word)
            continue
        option = f"{word}={next(rest, '')}" if word == "--scope" else word
        if option not in _OPTIONS:
            return None
        options.add(option)
    if not paths or _SCOPE not in options or options.isdisjoint(_QUIET):
        return None
    return paths, "--force-exclude" in options


__all__ = ["handed", "has_nothing_to_say"]
