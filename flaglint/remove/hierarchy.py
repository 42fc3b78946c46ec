"""Which methods are overridden somewhere in the project: a call of one may run another body than the one seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from flaglint.model import Reference
    from flaglint.remove.footprint import Footprint
    from flaglint.remove.sources import Sources

    # Its name, the last names of its bases, and the names that its body binds.
    _Class: TypeAlias = tuple[str, frozenset[str], set[str]]

_LINES = late(
    r"^([ \t]*)(?:class[ \t]+(\w+)[ \t]*(?:\(([^)]*)\))?|(?:async[ \t]+)?def[ \t]+(\w+)"
    r"|(\w+)[ \t]*(?::[^=\n]+)?=(?!=))",
    re.MULTILINE,
)
_WRAPPER = "wrapper "


class Hierarchy:
    """The classes of a project by name: what each inherits from, and what its body binds.

    `known` holds the classes of files that were read before, by path.
    """

    def __init__(self, sources: Sources, known: Mapping[str, list[_Class]] | None = None) -> None:
        self.sources = sources
        self.by_path: dict[str, list[_Class]] = dict(known or {})
        self._overriding: dict[tuple[str, str], tuple[bool, Footprint]] = {}

    def _in(self, path: str) -> list[_Class]:
        """Return each class of a file, read from the lines alone."""
        if path in self.by_path:
            return self.by_path[path]
        found: list[_Class] = []
        text = self.sources.text(path)
        around: list[tuple[int, set[str] | None]] = []
        for line in _LINES.finditer(text.text) if text is not None else ():
            depth = len(line[1].expandtabs())
            while around and around[-1][0] >= depth:
                around.pop()
            owner = around[-1][1] if around else None
            if owner is not None:
                owner.add(line[2] or line[4] or line[5])
            if line[2]:
                bases = frozenset(re.findall(r"(\w+)\s*(?:\[[^\]]*\])?\s*(?:,|$)", line[3] or ""))
                found.append((line[2], bases, set()))
                around.append((depth, found[-1][2]))
            elif line[4]:
                around.append((depth, None))
        self.by_path[path] = found
        return found

    def overrides(self, owner: str, name: str) -> bool:
        """Whether a class that inherits from one called `owner`, over any steps, binds `name` itself."""
        if (owner, name) not in self._overriding:
            with self.sources.noting() as looked_at:
                found = self._overrides(owner, name)
            self._overriding[owner, name] = found, looked_at
        found, looked_at = self._overriding[owner, name]
        self.sources.footprint.add(looked_at)
        return found

    def _overrides(self, owner: str, name: str) -> bool:
        family = [owner]
        for base in family:  # it grows while it is read
            for path in self.sources.inheriting(base):
                for cls, bases, names in self._in(path):
                    if base in bases and name in names:
                        return True
                    if base in bases and cls not in family:
                        family.append(cls)
        return False

    def is_overridden(self, reference: Reference) -> str:
        """Return the method through which a read goes that some subclass overrides, or an empty text."""
        for step in reference.via:
            parts = step.removeprefix(_WRAPPER).split(".") if step.startswith(_WRAPPER) else []
            if len(parts) > 1 and self.overrides(parts[-2], parts[-1]):
                return ".".join(parts[-2:])
        return ""
