"""Plans up to a number of files, for who must not wait for all: made in several processes where it is known which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flaglint.model import Kind
from flaglint.planning import Planned
from flaglint.planning.apart import planned_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.planning import Plans


class Bounded(Mapping[str, Planned]):
    """Plans up to a number of files in all, in the order in which they are asked for; the rest stays unplanned.

    A plan rewrites every file that reads the flag and checks the result: on an old code base with hundreds of flags to
    remove, to plan them all takes minutes, and a check should not. Which ones are planned is the same on every machine.
    """

    def __init__(self, plans: Plans, work: int, jobs: int = 0) -> None:
        """Plan no more than `work` files; `jobs` processes share what is planned ahead, 0 is one per core."""
        self._plans = plans
        self._left = work
        self._jobs = jobs
        self._admitted: dict[str, bool] = {}
        self._known: dict[str, Planned] = {}
        self.left_out = 0  # removals that were asked for and not planned

    def __getitem__(self, key: str) -> Planned:
        """Return what the removal of one flag comes to, as far as that is planned; KeyError as of `Plans`."""
        if key not in self._plans.graph.flags:
            raise KeyError(key)
        if key not in self._known:
            self._known[key] = self._plans[key] if self._is_admitted(key) else self._plans.unplanned(key)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plans)

    def __len__(self) -> int:
        return len(self._plans)

    def ahead(self, keys: Iterable[str]) -> None:
        """Plan now what will be asked for, in the order of `keys`, as far as it will be planned."""
        admitted = [key for key in dict.fromkeys(keys) if key not in self._known and self._is_admitted(key)]
        costs = {key: self._cost(key) for key in admitted if not self._plans.is_remembered(key)}
        for found in planned_apart(self._plans, costs, self._jobs):
            self._plans.learn(found)

    def keep(self) -> None:
        """Remember what was planned for the next run, when that is wanted."""
        self._plans.keep()

    def _is_admitted(self, key: str) -> bool:
        """Whether a removal is planned, which is settled when it is first asked."""
        if key not in self._admitted:
            known, cost = self._plans.unplanned(key), self._cost(key)
            can_be = known.pin is not None and not known.why
            self._admitted[key] = can_be and cost <= self._left
            if self._admitted[key]:
                self._left -= cost
            elif can_be:
                self.left_out += 1
        return self._admitted[key]

    def _cost(self, key: str) -> int:
        """Return how many files a plan has to look at."""
        found = self._plans.graph.by_key.get(key, ())
        return 1 + len({item.span.path for item in found if item.kind is not Kind.TEXT})
