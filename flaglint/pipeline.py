"""Wires the stages: files, registry, references, graph. Returns an Analysis, and prints nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from typing import Literal as OneWordOf

from flaglint.errors import UsageError
from flaglint.join import join
from flaglint.model import FileCounts, Skipped, keys_in
from flaglint.records import dataclass, field, replace
from flaglint.refs import DIRECTIVE, find_references
from flaglint.refs.elsewhere import python_files
from flaglint.refs.packs import packs_of, packs_with_templates
from flaglint.refs.texts import Searcher, Searching, not_python, text_references
from flaglint.refs.whole import search_whole
from flaglint.registry import load
from flaglint.source import Discovery, discover, is_excluded, is_python, read
from flaglint.stages import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.definition import Registry
    from flaglint.graph import FlagGraph
    from flaglint.model import Verdict
    from flaglint.planning import Plans
    from flaglint.refs import Found, Search
    from flaglint.refs.across.document import Index
    from flaglint.refs.across.joining import Repository
    from flaglint.refs.across.merging import Beside
    from flaglint.refs.spec import Pack

Scope = OneWordOf["file", "project"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a project: the graph, how many files were looked at, and what rules and codemods go on with."""

    settings: Settings
    graph: FlagGraph
    counts: FileCounts
    packs: tuple[Pack, ...]
    commented: tuple[str, ...]  # files that hold `flaglint:`, relative to the root
    given: frozenset[str] | None  # the files that were asked for; None is all
    now: float
    contents: Mapping[str, bytes]
    repository: Repository | None = None  # what other repositories need to know, when that was asked for
    paths: tuple[str, ...] | None = None  # the files of the whole project, when all that is read is on disk
    notes: tuple[str, ...] = ()
    known_as: str = ""  # what tells this state of the project from any other; empty when nothing of it is kept
    is_recalled: bool = False  # so that no file was read for it
    since: tuple[tuple[str, tuple[str, ...]], ...] = ()  # its names before, each with the files that changed since
    behind: object = field(default=None, repr=False, compare=False)  # what it was found with, kept until this goes

    def read_text(self, path: str) -> bytes | None:
        """Return the bytes of a file of the project as they were when it was analysed, or None when it has none.

        Raises FlaglintError for a Python file that was not read then, and has changed since.
        """
        if path in self.contents:
            return self.contents[path]
        found = read(self.settings.root, path)
        return None if isinstance(found, Skipped) else found


