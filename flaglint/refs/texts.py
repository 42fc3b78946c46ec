"""What files say outside of the syntax of Python: keys in other languages, and in strings that read nothing."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from flaglint.model import Skipped
from flaglint.refs import DIRECTIVE
from flaglint.refs.packs import packs_with_templates
from flaglint.source import is_python, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from flaglint.config import Settings
    from flaglint.definition import Registry
    from flaglint.model import Reference
    from flaglint.refs import Found
    from flaglint.refs.spec import Pack


class Texts(NamedTuple):
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
) -> Texts:
    """Return the keys in files that are not Python, and those in strings of Python that are no reference otherwise.

    The files are read one by one and let go of: together they are many times as large as the Python.
    """
    from flaglint.refs.mentions import find_mentions

    found = Texts([], [], [path for path, data in search.contents.items() if DIRECTIVE in data])
    # In the scope of a file, what other files import must not matter.
    tags = packs_with_templates(packs, settings, search.contents.values() if scope == "project" else ())
    others = _others(settings, paths, registry, contents, found)
    if (first := next(others, None)) is not None:
        from flaglint.refs.textual import find_text  # a commit of Python alone needs none of it

        for item in find_text(chain((first,), others), keys, packs, tags_of=tags):
            if isinstance(item, Skipped):
                found.skipped.append(item)
            else:
                found.references.append(item)
    found.references.extend(find_mentions(search.contents, keys, search.references))
    return found


def _others(
    settings: Settings, paths: Iterable[str], registry: Registry, contents: Mapping[str, bytes], found: Texts
) -> Iterator[tuple[str, bytes]]:
    """Yield the files that are neither Python nor the registry nor recorded usage, with their bytes."""
    own = frozenset(registry.paths)
    for path in paths:
        if is_python(path) or path in own or settings.is_usage(path):
            continue
        known = contents.get(path)
        data = known if known is not None else read(settings.root, path)
        if isinstance(data, Skipped):
            found.skipped.append(data)
            continue
        if DIRECTIVE in data:
            found.commented.append(path)
        yield path, data
