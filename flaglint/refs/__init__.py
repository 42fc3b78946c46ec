"""Finding references: SDK packs, the byte screen, the facts of one file, and the link over the whole program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.model import FileCounts, Kind, ParseFailure, Reference, Skipped, Wrapper
from flaglint.records import dataclass, field
from flaglint.stages import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from concurrent.futures import Executor

    from flaglint.refs.across.shadow import Shadow
    from flaglint.refs.crew import Crew
    from flaglint.refs.ground import Ground
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.link import Linked, Linker
    from flaglint.refs.part import Before
    from flaglint.refs.scan import Files
    from flaglint.refs.spec import Pack
    from flaglint.refs.standing import Heard

DIRECTIVE = b"flaglint:"  # comments that speak to us
TOGGLE = b"toggle_name:"  # Open edX annotations, which declare what nothing else does


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and what it could not look at."""

    references: tuple[Reference, ...]
    wrappers: tuple[Wrapper, ...]
    failures: tuple[ParseFailure, ...]
    skipped: tuple[Skipped, ...]
    files: FileCounts
    contents: Mapping[str, bytes]  # what was read, by path
    candidates: tuple[Reference, ...] = ()  # reads, if their key is a flag's that is not known here
    modules: tuple[Shadow, ...] = ()  # what other repositories need to know, when that was asked for
    probed: Mapping[str, bool] = field(default_factory=dict)  # what was looked for: is there a file, a folder
    outside: Mapping[str, bytes] = field(default_factory=dict)  # what was read besides the paths
    roots: tuple[str, ...] = ()  # the folders below the root that imports start from, with a slash, or empty
    packages: frozenset[str] = frozenset()  # those of SDKs that some file of a project names
    ground: Ground | None = None  # what the search of a project rests on
    linker: Linker | None = None  # of the search of a project, to be asked what it knows
    heard: Heard | None = None  # what was known of these from a search of the project, when it stands


@dataclass(frozen=True, slots=True)
class Search:
    """A search in the scope of a file: what it was asked, and what it found."""

    root: Path
    paths: tuple[str, ...]
    packs: tuple[Pack, ...]
    keys: frozenset[str]
    found: Found

    def answers(self, root: Path, paths: Sequence[str], packs: Sequence[Pack], keys: Collection[str]) -> bool:
        """Whether it was asked this."""
        return (self.root, self.paths, self.packs, self.keys) == (root, tuple(paths), tuple(packs), frozenset(keys))


