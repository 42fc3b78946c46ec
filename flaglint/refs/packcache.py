"""Keeps parsed packs as JSON in the cache folder, by a digest of the bytes that they were parsed from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flaglint.model import ValueType
from flaglint.records import field_defaults, field_names
from flaglint.refs import spec
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = Path(__file__).with_name("shipped_packs.json")  # a test says when it is out of date, and how it is made
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
    """Packs by digest. A cache that cannot be read or written costs time and nothing else.

    The packs that come with flaglint were parsed before, and are known from a file beside this one: the first hook of
    a checkout, and every run that keeps nothing, would parse all of them for a fifth of its time.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / f"packs-{_VERSION}.json" if folder is not None else None
        self._shipped = _stored(SHIPPED)
        self._kept = _stored(self._path) if self._path is not None else {}
        self._asked: dict[str, Any] = {}
        self._is_new = False

    def get(self, digest: str) -> spec.Pack | None:
        """Return the pack that was parsed from bytes with this digest, or None."""
        shipped = self._shipped.get(digest)
        stored = self._kept.get(digest) if shipped is None else shipped
        if stored is None:
            return None
        try:
            pack = built(stored)
        except (KeyError, TypeError, ValueError):
            return None
        if not isinstance(pack, spec.Pack):
            return None
        if shipped is None:
            self._asked[digest] = stored
        return pack

    def put(self, digest: str, pack: spec.Pack) -> None:
        """Keep a pack."""
        self._asked[digest] = plain(pack)
        self._is_new = True

    def write(self) -> None:
        """Write what was asked for this time, when something in it is new; what nobody asks for is forgotten."""
        if self._path is not None and self._is_new:
            keep(self._path.parent, self._path.name, written(self._asked))


def _stored(path: Path) -> dict[str, Any]:
    import json

    try:
        stored = json.loads(path.read_bytes())
        return dict(stored["packs"]) if stored["layout"] == _layout() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def written(packs: Mapping[str, Any]) -> bytes:
    """Return packs, as `plain` makes them, by digest as the bytes of a file: each on a line of its own."""
    import json

    rows = [f"{json.dumps(key)}:{json.dumps(pack, separators=(',', ':'))}" for key, pack in sorted(packs.items())]
    body = ",\n".join(rows)
    return f'{{"layout":{json.dumps(_layout())},"packs":{{\n{body}\n}}}}\n'.encode()


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
