"""The words that tell which files may refer to a flag, known from a search of the whole project.

A search knows by its end every name by which a flag is read anywhere. A file that spells none of them refers to none,
whatever it imports, and need not be read by a hook. That holds where all that leads to a flag has such a name: a
wrapper that is called `get` has one that says nothing of a file, and then nothing is said here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs.elsewhere import names_elsewhere
from flaglint.refs.emit import GENERIC
from flaglint.refs.screen import Screen
from flaglint.refs.silent import PATCH
from flaglint.refs.standing import Telling, other_name, other_names
from flaglint.refs.words import Hits, counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from flaglint.refs.link import Linker

MOST = 40  # other names of what common words are on; after more, nothing is said


def telling(linker: Linker, paths: Collection[str], beside: Iterable[str]) -> Telling | None:
    """Return what tells the files that may refer to a flag, after the search of `paths`; None where nothing does.

    `beside` are files that modules may be imported from as well, though they are no part of the project.
    """
    if not linker.is_all_named:
        return None
    named_otherwise = _with_other_names(linker, paths)
    if named_otherwise is None:
        return None
    left, others = named_otherwise
    if not _says_nothing(linker, left) or not _says_nothing(linker, _besides(linker, beside)):
        return None
    methods = linker.index.methods.keys() - linker.active.methods.keys() - GENERIC
    # A flag object that is replaced is named in a string, by a name that may be that of anything.
    patched = {PATCH} if linker.active.constructors else set()
    common = linker.hits.common & linker.hits.known
    absent = _absent(linker)
    return Telling(
        words=frozenset((linker.hits.known | linker.active.leading() | patched) - common - absent),
        pieces=linker.keys,
        methods=frozenset(methods),
        roots=frozenset(_roots(linker)),
        company=frozenset(linker.company),
        unused=frozenset(_unused(linker)),
        common=frozenset(common),
        beside=frozenset(linker.company | others),
        owned=frozenset(f"{owner}.{word}" for word in common for owner in linker.active.owners_by_word[word]),
        absent=frozenset(absent),
        slack=linker.hits.slack,
    )


def _with_other_names(linker: Linker, paths: Collection[str]) -> tuple[dict[str, set[str]], set[str]] | None:
    """Return the files where a common word stands beside another name of what it is on, which was not looked for.

    With them these names. None where that cannot be told: a common wrapper may be called on anything.
    """
    common = linker.hits.common & linker.hits.known
    owners = {word: linker.active.owners_by_word.get(word, set()) for word in common}
    if not all(owners.values()):
        return None
    fresh = {name for found in owners.values() for name in found}
    company = fresh | linker.company | linker.hits.known
    others: set[str] = set()
    while fresh:
        fresh = _other_names(linker, paths, fresh) - company - others
        others |= fresh
        if len(others) > MOST:
            return None
    beside = Screen(others)
    left = [path for path in paths if path not in linker.hits.accompanied]
    held = _holding(linker, [path for path in left if beside.is_in(linker.files.data(path) or b"")], common)
    return held, others


def _other_names(linker: Linker, paths: Iterable[str], names: Collection[str]) -> set[str]:
    """Return the names that lines of some files give to what goes by one of `names`."""
    other = other_name(names)
    screen = Screen(names)
    return {name for path in paths for name in other_names(linker.files.data(path) or b"", screen, other)}


def _besides(linker: Linker, beside: Iterable[str]) -> dict[str, set[str]]:
    """Return which words of the run, and which packages that the project does not import, stand in some files."""
    return _holding(linker, beside, linker.hits.known | _absent(linker))


def _holding(linker: Linker, paths: Iterable[str], words: Collection[str]) -> dict[str, set[str]]:
    """Return the files that hold one of some words in code, with these."""
    screen = Screen(words)
    found: dict[str, set[str]] = {}
    for path in paths:
        data = linker.files.data(path) or b""
        if present := {word for word, places in screen.hits(data).items() if counted(data, word, places)}:
            found[path] = present
    return found


def _says_nothing(linker: Linker, held: dict[str, set[str]]) -> bool:
    """Whether files with these words in them give nothing a name that the run does not look for."""
    known = linker.hits.known
    if any(not words <= known for words in held.values()):
        return False
    if not held:
        return True
    look = linker.part().look(sorted(held), Hits(known, held, accompanied=set(held)), set(), known)
    return not look.is_unnamed and look.names <= known


def _roots(linker: Linker) -> set[str]:
    """Return what flags are read from: packages of SDKs, and what functions are on that are of no such package."""
    foreign = {name for name in linker.present if linker.program.path_of(name) is None}
    owners = {name.rpartition(".")[0] for name in linker.active.names if name.partition(".")[0] not in foreign}
    return foreign | {owner.rpartition(".")[2] for owner in owners if "." in owner}


def _absent(linker: Linker) -> set[str]:
    return {part for pack in linker.index.packs for part in pack.packages} - linker.present.keys()


def _unused(linker: Linker) -> set[str]:
    """Return the packages of SDKs that nobody uses, of which names that are not theirs would count if somebody did."""
    packages = (pack.packages for pack in linker.index.packs if names_elsewhere(pack))
    return {part for parts in packages if linker.present.keys().isdisjoint(parts) for part in parts}
