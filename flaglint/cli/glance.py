"""A commit that touches no flag: answered before anything is loaded that could say something.

Most commits are such. What tells them apart is the words of which a file that refers to a flag holds one; these are
remembered from a run that read packs and registry, under a digest of all that they, and any error that such a run may
end with, depend on. Files that hold such a word, or import others that may, are searched; when there is a reference in
them, the command goes on with what was found. Whatever is not plain (another option, a file that cannot be decoded, a
comment for flaglint) is left to the command itself.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.cli.hook import handed
from flaglint.config import load_around
from flaglint.refs import DIRECTIVE, TOGGLE, Search, find_references
from flaglint.refs.elsewhere import python_files
from flaglint.refs.scan import Files
from flaglint.refs.silent import Silence, Words
from flaglint.refs.standing import WORTH_A_NOTE, Standing, state_of
from flaglint.source import discover, is_python
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.config import Settings
    from flaglint.pipeline import Analysis
    from flaglint.refs.standing import Heard

FOLDER = "glance"
AT_MOST = 4  # states of one project that are remembered side by side, as branches have


def is_silent(files: Sequence[str], *, force_exclude: bool) -> bool:
    """Whether the check of some files prints nothing and exits with 0, as far as can be told at a glance."""
    try:
        return _is_silent([Path(name) for name in files], force_exclude=force_exclude)
    except Exception:  # the command meets it again, and says what it is
        return False


def search_made() -> Search | None:
    """Return the search that this run has made already, once."""
    search, handed.search = handed.search, None
    return search


def note_unknown(settings: Settings) -> None:
    """Note the state of a project whose words nobody has read yet, before a run that reads them."""
    with suppress(OSError):
        state = state_of(settings)
        handed.unknown = state if _known(settings, state) is None else ""


def remember(analysis: Analysis) -> None:
    """Keep the words that this run was not told, now that nothing was wrong with packs, registry and configuration."""
    settings, unknown = analysis.settings, handed.unknown
    if not unknown or state_of(settings) != unknown:  # what it depends on changed while this ran
        return
    from flaglint.refs.index import SpecIndex

    registry = analysis.graph.registry
    keys = {flag.key for flag in registry.flags} | {tombstone.key for tombstone in registry.tombstones}
    data = json.dumps(Words.of(SpecIndex(analysis.packs), keys), separators=(",", ":")).encode()
    keep(settings.root / settings.cache_dir, f"{FOLDER}/{unknown}.json", data, at_most=AT_MOST)


def _is_silent(paths: Sequence[Path], *, force_exclude: bool) -> bool:
    if not all(path.is_file() for path in paths):
        return False
    settings = load_around(Path.cwd(), paths)
    found = discover(
        settings.root, paths, source=settings.source, exclude=settings.exclude, force_exclude=force_exclude
    )
    if found.skipped or not all(map(is_python, found.paths)):
        return False
    state = state_of(settings)
    words = _known(settings, state)
    if words is None:
        handed.unknown = state
        return False
    files = Files(settings.root, jobs=1)
    if not all(_is_plain(files, path) for path in found.paths):
        return False
    # What other files declare matters to references here, and to strings that hold a key, of which no rule speaks.
    silence = Silence(files, words)
    loud = silence.loud(found.paths)
    heard, cache = None, settings.root / settings.cache_dir
    if loud and (standing := Standing.known(settings.root, cache, state)) is not None:
        heard = standing.hear(files, loud, silence.screen)
        loud = loud if heard is None else heard.loud + heard.fresh
    is_silent = not loud or _refer_to_none(settings, found.paths, heard, words)
    if loud and (handed.search is None or handed.search.found.heard is None):
        heard = None
    if heard is not None and (
        heard.fresh or len(heard.rows) >= WORTH_A_NOTE
    ):  # else they are looked at again each time
        heard.standing.renewed(heard.rows, heard.marks).keep(cache, state)
    return is_silent


def _refer_to_none(settings: Settings, paths: tuple[str, ...], heard: Heard | None, words: Words) -> bool:
    """Whether a search finds nothing in the files; what it finds is for the command."""
    from flaglint.refs.packs import packs_of

    packs, keys = packs_of(settings, settings.root / settings.cache_dir), frozenset(words.keys)
    found = find_references(
        settings.root,
        paths,
        packs=packs,
        keys=keys,
        scope="file",
        or_nothing=True,
        heard=heard,
        project=partial(python_files, settings),
    )
    handed.search = Search(settings.root, paths, packs, keys, found)
    places = [one.span.path for some in (found.references, found.failures, found.wrappers) for one in some]
    return not found.skipped and set(paths).isdisjoint(places)


def _is_plain(files: Files, path: str) -> bool:
    """Whether a file says nothing in comments either, and its bytes are what its text is."""
    text = files.text(path)
    return text is not None and text.encoding == "utf-8" and DIRECTIVE not in text.data and TOGGLE not in text.data


def _known(settings: Settings, state: str) -> Words | None:
    """Return the words of a state, or None when nobody has read them yet."""
    try:
        kept = json.loads((settings.root / settings.cache_dir / FOLDER / f"{state}.json").read_bytes())
    except (OSError, ValueError):
        return None
    fits = isinstance(kept, list) and all(isinstance(part, list) for part in kept)
    if not fits or len(kept) != 3 or not all(isinstance(word, str) for part in kept for word in part):
        return None
    leading, keys, declaring = map(tuple, kept)
    return Words(leading, keys, declaring)


__all__ = ["is_silent", "remember", "search_made"]
