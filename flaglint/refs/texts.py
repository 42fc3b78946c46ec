"""What files say outside of the syntax of Python: keys in other languages, and in strings that read nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from flaglint.model import Skipped
from flaglint.refs import DIRECTIVE
from flaglint.refs.crew import Crew, start_method
from flaglint.refs.packs import packs_with_templates
from flaglint.refs.scan import cores
from flaglint.source import is_python, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.definition import Registry
    from flaglint.model import Reference
    from flaglint.refs import Found
    from flaglint.refs.remembered import Memory
    from flaglint.refs.spec import Pack
    from flaglint.refs.textual import TextSearch


_MANY = 64_000_000  # bytes


class Texts(NamedTuple):
    """What one file that is not Python says, by place, and whether it holds a comment for flaglint."""

    found: Sequence[Reference | Skipped]
    is_commented: bool = False


class TextReferences(NamedTuple):
    """What stands in files outside of the syntax of Python, and which of them hold a comment for flaglint."""

    references: list[Reference]
    skipped: list[Skipped]
    commented: list[str]


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
) -> TextReferences:
    """Return the keys in files that are not Python, and those in strings of Python that are no reference otherwise.

    Each file is let go of when it was searched: together they are many times as large as the Python. With a `memory`,
    only those are searched that changed since. `jobs` is how many processes may search at once, which find the same
    (None: one for each core).
    """
    from flaglint.refs.mentions import find_mentions

    found = TextReferences([], [], [path for path, data in python.contents.items() if DIRECTIVE in data])
    # In the scope of a file, what other files import must not matter.
    tags = packs_with_templates(packs, settings, python.packages if scope == "project" else ())
    own = frozenset(registry.paths)
    others = [path for path in paths if not (is_python(path) or path in own or settings.is_usage(path))]
    search = _Search(settings.root, contents, keys, packs, tags)
    for path, said in _said(search, others, memory, cores() if jobs is None else jobs):
        if said.is_commented:
            found.commented.append(path)
        for item in said.found:
            if isinstance(item, Skipped):
                found.skipped.append(item)
            else:
                found.references.append(item)
    found.references.extend(find_mentions(python.contents, keys, python.references))
    return found


class _Search:
    """Searches files that are not Python, in this process or in another one."""

    def __init__(
        self,
        root: Path,
        contents: Mapping[str, bytes],
        keys: frozenset[str],
        packs: Sequence[Pack],
        tags: frozenset[str],
    ) -> None:
        self.root = root
        self.keys = keys
        self.tags = tags
        self._contents = contents
        self._packs = packs
        self._search: TextSearch | None = None

    def prepared(self) -> TextSearch:
        """Return what searches one file, made when it is first needed: a commit of Python alone needs none of it."""
        if self._search is None:
            from flaglint.refs.textual import TextSearch

            self._search = TextSearch(self.keys, self._packs, tags_of=self.tags)
        return self._search

    def said_by(self, paths: Sequence[str]) -> list[Texts]:
        """Return what some files say; each is let go of when it was searched."""
        search = self.prepared()
        found = []
        for path in paths:
            given = self._contents.get(path)
            data = given if given is not None else read(self.root, path)
            found.append(Texts((data,)) if isinstance(data, Skipped) else search.file(path, data))
        return found

    def are_many(self, paths: Sequence[str]) -> bool:
        """Whether there are so many bytes in some files that other processes pay for their start."""
        size = 0
        for path in paths:
            with suppress(OSError, ValueError):
                size += os.stat(f"{self.root}/{path}").st_size  # noqa: PTH116 - thousands of times
            if size >= _MANY:
                return True
        return False


def _said(search: _Search, paths: Sequence[str], memory: Memory | None, jobs: int) -> Iterator[tuple[str, Texts]]:
    """Yield what files that are not Python say, as it is remembered or by searching them, and keep it."""
    known = None
    if memory is not None and paths:
        from flaglint.refs.remembered_texts import RememberedTexts

        known = RememberedTexts(memory, (sorted(search.keys), sorted(search.tags)))
    found = {path: known.said_by(path) if known is not None else None for path in paths}
    left = [path for path, said in found.items() if said is None]
    for path, said in zip(left, _searched(search, left, jobs), strict=True):
        found[path] = said
        if known is not None:
            known.note(path, said)
    if known is not None:
        known.keep()
    yield from ((path, said) for path, said in found.items() if said is not None)


def _searched(search: _Search, paths: Sequence[str], jobs: int) -> Sequence[Texts]:
    """Return what some files say, in their order, whoever searches them."""
    if not paths:
        return []
    pays = jobs > 1 and bool(search.keys) and search.are_many(paths)
    method = start_method(is_asked_for=False) if pays else None
    if method != "fork":  # another kind of process would have to be handed everything
        return search.said_by(paths)
    search.prepared()  # once for all
    found = [Texts(())] * len(paths)
    with Crew(lambda: search, jobs, jobs, method) as crew:
        for number, said in crew.ask("said_by", {number: (paths[number::jobs],) for number in range(jobs)}):
            found[number::jobs] = said
    return found
