"""The references of a project, indexed: to plan one removal, not all of them are looked at."""

from __future__ import annotations

from functools import cached_property

from flaglint.model import Kind, Pattern, Reference, Unknown, keys_in


class References(tuple[Reference, ...]):  # noqa: SLOT001 - it keeps what was found out about it
    """References in the order of path and place; their numbers are those of this order."""

    @cached_property
    def _by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, reference in enumerate(self):
            for key in keys_in(reference.key):
                found.setdefault(key, []).append(number)
        return found

    @cached_property
    def _by_path(self) -> dict[str, list[Reference]]:
        found: dict[str, list[Reference]] = {}
        for reference in self:
            found.setdefault(reference.span.path, []).append(reference)
        return found

    @cached_property
    def patterned(self) -> tuple[Reference, ...]:
        """The reads of which a part of the key is known."""
        return tuple(
            item
            for item in self
            if item.kind is Kind.READ and isinstance(item.key, Pattern) and item.key.has_literal_part
        )

    @cached_property
    def computed(self) -> tuple[Reference, ...]:
        """The reads of whose key nothing is known."""
        return tuple(
            item
            for item in self
            if item.kind is Kind.READ
            and (isinstance(item.key, Unknown) or (isinstance(item.key, Pattern) and not item.key.has_literal_part))
        )

    def of(self, keys: frozenset[str]) -> list[tuple[int, Reference]]:
        """Return the references that name one of `keys`, each with its number, in order."""
        numbers = {number for key in keys for number in self._by_key.get(key, ())}
        return [(number, self[number]) for number in sorted(numbers)]

    def at(self, path: str) -> list[Reference]:
        """Return the references in a file."""
        return self._by_path.get(path, [])
