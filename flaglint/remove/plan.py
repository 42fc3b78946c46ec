"""The plan of a removal: tries to fold every read, gives up on those that would change behaviour, and tries again.

A read that cannot be folded makes the whole attempt start anew without it, so that nothing that was concluded from it
stays behind. What comes out is verified before anyone sees it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.model import Confidence, Kind, Literal, Reference
from flaglint.records import dataclass, field
from flaglint.remove import cst
from flaglint.remove.changed import change_of, is_migration, span_of
from flaglint.remove.declarations import DeclarationRemover
from flaglint.remove.escapes import Escape, escapes
from flaglint.remove.gates import GateFolder
from flaglint.remove.invariants import mend_generators, violations
from flaglint.remove.leftovers import client_wide_mocks, computed_reads, dynamic_reads, emptied, handed_on, still_named
from flaglint.remove.outcome import Change, Leftover, Plan, ReadOutcome, Status
from flaglint.remove.overrides import Override, OverrideFolder, Problem
from flaglint.remove.project import Project
from flaglint.remove.reads import Refusal, value_of_read
from flaglint.remove.references import References
from flaglint.remove.removal import Removal, Seed
from flaglint.remove.sources import Sources
from flaglint.remove.targets import Targets, place_of
from flaglint.remove.tree import SyntaxProblem
from flaglint.remove.verify import disputed, syntax_problem
from flaglint.remove.wrappers import gives_unawaited, is_through_wrapper, only_reads, why_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.remove.engine import FileEngine
    from flaglint.remove.kept import Kept

MAX_ATTEMPTS = 40


def plan(
    files: Mapping[str, bytes] | Sources,
    references: Iterable[Reference],
    pins: Mapping[str, Kept],
    *,
    keep_public: bool = False,
    roots: tuple[str, ...] = ("", "src/"),
) -> Plan:
    """Return how to remove the flags in `pins` from `files`; nothing is written.

    `files` are all that may be looked at, by path: the Python files of the project, and those text files in which a
    name may be mentioned; as `Sources` they share what is found out about them. `references` are those that the
    recogniser found in them, of any flag.
    """
    sources = files if isinstance(files, Sources) else Sources(files, roots)
    known = references if isinstance(references, References) else References(references)
    return _Planner(sources, known, pins, keep_public=keep_public).plan()


@dataclass
class _Planner:
    sources: Sources
    references: References
    pins: Mapping[str, Kept]
    keep_public: bool
    refused: dict[int, Refusal] = field(default_factory=dict)
    deferred: dict[int, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    undeclared: list[tuple[Reference, str]] = field(default_factory=list)
    bound: dict[int, str] = field(default_factory=dict)  # overrides that bind a name which is read when they are gone
    untouched: set[str] = field(default_factory=set)  # keys of which every read stays, and so what tests set of them
    frozen: set[str] = field(default_factory=set)  # files whose new text did not pass, so that they stay as they are

    def plan(self) -> Plan:
        for _ in range(MAX_ATTEMPTS):
            before = self._given_up
            removal, problems = self._attempt()
            self._judge(removal)
            if untouched := self._all_stay(removal) - self.untouched:
                self.untouched |= untouched
                continue
            if self._given_up == before:
                made = self._result(removal, problems)
                if self._given_up == before:
                    return made
        raise AssertionError("each attempt refuses a read more than the one before")

    @property
    def _given_up(self) -> tuple[int, int, int]:
        return len(self.refused), len(self.frozen), len(self.bound)

    # -------------------------------------------------------------------------------------------------- one attempt

    @cached_property
    def _own(self) -> Targets:
        """The references of the flags that are removed, numbered."""
        return Targets(self.references, self.pins)

    def _attempt(self) -> tuple[Removal, list[Problem]]:
        project = Project(self.sources)
        removal = Removal(
            project,
            self._own.vocabulary(),
            self._own.declared(project),
            self._own.others(project),
            keep_public=self.keep_public,
            untouchable=self._is_untouchable,
        )
        removal.refused = dict(self.refused)
        problems = self.problems = []
        for number, reference in self._own:
            if reference.language != "python" or project.text(reference.span.path) is None:
                continue
            if reference.kind is Kind.OVERRIDE:
                problem = self._override(removal, reference, self.bound.get(number, ""))
                problems += [problem] if problem is not None else []
        seeds = []
        for number, reference in self._own:
            if reference.kind is Kind.READ and reference.language == "python" and number not in self.refused:
                seeds += self._seeds(removal, number, reference)
        removal.plant(seeds)
        self.refused.update(removal.refused)
        removal.run()
        self._undeclare(removal)
        for path in sorted(removal.engines):
            while mend_generators(removal.engines[path]):
                pass
        return removal, problems

    def _all_stay(self, removal: Removal) -> frozenset[str]:
        """Return the keys of which every read stays: what tests set of them still decides something."""
        reads: dict[str, set[int]] = {}
        for number, reference in self._own:
            if reference.kind is Kind.READ and reference.language == "python":
                for key in self._own.keys(reference):
                    reads.setdefault(key, set()).add(number)
        stays = {n for n, item in self._own if n in self.refused or self._wrapped(removal, n, item) is not None}
        return frozenset(key for key, numbers in reads.items() if numbers <= stays)

    def _undeclare(self, removal: Removal) -> None:
        """Take the declarations of flags away of which no read is left, and what dies with them."""
        self.undeclared = []
        for _, reference in self._own:
            if reference.kind is not Kind.DECLARATION or reference.language != "python":
                continue
            key = self._own.keys(reference)[0]
            if key in self._still_read(removal):
                continue
            engine = removal.engine(reference.span.path)
            start, end = place_of(removal.project, reference) if engine is not None else (0, 0)
            if engine is None:
                self.undeclared.append((reference, "the file is not edited"))
            elif why := DeclarationRemover(removal.project, engine, key).remove(start, end, reference.role):
                self.undeclared.append((reference, why))
        removal.run()

    def _still_read(self, removal: Removal) -> set[str]:
        """Return the keys that something still reads, or an override that stays still sets."""
        keys = {self._own.keys(self.references[number])[0] for number in {**self.refused, **removal.refused}}
        keys.update(
            self._own.keys(self.references[number])[0]
            for number, reference in self._own
            if self._wrapped(removal, number, reference) is not None and "fixed-wrapper" not in reference.traits
        )
        return keys | {problem.override.key for problem in self.problems}

    def _is_untouchable(self, path: str) -> bool:
        return path in self.frozen or is_migration(path)

    def _override(self, removal: Removal, reference: Reference, bound: str) -> Problem | None:
        start, end = place_of(removal.project, reference)
        keys = self._own.keys(reference)
        default = reference.default
        value = (True,) if default is None else (default.value,) if default.known else None
        spellings = frozenset((keys[0], *(step.rpartition(".")[2] for step in reference.via if " " in step)))
        override = Override(
            reference.span.path, start, end, keys[0], value, isinstance(reference.key, Literal), spellings
        )
        if bound:
            return Problem(override, "bound-override", f"`{bound}`, which is bound in it, is read after it")
        if reference.via[:1] == ("patched object",):
            return Problem(override, "client-wide-mock", "it patches the flag object itself, whatever is asked of it")
        if keys[0] in self.untouched:
            return Problem(override, "read-stays", "every read of the flag stays, so what tests set still counts")
        engine = removal.engine(reference.span.path)
        if engine is None:
            return Problem(override, "migration", "a migration is never edited")
        try:
            return OverrideFolder(engine, self.pins[keys[0]]).fold(override)
        except SyntaxProblem:  # it stands in a class of which another member is broken
            return Problem(override, "unparsable-file", "the code around it cannot be parsed")

    def _seeds(self, removal: Removal, number: int, reference: Reference) -> list[Seed]:
        """Return the seed of a read; none when it is refused, waits for its wrapper, or was folded as a gate."""
        key = self._own.keys(reference)[0]
        start, end = place_of(removal.project, reference)
        source = removal.project.text(reference.span.path).text[start:end]  # type: ignore[union-attr] # it has a text
        quote = "'" if 0 <= source.find("'") < (source.find('"') if '"' in source else len(source)) else '"'
        known = value_of_read(reference, self.pins[key], number, quote)
        if isinstance(known, Refusal):
            self.refused[number] = known
            return []
        if reference.role in {"decorator", "class-attribute"}:
            engine = removal.engine(reference.span.path)
            refusal = GateFolder(engine, self.sources.hierarchy).fold(reference, start, end, known) if engine else None
            if refusal is not None:
                self.refused[number] = refusal
            return []
        place = self._whole(removal, reference, start, end)
        if isinstance(place, Refusal):
            self.refused[number] = place
        elif place is None:
            self.deferred[number] = (start, end)
        else:
            is_certain = reference.confidence is Confidence.CERTAIN
            return [Seed(number, reference.span.path, *place, known, is_certain)]
        return []

    def _whole(self, removal: Removal, reference: Reference, start: int, end: int) -> tuple[int, int] | Refusal | None:
        """Return what stands for the value: the call, or its `await`; None for a call of a wrapper that does more."""
        draft = removal.project.draft(reference.span.path)
        stretch = draft.original_at(start) if draft is not None else None
        if stretch is None or not stretch.parses:
            return Refusal("unparsable-file", "the code around it cannot be parsed")
        node = stretch.tree.at(start - stretch.base, end - stretch.base)
        if node is None:
            return Refusal("unknown-shape", "no expression stands where the read was found")
        if self.sources.hierarchy.is_overridden(reference):
            return None
        if is_through_wrapper(reference):
            if not only_reads(removal.computing, reference, stretch, node):
                return None
            if gives_unawaited(removal.project, reference, self.references):
                return None
        above = stretch.tree.parent(node)
        if "awaited" in reference.traits and isinstance(above, cst.Await):
            start, end = (offset + stretch.base for offset in stretch.tree.inner(above))
        return start, end

    # ------------------------------------------------------------------------------------------------------ judging

    def _judge(self, removal: Removal) -> None:
        """Refuse the reads that could not be folded, or whose folding changes what a name means."""
        for path in sorted(removal.engines):
            engine = removal.engines[path]
            for number, refusal in engine.unfinished():
                self.refused.setdefault(number, refusal)
            for found in violations(engine):
                overrides = self._overrides_in(path, found.function) if not found.origins else []
                if overrides:
                    self.bound.update(dict.fromkeys(overrides, found.name))
                    continue
                where = f" in `{found.function}`" if found.function else ""
                refusal = Refusal(
                    "only-local-binding",
                    f"the dead branch holds the only binding of `{found.name}`, "
                    f"which is read{where} at line {found.line}",
                )
                blamed = found.origins or frozenset(engine.places)
                for number in blamed:
                    self.refused.setdefault(number, refusal)

    def _overrides_in(self, path: str, function: str) -> list[int]:
        """Return the overrides in a function of a file that were not given up yet."""
        return [
            number
            for number, item in self._own
            if item.kind is Kind.OVERRIDE and item.span.path == path and number not in self.bound
            if not function or function in item.qualname.split(".")
        ]

    # ------------------------------------------------------------------------------------------------------- result

    def _result(self, removal: Removal, problems: list[Problem]) -> Plan:
        kept: dict[int, Escape] = {}
        for path in sorted(removal.engines):
            for escape in escapes(removal.engines[path]):
                for number in escape.origins:
                    kept.setdefault(number, escape)
        changes = self._changes(removal)
        reads = []
        for number, reference in self._own:
            if reference.kind is not Kind.READ:
                continue
            refusal = self.refused.get(number) or self._wrapped(removal, number, reference)
            if refusal is not None and refusal.code == "wrapper-kept":
                reads.append(ReadOutcome(reference, Status.KEPT, refusal.code, refusal.sentence))
            elif refusal is not None:
                reads.append(ReadOutcome(reference, Status.REFUSED, refusal.code, refusal.sentence))
            elif number in kept:
                reads.append(ReadOutcome(reference, Status.KEPT, kept[number].code, kept[number].sentence))
            else:
                reads.append(ReadOutcome(reference, Status.FOLDED))
        leftovers = [self._problem(removal.project, problem) for problem in problems]
        for item in removal.sweeper.kept.values():
            draft = removal.project.draft(item.path)
            if draft is None or draft.rope.stretch(item.offset, item.offset + 1) is None:
                continue  # it went with what is around it
            span = span_of(removal.project, item.path, item.offset, item.offset + 1)
            leftovers.append(Leftover(span, "still-there", f"`{item.name}` lost its last use and stays: {item.why}"))
        project = removal.project
        gone = [item for item in reads if item.status is not Status.REFUSED and item.code != "wrapper-kept"]
        folded = [item.reference for item in gone]
        leftovers += client_wide_mocks(project, folded)
        leftovers += still_named(project, [reference for _, reference in self._own], frozenset(self.pins))
        for reference, why in self.undeclared:
            sentence = f"it still declares the flag: {why}"
            leftovers.append(Leftover(reference.span, "declaration-kept", sentence, self._own.keys(reference)[0]))
        leftovers += dynamic_reads(self.references.patterned, self.pins)
        read = {key for item in reads for key in self._own.keys(item.reference)}
        leftovers += list(computed_reads(project, self.references.computed, leftovers, frozenset(self.pins) - read))
        leftovers += handed_on(project, [reference for _, reference in self._own], read, frozenset(self.pins))
        leftovers += emptied(project, changes)
        unused = (
            frozenset(self.pins)
            - self._still_read(removal)
            - {item.key for item in leftovers if item.code == "declaration-kept"}
        )
        unused -= {item.key for item in leftovers if item.code in {"dynamic-key", "uncertain-read"}}
        ordered = sorted(set(leftovers), key=lambda item: (item.span, item.code, item.key, item.sentence))
        return Plan(dict(self.pins), tuple(reads), tuple(ordered), tuple(changes), unused)

    def _changes(self, removal: Removal) -> list[Change]:
        """Return what changes in the files; the reads of one whose new text is not right are refused."""
        changes = []
        for path in sorted(removal.engines):
            engine = removal.engines[path]
            engine.write_literals()
            change = change_of(removal.project, engine)
            if change is not None:
                changes.append(change)
                self._check(engine)
        return changes

    def _check(self, engine: FileEngine) -> None:
        """Refuse the reads of a file whose new text is not right."""
        problem = syntax_problem(engine)
        if problem:
            self.frozen.add(engine.path)
            for number in engine.places:
                self.refused.setdefault(number, Refusal("not-verified", problem))
            return
        for name in disputed(engine):
            inside = [number for number in engine.places if _is_inside(self.references[number].qualname, name)]
            for number in inside or engine.places:
                reason = f"two ways to fold `{name}` do not come to the same"
                self.refused.setdefault(number, Refusal("not-verified", reason))

    def _wrapped(self, removal: Removal, number: int, reference: Reference) -> Refusal | None:
        """Return what to say of a call of a wrapper that does more than read, unless it is gone."""
        place = self.deferred.get(number)
        engine = removal.engines.get(reference.span.path)
        if place is None or (engine is not None and engine.draft.rope.stretch(*place) is None):
            return None
        is_unawaited = gives_unawaited(removal.project, reference, self.references)
        return why_kept(reference, self.sources.hierarchy, is_unawaited=is_unawaited)

    @staticmethod
    def _problem(project: Project, problem: Problem) -> Leftover:
        override = problem.override
        span = span_of(project, override.path, override.start, override.end)
        return Leftover(span, problem.code, problem.sentence, override.key)


def _is_inside(qualname: str, function: str) -> bool:
    return qualname == function or qualname.startswith(f"{function}.")
