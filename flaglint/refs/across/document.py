"""The file that `flaglint index` writes: one JSON document, its facts as rows of a table.

It is read with care: it comes from another repository's CI. Whatever is wrong with it is a UsageError that names it.
"""

from __future__ import annotations

import gzip
import json
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flaglint.errors import OutputError, UsageError
from flaglint.model import Reference, Skipped, Wrapper
from flaglint.records import dataclass
from flaglint.refs.across.codec import FactReader, Writer, layout
from flaglint.refs.across.joining import Repository
from flaglint.refs.across.shadow import Shadow
from flaglint.refs.ir import UnitFacts
from flaglint.refs.outline import Unit
from flaglint.refs.packcache import built, plain
from flaglint.refs.spec import Pack
from flaglint.registry.packing import pack, unpack

if TYPE_CHECKING:
    from flaglint.definition import Registry

Item = TypeVar("Item")
VERSION: Final = 1
NAME: Final = re.compile(r"[\w.@+-]{1,100}\Z")
_GZIP = b"\x1f\x8b"
_DIGEST = b',"digest":"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What one repository shows to others. `revision` is its commit, or empty; `tool` the flaglint that wrote it."""

    repository: Repository
    registry: Registry
    packs: tuple[Pack, ...]
    wrappers: tuple[Wrapper, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    revision: str = ""
    tool: str = ""

    @property
    def name(self) -> str:
        """The name of the repository."""
        return self.repository.name


def to_bytes(index: Index) -> bytes:
    """Return the document of an index; the same index gives the same bytes. Raises OutputError for what has no form."""
    repository = index.repository
    writer = Writer()
    try:
        document = {
            "version": VERSION,
            "tool": f"flaglint {index.tool}",
            "name": repository.name,
            "revision": index.revision,
            "layout": layout(),
            "registry": pack(index.registry).decode(),
            "packs": [plain(item) for item in index.packs],
            "paths": repository.paths,
            "roots": repository.roots,
            "references": writer.write(repository.references),
            "candidates": writer.write(repository.candidates),
            "wrappers": writer.write(index.wrappers),
            "skipped": writer.write(index.skipped),
            "modules": [_module(item, writer) for item in repository.modules],
            "rows": writer.rows,
        }
        body = json.dumps(document, separators=(",", ":")).encode()
        return body[:-1] + _DIGEST + _digest(body).encode() + b'"}\n'
    except (ValueError, TypeError, RecursionError) as error:
        raise OutputError(f"the index cannot be written: {error}") from error


def _digest(body: bytes) -> str:
    return blake2b(body, digest_size=16).hexdigest()


def _is_whole(text: bytes, digest: Any) -> bool:
    """Whether a document is as it was written: its facts are too many to look at the type of each."""
    body, mark, _ = text.rpartition(_DIGEST)
    return bool(mark) and _digest(body + b"}") == digest


def _module(shadow: Shadow, writer: Writer) -> list[Any]:
    units = [[index, member, *writer.write(unit), *writer.write(facts)] for index, member, unit, facts in shadow.units]
    lengths = [after - before for before, after in zip(shadow.starts, shadow.starts[1:], strict=False)]
    return [shadow.path, shadow.name, shadow.is_package, shadow.is_test, lengths, units]


def from_bytes(data: bytes, path: str) -> Index:
    """Return the index in a document; raises UsageError when it is none, or one that another version wrote."""
    advice = "write it again with `flaglint index`, by this version"
    try:
        text = gzip.decompress(data) if data.startswith(_GZIP) else data
        document = json.loads(text)
        version, tool = document["version"], str(document["tool"])
    except (ValueError, KeyError, TypeError, RecursionError, OSError, EOFError) as error:
        raise UsageError("it is no index of flaglint", path=path, help=advice) from error
    if version != VERSION or document.get("layout") != layout():
        raise UsageError(f"it was written by {tool}, in a form that this version does not read", path=path, help=advice)
    if not _is_whole(text, document.get("digest")):
        raise UsageError("it is damaged", path=path, help=advice)
    try:
        return _index(document)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError) as error:
        raise UsageError("it is damaged", path=path, help=advice) from error


def _index(document: dict[str, Any]) -> Index:
    reader = FactReader(document["rows"])
    name = document["name"]
    if not NAME.match(name):
        raise ValueError(f"{name!r} is no name")
    packs = tuple(built(item) for item in document["packs"])
    return Index(
        repository=Repository(
            name=name,
            references=_all(reader.read(document["references"]), Reference),
            candidates=_all(reader.read(document["candidates"]), Reference),
            modules=tuple(_shadow(item, reader) for item in document["modules"]),
            paths=tuple(map(str, document["paths"])),
            roots=tuple(map(str, document["roots"])),
        ),
        registry=unpack(document["registry"].encode()),
        packs=_all(packs, Pack),
        wrappers=_all(reader.read(document["wrappers"]), Wrapper),
        skipped=_all(reader.read(document["skipped"]), Skipped),
        revision=str(document["revision"]),
        tool=str(document["tool"]).removeprefix("flaglint "),
    )


def _all(items: Any, kind: type[Item]) -> tuple[Item, ...]:
    if not isinstance(items, tuple) or not all(isinstance(item, kind) for item in items):
        raise ValueError(f"not all of it is a {kind.__name__}")
    return items


def _shadow(data: list[Any], reader: FactReader) -> Shadow:
    path, name, is_package, is_test, lengths, units = data
    starts = [0]
    for length in lengths:
        starts.append(starts[-1] + int(length))
    read = tuple((index, member, reader.read([unit]), reader.read([facts])) for index, member, unit, facts in units)
    _all(tuple(unit for _, _, unit, _ in read), Unit)
    _all(tuple(facts for *_, facts in read), UnitFacts)
    return Shadow(str(path), str(name), bool(is_package), bool(is_test), tuple(starts), read)
