"""Edits of native registries by splicing at the places of nodes: what is not meant to change keeps its bytes.

A `Draft` holds the files; each edit is checked by loading the result before the next one, or `edits()`, sees it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flaglint.registry.edit.adding import add_flag, refuse_taken
    from flaglint.registry.edit.draft import Draft
    from flaglint.registry.edit.fields import kill, set_field, unkill
    from flaglint.registry.edit.outcome import set_rollout, set_variant
    from flaglint.registry.edit.placement import file_for
    from flaglint.registry.edit.removing import remove_flags, remove_together
    from flaglint.registry.edit.renaming import rename_flag

_MODULES = {
    "adding": ("add_flag", "refuse_taken"),
    "draft": ("Draft",),
    "fields": ("kill", "set_field", "unkill"),
    "outcome": ("set_rollout", "set_variant"),
    "placement": ("file_for",),
    "removing": ("remove_flags", "remove_together"),
    "renaming": ("rename_flag",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Draft",
    "add_flag",
    "file_for",
    "kill",
    "refuse_taken",
    "remove_flags",
    "remove_together",
    "rename_flag",
    "set_field",
    "set_rollout",
    "set_variant",
    "unkill",
]


def __getattr__(name: str) -> Any:
    # who edits in one way should not pay for the others
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
