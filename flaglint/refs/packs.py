"""SDK packs: the shipped ones, those of a company, and what a project says of its own code in its configuration.

A pack is read by its file's own bytes: what was parsed is kept under a digest of them, so that a hook pays for no
YAML and nothing can be stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.config.settings import SHAPES
from flaglint.errors import PackError
from flaglint.records import replace
from flaglint.refs.packcache import PackCache
from flaglint.refs.packplaces import own_files, shipped_names, shipped_path
from flaglint.refs.spec import PROJECT, Pack
from flaglint.source.digest import digest
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from flaglint.config import Settings
    from flaglint.errors import ConfigError
    from flaglint.refs.packreader import Keys


def packs_of(settings: Settings, cache: Path | None = None) -> tuple[Pack, ...]:
    """Return the packs of a project: those its configuration names, and what it says itself.

    `cache` is the folder that keeps what was parsed; None keeps nothing. Raises ConfigError, with its place, for an
    SDK that is not known and for an entry that makes no sense; PackError for a pack that does.
    """
    known = shipped_names()
    for option, names in (("sdks", settings.sdks or ()), ("extend-sdks", settings.extend_sdks)):
        for index, name in enumerate(names):
            if name not in known:
                raise settings.error(f"there is no SDK pack `{name}`", option, index, help=_nearest_or_all(name, known))
    for index, path in enumerate(settings.sdk_paths):
        try:
            own_files([path], settings.root)
        except PackError as error:
            raise settings.error(error.message, "sdk-paths", index, help=error.help) from None
    packs = load_packs(
        settings.sdks, extend=settings.extend_sdks, paths=settings.sdk_paths, root=settings.root, cache=cache
    )
    entries = {section: getattr(settings, section) for section in SHAPES} | {"aliases": settings.aliases}
    own = project_pack(entries, lambda message, keys, advice: settings.error(message, *keys, help=advice))
    return packs if own is None else (*packs, own)


def load_packs(
    names: Sequence[str] | None = None,
    *,
    extend: Sequence[str] = (),
    paths: Sequence[str] = (),
    root: Path | None = None,
    cache: Path | None = None,
    **entries: Sequence[Mapping[str, object] | str],
) -> tuple[Pack, ...]:
    """Return the packs to work with, without their examples, in the order of their names.

    `names` are shipped packs; None is every one that is not opt-in. `extend` adds to them. `paths` are files, folders
    or globs of packs of one's own, relative to `root`: one with the name of a shipped pack takes its place. `entries`
    are sections of a pack as data (`calls=[{...}]`), which become a pack called `project`, the last one.

    Raises PackError for an unknown name, a path that leads nowhere, and a malformed pack.
    """
    kept = PackCache(cache)
    own = {pack.name: pack for path in own_files(paths, root or Path()) for pack in [_loaded(path, kept)]}
    known = shipped_names()
    wanted = [*(known if names is None else names), *extend]
    for name in wanted:
        if name not in known and name not in own:
            raise PackError(f"there is no SDK pack `{name}`", help=_nearest_or_all(name, known))
    shipped = {name: _loaded(shipped_path(name), kept) for name in dict.fromkeys(wanted) if name not in own}
    kept.write()
    asked_for = {*(names or ()), *extend}
    found = {name: pack for name, pack in shipped.items() if name in asked_for or not pack.opt_in} | own
    project = project_pack(entries, _unplaced)
    return (*(found[name] for name in sorted(found)), *([project] if project is not None else []))


def read_pack(path: Path) -> Pack:
    """Return the pack in a file, with its examples. Raises PackError that lists everything that is wrong with it."""
    from flaglint.refs.packfile import read_file

    return read_file(path)


def project_pack(
    entries: Mapping[str, Sequence[Mapping[str, object] | str]], error: Callable[[str, Keys, str], ConfigError]
) -> Pack | None:
    """Return sections of a pack given as data as one pack, or None when they say nothing.

    What `error` makes of a message, the keys that lead to its place, and a help text is raised for the first mistake.
    """
    given = {section: items for section, items in entries.items() if items}
    if not given:
        return None
    from flaglint.refs.packreader import PackReader  # a hook on a project that says nothing itself needs none of it
    from flaglint.refs.packshapes import SECTIONS

    reader = PackReader()
    read: dict[str, object] = {}
    for section, items in given.items():
        if section not in SECTIONS and section != "aliases":
            raise error(f"there is no section `{section}`", (), _nearest_or_all(section, SECTIONS))
        data = [_as_data(item) for item in items]
        read[section] = (
            reader.aliases(data, (section,)) if section == "aliases" else reader.entries(data, (section,), section)
        )
    if reader.troubles:
        first = reader.troubles[0]
        raise error(first.message, first.keys, first.help)
    return Pack(name=PROJECT, packages=(), **read)  # type: ignore[arg-type] # read by the shapes


def pack_hash(packs: Sequence[Pack]) -> str:
    """Return a digest of what packs say, in hexadecimal; their examples and where they came from do not count."""
    bare = tuple(replace(pack, examples=(), source="") for pack in packs)
    return digest(repr(bare).encode())


def packs_with_templates(packs: Sequence[Pack], settings: Settings, packages: Collection[str]) -> frozenset[str]:
    """Return the names of the packs whose template tags are reads whatever their key.

    Those are the ones that the configuration names, a project's own, and those of one of the `packages` that Python
    files name; a tag such as `{% flag "de" %}` may belong to anybody.
    """
    named = {*(settings.sdks or ()), *settings.extend_sdks}
    return frozenset(
        pack.name
        for pack in packs
        if not (pack.templates and pack.packages) or pack.name in named or not set(packages).isdisjoint(pack.packages)
    )


def _loaded(path: Path, cache: PackCache) -> Pack:
    """Return the pack in a file without its examples, from the cache when its bytes are known there."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PackError(f"it cannot be read: {error.strerror or error}", path=_shown(path)) from None
    known_as = digest(data)
    pack = cache.get(known_as)
    if pack is None:
        from flaglint.refs.packfile import parse

        pack = replace(parse(_shown(path), data), examples=())
        cache.put(known_as, pack)
    return replace(pack, source=_shown(path))


def _shown(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _as_data(item: object) -> object:
    """Return an entry of a configuration as the lists and dictionaries that a reader of packs knows."""
    if isinstance(item, tuple | list):
        return [_as_data(part) for part in item]
    return {name: _as_data(value) for name, value in item.items()} if hasattr(item, "items") else item


def _unplaced(message: str, keys: Keys, advice: str) -> PackError:
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
    return PackError(f"{place}: {message}" if place else message, help=advice)


def _nearest_or_all(name: str, known: Collection[str]) -> str:
    return did_you_mean(nearest(name, known), f"known: {', '.join(sorted(known))}")


__all__ = [
    "PROJECT",
    "load_packs",
    "pack_hash",
    "packs_of",
    "packs_with_templates",
    "project_pack",
    "read_pack",
    "shipped_names",
]