def analyse(
    settings: Settings,
    given: Sequence[Path] = (),
    *,
    scope: Scope = "project",
    now: float | None = None,
    jobs: int = 0,
    cache: bool = True,
    force_exclude: bool = False,
    progress: Callable[[int, int], None] | None = None,
    contents: Mapping[str, bytes] | None = None,
    verdicts: bool = True,
    outward: bool = False,
    indexes: Sequence[Index] = (),
    executor: Executor | None = None,
    before: Search | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Analysis:
    """Return what is known of the project, or with scope "file" of the `given` files.

    `now` is in UTC seconds. `contents` stand in for what is on disk, by path (the buffers of an editor), and are given
    themselves. With `outward` the `repository` is collected; `indexes` are those of other repositories, and what they
    hold is joined with the project's. An `executor` reads statements in place of processes of our own, on whatever
    machines; what is found is the same. A search `before` is not made again when it was asked what this one asks.
    `meanwhile` may be called while other processes read a whole project, to prepare what comes after.
    Raises UsageError for a path that does not exist or holds no file, for a project without any file, and for two
    repositories of one name.
    """
    moment = time.time() if now is None else now
    step = progress or (lambda _done, _total: None)
    root = settings.root
    with stage("list the files"):
        found = _asked_for(settings, given, contents or {}, force_exclude=force_exclude)
    chosen = frozenset(found.paths) if given or contents else None
    if chosen is not None and scope == "project":
        everything = discover(root, (), source=settings.source, exclude=settings.exclude)
        listed: tuple[str, ...] | None = everything.paths
        paths = tuple(sorted({*everything.paths, *found.paths}))
        skipped = {*everything.skipped, *found.skipped}
    else:
        listed = found.paths if chosen is None else None
        paths, skipped = found.paths, set(found.skipped)
    if not paths and not skipped and chosen is None:
        raise UsageError(
            f"there is no file below {', '.join(settings.source)}",
            help="go to the folder of the project, or set `source` in its configuration",
        )
    cache_folder = root / settings.cache_dir if cache else None
    with stage("read the registry"):
        registry = load(root, settings.registry, now=moment, cache=cache_folder, contents=contents)
    with stage("read the packs"):
        packs = packs_of(settings, cache_folder)
    step(0, len(paths))
    if scope == "project" and not (contents or outward or indexes):
        whole = search_whole(
            settings,
            paths,
            registry,
            packs,
            cache=cache_folder,
            jobs=jobs,
            step=step,
            executor=executor,
            meanwhile=meanwhile,
        )
        searched = whole.searched
        graph = _joined(
            registry,
            (*searched.references, *searched.texts),
            skipped={*skipped, *searched.skipped},
            failures=searched.failures,
            wrappers=searched.wrappers,
            verdicts=_all_verdicts(registry, (), moment) if verdicts else None,
        )
        return Analysis(
            settings=settings,
            graph=graph,
            counts=searched.counts,
            packs=packs,
            commented=tuple(sorted({*searched.commented, *_commented_registries(registry, root)})),
            given=chosen,
            now=moment,
            contents=whole.contents,
            paths=listed,
            known_as=searched.known_as,
            is_recalled=searched.is_recalled,
            since=searched.since,
            behind=whole.behind,
        )
    python = [path for path in paths if is_python(path)]
    keys = frozenset(flag.key for flag in registry.flags) | {tomb.key for tomb in registry.tombstones}
    if before is not None and not (contents or outward or indexes) and before.answers(root, python, packs, keys):
        search = before.found
    else:
        search = find_references(
            root,
            python,
            packs=packs,
            keys=keys,
            scope=scope,
            jobs=jobs or None,
            contents=dict(contents or {}),
            shared=settings.shared if outward or indexes else None,
            progress=step,
            executor=executor,
            project=partial(python_files, settings),
        )
    repository = _repository(settings, search, python) if outward or indexes else None
    others_know = _beside(repository, registry, packs, indexes)
    references = search.references if others_know is None else others_know.references
    declared = {key for ref in references if ref.kind == "declaration" for key in keys_in(ref.key)}
    spelled = keys | declared | {flag.key for flag in (others_know.flags if others_know is not None else ())}
    # In the scope of a file, what other files import must not matter.
    tags = packs_with_templates(packs, settings, search.packages if scope == "project" else ())
    searcher = Searcher(root, packs, not_python(settings, paths, registry), contents)
    texts = text_references(Searching(searcher, jobs=jobs or None), spelled, tags, search)
    if repository is not None:
        repository = replace(repository, references=(*repository.references, *texts.references))
    if others_know is not None:
        skipped |= set(others_know.skipped)
    graph = _joined(
        registry if others_know is None else replace(registry, flags=(*registry.flags, *others_know.flags)),
        (*references, *texts.references),
        scope=scope,
        skipped={*skipped, *search.skipped, *texts.skipped},
        failures=search.failures,
        wrappers=search.wrappers,
        verdicts=_all_verdicts(registry, indexes, moment) if verdicts else None,
        elsewhere=others_know.names if others_know is not None else (),
    )
    return Analysis(
        settings=settings,
        graph=graph,
        counts=FileCounts(len(paths), search.files.screened, search.files.parsed),
        packs=packs,
        commented=tuple(sorted({*texts.commented, *_commented_registries(registry, root)})),
        given=chosen,
        now=moment,
        contents=search.contents,
        repository=repository,
        paths=listed,
        notes=others_know.notes if others_know is not None else (),
    )


def _joined(*arguments: Any, **options: Any) -> FlagGraph:
    with stage("join with the registry"):
        return join(*arguments, **options)


def plans(analysis: Analysis, *, keep_public: bool = False, tombstone: bool = False) -> Plans:
    """Return what the removal of each flag of a project comes to, by key; each is planned when it is looked up.

    With `tombstone` the registry's entries leave one, dated to the day of the analysis.
    """
    from flaglint.planning import Plans, day_of, earlier_plans, plans_before, state_of

    settings = analysis.settings
    removed_on = day_of(analysis.now) if tombstone else None
    remembered = earlier = None
    if analysis.known_as:
        state = state_of(settings, analysis.graph.registry, analysis.known_as, analysis.read_text)
        since = [((known_as, *state[1:]), changed) for known_as, changed in analysis.since]
        if not (keep_public or tombstone):
            remembered = plans_before(settings, state, since, analysis.read_text)
        earlier = earlier_plans(settings, state, keep_public, removed_on)
    return Plans(
        graph=analysis.graph,
        settings=settings,
        packs=analysis.packs,
        contents=analysis.contents,
        paths=analysis.paths,
        now=analysis.now,
        keep_public=keep_public,
        removed_on=removed_on,
        remembered=remembered,
        earlier=earlier,
        known_as=analysis.known_as if analysis.is_recalled else "",
    )


def _asked_for(
    settings: Settings, given: Sequence[Path], contents: Mapping[str, bytes], *, force_exclude: bool
) -> Discovery:
    buffers = [path for path in contents if not (force_exclude and is_excluded(path, settings.exclude))]
    if contents and not given:
        return Discovery(tuple(sorted(buffers)))
    found = discover(
        settings.root, given, source=settings.source, exclude=settings.exclude, force_exclude=force_exclude
    )
    return Discovery(tuple(sorted({*found.paths, *buffers})), found.skipped) if buffers else found


class _Verdicts(Mapping[str, Mapping[str, "Verdict"]]):
    """The verdicts of a registry. Nothing is proven, and no prover loaded, before somebody asks: a hook never does."""

    def __init__(self, registry: Registry, now: float) -> None:
        self._registry, self._now = registry, now

    @cached_property
    def _proven(self) -> Mapping[str, Mapping[str, Verdict]]:
        from flaglint.evaluator.proof import verdicts

        return verdicts(self._registry, self._now)

    def __getitem__(self, key: str) -> Mapping[str, Verdict]:
        return self._proven[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._proven)

    def __len__(self) -> int:
        return len(self._proven)


def _all_verdicts(registry: Registry, indexes: Sequence[Index], now: float) -> Mapping[str, Mapping[str, Verdict]]:
    """Return the verdicts of all flags; those that other repositories define by their own registries."""
    own: Mapping[str, Mapping[str, Verdict]] = _Verdicts(registry, now) if registry.flags else {}
    foreign = {key: found for index in indexes for key, found in _Verdicts(index.registry, now).items()}
    return {**foreign, **own} if foreign else own


def _repository(settings: Settings, search: Found, python: Sequence[str]) -> Repository:
    from flaglint.refs.across.joining import Repository

    return Repository(
        name=settings.root.name,
        references=search.references,
        candidates=search.candidates,
        modules=search.modules,
        paths=tuple(python),
        roots=search.roots,
    )


def _beside(
    own: Repository | None, registry: Registry, packs: Sequence[Pack], indexes: Sequence[Index]
) -> Beside | None:
    if own is None or not indexes:
        return None
    from flaglint.refs.across.merging import beside

    return beside(own, registry, packs, indexes)


def _commented_registries(registry: Registry, root: Path) -> Iterator[str]:
    """Yield the files of the registry that hold a comment for flaglint."""
    for path in registry.paths:
        data = read(root, path)
        if isinstance(data, bytes) and DIRECTIVE in data:
            yield path


__all__ = ["Analysis", "analyse", "plans"]
