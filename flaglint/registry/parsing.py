"""From the bytes of registry files to one registry: trees, the format of each, and the join of several formats."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from flaglint.definition import Registry
from flaglint.errors import RegistryError
from flaglint.records import dataclass, replace
from flaglint.registry.formats import MODULES, NATIVE, Source, format_named, format_of
from flaglint.registry.graph import duplicate_flag
from flaglint.registry.json_tree import read_json
from flaglint.registry.reading import Reader
from flaglint.registry.tree import decode, read_yaml
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.definition import Flag, Problem
    from flaglint.registry.files import File
    from flaglint.registry.nodes import Tree


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as nodes, with its format and the environment that the configuration says it holds.

    `looks_like` is the format that recognises a file which is named another, or empty.
    """

    tree: Tree
    format: str
    environment: str = ""
    looks_like: str = ""


def load_files(files: Sequence[File], *, now: float | None = None) -> Registry:
    """Return the registry of files at hand."""
    with garbage_collection_paused():
        return load_trees([parsed(file) for file in files], now=now)


def load_trees(files: Sequence[Parsed], *, now: float | None = None) -> Registry:
    """Return the registry of files that are trees already."""
    by_format: dict[str, list[Source]] = {}
    for file in files:
        by_format.setdefault(file.format, []).append(Source(file.tree, file.environment, now))
    registry = _joined([format_named(name).read(sources) for name, sources in by_format.items()])
    mistaken = tuple(chain.from_iterable(_mistaken(file) for file in files if file.looks_like))
    return replace(registry, problems=(*mistaken, *registry.problems)) if mistaken else registry


def parsed(file: File) -> Parsed:
    """Return the nodes of a file, and the format that it is in; raises RegistryError when it cannot be decoded."""
    tree = read_tree(file.path, file.data, strict=file.format in {"", NATIVE})
    name = file.format or format_of(tree)
    if name not in MODULES:
        known = ", ".join(f"`{known}`" for known in MODULES)
        advice = did_you_mean(nearest(name, MODULES), f"known: {known}")
        raise RegistryError(f"there is no format `{name}`", path=file.path, help=advice)
    if not file.format and name != NATIVE and tree.language == "YAML":
        tree = read_tree(file.path, file.data, strict=False)
    return Parsed(tree, name, file.environment, _looks_like(tree, file.format))


def _looks_like(tree: Tree, given: str) -> str:
    """Return the format that recognises a file, if that is not the one that the configuration gives it."""
    if given in {"", NATIVE} or format_named(given).recognise(tree):
        return ""
    found = format_of(tree)
    return found if found != NATIVE else ""


def _mistaken(file: Parsed) -> Sequence[Problem]:
    reader = Reader(file.tree)
    if file.tree.root is not None:
        fact = f"it is read as `{file.format}`, as the configuration says, but looks like `{file.looks_like}`"
        reader.report(
            file.tree.root, fact, f"name that format, or none: `{file.looks_like}` is recognised", breaks=False
        )
    return reader.problems


def read_tree(path: str, data: bytes, *, strict: bool = True) -> Tree:
    """Return the nodes of a JSON file, by its name, or of a YAML file. `strict`: aliases are problems."""
    if path.endswith(".toml"):  # as GO Feature Flag has them
        raise RegistryError(
            "flags in TOML are not read", path=path, help="keep them in YAML or JSON: both say the same"
        )
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
def garbage_collection_paused() -> Iterator[None]:
    """Keep the collector from walking over nodes again and again while they grow: a third of the time.

    Nodes hold no circles, so reference counts free them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
