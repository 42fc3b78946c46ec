"""What files say outside of the syntax of Python: keys in other languages, and in strings that read nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flaglint.model import Skipped
from flaglint.refs import DIRECTIVE
from flaglint.refs.packs import packs_with_templates
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
    search: Found,
    *,
    scope: str,
    memory: Memory | None = None,
) -> TextReferences:
    """Return the keys in files that are not Python, and those in strings of Python that are no reference otherwise.

    Each file is let go of when it was searched: together they are many times as large as the Python. With a `memory`,
    only those are searched that changed since.
    """
    from flaglint.refs.mentions import find_mentions

    found = TextReferences([], [], [path for path, data in search.contents.items() if DIRECTIVE in data])
    # In the scope of a file, what other files import must not matter.
    tags = packs_with_templates(packs, settings, search.contents.values() if scope == "project" else ())
    own = frozenset(registry.paths)
    others = [path for path in paths if not (is_python(path) or path in own or settings.is_usage(path))]
    for path, said in _said(settings.root, others, contents, keys, packs, tags, memory):
        if said.is_commented:
            found.commented.append(path)
        for item in said.found:
            if isinstance(item, Skipped):
                found.skipped.append(item)
            else:
                found.references.append(item)
    found.references.extend(find_mentions(search.contents, keys, search.references))
    return found


def _said(
    root: Path,
    paths: Sequence[str],
    contents: Mapping[str, bytes],
    keys: frozenset[str],
    packs: Sequence[Pack],
    tags: frozenset[str],
    memory: Memory | None,
) -> Iterator[tuple[str, Texts]]:
    """Yield what files that are not Python say, as it is remembered or by searching them, and keep it."""
    known = None
    if memory is not None and paths:
        from flaglint.refs.remembered_texts import RememberedTexts

        known = RememberedTexts(memory, (sorted(keys), sorted(tags)))
    search: TextSearch | None = None
    for path in paths:
        said = known.said_by(path) if known is not None else None
        if said is None:
            if search is None:
                from flaglint.refs.textual import TextSearch  # a commit of Python alone needs none of it

                search = TextSearch(keys, packs, tags_of=tags)
            given = contents.get(path)
            data = given if given is not None else read(root, path)
            said = Texts((data,)) if isinstance(data, Skipped) else search.file(path, data)
            if known is not None:
                known.note(path, said)
        yield path, said
    if known is not None:
        known.keep()
