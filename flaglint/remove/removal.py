"""One removal over all files: seeds the reads, lets every file settle, spreads what is constant, sweeps what died."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass
from flaglint.remove.attributes import AttributeSpreader
from flaglint.remove.computing import Computing
from flaglint.remove.constants import constant_of
from flaglint.remove.containers import container_of
from flaglint.remove.emptied import EmptiedSpreader
from flaglint.remove.engine import FileEngine
from flaglint.remove.parameters import ParameterSpreader
from flaglint.remove.reads import Refusal
from flaglint.remove.spread import Spreader
from flaglint.remove.sweep import Sweeper
from flaglint.remove.values import Known, Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from flaglint.remove import cst
    from flaglint.remove.comments import Vocabulary
    from flaglint.remove.draft import Stretch
    from flaglint.remove.project import Project
    from flaglint.remove.step import Step

MAX_ROUNDS = 2_000  # far more than any removal takes; one that never ends must not take the whole run along


@dataclass(frozen=True, slots=True)
class Seed:
    """A read to fold: where it stands in its file, and what it comes to."""

    number: int
    path: str
    start: int
    end: int
    known: Known
    is_certain: bool = False  # that it is a read, and what it is asked of a client


class Removal:
    """The state of one attempt. It ends with the new texts, or with reads that cannot be folded."""

    def __init__(
        self,
        project: Project,
        vocabulary: Vocabulary,
        declared: Mapping[str, frozenset[tuple[int, int]]] | None = None,
        others: Mapping[str, Collection[tuple[int, int]]] | None = None,
        *,
        keep_public: bool = False,
        untouchable: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """`others` are where flags that stay are read, by path."""
        self.project = project
        self.vocabulary = vocabulary
        self.declared = declared or {}
        self.others = others or {}
        self.untouchable = untouchable
        self.marks = Marks()
        self.engines: dict[str, FileEngine] = {}
        self.refused: dict[int, Refusal] = {}
        self.computing = Computing(project)
        self.sweeper = Sweeper(project, self.engines, self.engine, self._is_declaration, keep_public)

    def engine(self, path: str) -> FileEngine | None:
        """Return the engine of a file, opened now if it was not; None for a file that may not be edited."""
        if path not in self.engines:
            draft = None if self.untouchable(path) else self.project.draft(path)
            if draft is None:
                return None
            others = list(self.others.get(path, ()))
            self.engines[path] = FileEngine(
                draft,
                self.marks,
                self.vocabulary,
                others=others,
                containers=self._container,
                constants=self._constant,
                computing=self.computing,
            )
        return self.engines[path]

    def plant(self, seeds: Iterable[Seed]) -> None:
        """Put the values of reads in their places; a read that cannot be found there is refused."""
        by_path: dict[str, list[Seed]] = {}
        for seed in seeds:
            by_path.setdefault(seed.path, []).append(seed)
        for path in sorted(by_path):
            engine = self.engine(path)
            if engine is None:
                code = "migration" if self.untouchable(path) else "unparsable-file"
                self.refused.update({seed.number: Refusal(code, "the file is not edited") for seed in by_path[path]})
                continue
            engine.places.update({seed.number: seed.start for seed in by_path[path]})
            engine.certain.update(seed.start for seed in by_path[path] if seed.is_certain)
            missing = engine.seed({(seed.start, seed.end): seed.known for seed in by_path[path]})
            for seed in by_path[path]:
                if (seed.start, seed.end) in missing:
                    self.refused[seed.number] = Refusal(
                        "unknown-shape", "no expression stands where the read was found"
                    )

    def run(self) -> None:
        """Fold, spread and sweep until nothing changes."""
        spreaders = [
            kind(self.project, self.engine)
            for kind in (Spreader, AttributeSpreader, ParameterSpreader, EmptiedSpreader)
        ]
        for _ in range(MAX_ROUNDS):
            changed = False
            for path in sorted(self.engines):
                changed |= self.engines[path].settle()
            for path in sorted(self.engines):
                for spreader in spreaders:
                    changed |= spreader.spread(self.engines[path])
            changed = changed or self.sweeper.sweep()
            changed = changed or any(self.engines[path].leave_residues() for path in sorted(self.engines))
            if not changed:
                return
        raise AssertionError("each round takes something away or puts a value in its place, so there is an end")

    def _container(self, engine: FileEngine, stretch: Stretch, name: cst.Name) -> cst.BaseExpression | None:
        return container_of(self.project, engine.path, stretch, name)

    def _constant(self, engine: FileEngine, stretch: Stretch, node: cst.BaseExpression) -> tuple[Any] | None:
        return constant_of(self.project, engine.path, stretch, node)

    def _is_declaration(self, step: Step, node: cst.BaseExpression) -> bool:
        """Whether an expression declares one of the flags that are removed, so that it goes with its name."""
        start, end = step.layout.span(node)
        for engine in self.engines.values():
            if engine.draft.text is step.layout.text or engine.draft.text == step.layout.text:
                origin, last = engine.draft.rope.origin(start), engine.draft.rope.origin(end - 1)
                if origin is not None and last is not None:
                    return (origin, last + 1) in self.declared.get(engine.path, frozenset())
        return False
