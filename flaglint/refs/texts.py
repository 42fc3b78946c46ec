"""What files say outside of the syntax of Python: keys in other languages, and in strings that read nothing."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from heapq import heapreplace
from typing import TYPE_CHECKING, NamedTuple

from flaglint.model import Skipped
from flaglint.refs import DIRECTIVE
from flaglint.refs.crew import Crew, start_method
from flaglint.refs.scan import cores
from flaglint.refs.screen import holding
from flaglint.refs.serving import to_the_end
from flaglint.source import is_python, read

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.definition import Registry
    from flaglint.model import Reference
    from flaglint.refs import Found
    from flaglint.refs.remembered import Memory
    from flaglint.refs.remembered_texts import RememberedTexts
    from flaglint.refs.spec import Pack
    from flaglint.refs.textual import TextSearch


_MANY = 64_000_000  # bytes, from which on other processes pay for their start
_SOME = 4_000_000  # and from which on it pays to ask those that are there
_FOR_EACH = 4  # shares for each process, of which one that is slow takes fewer
_FOR_EACH_LATER = 16  # of what is searched while there is time
_LARGE = 100_000  # bytes of a file that makes a difference between them


class Texts(NamedTuple):
    """What one file that is not Python says, by place, and whether it holds a comment for flaglint."""

    found: Sequence[Reference | Skipped]
    is_commented: bool = False


_SILENT = Texts(())


class TextReferences(NamedTuple):
    """What stands in files outside of the syntax of Python, and which of them hold a comment for flaglint.

    `keep` writes down what single files say, for the next search.
    """

    references: list[Reference]
    skipped: list[Skipped]
    commented: list[str]
    keep: Callable[[], None]


def not_python(settings: Settings, paths: Iterable[str], registry: Registry) -> list[str]:
    """Return the files in which keys are looked for as texts, in their order."""
    own = frozenset(registry.paths)
    return [path for path in paths if not (is_python(path) or path in own or settings.is_usage(path))]


def text_references(
    searching: Searching,
    keys: frozenset[str],
    tags: frozenset[str],
    python: Found,
    meanwhile: Callable[[], None] | None = None,
) -> TextReferences:
    """Return the keys in files that are not Python, and those in strings of Python that are no reference otherwise.

    Each file is let go of when it was searched: together they are many times as large as the Python. `tags` names the
    packs whose template tags are sure to be theirs; `meanwhile` is called while other processes search, if they do.
    """
    from flaglint.refs.mentions import find_mentions

    with searching.run(keys, tags) as searched:
        mentions = list(find_mentions(python.contents, keys, python.references))
        if meanwhile is not None:
            meanwhile()
        commented = holding(DIRECTIVE, python.contents)
        said_by, keep = searched()
    found = TextReferences([], [], commented, keep)
    for path in searching.paths:
        said = said_by.get(path, _SILENT)
        if said.is_commented:
            found.commented.append(path)
        for item in said.found:
            if isinstance(item, Skipped):
                found.skipped.append(item)
            else:
                found.references.append(item)
    found.references.extend(mentions)
    return found


class Searcher:
    """Searches files that are not Python, in this process or in another one."""

    def __init__(
        self, root: Path, packs: Sequence[Pack], paths: Sequence[str], contents: Mapping[str, bytes] | None = None
    ) -> None:
        """`contents` stand in for what is on disk."""
        self.root = root
        self.paths = paths
        self._packs = packs
        self._contents = contents or {}
        self._prepared: tuple[tuple[frozenset[str], frozenset[str]], TextSearch] | None = None

    def prepared(self, keys: frozenset[str], tags: frozenset[str]) -> TextSearch:
        """Return what searches one file, made when it is first needed: a commit of Python alone needs none of it."""
        if self._prepared is None or self._prepared[0] != (keys, tags):
            from flaglint.refs.textual import TextSearch

            self._prepared = (keys, tags), TextSearch(keys, self._packs, tags_of=tags)
        return self._prepared[1]

    def said_by(
        self, places: Sequence[int], keys: frozenset[str], tags: frozenset[str]
    ) -> Generator[None, None, dict[str, Texts]]:
        """Return what those of some files say that say anything, one by one; each is let go of when it was searched.

        The files are named by their places among the paths. Asked for are `keys`; `tags` names the packs whose
        template tags are sure to be theirs.
        """
        found: dict[str, Texts] = {}
        for place in places:
            path = self.paths[place]
            given = self._contents.get(path)
            data = given if given is not None else read(self.root, path)
            said = Texts((data,)) if isinstance(data, Skipped) else self.prepared(keys, tags).file(path, data)
            if said.found or said.is_commented:
                found[path] = said
            yield
        return found

    def size(self, path: str) -> int:
        """Return how many bytes a file has; none where that cannot be said."""
        with suppress(OSError, ValueError):
            return os.stat(f"{self.root}/{path}").st_size  # noqa: PTH116 - thousands of times
        return 0


def ready_searcher(root: Path, packs: Sequence[Pack], paths: Sequence[str]) -> Searcher:
    """Return what searches files below a folder, with all that it needs imported: for a process that waits."""
    from flaglint.refs import textual  # noqa: F401

    return Searcher(root, packs, paths)


class _Asked(NamedTuple):
    """What is asked of files that are not Python, what is known of some, and which are left to be searched."""

    keys: frozenset[str]
    tags: frozenset[str]
    known: RememberedTexts | None
    said_by: dict[str, Texts]
    left: list[int]
    sizes: list[int]  # in bytes, of those that are left


class Searching:
    """One search of files that are not Python, which may begin before all keys are known."""

    def __init__(
        self, searcher: Searcher, memory: Memory | None = None, jobs: int | None = None, crew: Crew | None = None
    ) -> None:
        """With a `memory`, only those files are searched that changed since.

        `jobs` is how many processes may search at once, which find the same (None: one for each core): the aides of the
        `crew`, which search what is on disk and know of no other contents, or others.
        """
        self.paths = searcher.paths
        self._searcher = searcher
        self._memory = memory
        self._jobs = cores() if jobs is None else jobs
        self._crew = crew
        self._begun: _Asked | None = None

    def begin(self, keys: frozenset[str], tags: frozenset[str]) -> None:
        """Let processes of the crew search while they have time, for what will probably be asked."""
        asked = self._asked(keys, tags)
        if self._crew is not None and sum(asked.sizes) >= _SOME:
            several = _shares(asked.sizes, self._crew.aides * _FOR_EACH_LATER)
            self._crew.later("said_by", [([asked.left[at] for at in share], keys, tags) for share in several])
            self._begun = asked

    @contextmanager
    def run(
        self, keys: frozenset[str], tags: frozenset[str]
    ) -> Iterator[Callable[[], tuple[dict[str, Texts], Callable[[], None]]]]:
        """Yield what returns what those of the files say that say anything; and what writes that down for later."""
        is_begun = self._begun is not None and self._begun[:2] == (keys, tags)
        if self._crew is not None and self._begun is not None and not is_begun:
            self._crew.give_up()
        asked = self._begun if self._begun is not None and is_begun else self._asked(keys, tags)
        with ExitStack() as stack:
            answers = self._answers(asked, stack)

            def searched() -> tuple[dict[str, Texts], Callable[[], None]]:
                found = {path: said for answer in answers for path, said in answer.items()}
                if asked.known is None:
                    return found, _nothing
                fresh = {path: found.get(path, _SILENT) for path in map(self.paths.__getitem__, asked.left)}
                return asked.said_by | found, partial(asked.known.keep, fresh)

            yield searched

    def _asked(self, keys: frozenset[str], tags: frozenset[str]) -> _Asked:
        known = _remembered(self._memory, keys, tags) if self._memory is not None and self.paths else None
        said_by = {path: said for path in self.paths if known is not None and (said := known.said_by(path)) is not None}
        left = [place for place, path in enumerate(self.paths) if path not in said_by]
        of = self._memory.sizes if self._memory is not None else {}
        paths = [self.paths[place] for place in left] if self._jobs > 1 and keys else []
        sizes = [of[path] if path in of else self._searcher.size(path) for path in paths]
        return _Asked(keys, tags, known, said_by, left, sizes)

    def _answers(self, asked: _Asked, stack: ExitStack) -> Iterable[dict[str, Texts]]:
        """Return what files say, a share of them at a time; where other processes pay, they have begun by now."""
        crew, whole = self._crew, sum(asked.sizes)
        if crew is not None and asked is self._begun:
            return crew.rest()
        if crew is not None and crew.aides and whole >= _SOME:
            count = crew.aides
        elif whole >= _MANY and start_method(is_asked_for=False) == "fork":  # others would have to be handed all
            self._searcher.prepared(asked.keys, asked.tags)  # once for all
            crew = stack.enter_context(Crew(lambda: self._searcher).begin(_nothing, 0, self._jobs, "fork"))
            count = max(crew.aides, 1)  # it may be that no process could be started
        else:
            return map(to_the_end, [self._searcher.said_by(asked.left, asked.keys, asked.tags)])
        shares = _shares(asked.sizes, count * _FOR_EACH)
        return crew.share("said_by", [([asked.left[at] for at in share], asked.keys, asked.tags) for share in shares])


def _nothing() -> None:
    """Keep nothing."""


def _remembered(memory: Memory, keys: frozenset[str], tags: frozenset[str]) -> RememberedTexts:
    from flaglint.refs.remembered_texts import RememberedTexts

    return RememberedTexts(memory, (sorted(keys), sorted(tags)))


def _shares(sizes: Sequence[int], count: int) -> list[list[int]]:
    """Return the places of files of these sizes in bytes, in so many shares of about the same work, or fewer.

    Each large file goes to the share that has least so far, the largest first; of small ones there are so many that
    it does not matter.
    """
    large = [place for place, size in enumerate(sizes) if size >= _LARGE]
    small = [place for place, size in enumerate(sizes) if size < _LARGE]
    shares = [small[number::count] for number in range(count)]
    loads = [(0, number) for number in range(count)]
    for place in sorted(large, key=lambda place: -sizes[place]):
        load, number = loads[0]
        shares[number].append(place)
        heapreplace(loads, (load + sizes[place], number))
    return [share for share in shares if share]
