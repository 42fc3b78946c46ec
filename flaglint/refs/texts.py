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
from flaglint.refs.packs import packs_with_templates
from flaglint.refs.scan import cores
from flaglint.refs.screen import holding
from flaglint.source import is_python, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


def text_references(
    settings: Settings,
    paths: Iterable[str],
    registry: Registry,
    contents: Mapping[str, bytes],
    keys: frozenset[str],
    packs: Sequence[Pack],
    python: Found,
    *,
    scope: str,
    memory: Memory | None = None,
    jobs: int | None = None,
    crew: Crew | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> TextReferences:
    """Return the keys in files that are not Python, and those in strings of Python that are no reference otherwise.

    Each file is let go of when it was searched: together they are many times as large as the Python. With a `memory`,
    only those are searched that changed since. `jobs` is how many processes may search at once, which find the same
    (None: one for each core): the aides of the `crew`, which search what is on disk and know of no other `contents`, or
    others; `meanwhile` is called while they do.
    """
    from flaglint.refs.mentions import find_mentions

    # In the scope of a file, what other files import must not matter.
    tags = packs_with_templates(packs, settings, python.packages if scope == "project" else ())
    own = frozenset(registry.paths)
    others = [path for path in paths if not (is_python(path) or path in own or settings.is_usage(path))]
    search = _Search(Searcher(settings.root, packs, contents), keys, tags)
    known = _remembered(search, memory) if others else None
    said_by = {path: said for path in others if known is not None and (said := known.said_by(path)) is not None}
    left = [path for path in others if path not in said_by]
    sizes = memory.sizes if memory is not None else {}
    with _searched(search, left, sizes, cores() if jobs is None else jobs, crew) as searched:
        mentions = list(find_mentions(python.contents, keys, python.references))
        if meanwhile is not None:
            meanwhile()
        commented = holding(DIRECTIVE, python.contents)
        said_by |= dict.fromkeys(left, _SILENT) | searched()
    fresh = {path: said_by[path] for path in left}
    keep = _nothing if known is None else partial(known.keep, fresh)
    found = TextReferences([], [], commented, keep)
    for path in others:
        said = said_by[path]
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

    def __init__(self, root: Path, packs: Sequence[Pack], contents: Mapping[str, bytes] | None = None) -> None:
        """`contents` stand in for what is on disk."""
        self.root = root
        self._packs = packs
        self._contents = contents or {}
        self._prepared: tuple[tuple[frozenset[str], frozenset[str]], TextSearch] | None = None

    def prepared(self, keys: frozenset[str], tags: frozenset[str]) -> TextSearch:
        """Return what searches one file, made when it is first needed: a commit of Python alone needs none of it."""
        if self._prepared is None or self._prepared[0] != (keys, tags):
            from flaglint.refs.textual import TextSearch

            self._prepared = (keys, tags), TextSearch(keys, self._packs, tags_of=tags)
        return self._prepared[1]

    def said_by(self, paths: Sequence[str], keys: frozenset[str], tags: frozenset[str]) -> dict[str, Texts]:
        """Return what those of some files say that say anything; each is let go of when it was searched.

        Asked for are `keys`; `tags` names the packs whose template tags are sure to be theirs.
        """
        search = self.prepared(keys, tags)
        found: dict[str, Texts] = {}
        for path in paths:
            given = self._contents.get(path)
            data = given if given is not None else read(self.root, path)
            said = Texts((data,)) if isinstance(data, Skipped) else search.file(path, data)
            if said.found or said.is_commented:
                found[path] = said
        return found

    def size(self, path: str) -> int:
        """Return how many bytes a file has; none where that cannot be said."""
        with suppress(OSError, ValueError):
            return os.stat(f"{self.root}/{path}").st_size  # noqa: PTH116 - thousands of times
        return 0


def ready_searcher(root: Path, packs: Sequence[Pack]) -> Searcher:
    """Return what searches the files below a folder, with all that it needs imported: for a process that waits."""
    from flaglint.refs import textual  # noqa: F401

    return Searcher(root, packs)


class _Search(NamedTuple):
    """What is asked of a searcher."""

    searcher: Searcher
    keys: frozenset[str]
    tags: frozenset[str]


def _nothing() -> None:
    """Keep nothing."""


def _remembered(search: _Search, memory: Memory | None) -> RememberedTexts | None:
    if memory is None:
        return None
    from flaglint.refs.remembered_texts import RememberedTexts

    return RememberedTexts(memory, (sorted(search.keys), sorted(search.tags)))


@contextmanager
def _searched(
    search: _Search, paths: Sequence[str], known: Mapping[str, int], jobs: int, crew: Crew | None
) -> Iterator[Callable[[], dict[str, Texts]]]:
    """Yield what returns what some files say, of those that do; where other processes pay, they have begun by then.

    `known` are the sizes in bytes of some of the files.
    """
    searcher, *asked = search
    has_several = jobs > 1 and search.keys
    sizes = [known[path] if path in known else searcher.size(path) for path in paths] if has_several else []
    with ExitStack() as stack:
        if crew is not None and crew.aides and sum(sizes) >= _SOME:
            count = crew.aides
        elif sum(sizes) >= _MANY and start_method(is_asked_for=False) == "fork":  # others would have to be handed all
            searcher.prepared(*asked)  # once for all
            crew = stack.enter_context(Crew(lambda: searcher).begin(_nothing, 0, jobs, "fork"))
            count = max(crew.aides, 1)  # it may be that no process could be started
        else:
            yield lambda: searcher.said_by(paths, *asked) if paths else {}
            return
        shares = _shares(sizes, count * _FOR_EACH)
        answers = crew.share("said_by", [([paths[place] for place in share], *asked) for share in shares])
        yield lambda: {path: said for found in answers for path, said in found.items()}


def _shares(sizes: Sequence[int], count: int) -> list[list[int]]:
    """Return the places of files of these sizes in bytes, in shares of about the same work.

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
    return shares
