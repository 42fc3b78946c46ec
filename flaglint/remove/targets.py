"""The references of the flags that a removal takes out, and what follows from them alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.model import Confidence, Kind, Literal, OneOf
from flaglint.remove.comments import Vocabulary
from flaglint.remove.wrappers import is_through_wrapper

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from flaglint.model import Reference
    from flaglint.remove.project import Project
    from flaglint.remove.references import References


class Targets:
    """The references of some flags among all `references`, with their numbers in these."""

    def __init__(self, references: References, flags: Collection[str]) -> None:
        self._references = references
        self._flags = flags
        self._numbered = references.of(frozenset(flags))

    def __iter__(self) -> Iterator[tuple[int, Reference]]:
        return iter(self._numbered)

    def keys(self, reference: Reference) -> tuple[str, ...]:
        """Return those of the flags that a reference is one to."""
        key = reference.key
        names = (key.key,) if isinstance(key, Literal) else key.keys if isinstance(key, OneOf) else ()
        return tuple(name for name in names if name in self._flags)

    def vocabulary(self) -> Vocabulary:
        """Return the words by which a comment speaks of the flags."""
        names = list(self._flags)
        for _, reference in self:
            if reference.kind in {Kind.MENTION, Kind.DECLARATION}:
                names += [step.rpartition(".")[2] for step in reference.via if step.startswith("constant ")]
        names += [re.split(r"[:./]", key)[-1] for key in self._flags]
        return Vocabulary(tuple(dict.fromkeys(names)))

    def others(self, project: Project) -> dict[str, list[tuple[int, int]]]:
        """Return where flags that stay are read, and those that go are made, by path: both give a value and do no more.

        An object of a flag is made where it is asked for, too: `is_on(Flag("new"))`.
        """
        found: dict[str, list[tuple[int, int]]] = {}
        for path in dict.fromkeys(reference.span.path for _, reference in self):
            for reference in self._references.at(path):
                is_read = reference.kind is Kind.READ and reference.confidence is Confidence.CERTAIN
                is_other = is_read and not self.keys(reference) and not is_through_wrapper(reference)
                if is_other or (reference.kind is Kind.DECLARATION and self.keys(reference)):
                    if project.text(path) is not None:
                        found.setdefault(path, []).append(place_of(project, reference))
        return found

    def declared(self, project: Project) -> dict[str, frozenset[tuple[int, int]]]:
        """Return where the flags are declared, by path."""
        found: dict[str, set[tuple[int, int]]] = {}
        for _, reference in self:
            if reference.kind is Kind.DECLARATION and project.text(reference.span.path) is not None:
                found.setdefault(reference.span.path, set()).add(place_of(project, reference))
        return {path: frozenset(places) for path, places in found.items()}


def place_of(project: Project, reference: Reference) -> tuple[int, int]:
    """Return where a reference stands in a file that has a text, as it was; offsets are in code points."""
    text = project.text(reference.span.path)
    assert text is not None  # it was asked for before
    return text.offset(reference.span.start), text.offset(reference.span.end)
