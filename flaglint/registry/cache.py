"""A parsed registry kept on disk by the hash of its files: a start without reading YAML."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from flaglint import __version__
from flaglint.registry.packing import FORM, pack, unpack
from flaglint.source.digest import digest
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flaglint.definition import Registry
    from flaglint.registry.files import File


def through_cache(folder: Path, files: Sequence[File], load: Callable[[Sequence[File]], Registry]) -> Registry:
    """Return what `load` makes of the files, from the cache when it holds just that, and keep it there.

    One entry is kept for each set of names: it begins with a line that holds the hash of what it was made from and
    that of what follows. An entry that fits in neither is not there. Entries are replaced whole, so runs beside each
    other disturb nothing, and an entry that cannot be written costs time only. What depends on the clock is not kept.
    """
    entry = folder / "registry" / f"{_names(files)[:32]}.jsonl"
    content = _content(files)
    kept = _read(entry, content)
    if kept is not None:
        return kept
    loaded = load(files)
    from flaglint.registry.formats import CLOCKED  # with all that formats need, which a hit does without

    if any(flag.format in CLOCKED for flag in loaded.flags):
        return loaded
    with suppress(ValueError):
        packed = pack(loaded)
        keep(folder, f"registry/{entry.name}", _header(content, packed) + packed)
    return loaded


def _read(entry: Path, content: str) -> Registry | None:
    with suppress(OSError, ValueError, TypeError, KeyError, IndexError):
        header, _, packed = entry.read_bytes().partition(b"\n")
        if header + b"\n" == _header(content, packed):
            return unpack(packed)
    return None


def _header(content: str, packed: bytes) -> bytes:
    return f"flaglint-registry {content} {digest(packed)}\n".encode()


def _names(files: Sequence[File]) -> str:
    """Return a hash of which files are read, and as what."""
    names = "\0".join(f"{file.path}\0{file.format}\0{file.environment}" for file in files)
    return digest(names.encode("utf-8", "surrogateescape"))


def _content(files: Sequence[File]) -> str:
    """Return a hash of all that the registry depends on: this program, the files' names and their bytes."""
    return digest(f"{__version__} {FORM} {_names(files)}".encode(), *(file.data for file in files))
