"""Links the facts of many files: settles every site, finds wrappers to a fixpoint, and says what each reference is.

In a *project* run, words lead the way: the names of the packs, then those of each wrapper found, until no new one
appears. In a *file* run, the given files lead, and only the modules that their names lead to are read. Both decide by
the same recogniser, so a file gets the same references in both, but for calls of wrappers that pass no key: to find
these a file run would have to follow every call. They have the trait `spelled-elsewhere`.

The files of a project are cut into *parts* by their paths and sizes alone, and several processes may look at these.
"""

from __future__ import annotations

from bisect import bisect_right
from contextlib import nullcontext
from typing import TYPE_CHECKING

from flaglint.model import Kind, keys_in
from flaglint.records import dataclass
from flaglint.refs.cells import REPLACED, joined, place_of
from flaglint.refs.collect import Gathered, settle
from flaglint.refs.contracts import Setting
from flaglint.refs.crew import Crew, start_method
from flaglint.refs.elsewhere import importing
from flaglint.refs.ground import Ground
from flaglint.refs.part import Part
from flaglint.refs.program import Program
from flaglint.refs.screen import Screen
from flaglint.refs.stores import COMPUTED, Sought
from flaglint.refs.words import Hits, ScreenedHere, screen
from flaglint.stages import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from flaglint.model import ParseFailure, Reference, Wrapper
    from flaglint.refs.emit import Settings
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.part import Before, Emitted
    from flaglint.refs.scan import Files
    from flaglint.refs.standing import Heard
    from flaglint.refs.values import PlaceId

MAX_ROUNDS = 8
MAX_NAMES = 4  # names for names of lists and dictionaries that are changed under any of these
MAX_PARTS = 16
PART = 200_000  # bytes of files worth reading, from which on a part of its own pays
PARALLEL_FROM = {"fork": 800_000, "spawn": 6_000_000}  # of these bytes, from which on processes pay for their start


@dataclass(frozen=True, slots=True)
class Linked:
    """The references of a program, its wrappers, and the statements that could not be read."""

    references: tuple[Reference, ...]
    wrappers: tuple[Wrapper, ...]
    failures: tuple[ParseFailure, ...]
    screened: frozenset[str]
    candidates: tuple[Reference, ...] = ()


