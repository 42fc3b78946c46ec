"""What packs name that is not of their own packages: a setting of a framework, a method of anything in a test.

`config["FEATURE_FLAGS"]` and `self.feature("k")` are of an SDK only in a project that uses it. A search of a project
knows which it uses; a search of some files asks, where one of them would seem to refer to a flag by such a name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.records import replace
from flaglint.source import discover, is_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flaglint.config import Settings
    from flaglint.model import Reference
    from flaglint.refs.spec import Pack


def importing(package: str) -> re.Pattern[bytes]:
    """Return what finds an import of a package in bytes."""
    return re.compile(
        rb"(?:^|^\xef\xbb\xbf|[;:])[ \t]*(?:from|import)[ \t]+(?:[\w., \t]*\b)?" + re.escape(package.encode()) + rb"\b",
        re.MULTILINE,
    )


def imports(data: bytes, packages: Iterable[str]) -> bool:
    """Whether a file imports one of some packages."""
    return any(package.encode() in data and importing(package).search(data) is not None for package in packages)


def names_elsewhere(pack: Pack) -> bool:
    """Whether a pack of an SDK names something that is not of its packages."""
    return bool(pack.packages) and at_home(pack) != pack


def at_home(pack: Pack) -> Pack:
    """Return what a pack says of its own packages, which are imported where it counts."""

    def own(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if any(f"{name}.".startswith(f"{package}.") for package in pack.packages))

    return replace(
        pack,
        dictionaries=tuple(
            replace(spec, names=own(spec.names), functions=own(spec.functions)) for spec in pack.dictionaries
        ),
        overrides=tuple(replace(spec, functions=own(spec.functions), methods=()) for spec in pack.overrides),
    )


def unused(
    packs: Iterable[Pack],
    references: Iterable[Reference],
    files: Iterable[str],
    data_of: Callable[[str], bytes | None],
) -> frozenset[str]:
    """Return the packs that no file imports, of those that name something elsewhere and that some reference is of.

    Of `files` no more are looked at than it takes.
    """
    seen = {reference.sdk for reference in references}
    left = {pack.name: pack.packages for pack in packs if pack.name in seen and names_elsewhere(pack)}
    for path in files if left else ():
        data = data_of(path) or b""
        left = {name: packages for name, packages in left.items() if not imports(data, packages)}
        if not left:
            break
    return frozenset(left)


def python_files(settings: Settings) -> Iterator[str]:
    """Yield the Python files of a project."""
    found = discover(settings.root, (), source=settings.source, exclude=settings.exclude)
    return filter(is_python, found.paths)
