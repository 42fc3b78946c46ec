"""What the files of a whole project say, as it is remembered or by reading them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from flaglint.errors import FlaglintError
from flaglint.model import FileCounts, Skipped, keys_in
from flaglint.records import replace
from flaglint.refs import DIRECTIVE, TOGGLE, find_references
from flaglint.refs.aside import aside
from flaglint.refs.crew import Crew
from flaglint.refs.packs import pack_hash, packs_with_templates
from flaglint.refs.remembered import Memory, Searched
from flaglint.refs.screen import holding
from flaglint.refs.standing import Watch
from flaglint.refs.texts import Searcher, Searching, not_python, ready_searcher, text_references
from flaglint.source import is_python, read
from flaglint.stages import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.definition import Registry
    from flaglint.refs import Found
    from flaglint.refs.ground import Ground
    from flaglint.refs.link import Linker
    from flaglint.refs.spec import Pack


class Whole(NamedTuple):
    """What the files of a whole project say, and their bytes.

    `behind` is what it was found with, if forks share that: before it is freed, each page of it would be copied.
    """

    searched: Searched
    contents: Mapping[str, bytes]
    behind: object = None


def search_whole(
    settings: Settings,
    paths: tuple[str, ...],
    registry: Registry,
    packs: Sequence[Pack],
    *,
    cache: Path | None,
    jobs: int,
    step: Callable[[int, int], None],
    executor: Executor | None,
    meanwhile: Callable[[], object] | None,
) -> Whole:
    """Return what the files of the whole project say, as it is remembered or by reading them.

    `meanwhile` is called while other processes read, if they do.
    """
    keys = frozenset(flag.key for flag in registry.flags) | {tomb.key for tomb in registry.tombstones}
    python = [path for path in paths if is_python(path)]
    memory = None
    if cache is not None:
        choices = (settings.sdks, settings.extend_sdks, settings.usage, settings.usage_exports)
        made_with = (pack_hash(packs), sorted(keys), registry.paths, choices)
        with stage("ask what is remembered"):
            memory = Memory(cache, settings.root, paths, made_with)
            known = memory.recall()
        if known is not None:
            return Whole(known, _OnDisk(settings.root, python, memory))
    watch = Watch(settings, cache) if cache is not None else None

    others = not_python(settings, paths, registry)
    workers = jobs or None if executor is None else 1
    crew = Crew(partial(ready_searcher, settings.root, packs, others))
    searching = Searching(Searcher(settings.root, packs, others), memory, workers, crew)

    def look(contents: Mapping[str, bytes], linker: Linker) -> None:
        from flaglint.refs import mentions  # noqa: F401 - nobody waits for their import here

        if memory is not None:
            from flaglint.refs import telling  # noqa: F401
            from flaglint.refs.across import codec  # noqa: F401

            memory.look(contents)  # before other files are searched: by these times they are known again
            if watch is not None:
                watch.look(contents, memory.settled)
        if meanwhile is not None:
            meanwhile()
        if crew.has_time:
            searching.begin(keys | linker.declares(python), packs_with_templates(packs, settings, linker.named))

    def leave_to_hooks() -> None:
        if watch is not None and search.linker is not None:
            with stage("find what tells files with flags"):
                watch.keep(search.linker, declared)

    with crew:
        search = find_references(
            settings.root,
            python,
            packs=packs,
            keys=keys,
            jobs=jobs or None,
            progress=step,
            executor=executor,
            meanwhile=look,
            crew=crew,
        )
        declared = {key for ref in search.references if ref.kind == "declaration" for key in keys_in(ref.key)}
        tags = packs_with_templates(packs, settings, search.packages)
        with stage("search what is not Python"):
            texts = text_references(
                searching,
                keys | declared,
                tags,
                search,
                meanwhile=lambda: aside(leave_to_hooks, search.contents, workers),
            )
    searched = Searched(
        references=search.references,
        texts=tuple(texts.references),
        wrappers=search.wrappers,
        failures=search.failures,
        skipped=(*search.skipped, *texts.skipped),
        counts=FileCounts(len(paths), search.files.screened, search.files.parsed),
        commented=tuple(texts.commented),
        known_as=memory.known_as if memory is not None else "",
    )
    if memory is not None:
        aside(partial(_remember, memory, search, searched, declared), search.contents, workers)
        aside(texts.keep, search.contents, workers)
    behind = (search, texts, memory, watch) if crew.aides else None
    return Whole(searched, search.contents, behind)


def _remember(memory: Memory, search: Found, searched: Searched, declared: Collection[str]) -> None:
    with stage("remember"):
        memory.keep(searched, probed=search.probed, outside=search.outside, ground=_ground(search, searched, declared))


def _ground(search: Found, searched: Searched, declared: Collection[str]) -> Ground | None:
    """Return what all that was found in Python rests on: references, mentions of declared keys, and comments."""
    if search.ground is None:
        return None
    named = {reference.span.path for reference in (*searched.references, *searched.texts)}
    toggles = set(holding(TOGGLE, search.contents))
    return replace(
        search.ground,
        loud=search.ground.loud | named | toggles | set(searched.commented) | {item.path for item in searched.skipped},
        words=search.ground.words | frozenset(declared),
        pieces=search.ground.pieces | {TOGGLE.decode(), DIRECTIVE.decode()},
    )


class _OnDisk(Mapping[str, bytes]):
    """The files of a project by path, each read when somebody asks for it; one that cannot be read is not there.

    What is known of one that is not as the `memory` saw it does not hold: to look it up raises FlaglintError.
    """

    def __init__(self, root: Path, paths: Sequence[str], memory: Memory) -> None:
        self._memory = memory
        self._root = root
        self._paths = dict.fromkeys(paths)
        self._read: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        if path not in self._read:
            if path not in self._paths:
                raise KeyError(path)
            found = read(self._root, path)
            if not self._memory.is_as_seen(path):
                raise FlaglintError("it changed while flaglint ran", path=path, help="run the command again")
            if isinstance(found, Skipped):
                raise KeyError(path)
            self._read[path] = found
        return self._read[path]

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._paths if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