class Linker:
    """One run of the link stage over one set of files."""

    def __init__(self, files: Files, index: SpecIndex, keys: frozenset[str], *, scope: str) -> None:
        self.files = files
        self.index = index
        self.keys = keys
        self.scope = scope
        self.active = index  # of a project run: what it has of the packs
        self.hits = Hits(set(index.words))
        self.wrapping: frozenset[tuple[str, int, int]] = frozenset()  # the units of wrappers: path, index, member
        self.is_all_named = True  # whether all that leads to a flag has a name that is among the words of the run
        self._program: Program | None = None
        self.company: set[str] = set()  # names beside which a common word counts
        self.sought = Sought.of(())  # what keys rest on that any code may set
        self.present: dict[str, str] = {}  # the packages of packs that are imported, each with a file that does
        self.named: dict[str, str] = {}  # those that a file names at all, each with such a file
        self._read: set[str] = set()

    @property
    def ground(self) -> Ground:
        """What the search of a project rests on."""
        packages = {part for pack in self.index.packs for part in pack.packages}
        common = self.hits.common & self.hits.known
        owners = {name for names in self.active.owners_by_word.values() for name in names}
        witnesses = {*self.present.values(), *self.named.values()}
        return Ground(
            loud=frozenset(self._read | self.hits.files.keys() | witnesses),
            words=frozenset(
                (self.hits.known - common)
                | self.keys
                | (packages - self.present.keys())
                | {*self.sought.names, *self.sought.held}
            ),
            common=frozenset(common),
            company=frozenset(self.company | owners),
            pieces=frozenset(),
            slack=self.hits.slack,
            setting=frozenset(COMPUTED),
            owners=frozenset(name.decode() for name in self.sought.modules | self.sought.classes),
        )

    @property
    def program(self) -> Program:
        """The modules of the program, as this process reads them."""
        if self._program is None:
            packages = frozenset(name.partition(".")[0] for pack in self.index.packs for name in pack.packages)
            self._program = Program(self.files.load, self.files.exists, self.files.roots, packages)
        return self._program

    def part(self) -> Part:
        """Return a new part, which has looked at nothing yet."""
        return Part(self.files, self.program, self.index, self.active, self.keys, scope=self.scope)

    def declares(self, paths: Collection[str]) -> set[str]:
        """Return the keys that some files declare under names that packs give, as far as one can tell by now."""
        found = settle(self.part().declarations({}, within=frozenset(paths)), self.keys)
        return {key for reference in found if reference.kind is Kind.DECLARATION for key in keys_in(reference.key)}

    def __getstate__(self) -> dict[str, object]:
        """Return what another process makes parts with: not what this one has read."""
        return self.__dict__ | {"_program": None, "hits": Hits(set(self.index.words))}

    def given(
        self,
        paths: Iterable[str],
        before: Before | None = None,
        *,
        or_nothing: bool = False,
        heard: Heard | None = None,
    ) -> Linked:
        """Return the references in `paths`, and the declarations that packs and configuration name by module.

        Other files are read only where names lead to them; with `or_nothing`, none for their declarations where
        nothing in `paths` may refer to a flag. What is `heard` of a project's words tells the statements that may.
        """
        paths = sorted(paths)
        part = self.part()
        is_told = heard.is_told if heard is not None else None
        return self._linked(paths, [part.emit_whole(paths, before, is_told, or_nothing=or_nothing)])

    def gives_names(self, heard: Heard) -> bool:
        """Whether new or changed files give something a name that the project did not look for."""
        told = heard.standing.words.all_words
        words = told | self.index.words
        hits = Hits(set(words), {path: set(words) for path in heard.fresh})
        look = self.part().look(heard.fresh, hits, set(), set(words))  # which of them hold flags is not known here
        return look.is_unnamed or not look.names <= told  # the words of an SDK that nobody uses tell nothing

    def project(
        self,
        paths: Collection[str],
        meanwhile: Callable[[Mapping[str, bytes], Linker], None] | None = None,
        crew: Crew | None = None,
    ) -> Linked:
        """Return the references in all of `paths`.

        While other processes look into them, `meanwhile` is called with their bytes, and with this for what it knows.
        Who hands in a `crew` may ask its aides afterwards, and ends it.
        """
        with stage("screen the bytes"):
            present = self.packages_in(paths)
        active = self.active = self.index.active(lambda pack: any(name in present for name in pack.packages))
        self.hits.known = set(active.words)
        # The project's own package says nothing: every second file imports from it.
        foreign = {name for name in present if self.program.path_of(name) is None}
        with stage("screen the bytes"):
            here = ScreenedHere(paths, self.files.data, active.owners_by_word)
            added = screen(self.hits, here, len(paths), active.words | self.keys, foreign)
        with stage("read statements ahead"):
            self.files.read_ahead({path: frozenset(words) for path, words in self.hits.files.items()})
        bounds = self._bounds(added)
        with Crew() if crew is None else nullcontext(crew) as crew:
            self._begin(crew, added, len(bounds) + 1)
            owners, holders = self._look(crew, bounds, paths, added, foreign, meanwhile)
            settings = self._settings(crew, bounds, paths)
            shares = _shared(self.hits.files, bounds)
            answers = crew.ask("emit", {number: (part, settings) for number, part in shares.items()})
            own = self.part()  # without files: says what is declared under a name that packs give
            own.look([], self.hits.within([]), owners, holders)
            declaring = own.emit([], settings, frozenset(paths))
            emitted = dict(answers)
        return self._linked(sorted(self.hits.files), [*(emitted[number] for number in sorted(emitted)), declaring])

    def _look(
        self,
        crew: Crew,
        bounds: list[str],
        paths: Collection[str],
        added: Collection[str],
        packages: set[str],
        meanwhile: Callable[[Mapping[str, bytes], Linker], None] | None,
    ) -> tuple[set[str], set[str]]:
        """Let the parts find wrappers until no new name appears; return their owners, and what holds flags.

        The names of SDKs' `packages` keep others company.
        """
        owners: set[str] = set()
        holders: set[str] = set()
        companions = set(packages)
        everywhere = _Spread(crew, _shared(paths, bounds))
        for turn in range(MAX_ROUNDS):
            known, held = len(owners), holders
            names: set[str] = set()
            done = 0
            shares = _shared(added, bounds)
            answers = crew.ask(
                "look", {number: (part, self.hits.within(part), owners, held) for number, part in shares.items()}
            )
            if turn == 0 and meanwhile is not None:
                meanwhile(self.files.contents(paths), self)
            for number, look in answers:
                names |= look.names
                companions |= look.companions
                owners = owners | look.owners
                holders = holders | look.holders
                self.is_all_named &= not look.is_unnamed
                done += len(shares[number])
                self.files.progress(done, len(added))
            self.is_all_named &= names.isdisjoint(self.index.heads)
            fresh = names - self.hits.known  # also `get`, once a wrapper is called so
            fresh |= (holders - held - self.index.words) & self.hits.known  # taken to read one flag, and holds others
            if len(owners) > known:
                fresh |= self.hits.common  # beside a name that was not known before, a common word counts
            if not fresh:
                break
            added = screen(self.hits, everywhere, len(paths), fresh, companions)
            self.hits.known = self.hits.known | fresh
        else:
            self.is_all_named = False  # names led to names, and were given up
        self.company = companions
        return owners, holders

    def _settings(self, crew: Crew, bounds: list[str], paths: Collection[str]) -> Settings:
        """Return what classes, and code anywhere, set that to by which reads get their keys."""
        shares: dict[int, list[str]] = {number: [] for number in range(len(bounds) + 1)}
        shares |= _shared(paths, bounds)
        needs = list(crew.ask("rests_on", dict.fromkeys(shares, ())))
        contracts = {contract for _, (found, _) in needs for contract in found}
        cells = joined(cell for _, (_, found) in needs for cell in found)
        found = [
            Setting((cell.name, cell.owner), cell.owner, "", (None,), "", is_inherited=False)
            for cell in cells
            if cell.name == REPLACED
        ]
        cells = [cell for cell in cells if cell.name != REPLACED]
        known: set[tuple[str, PlaceId]] = set()
        for _ in range(MAX_NAMES if contracts or cells else 0):
            known |= {(cell.name, cell.owner) for cell in cells}
            self.sought = self.sought.joined(Sought.of(cells))
            questions = {number: (contracts, share, cells) for number, share in shares.items()}
            answers = dict(crew.ask("settings", questions))
            by_classes = [item for number in sorted(answers) for item in answers[number][0]]
            found = [*by_classes, *found, *(item for number in sorted(answers) for item in answers[number][1].settings)]
            named = {cell for number in answers for cell in answers[number][1].named}
            contracts, cells = (
                set(),
                [cell for cell in sorted(named, key=place_of) if (cell.name, cell.owner) not in known],
            )
            if not cells:
                break
        found += [Setting(cell.contract, cell.owner, "", (None,), "", is_inherited=False) for cell in cells]
        settings: Settings = {}
        for item in {(item.contract, item.setter): item for item in found}.values():
            settings.setdefault(item.contract, []).append(item)
        return settings

    def _linked(self, paths: list[str], emitted: list[Emitted]) -> Linked:
        gathered = Gathered()
        for item in emitted:
            gathered.add(item.gathered)
            self.files.surround(item.surroundings)
            self.wrapping |= item.wrapping
            self._read |= item.read
        for item in emitted:
            gathered.add(item.beside)
        return Linked(
            settle(gathered, self.keys),
            tuple(
                sorted(
                    (found for item in emitted for found in item.wrappers),
                    key=lambda found: (found.span, found.qualname),
                )
            ),
            tuple(failure for item in emitted for failure in item.failures),
            frozenset(paths),
            tuple(gathered.candidates),
        )

    def packages_in(self, paths: Iterable[str]) -> set[str]:
        """Return the packages of packs that some file imports; note the first file that does, and that names one."""
        wanted = {part for pack in self.index.packs for part in pack.packages}
        packages = Screen(wanted)
        # The project's own package stands in every second line: once it is known, nobody looks for it any more. One
        # that stands in the name of another may not be left out: it would be found there.
        joined = {name for name in wanted if "." in name}
        apart = wanted - joined - {part for name in joined for part in name.split(".")}
        found = self.present
        for path in paths:
            data = self.files.data(path)
            if data is None or not (hits := packages.hits(data)):
                continue
            for name in hits:
                self.named.setdefault(name, path)
            fresh = hits.keys() - found.keys()
            lines = _lines(data, (at for places in hits.values() for at in places)) if fresh else b""
            imported = [name for name in sorted(fresh) if importing(name).search(lines)]
            found.update((name, path) for name in imported)
            if not apart.isdisjoint(imported):
                packages = Screen(wanted - (apart & found.keys()))
        return set(found)

    # ------------------------------------------------------------------------------------------------------- parts

    def _bounds(self, paths: Collection[str]) -> list[str]:
        """Return the first path of each part but the first: of about the same size, whoever looks at them."""
        sizes = {path: len(self.files.data(path) or b"") for path in sorted(paths)}
        whole = sum(sizes.values())
        count = max(1, min(MAX_PARTS, whole // PART))
        bounds: list[str] = []
        so_far = 0
        for path, size in sizes.items():
            if so_far >= whole * (len(bounds) + 1) / count:
                bounds.append(path)
            so_far += size
        return bounds

    def _begin(self, crew: Crew, paths: Collection[str], parts: int) -> None:
        size = sum(len(self.files.data(path) or b"") for path in paths)
        method = start_method(is_asked_for=self.files.is_asked_for_jobs) if self.files.executor is None else None
        pays = method is not None and size >= PARALLEL_FROM[method]
        if pays and method == "fork":
            import flaglint.refs.extract  # noqa: F401 - once, and not in each of them
            from flaglint.refs import lexing

            lexing.make_ready()
        crew.begin(self.part, parts, self.files.jobs if pays else 1, method)


class _Spread:
    """Files whose bytes parts have, each a share of them."""

    def __init__(self, crew: Crew, shares: Mapping[int, list[str]]) -> None:
        """`shares` are the files of each part by its number."""
        self._crew = crew
        self._shares = shares

    def held(self, words: Collection[str]) -> dict[str, set[str]]:
        """Return which of some words stand in those files that hold one."""
        answers = self._crew.ask("held", {number: (share, words) for number, share in self._shares.items()})
        return {path: present for _, found in answers for path, present in found.items()}

    def accompanied(self, dull: Mapping[str, set[str]], companions: Collection[str]) -> set[str]:
        """Return the files in which one of their common words counts."""
        shares = {
            number: {path: dull[path] for path in share if path in dull} for number, share in self._shares.items()
        }
        answers = self._crew.ask("accompanied", {number: (own, companions) for number, own in shares.items() if own})
        return {path for _, found in answers for path in found}


def _shared(paths: Iterable[str], bounds: list[str]) -> dict[int, list[str]]:
    """Return the paths of each part by its number."""
    found: dict[int, list[str]] = {}
    for path in paths:
        found.setdefault(bisect_right(bounds, path), []).append(path)
    return found


def _lines(data: bytes, places: Iterable[int]) -> bytes:
    """Return the lines of some bytes that hold one of the places."""
    starts = {data.rfind(b"\n", 0, at) + 1 for at in places}
    ends = ((start, data.find(b"\n", start)) for start in sorted(starts))
    return b"\n".join(data[start:end] if end >= 0 else data[start:] for start, end in ends)
