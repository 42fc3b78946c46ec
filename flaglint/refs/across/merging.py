"""Puts the indexes of other repositories beside a project: their references by name, their flags, what they skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import UsageError
from flaglint.model import Skipped, Span
from flaglint.records import dataclass, replace
from flaglint.refs.across.joining import Repository, joined
from flaglint.refs.index import SpecIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.definition import Flag, Registry
    from flaglint.model import Reference
    from flaglint.refs.across.document import Index
    from flaglint.refs.spec import Pack


@dataclass(frozen=True, slots=True)
class Beside:
    """What a project and other repositories know together. Paths of the others begin with their name and a colon."""

    references: tuple[Reference, ...]  # of all
    flags: tuple[Flag, ...]  # of the others' registries; a key that the project defines is its own matter
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    names: tuple[str, ...]


def beside(own: Repository, registry: Registry, packs: Sequence[Pack], indexes: Sequence[Index]) -> Beside:
    """Return what a project and `indexes` know together.

    An index of the project itself is left out, and noted. Raises UsageError for two indexes of one name.
    """
    others, notes = _others(own, indexes)
    known = list(dict.fromkeys((*packs, *(item for index in others for item in index.packs))))
    defined = {flag.key for flag in registry.flags} | {item.key for item in registry.tombstones}
    keys = defined | {flag.key for index in others for flag in index.registry.flags}
    found = joined([own, *(index.repository for index in others)], SpecIndex(known), keys)
    references = list(found[own.name])
    flags: list[Flag] = []
    skipped: list[Skipped] = []
    for index in others:
        name = index.name
        references += [replace(item, span=_told(item.span, name)) for item in found[name]]
        flags += [_flag(flag, name) for flag in index.registry.flags if flag.key not in defined]
        skipped += [replace(item, path=f"{name}:{item.path}") for item in index.skipped]
    return Beside(tuple(references), tuple(flags), tuple(skipped), notes, tuple(item.name for item in others))


def _others(own: Repository, indexes: Sequence[Index]) -> tuple[list[Index], tuple[str, ...]]:
    seen: dict[str, Index] = {}
    notes: list[str] = []
    for index in indexes:
        if index.name == own.name and _is_same(index, own):
            notes.append(f"the index `{index.name}` is of this project: what is on disk counts instead")
        elif index.name == own.name or index.name in seen:
            raise UsageError(
                f"two repositories are named `{index.name}`",
                help="write one of the indexes again, with `flaglint index --name`",
            )
        else:
            seen[index.name] = index
    return list(seen.values()), tuple(notes)


def _is_same(index: Index, own: Repository) -> bool:
    """Whether an index is one of the project itself, maybe of another day: most of its files are there."""
    theirs, ours = set(index.repository.paths), set(own.paths)
    return not theirs or len(theirs & ours) * 2 >= len(theirs)


def _told(span: Span, name: str) -> Span:
    return Span(f"{name}:{span.path}", span.start, span.end)


def _flag(flag: Flag, name: str) -> Flag:
    return replace(flag, span=_told(flag.span, name), key_span=_told(flag.key_span, name))
