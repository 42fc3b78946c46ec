"""What the removal of each flag comes to: which value is kept, the plan, and how safe it is.

Lint rules, the report and the command line ask the same `Plans`, so that they cannot say different things. A plan is
made when someone asks for it, and once; what does not depend on the flag is prepared once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from flaglint.errors import FlaglintError
from flaglint.model import Readiness
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from flaglint.config import Settings
    from flaglint.definition import Registry
    from flaglint.graph import FlagGraph
    from flaglint.model import Reference
    from flaglint.refs.spec import Pack
    from flaglint.registry.edit import Draft
    from flaglint.registry.edit.nearby import Surroundings
    from flaglint.remove.earlier import Earlier
    from flaglint.remove.footprint import Footprint
    from flaglint.remove.kept import Kept
    from flaglint.remove.outcome import Plan
    from flaglint.remove.references import References
    from flaglint.remove.sources import Sources
    from flaglint.remove.told import Measured, Remembered, Told

_ROOTS = ("src/", "lib/", "")  # the folders below which modules have their names


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What the removal of one flag comes to. Without a `plan`, `why` says why there is none, in a sentence.

    `pin` is the value that is kept, where one is proven. A flag that must not be removed is not planned. What is `told`
    of a plan may be remembered: then there is no plan at hand. `looked_at` is what a new one rests on.
    """

    key: str
    readiness: Readiness
    pin: Kept | None = None
    plan: Plan | None = None
    told: Told | None = None
    why: str = ""
    looked_at: Footprint | None = None

    @property
    def removable(self) -> str:
        """How many reads go: `5 of 6 reads`; empty for what was not planned."""
        return self.told.removable if self.told is not None else ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plans(Mapping[str, Planned]):
    """What the removal of each flag of `graph` comes to, by key, made when it is looked up; iterates over sorted keys.

    `contents` are the files that were read already, by path below the root, and `paths` all of the project, listed now
    if left out; `now` is in UTC seconds. Entries of the registry leave a tombstone when `removed_on` is a day. What
    plans came to is taken from what is `remembered`, and a verified plan from `earlier` ones; with `measure`, how much
    code goes is told as well. `known_as` tells this state of the files from any other; without it, they are read to
    find who says what.
    """

    graph: FlagGraph
    settings: Settings
    packs: tuple[Pack, ...]
    contents: Mapping[str, bytes]
    now: float
    paths: tuple[str, ...] | None = None
    keep_public: bool = False
    removed_on: date | None = None
    remembered: Remembered | None = None
    earlier: Earlier | None = None
    measure: Callable[[Plan], Measured] | None = None
    known_as: str = ""
    _known: dict[str, Planned] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Planned:
        """Return what the removal of one flag comes to; never raises but KeyError, for a flag that nothing defines."""
        if key not in self.graph.flags:
            raise KeyError(key)
        if key not in self._known:
            self._known[key] = self._planned(key)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.graph.flags))

    def __len__(self) -> int:
        return len(self.graph.flags)

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that count: those of the settings, else those that the registry calls critical."""
        return self.settings.environments or self.graph.registry.critical

    def unplanned(self, key: str) -> Planned:
        """Return what is known of the removal of one flag without a plan: the value, and what blocks it already.

        Where nothing does, the readiness is caution, because its removal was not planned.
        """
        from flaglint.remove.pins import proven

        pin = proven(self.graph, key, self.environments)
        alone = self._readiness(key)
        if isinstance(pin, str):
            reasons = alone.reasons if alone.level == "blocked" else (pin,)
            return Planned(key=key, readiness=Readiness("blocked", reasons), why=pin)
        if alone.level == "blocked":
            return Planned(key=key, readiness=alone, pin=pin, why=alone.reasons[0])
        return Planned(key=key, readiness=alone, pin=pin)

    def _planned(self, key: str) -> Planned:
        before = self.unplanned(key)
        pin = before.pin
        if pin is None or before.why:
            return before
        if (told := self._recalled(key, pin)) is not None:
            return Planned(key=key, readiness=self._readiness(key, told.reasons), pin=pin, told=told)
        try:
            with self._sources.noting() as looked_at:
                plan = self.plan({key: pin}, verified=False)
                told = self._told(plan)
        except Exception as error:  # a defect of the planner must not take a check of everything down
            why = f"could not be planned: {_words(error)}".rstrip(": ").split("\n")[0]
            return Planned(key=key, readiness=Readiness("caution", (why,)), pin=pin, why=why)
        if self.remembered is not None:
            self.remembered.note(key, pin, told, looked_at)
        readiness = self._readiness(key, told.reasons)
        return Planned(key=key, readiness=readiness, pin=pin, plan=plan, told=told, looked_at=looked_at)

    def _told(self, plan: Plan) -> Told:
        from flaglint.readiness import in_code
        from flaglint.remove.told import told_of

        return told_of(plan, in_code(plan), self.measure(plan) if self.measure is not None else None)

    def _recalled(self, key: str, pin: Kept) -> Told | None:
        found = self.remembered.recall(key, pin) if self.remembered is not None else None
        return found if found is None or self.measure is None or found.code is not None else None

    def is_remembered(self, key: str) -> bool:
        """Whether what the removal of a flag comes to is known without planning it, by what is remembered."""
        pin = self.unplanned(key).pin
        return pin is not None and self._recalled(key, pin) is not None

    def learn(self, found: Planned) -> None:
        """Take over what another process has planned."""
        self._known[found.key] = found
        if self.remembered is not None and found.pin is not None and found.told is not None and found.looked_at:
            self.remembered.note(found.key, found.pin, found.told, found.looked_at)

    def keep(self) -> None:
        """Remember what was planned for the next run, when that is wanted."""
        if self.remembered is not None:
            self.remembered.keep()

    def _readiness(self, key: str, planned: Sequence[str] | None = None) -> Readiness:
        from flaglint.readiness import readiness

        soak_days = self.settings.soak_days
        environments, now = self.environments, self.now
        return readiness(self.graph, key, environments=environments, now=now, soak_days=soak_days, planned=planned)

    def plan(self, pins: Mapping[str, Kept], *, verified: bool = True) -> Plan:
        """Return the plan that removes the flags in `pins` together, each kept as the value given there.

        Each file of it parses, and a second opinion agrees with it. Before it is shown or written, it is to be
        `verified` as a whole: no read is left unsaid, and a second run changes nothing; that takes as long again.
        Raises FlaglintError when the registry cannot be read, or the plan does not hold what it promises.
        """
        earlier = self.earlier if verified else None
        if earlier is not None and (known := earlier.find(pins, self._on_disk)) is not None:
            return known
        made = self._made(pins, verified=verified)
        if earlier is not None:
            earlier.keep(made)
        return made

    def _on_disk(self, path: str) -> bytes | None:
        from flaglint.source import read

        found = read(self.settings.root, path)
        return found if isinstance(found, bytes) else None

    def _made(self, pins: Mapping[str, Kept], *, verified: bool) -> Plan:
        from flaglint.remove.leftovers import unread
        from flaglint.remove.verified import verified_plan

        if verified:
            self._see_to_an_index()
        made = verified_plan(
            self._sources,
            self._references,
            pins,
            recognise=(lambda changed: self._recognise(changed, pins)) if verified else None,
            keep_public=self.keep_public,
            unread=unread(self.graph, pins, self._sources.files),
        )
        return self._with_entries(made)

    def _with_entries(self, plan: Plan) -> Plan:
        """Return a plan with what changes in the registry."""
        if self.removed_on is None and plan.unused_keys.isdisjoint(flag.key for flag in self.graph.registry.flags):
            return plan
        from flaglint.remove.entries import with_entries, with_entries_nearby

        if self.removed_on is None:
            made = with_entries_nearby(plan, self._surroundings)
            if made is not None:
                return made
        draft = self._draft
        state = draft.state()
        try:
            return with_entries(plan, draft, removed_on=self.removed_on)
        finally:
            draft.restore(state)

    def prepare(self) -> None:
        """Read now what planning any flag needs, for processes that are forked afterwards."""
        load()
        for path in (*self._sources.python, *self._sources.settings):
            self._sources.files[path]

    @cached_property
    def _references(self) -> References:
        from flaglint.remove.references import References

        return References(item for item in self.graph.references if not self.graph.is_elsewhere(item.span.path))

    @cached_property
    def _sources(self) -> Sources:
        from flaglint.remove.files import ProjectFiles
        from flaglint.remove.sources import Sources

        settings = self.settings
        paths = self.paths
        if paths is None:
            from flaglint.source import discover

            paths = (*discover(settings.root, source=settings.source, exclude=settings.exclude).paths, *self.contents)
        sources = Sources(ProjectFiles(settings.root, paths, self.contents), _ROOTS)
        if self.known_as:
            from flaglint.remove.indexed import kept_index

            sources.index = kept_index(settings.root / settings.cache_dir, self.known_as, sources)
        return sources

    def _see_to_an_index(self) -> None:
        """Let other processes make an index of the files, for the next removal from the project as it is."""
        sources = self._sources
        if self.known_as and sources.index is None:
            from flaglint.refs.aside import meanwhile
            from flaglint.remove.indexed import WORTH_IT, keep_facts, keep_words

            folder = self.settings.root / self.settings.cache_dir
            for make in (keep_words, keep_facts) if len(sources.python) >= WORTH_IT else ():
                meanwhile(partial(make, folder, self.known_as, sources), gives_way=True)

    @cached_property
    def _surroundings(self) -> Surroundings:
        from flaglint.registry.edit.nearby import Surroundings
        from flaglint.registry.loading import read_bytes

        root = self.settings.root
        return Surroundings(self.graph.registry, lambda path: read_bytes(root, path))

    @cached_property
    def _draft(self) -> Draft:
        from flaglint.registry.edit import Draft

        return Draft.of(self.settings.root, self.settings.registry)

    def _recognise(self, changed: Mapping[str, bytes], gone: Collection[str]) -> tuple[Reference, ...]:
        from flaglint.refs import find_references
        from flaglint.remove.unchanged import Unchanged
        from flaglint.source import is_python

        python = [path for path in changed if is_python(path)]
        keys = frozenset(self.graph.flags)
        wrappers = [item.qualname for item in self.graph.wrappers]
        known = Unchanged(self._sources, self.graph.references, gone, wrappers)
        found = find_references(
            self.settings.root,
            python,
            packs=self.packs,
            keys=keys,
            scope="file",
            jobs=1,
            contents=dict(changed),
            before=known,
        )
        return (*found.references, *known.kept({path: changed[path] for path in python}))


def load() -> None:
    """Import what every plan needs: where there is time, or once for several processes."""
    import flaglint.registry.edit.nearby
    import flaglint.remove.entries
    import flaglint.remove.leftovers
    import flaglint.remove.verified  # noqa: F401


def plans_before(
    settings: Settings,
    state: Sequence[str],
    since: Sequence[tuple[Sequence[str], Sequence[str]]],
    read_text: Callable[[str], bytes | None],
) -> Remembered:
    """Return what plans came to when the project was in this `state`, as `state_of` tells it.

    `since` are states that it was in before, the last first, each with the Python files that have changed since.
    """
    from flaglint.remove.told import Remembered

    return Remembered(settings.root / settings.cache_dir, state, since, read_text)


def earlier_plans(settings: Settings, state: Sequence[str], *choices: object) -> Earlier:
    """Return the plans that were verified, with these `choices`, when the project was in this `state`."""
    from flaglint.remove.earlier import Earlier

    return Earlier(settings.root / settings.cache_dir, (*state, repr(choices)))


def state_of(
    settings: Settings, registry: Registry, known_as: str, read_text: Callable[[str], bytes | None]
) -> tuple[str, ...]:
    """Return what tells the state of a project, known as `known_as`, and of its registry from any other."""
    from flaglint.source.digest import digest

    return known_as, repr(settings.registry), *(digest(read_text(path) or b"") for path in registry.paths)


def _words(error: Exception) -> str:
    if isinstance(error, FlaglintError):
        return str(error)
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # a syntax tree in the message, too deep to be written out
        return type(error).__name__


def day_of(now: float) -> date:
    """Return the day, in UTC, of a time in UTC seconds."""
    return datetime.fromtimestamp(now, UTC).date()
