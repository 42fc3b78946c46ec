"""What a search of Python files rests on, so that a file which has no part in it may change without another search.

Most files of a project hold no word that leads to a flag, and no name leads to them. Such a *quiet* file adds nothing
to what is found, whatever else stands in it; one that was quiet before a change and is so after it changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass
from flaglint.refs.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The files that a search looked into, and the words that make a file one of them.

    A `common` word makes it one beside a word of its `company`. While fewer than `slack` files change, none becomes or
    ceases to be common. A piece counts wherever it stands, a word by itself. What sets attributes by names that nobody
    spells (`setting`) makes it one beside what keys are attributes of (`owners`).
    """

    loud: frozenset[str]
    words: frozenset[str]
    common: frozenset[str]
    company: frozenset[str]
    pieces: frozenset[str]
    slack: int
    setting: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()

    def bears(self, changed: Mapping[str, bytes]) -> bool:
        """Whether what was found stands although these files have come to hold these bytes."""
        if len(changed) >= self.slack or not self.loud.isdisjoint(changed):
            return False
        words, common, company = Screen(self.words), Screen(self.common), Screen(self.company)
        pieces, owners = ([piece.encode() for piece in found] for found in (self.pieces, self.owners))
        setting = Screen(self.setting)
        return not any(
            words.is_in(data)
            or any(piece in data for piece in pieces)
            or (common.is_in(data) and company.is_in(data))
            or (any(owner in data for owner in owners) and setting.is_in(data))
            for data in changed.values()
        )

    def written(self) -> dict[str, Any]:
        """Return this as plain data, to be written as JSON."""
        return {
            "loud": sorted(self.loud),
            "words": sorted(self.words),
            "common": sorted(self.common),
            "company": sorted(self.company),
            "pieces": sorted(self.pieces),
            "slack": self.slack,
            "setting": sorted(self.setting),
            "owners": sorted(self.owners),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Ground:
        """Return what `written` made. Raises KeyError, TypeError for anything else."""
        return cls(
            loud=frozenset(document["loud"]),
            words=frozenset(document["words"]),
            common=frozenset(document["common"]),
            company=frozenset(document["company"]),
            pieces=frozenset(document["pieces"]),
            slack=int(document["slack"]),
            setting=frozenset(document["setting"]),
            owners=frozenset(document["owners"]),
        )


__all__ = ["Ground"]
