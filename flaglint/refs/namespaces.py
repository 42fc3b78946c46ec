"""Namespace packages, which have no `__init__`: from a folder alone nobody can tell them from what modules stand in.

What a configuration names tells: `shop.core.gates.is_on` with `shop/core/gates.py` makes `shop` a package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def namespaces(names: Iterable[str], exists: Callable[[str], bool], roots: Iterable[str]) -> frozenset[str]:
    """Return the folders (with a slash) that some qualified names go through as packages, and that have no `__init__`.

    `exists` tells files, and folders by their slash; `roots` are the folders that modules are imported from.
    """
    found: set[str] = set()
    for name in sorted(names):
        parts = name.split(".")
        for root in roots:
            if not exists(f"{root}{parts[0]}/"):
                continue
            depth = next((end for end in range(len(parts) - 1, 0, -1) if _is_module(root, parts[:end], exists)), 0)
            folders = ["/".join([f"{root}{parts[0]}", *parts[1:end]]) + "/" for end in range(1, depth)]
            found.update(folder for folder in folders if not exists(f"{folder}__init__.py"))
            if depth:
                break
    return frozenset(found)


def _is_module(root: str, parts: list[str], exists: Callable[[str], bool]) -> bool:
    base = root + "/".join(parts)
    return exists(f"{base}.py") or exists(f"{base}/__init__.py")