def find_references(
    root: Path,
    paths: Sequence[str],
    *,
    packs: Iterable[Pack],
    keys: Collection[str] = (),
    scope: str = "project",
    jobs: int | None = None,
    contents: dict[str, bytes] | None = None,
    shared: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
    before: Before | None = None,
    or_nothing: bool = False,
    heard: Heard | None = None,
    meanwhile: Callable[[Mapping[str, bytes], Linker], None] | None = None,
    crew: Crew | None = None,
    project: Callable[[], Iterable[str]] | None = None,
) -> Found:
    """Return the references in the Python files `paths` below `root`, sorted by path and place.

    `keys` are the registered ones. With `scope` "file", only `paths` are reported on and other modules are read where
    their names lead; with "project", `paths` are the whole program. `contents` stand in for what is on disk. With
    an `executor`, statements are read in it; `progress` is told how many files of how many were linked. With
    `shared`, globs of packages of other repositories (none: all that are not public), what these need is collected.
    What was found in the given files `before` they changed says what in them need not be looked at.
    With `or_nothing` and scope "file", what other files declare is left out where the given ones refer to no flag;
    `heard` says of which that is known. With scope "project", `meanwhile` is called once with the bytes of the files
    and the linker, while other processes look into them, if they do: those of the `crew`, whose aides may be asked
    afterwards. With scope "file", `project` lists the Python files of the whole project, which are asked whether it
    uses an SDK where a name says too little; without it every SDK is in use.
    """
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.scan import Files
    from flaglint.refs.spec import PROJECT

    files = Files(root, paths, jobs=jobs, executor=executor, progress=progress)
    for path, data in (contents or {}).items():
        files.put(path, data)
    index = SpecIndex(packs)
    own = SpecIndex(pack for pack in index.packs if pack.name == PROJECT)
    if own.names or own.declared:
        from flaglint.refs.namespaces import namespaces

        files.namespaces = namespaces((*own.names, *own.declared), files.exists, files.roots)
    given = paths
    if heard is not None and _gives_names(files, index, heard):
        heard = None
    if heard is not None:
        given = heard.loud
    elif scope == "file" and shared is None and not contents:  # a buffer may be a module that is not on disk
        from flaglint.refs.silent import Silence, Words

        silence = Silence(files, Words.of(index, keys))
        given = silence.loud(paths)
        if not given and not silence.declares_elsewhere():
            return _without_any(files, paths)
    from flaglint.refs.link import Linker

    while True:
        linker = Linker(files, index, frozenset(keys), scope=scope)
        with stage("link"):
            linked = (
                linker.project(paths, meanwhile, crew)
                if scope == "project"
                else linker.given(given, before, or_nothing=or_nothing, heard=heard)
            )
        idle = _idle(files, paths, index, linked, project) if scope == "file" and project is not None else ()
        if not idle:
            break
        index = index.without(idle)
    references = _annotated(linked.references, files, paths)
    skipped = tuple(files.skipped[path] for path in sorted(files.skipped) if path in set(paths))
    modules: tuple[Shadow, ...] = ()
    if shared is not None:
        from flaglint.refs.across.outward import Outward

        modules = Outward(linker, paths, shared).shadows()
    read = len(linked.screened) if scope == "project" else len(paths)
    counts = FileCounts(len(paths), read, read)
    return Found(
        references,
        linked.wrappers,
        linked.failures,
        skipped,
        counts,
        files.contents(paths),
        linked.candidates,
        modules,
        probed=files.surroundings.probed,
        outside=files.surroundings.outside,
        roots=files.roots,
        packages=frozenset(linker.named),
        ground=linker.ground if scope == "project" else None,
        heard=heard,
        linker=linker if scope == "project" else None,
    )


def _gives_names(files: Files, index: SpecIndex, heard: Heard) -> bool:
    """Whether files that changed since a project was searched give something a name that nobody looked for there."""
    if not heard.fresh:
        return False
    from flaglint.refs.link import Linker

    return Linker(files, index, frozenset(), scope="project").gives_names(heard)


def _idle(
    files: Files, paths: Sequence[str], index: SpecIndex, linked: Linked, project: Callable[[], Iterable[str]]
) -> Collection[str]:
    """Return the packs that references are of by a name that says too little, of SDKs that the project does not use."""
    if not linked.references:
        return ()
    from flaglint.refs.elsewhere import unused

    asked = (path for some in (lambda: paths, lambda: files.surroundings.outside, project) for path in some())
    return unused(index.packs, linked.references, asked, files.data)


def _without_any(files: Files, paths: Sequence[str]) -> Found:
    """Return that no file has a reference, with what comments declare all the same and what could not be read."""
    return Found(
        _annotated((), files, paths),
        wrappers=(),
        failures=(),
        skipped=tuple(files.skipped[path] for path in sorted(paths) if path in files.skipped),
        files=FileCounts(len(paths), len(paths), len(paths)),
        contents=files.contents(paths),
        probed=files.surroundings.probed,
        roots=files.roots,
    )


def _annotated(references: tuple[Reference, ...], files: Files, paths: Sequence[str]) -> tuple[Reference, ...]:
    """Return the references with what comments say of the flags that are declared."""
    from flaglint.refs.screen import holding

    wanted = {reference.span.path for reference in references if reference.kind is Kind.DECLARATION}
    wanted.update(holding(TOGGLE, files.contents(paths)))
    texts = {path: text for path in sorted(wanted) if (text := files.text(path)) is not None}
    if not texts:
        return references
    from flaglint.refs.annotations import annotated

    return annotated(references, texts)


def find_in_source(
    code: str, *, packs: Iterable[Pack], keys: Collection[str] = (), path: str = "example.py"
) -> tuple[Reference, ...]:
    """Return the references in one piece of source that belongs to no project; for the examples of packs."""
    nowhere = Path("/nonexistent")
    return find_references(
        nowhere, [path], packs=packs, keys=keys, scope="project", jobs=1, contents={path: code.encode()}
    ).references
