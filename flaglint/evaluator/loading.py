"""From a file or folder to a plan: which files there are, when they changed, and the cache of parsed registries."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flaglint import __version__
from flaglint.errors import RegistryError
from flaglint.evaluator.compilation import FlagCompiler
from flaglint.evaluator.plan import Plan, plan

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
_CACHE_VERSION: Final = 1  # of the form of a plan

Signature = tuple[tuple[str, int, int, int], ...]


def registry_files(path: Path) -> list[Path]:
    """Return the files of a registry: the file itself, or all YAML and JSON files below a folder, sorted.

    What is hidden is left out: a mounted config map keeps its generations in folders whose names start with two dots.
    """
    if not path.is_dir():
        return [path]
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name) for name in names if Path(name).suffix in _SUFFIXES and not name.startswith(".")]
    return sorted(found)


def signature(path: Path) -> Signature:
    """Return (name, mtime in ns, size, inode) of each file behind its links; a file that is gone has zeros."""
    found = []
    for file in registry_files(path):
        try:
            status = file.stat()
        except OSError:
            found.append((str(file), 0, 0, 0))
        else:
            found.append((str(file), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PlanCache:
    """A folder that keeps the plan of a registry by the hash of its bytes; one file per registry and environment."""

    folder: Path

    def read(self, name: str, content: str) -> Plan | None:
        """Return the plan kept under `name` if it was made from `content`; None when there is none to be had."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept: dict[str, Any] = json.loads((self.folder / name).read_bytes())
            if kept["content"] == content:
                parts = kept["plan"]
                plan_parts = (parts["environment"], parts["bucketing"], parts["flags"], parts["segments"])
                return Plan(*plan_parts, checked=True)
        return None

    def write(self, name: str, content: str, made: Plan) -> None:
        """Keep a plan; a cache that cannot be written costs time and nothing else."""
        from flaglint.errors import EditError
        from flaglint.source import replace_atomically

        with suppress(OSError, EditError):
            self.folder.mkdir(parents=True, exist_ok=True)
            data = json.dumps({"content": content, "plan": made.to_json()}, separators=(",", ":"))
            replace_atomically(self.folder / name, data.encode())


def load_plan(path: Path, environment: str | None, cache: PlanCache | None = None) -> Plan:
    """Return the plan of the registry at `path`; raises RegistryError when it cannot be read or has errors."""
    files = registry_files(path)
    if cache is None:
        return _parse(path, files, environment)
    name = sha256(f"{path.resolve()}\0{environment or ''}".encode()).hexdigest()[:32] + ".json"
    content = _content(files, environment)
    kept = cache.read(name, content)
    if kept is not None:
        return kept
    made = _parse(path, files, environment)
    FlagCompiler(made).compile_all()  # what is kept makes sense, so that who reads it need not look
    if _content(files, environment) == content:  # else it changed while it was read
        cache.write(name, content, made)
    return replace(made, checked=True)


def _parse(path: Path, files: Sequence[Path], environment: str | None) -> Plan:
    from glob import escape

    from flaglint.config import RegistrySpec
    from flaglint.registry import load

    if not files:
        raise RegistryError("the folder holds no registry file", path=str(path))
    root = path if path.is_dir() else path.parent
    return plan(load(root, [RegistrySpec(escape(file.relative_to(root).as_posix())) for file in files]), environment)


def _content(files: Sequence[Path], environment: str | None) -> str:
    digest = sha256(f"{_CACHE_VERSION} {__version__} {environment or ''}".encode())
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise RegistryError(f"it cannot be read: {error.strerror}", path=str(file)) from error
        digest.update(f"\0{file.name} {len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
