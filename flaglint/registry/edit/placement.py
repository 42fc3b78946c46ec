"""Which file a new flag goes to."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from flaglint.registry.files import matches_glob
from flaglint.registry.formats import NATIVE

if TYPE_CHECKING:
    from flaglint.config import Layout
    from flaglint.definition import Flag
    from flaglint.registry.edit.draft import Draft

FIRST_FILE = "flags.yaml"


def file_for(draft: Draft, key: str, *, flag_type: str, owner: str, layout: Layout) -> str:
    """Return the path of the file that a flag belongs in; it may not exist yet.

    The layout of the configuration decides: a file that fits its globs for both type and owner where there is one.
    Without a layout it is a file of its own, named after the key, where flags have such files; else the file with
    most flags of that type or owner, else the first.
    """
    flags = [flag for flag in draft.registry.flags if flag.format == NATIVE]
    globs = [glob for glob in (layout.by_type.get(flag_type), layout.by_owner.get(owner)) if glob]
    if globs:
        found = [_of_layout(draft, key, glob, flags) for glob in globs]
        fitting = [path for path in (*found, *draft.paths) if all(matches_glob(path, glob) for glob in globs)]
        return fitting[0] if fitting else found[0]
    if (own := _own_file(key, flags)) is not None:
        return own
    alike = Counter(flag.span.path for flag in flags if flag.type == flag_type or flag.owner == owner)
    ordered = sorted(draft.paths, key=lambda path: -alike[path])
    return ordered[0] if ordered else FIRST_FILE


def _of_layout(draft: Draft, key: str, glob: str, flags: list[Flag]) -> str:
    """Return the file that a glob of the layout stands for: one that exists, else with the key for the `*`.

    Where files are named after their flags, the flag gets one of its own.
    """
    new = glob.replace("**/", "").replace("*", key)
    inside = [flag for flag in flags if matches_glob(flag.span.path, glob)]
    if new != glob and _own_file(key, inside) is not None:
        return new
    return next((path for path in draft.paths if matches_glob(path, glob)), new)


def _own_file(key: str, flags: list[Flag]) -> str | None:
    """Return a file for this flag alone when most flags have one that is named after them."""
    by_path = Counter(flag.span.path for flag in flags)
    alone = [flag for flag in flags if by_path[flag.span.path] == 1 and PurePosixPath(flag.span.path).stem == flag.key]
    if not alone or len(alone) * 2 <= len(flags):
        return None
    paths = [PurePosixPath(flag.span.path) for flag in alone]
    (folder, suffix), _ = Counter((path.parent, path.suffix) for path in paths).most_common(1)[0]
    return (folder / f"{key}{suffix}").as_posix()
