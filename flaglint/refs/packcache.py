"""Keeps parsed packs as JSON in the cache folder, by a digest of the bytes that they were parsed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.model import ValueType
from flaglint.records import field_defaults, field_names
from flaglint.refs import spec
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = 1  # of the form below; another one is another file
_KINDS = (
    spec.Pack,
    spec.Argument,
    spec.Call,
    spec.ObjectRead,
    spec.FlagObject,
    spec.ClassAttribute,
    spec.Decorator,
    spec.Dictionary,
    spec.Declaration,
    spec.Override,
    spec.Row,
    spec.TemplateTag,
    spec.Export,
)
_BY_NAME: dict[str, type[Any]] = {kind.__name__: kind for kind in _KINDS}
_KIND = "kind"


def _layout() -> str:
    """Return a text that changes with the fields of the dataclasses, so that no other layout is ever read."""
    return ";".join(f"{kind.__name__}:{','.join(field_names(kind))}" for kind in _KINDS)


class PackCache:
    """Packs by digest. A cache that cannot be read or written costs time and nothing else."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / f"packs-{_VERSION}.json" if folder is not None else None
        self._kept: dict[str, Any] = {}
        self._asked: dict[str, Any] = {}
        self._is_new = False
        if self._path is not None:
            import json

            try:
                stored = json.loads(self._path.read_bytes())
                if stored["layout"] == _layout():
                    self._kept = dict(stored["packs"])
            except (OSError, ValueError, KeyError, TypeError):
                self._kept = {}

    def get(self, digest: str) -> spec.Pack | None:
        """Return the pack that was parsed from bytes with this digest, or None."""
        stored = self._kept.get(digest)
        if stored is None:
            return None
        try:
            pack = built(stored)
        except (KeyError, TypeError, ValueError):
            return None
        if not isinstance(pack, spec.Pack):
            return None
        self._asked[digest] = stored
        return pack

    def put(self, digest: str, pack: spec.Pack) -> None:
        """Keep a pack."""
        self._asked[digest] = plain(pack)
        self._is_new = True

    def write(self) -> None:
        """Write what was asked for this time, when something in it is new; what nobody asks for is forgotten."""
        if self._path is None or not self._is_new:
            return
        import json

        data = json.dumps({"layout": _layout(), "packs": self._asked}, separators=(",", ":")).encode()
        keep(self._path.parent, self._path.name, data)


def plain(value: Any) -> Any:
    """Return a dataclass as JSON data: its kind, and the fields that are not at their default."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if type(value).__name__ in _BY_NAME:
        set_fields = {
            name: plain(given)
            for name, default in field_defaults(type(value)).items()
            if (given := getattr(value, name)) != default
        }
        return {_KIND: type(value).__name__, **set_fields}
    return value


def built(data: Any) -> Any:
    """Return what `plain` was given; raises KeyError, TypeError or ValueError for anything else."""
    if isinstance(data, list):
        return tuple([built(item) for item in data])
    if isinstance(data, dict):
        given = {name: built(value) for name, value in data.items() if name != _KIND}
        if "returns" in given:
            given["returns"] = ValueType(given["returns"])
        return _BY_NAME[data[_KIND]](**given)
    return data
