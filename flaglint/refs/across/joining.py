"""Joins what several repositories show: their facts as one program, over which the recogniser decides again.

What a repository could settle alone stands as it was; a place that only another repository explains (a wrapper of a
shared package, a constant from one) gets the reference that it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Kind, Pattern, Span, Unknown, in_order, keys_in
from flaglint.records import dataclass, replace
from flaglint.refs.across.shadow import ShadowFiles
from flaglint.refs.collect import settle
from flaglint.refs.emit import Emitter
from flaglint.refs.program import Program
from flaglint.refs.recognise import Recogniser
from flaglint.refs.resolve import Resolver

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from flaglint.model import Reference
    from flaglint.refs.across.shadow import Shadow
    from flaglint.refs.index import SpecIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What one repository shows: its references as it settled them, candidates that it could not, and its facts."""

    name: str
    references: tuple[Reference, ...]
    candidates: tuple[Reference, ...]
    modules: tuple[Shadow, ...]
    paths: tuple[str, ...]  # all Python files, relative to its root
    roots: tuple[str, ...]  # the folders that it imports from, with a slash, or empty


def joined(repositories: Sequence[Repository], index: SpecIndex, keys: Collection[str]) -> dict[str, list[Reference]]:
    """Return the references of each repository, by its name, with what the others explain; paths are its own."""
    known = set(keys)
    for repository in repositories:
        for reference in repository.references:
            if reference.kind is Kind.DECLARATION:
                known.update(keys_in(reference.key))
    explained = _explained(repositories, index, known)
    found: dict[str, list[Reference]] = {}
    for repository in repositories:
        new = explained.get(repository.name, [])
        places = {(item.span, item.kind) for item in repository.references}
        candidates = [
            item
            for item in repository.candidates
            if (wanted := keys_in(item.key)) and known.issuperset(wanted) and (item.span, item.kind) not in places
        ]
        settled = {(item.span, item.kind): item for item in (*candidates, *repository.references)}
        for item in new:
            before = settled.get((item.span, item.kind))
            if before is None or _says_less(before):
                settled[item.span, item.kind] = item
        found[repository.name] = list(in_order(settled.values()))
    return found


def _says_less(before: Reference) -> bool:
    return isinstance(before.key, Unknown | Pattern)


def _explained(
    repositories: Sequence[Repository], index: SpecIndex, known: Collection[str]
) -> dict[str, list[Reference]]:
    """Return the references that the facts of all repositories together give, by repository."""
    files = ShadowFiles({item.name: (item.modules, item.paths, item.roots) for item in repositories})
    packages = frozenset(name.partition(".")[0] for pack in index.packs for name in pack.packages)
    program = Program(files.load, files.exists, files.roots, packages)
    resolver = Resolver(program, index)
    recogniser = Recogniser(resolver, index, lambda *_: True, follows_keys=False)
    emitter = Emitter(resolver, recogniser, index, {})
    for path in files.paths():
        view = program.view(path)
        for unit in view.leaves() if view is not None else ():
            emitter.unit(unit, lambda *_: True)
    found: dict[str, list[Reference]] = {}
    for reference in settle(emitter.collected.gathered, frozenset(known)):
        if isinstance(reference.key, Unknown):
            continue
        source, _, path = reference.span.path.partition(":/")
        span = Span(path, reference.span.start, reference.span.end)
        found.setdefault(source, []).append(replace(reference, span=span))
    return found
