"""Which names of a stretch are no builtins, found out when one is asked for."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flaglint.remove.draft import Parsed


class Shadowed(Container[str]):
    """The names that a file, or a text of it in any scope, may bind to something of its own."""

    def __init__(self, parsed: Parsed, rebound: frozenset[str]) -> None:
        self._parsed = parsed
        self._rebound = rebound

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._rebound or self._parsed.binds(name))
