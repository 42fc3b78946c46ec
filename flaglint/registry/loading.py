"""Loading the registry of a project: its files, from the cache when it knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import RegistryError
from flaglint.registry.files import File, registry_files
from flaglint.source.text import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from flaglint.config import RegistrySpec
    from flaglint.definition import Registry


def load(
    root: Path,
    specs: Sequence[RegistrySpec],
    *,
    now: float | None = None,
    cache: Path | None = None,
    contents: Mapping[str, bytes] | None = None,
) -> Registry:
    """Return the registry that the files of all specs make together, with everything that is wrong in them.

    `now` (UTC seconds) is for formats whose files hold steps for later; the native one does not look at the clock.
    `cache` is the folder of the project's caches; what is loaded from it equals what the files say. `contents` stand in
    for what is on disk, by path. Raises RegistryError for a file that is missing, cannot be decoded, or is no mapping
    where one is wanted.
    """
    known = contents or {}
    files = [
        File(path, known[path] if path in known else read_bytes(root, path), spec.format, spec.environment)
        for path, spec in registry_files(root, specs)
    ]
    if cache is None:
        return _parse(files, now)
    from flaglint.registry.cache import through_cache  # with the types that it makes

    return through_cache(cache, files, lambda files: _parse(files, now))


def _parse(files: Sequence[File], now: float | None) -> Registry:
    from flaglint.registry.parsing import load_files  # with the readers of the formats: not needed when the cache knows

    return load_files(files, now=now)


def read_bytes(root: Path, path: str) -> bytes:
    """Return the bytes of a registry file; raises RegistryError when it cannot be read."""
    try:
        return (root / path).read_bytes()
    except (OSError, ValueError) as error:
        raise RegistryError(f"it cannot be read: {reason_of(error)}", path=path) from error
