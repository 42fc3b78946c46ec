"""What the plan of a removal looked at in a project, so that a file which has no part in it may change without another.

A plan asks for words: most files hold none of them. For most of the words it passes over files by what stands around
the word, as where they do not import the module in question. Only what is left is read. So a plan stands as long as
those files do, and every other one that changes is, as it is then, one to be passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass, field
from flaglint.remove.bytewise import has_star, inheriting, is_quoted
from flaglint.remove.import_lines import may_import

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True, eq=False)
class Footprint:
    """The words that matter in any Python file, the names that matter beside some modules, and what was read.

    A module goes by its last name, and by the folder that it is the package of, if any: all in there may import it.
    """

    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    modules: set[tuple[str, str]] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def add(self, other: Footprint) -> None:
        """Take over what another plan, or a part of this one, looked at."""
        self.words |= other.words
        self.names |= other.names
        self.modules |= other.modules
        self.read |= other.read

    def bears(self, changed: Mapping[str, bytes]) -> bool:
        """Whether a plan stands although these Python files have come to hold these bytes; no file came or went."""
        return self.read.isdisjoint(changed) and all(self._passes_over(path, data) for path, data in changed.items())

    def _passes_over(self, path: str, data: bytes) -> bool:
        if has_star(data) or any(word.encode() in data for word in self.words):
            return False
        names = [name for name in map(str.encode, self.names) if name in data]
        return not names or not (
            any(is_quoted(data, name) for name in names)
            or inheriting(names).search(data)
            or any(folder and path.startswith(folder) for _, folder in self.modules)
            or any(last in data and self._may_name(data, last, names) for last in self._last_names())
        )

    def _last_names(self) -> set[bytes]:
        return {last.encode() for last, _ in self.modules}

    @staticmethod
    def _may_name(data: bytes, last: bytes, names: list[bytes]) -> bool:
        return may_import(data, last) or any(last + b"." + name in data or last + b":" + name in data for name in names)

    def written(self) -> list[Any]:
        """Return this as plain data, to be written as JSON."""
        return [sorted(self.words), sorted(self.names), sorted(map(list, self.modules)), sorted(self.read)]

    @classmethod
    def of(cls, data: Any) -> Footprint:
        """Return what `written` made. Raises TypeError or ValueError for anything else."""
        words, names, modules, read = data
        return cls(
            set(map(str, words)),
            set(map(str, names)),
            {(str(last), str(folder)) for last, folder in modules},
            set(map(str, read)),
        )
