"""The rewriting of one file: steps of folding, following and pruning until nothing changes any more."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass, field
from flaglint.remove import cst
from flaglint.remove.bound import Shadowed
from flaglint.remove.busy import Busy
from flaglint.remove.computing import harmless_in
from flaglint.remove.copies import originals_of
from flaglint.remove.evaluate import BUILTINS, Evaluator, in_chain
from flaglint.remove.expressions import ExpressionFolder
from flaglint.remove.flow import is_literally_true, unreachable_runs
from flaglint.remove.follow import local_constants, writes_source
from flaglint.remove.jumps import new_idle_elses, new_idle_jumps
from flaglint.remove.layout import Layout
from flaglint.remove.order import Stability, in_truth_context
from flaglint.remove.purity import read_effects
from flaglint.remove.reads import Refusal
from flaglint.remove.repeated import new_repeated_arms
from flaglint.remove.rope import Cut
from flaglint.remove.spelled import rebinds
from flaglint.remove.statements import StatementFolder
from flaglint.remove.step import Step
from flaglint.remove.surgery import replace_by_text
from flaglint.remove.tree import COMPREHENSIONS, walk
from flaglint.remove.values import MARK, PREFIX, Known, Marks, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flaglint.remove.comments import Vocabulary
    from flaglint.remove.computing import Computing
    from flaglint.remove.draft import Draft, Stretch


@dataclass(frozen=True, slots=True)
class Pending:
    """A read that is not yet a constant, because something in it must still run. Offsets are of the original."""

    start: int
    end: int
    known: Known


@dataclass(frozen=True, slots=True)
class Gone:
    """A stretch of the original that a decision took away, with the reads that it follows from."""

    start: int
    end: int
    origins: frozenset[int]


@dataclass
class FileEngine:
    """One file of a removal."""

    draft: Draft
    marks: Marks
    vocabulary: Vocabulary
    pending: list[Pending] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    others: list[tuple[int, int]] = field(default_factory=list)  # where the original reads other flags
    places: dict[int, int] = field(default_factory=dict)  # where each read begins in the original, by its number
    certain: set[int] = field(default_factory=set)  # the places of those that are surely reads
    asked: list[tuple[int, int]] = field(default_factory=list)  # calls of the original that made what those were asked
    containers: Callable[[FileEngine, Stretch, cst.Name], cst.BaseExpression | None] | None = None
    constants: Callable[[FileEngine, Stretch, cst.BaseExpression], tuple[Any] | None] | None = None
    computing: Computing | None = None
    facts: dict[tuple[int, int], Known | None] = field(default_factory=dict)  # what was put in place of the original
    _settled: set[str] = field(default_factory=set)
    _dead_before: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # by the stretch they are in

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.draft.path

    # ------------------------------------------------------------------------------------------------------ seeding

    def seed(self, places: Mapping[tuple[int, int], Known], *, current: bool = False) -> list[tuple[int, int]]:
        """Let the expressions at some places stand for what is known of them.

        The places are in the original, or with `current` in the text as it is now. Returns those where no expression
        stands any more.
        """
        cuts: list[Cut] = []
        missing: list[tuple[int, int]] = []
        for place in sorted(places, key=lambda item: (item[0], -item[1])):
            now = place if current else self.draft.rope.stretch(*place)
            if now is not None and cuts and cuts[-1].start <= now[0] and now[1] <= cuts[-1].end:
                continue  # it stands in an argument of a read that goes as a whole
            cut = self._seeded(now, places[place]) if now is not None else None
            if cut is None:
                missing.append(place)
            elif cut.text:
                cuts.append(cut)
        self.draft.cut(cuts)
        return missing

    def _seeded(self, place: tuple[int, int], known: Known) -> Cut | None:
        """Return the cut that puts a mark in place; an empty one when something of the read must still run."""
        stretch = self.draft.stretch_at(place[0])
        node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base)
        if node is None:
            return None
        if read_effects(node, harmless_in(self, stretch)):
            first, last = self.draft.rope.origin(place[0]), self.draft.rope.origin(place[1] - 1)
            if first is None or last is None:
                return None
            self.pending.append(Pending(first, last + 1, known))
            self.note(place, None)
            return Cut(place[0], place[0])
        self.note(place, known)
        cut = replace_by_text(stretch.tree, node, self.marks.name(known))[0]
        return Cut(cut.start + stretch.base, cut.end + stretch.base, cut.text)

    def note(self, place: tuple[int, int], known: Known | None, *, base: int = 0) -> None:
        """Remember for the second opinion what the expression at `place`, from `base` on in the text now, is taken for.

        None: something that is no literal, so that its function cannot be compared.
        """
        start, end = place[0] + base, place[1] + base
        first, last = self.draft.rope.origin(start), self.draft.rope.origin(end - 1)
        plain = known is not None and known.shape == "plain"
        for stood in originals_of(self.draft, start, end) if first is None or last is None else [(first, last + 1)]:
            self.facts[stood] = known if plain and self.facts.get(stood, known) else None

    # ------------------------------------------------------------------------------------------------------ stepping

    def settle(self) -> bool:
        """Fold, follow and prune until nothing changes; return whether anything did."""
        changed = False
        while self._round():
            changed = True
        return changed

    def _round(self) -> bool:
        for stretch in self.draft.stretches():
            if stretch.text in self._settled or not self.is_active(stretch):
                continue
            for act in (self._follow, self._fold, self._prune):
                cuts = act(stretch)
                if cuts and self.draft.cut(cuts):
                    return True
            self._settled.add(stretch.text)
        return False

    def leave_residues(self) -> bool:
        """Put `call() or True` in the place of reads whose argument must run where nothing else can be done about it.

        That is right only where the truth alone matters. Returns whether there were any.
        """
        for stretch in self.active():
            evaluator = self.evaluator(stretch)
            cuts = []
            for node, known in evaluator.pending.items():
                if not isinstance(node, cst.BaseExpression):
                    continue
                effects = read_effects(node, evaluator.harmless)
                waits = any(below in evaluator.pending for effect in effects for below in walk(effect))
                matters = in_truth_context(stretch.tree, node, evaluator.shadowed)
                if len(effects) == 1 and not waits and known.shape == "plain" and matters:
                    word = "or" if known.is_true else "and"
                    start, end = stretch.tree.inner(effects[0])
                    source = f"{in_chain(stretch.text[start:end])} {word} {self.marks.name(known)}"
                    cuts += replace_by_text(stretch.tree, node, source, atom=False)
            moved = [Cut(cut.start + stretch.base, cut.end + stretch.base, cut.text) for cut in cuts]
            if moved and self.draft.cut(moved):
                return True
        return False

    def is_active(self, stretch: Stretch) -> bool:
        """Whether a stretch was changed, as one with a mark was, or holds a read that waits."""
        return self._is_changed(stretch) or bool(self.pending and self.pending_in(stretch))

    def active(self) -> Iterator[Stretch]:
        """Return an iterator over the active stretches that parse."""
        return (item for item in self.draft.stretches() if self.is_active(item) and item.parses)

    def _is_changed(self, stretch: Stretch) -> bool:
        return stretch.text not in self.draft.original_texts

    def pending_in(self, stretch: Stretch) -> dict[cst.CSTNode, Known]:
        """Return the reads of a stretch that wait, by node."""
        found: dict[cst.CSTNode, Known] = {}
        for item in self.pending:
            place = self.draft.rope.stretch(item.start, item.end)
            if place is None or not stretch.base <= place[0] < stretch.base + len(stretch.text):
                continue
            node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base)
            if node is not None:
                found[node] = item.known
        return found

    def evaluator(self, stretch: Stretch) -> Evaluator:
        """Return an evaluator for the expressions of a stretch."""
        return Evaluator(
            stretch.tree,
            self.marks,
            pending=self.pending_in(stretch),
            harmless=harmless_in(self, stretch),
            shadowed=Shadowed(stretch.parsed, self._rebound),
            constant=lambda name: self._looked_into(stretch, name),
            named=lambda node: self._looked_up(stretch, node),
        )

    @cached_property
    def _rebound(self) -> frozenset[str]:
        """The builtins that folding knows and that the file may bind to something of its own."""
        text = self.draft.rope.original
        return frozenset(name for name in BUILTINS if rebinds(text, name))

    def _looked_into(self, stretch: Stretch, name: cst.Name) -> cst.BaseExpression | None:
        """Return the display that a name stands for; what is concluded from it is not for the second opinion."""
        found = self._container(stretch, name)
        if found is not None:
            self.note(stretch.tree.inner(name), None, base=stretch.base)
        return found

    def _looked_up(self, stretch: Stretch, node: cst.BaseExpression) -> tuple[Any] | None:
        """Return the literal that an expression is a name of; what follows from it is not for the second opinion."""
        found = self.constants(self, stretch, node) if self.constants is not None else None
        if found is not None:
            self.note(stretch.tree.inner(node), None, base=stretch.base)
        return found

    def _container(self, stretch: Stretch, name: cst.Name) -> cst.BaseExpression | None:
        return self.containers(self, stretch, name) if self.containers is not None else None

    def step(self, stretch: Stretch) -> Step:
        """Return an empty step on a stretch."""
        layout = Layout(self.draft.text, stretch.tree, stretch.base, self.vocabulary)
        return Step(layout, self.evaluator(stretch))

    def carry_out(self, step: Step) -> list[Cut]:
        """Return the cuts of a step, and remember which code of the original they take away."""
        cuts = step.finish()
        rope = self.draft.rope
        for item in step.dropped:
            kept = rope.origins(item.start, item.end)
            if kept is not None:
                self.gone.append(Gone(*kept, item.origins))
        return cuts

    def _fold(self, stretch: Stretch) -> list[Cut]:
        step = self.step(stretch)
        folder = ExpressionFolder(
            stretch.tree,
            step.evaluator,
            lambda name: self._container(stretch, name),
            lambda node: self.note(stretch.tree.inner(node), None, base=stretch.base),
        )
        stable = Stability(stretch)
        busy = self._busy(stretch, step.evaluator)
        StatementFolder(step, folder, stable.is_stable, partial(self._is_remnant, stretch), busy).fold(
            stretch.tree.module
        )
        return self.carry_out(step)

    def _busy(self, stretch: Stretch, evaluator: Evaluator) -> Busy:
        waiting = [stretch.tree.inner(node)[0] for node in evaluator.pending]
        return Busy(
            stretch, waiting, lambda start, end: self.draft.rope.is_verbatim(start + stretch.base, end + stretch.base)
        )

    def _is_remnant(self, stretch: Stretch, node: cst.Expr) -> bool:
        """Whether a statement is what is left of a longer one of the original."""
        start, end = stretch.tree.inner(node)
        kept = self.draft.rope.origins(start + stretch.base, end + stretch.base)
        original = self.draft.original_at(kept[0]) if kept is not None else None
        if kept is None or original is None or not original.parses:
            return kept is None  # all of it is new
        place = (kept[0] - original.base, kept[1] - original.base)
        return all(original.tree.inner(item) != place for item in original.tree.of(cst.Expr))

    def _follow(self, stretch: Stretch) -> list[Cut]:
        if PREFIX not in stretch.text and not self.pending_in(stretch):
            return []  # what is known of a value follows from one of these
        evaluator = self.evaluator(stretch)
        cuts = []
        for use, known in local_constants(stretch.scope, stretch.tree, evaluator):
            start, end = stretch.tree.inner(use.node)
            cuts.append(Cut(start + stretch.base, end + stretch.base, self.marks.name(known)))
        return cuts

    def _prune(self, stretch: Stretch) -> list[Cut]:
        """Take out what can no longer run, and could before."""
        step = self.step(stretch)
        idle = self._busy(stretch, step.evaluator).is_idle
        for run in unreachable_runs(stretch.tree.module, self.is_true(step.evaluator), idle):
            start = stretch.tree.inner(run[0])[0] + stretch.base
            origin = self.draft.rope.origin(start)
            if origin is None or self._was_dead(origin):
                continue
            step.remove_tail(run, self._causes(origin))
        for jump in new_idle_jumps(self.draft, stretch):
            step.remove(jump, frozenset())
        for clause in new_idle_elses(self.draft, stretch):
            if isinstance(clause.body, cst.IndentedBlock) and step.claim(clause):
                step.cuts += step.layout.dissolve(clause, clause.body)
        for arm in new_repeated_arms(self.draft, stretch):
            if step.claim(arm):
                step.drop(arm.body, frozenset())
                step.cuts += step.clause_cuts_to(arm, arm.orelse)
        return self.carry_out(step)

    @staticmethod
    def is_true(evaluator: Evaluator) -> Callable[[cst.BaseExpression], bool]:
        """Return what tells whether a test is always true, now that the flag is pinned."""

        def ask(test: cst.BaseExpression) -> bool:
            known = evaluator.known(test)
            return known.is_true if known is not None else is_literally_true(test)

        return ask

    def _causes(self, origin: int) -> frozenset[int]:
        """Return the reads that can have made the code at `origin` unreachable: those in its stretch."""
        stretch = self.draft.original_at(origin)
        assert stretch is not None  # the first one begins with the file
        end = stretch.base + len(stretch.text)
        return frozenset(number for number, start in self.places.items() if stretch.base <= start < end)

    def _was_dead(self, origin: int) -> bool:
        """Whether no run reached the code at `origin` of the original anyway."""
        stretch = self.draft.original_at(origin)
        assert stretch is not None  # the first one begins with the file
        if stretch.base not in self._dead_before:
            self._dead_before[stretch.base] = [
                (stretch.tree.inner(run[0])[0] + stretch.base, stretch.tree.inner(run[-1])[1] + stretch.base)
                for run in unreachable_runs(stretch.tree.module)
            ]
        return any(start <= origin < end for start, end in self._dead_before[stretch.base])

    # -------------------------------------------------------------------------------------------------------- ending

    def unfinished(self) -> Iterator[tuple[int, Refusal]]:
        """Yield the reads that are still there, or whose value is left where no literal can stand for it."""
        for item in self.pending:
            place = self.draft.rope.stretch(item.start, item.end)
            if place is None:
                continue
            stretch = self.draft.stretch_at(place[0])
            node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base)
            inside = node is not None and stretch.tree.enclosing(node, (*COMPREHENSIONS, cst.Lambda)) is not None
            for number in item.known.origins:
                if inside:
                    yield (
                        number,
                        Refusal("impure-in-comprehension", "its argument must still run in a comprehension or lambda"),
                    )
                else:
                    yield (
                        number,
                        Refusal("impure-argument", "its argument must still run, and there is no place for it"),
                    )
        for found in MARK.finditer(self.draft.text):
            known = self.marks.known[int(found[1])]
            if known.shape == "details" or (known.shape == "variant" and self._is_taken_apart(found.span())):
                for number in known.origins:
                    yield number, Refusal("value-escapes", "its details are used for more than the value")
            elif self._is_written_out(found.span()):
                for number in known.origins:
                    yield number, Refusal("value-escapes", "an f-string writes its source beside the value")

    def _is_taken_apart(self, place: tuple[int, int]) -> bool:
        """Whether something else of a variant is asked for than is known of it."""
        stretch = self.draft.stretch_at(place[0])
        node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base) if stretch.parses else None
        above = stretch.tree.parent(node) if node is not None else None
        return isinstance(above, (cst.Attribute, cst.Subscript)) and above.value is node

    def _is_written_out(self, place: tuple[int, int]) -> bool:
        """Whether a mark stands in a field of an f-string that writes its source (`{flag=}`)."""
        stretch = self.draft.stretch_at(place[0])
        node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base) if stretch.parses else None
        return node is not None and writes_source(stretch.tree, node)

    def write_literals(self) -> None:
        """Put the literal of its value in the place of each mark that is left."""
        text = self.draft.text
        cuts = [Cut(found.start(), found.end(), self._literal(int(found[1]))) for found in MARK.finditer(text)]
        self.draft.cut(cuts)

    def _literal(self, number: int) -> str:
        known = self.marks.known[number]
        value = known.variant if known.shape == "variant" else known.value
        return literal(value, known.quote)
