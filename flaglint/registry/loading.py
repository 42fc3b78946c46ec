"""Loading the registry of a project: its files, each in the format it is in, as one."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from flaglint.definition import Registry
from flaglint.errors import RegistryError
from flaglint.registry.files import registry_files
from flaglint.registry.formats import MODULES, NATIVE, Source, format_named, format_of
from flaglint.registry.graph import duplicate_flag
from flaglint.registry.json_tree import read_json
from flaglint.registry.tree import decode, read_yaml
from flaglint.source.text import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flaglint.config import RegistrySpec
    from flaglint.definition import Flag, Problem
    from flaglint.registry.nodes import Tree


def load(root: Path, specs: Sequence[RegistrySpec], *, now: float | None = None) -> Registry:
    """Return the registry that the files of all specs make together, with everything that is wrong in them.

    `now` (UTC seconds) is for formats whose files hold steps for later; the native one does not look at the clock.
    Raises RegistryError for a file that is missing, cannot be decoded, or is no mapping where one is wanted.
    """
    files = [(path, spec, read_bytes(root, path)) for path, spec in registry_files(root, specs)]
    return load_files([(path, data, spec.format, spec.environment) for path, spec, data in files], now=now)


def read_bytes(root: Path, path: str) -> bytes:
    """Return the bytes of a registry file; raises RegistryError when it cannot be read."""
    try:
        return (root / path).read_bytes()
    except (OSError, ValueError) as error:
        raise RegistryError(f"it cannot be read: {reason_of(error)}", path=path) from error


def load_files(files: Sequence[tuple[str, bytes, str, str]], *, now: float | None = None) -> Registry:
    """Return the registry of files at hand: path, bytes, format (or empty) and environment (or empty) of each."""
    by_format: dict[str, list[Source]] = {}
    with _garbage_collection_paused():
        for path, data, format_name, environment in files:
            tree = read_tree(path, data, strict=format_name in {"", NATIVE})
            name = format_name or format_of(tree)
            if name not in MODULES:
                raise RegistryError(f"there is no format `{name}`", path=path, help=f"known: {', '.join(MODULES)}")
            if not format_name and name != NATIVE and tree.language == "YAML":
                tree = read_tree(path, data, strict=False)
            by_format.setdefault(name, []).append(Source(tree, environment, now))
        parts = [format_named(name).read(sources) for name, sources in by_format.items()]
        return _joined(parts)


def read_tree(path: str, data: bytes, *, strict: bool = True) -> Tree:
    """Return the nodes of a JSON file, by its name, or of a YAML file. `strict`: aliases are problems."""
    text = decode(path, data)
    return read_json(text) if path.endswith(".json") else read_yaml(text, follow_aliases=not strict)


def _joined(parts: Sequence[Registry]) -> Registry:
    """Join the registries of several formats. What the native files say of the whole counts; a lone part is itself."""
    flags = tuple(chain.from_iterable(part.flags for part in parts))
    named = [flag.environment for flag in flags if flag.environment]
    environments = tuple(dict.fromkeys([*chain.from_iterable(part.environments for part in parts), *named]))
    critical = tuple(dict.fromkeys(chain.from_iterable(part.critical for part in parts)))
    native = next((part for part in parts if part.declares_attributes), None)
    problems = [*chain.from_iterable(part.problems for part in parts), *_duplicates(flags)]
    return Registry(
        flags=flags,
        segments=tuple(chain.from_iterable(part.segments for part in parts)),
        attributes=native.attributes if native else (),
        environments=environments or ("default",),
        critical=critical or environments or ("default",),
        bucketing=next((part.bucketing for part in parts), Registry().bucketing),
        tombstones=tuple(chain.from_iterable(part.tombstones for part in parts)),
        problems=tuple(sorted(problems, key=lambda problem: (problem.span.path, problem.span.start, problem.code))),
        paths=tuple(chain.from_iterable(part.paths for part in parts)),
        declares_attributes=native is not None,
    )


def _duplicates(flags: Sequence[Flag]) -> Iterator[Problem]:
    """Find keys that two files of one foreign format define for the same environment; the native one looks itself."""
    first: dict[tuple[str, str, str], Flag] = {}
    for flag in flags:
        if flag.format == NATIVE:
            continue
        known = first.setdefault((flag.format, flag.environment, flag.key), flag)
        if known is not flag:
            yield duplicate_flag(known, flag)


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Keep the collector from walking over the nodes again and again while they grow: a third of the time.

    Nodes hold no circles, so reference counts free them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
