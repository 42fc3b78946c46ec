"""Edits of native registries by splicing at the places of nodes: what is not meant to change keeps its bytes.

A `Draft` holds the files; each edit is checked by loading the result before the next one, or `edits()`, sees it.
"""

from flaglint.registry.edit.adding import add_flag, refuse_taken
from flaglint.registry.edit.draft import Draft
from flaglint.registry.edit.fields import kill, set_field, unkill
from flaglint.registry.edit.outcome import set_rollout, set_variant
from flaglint.registry.edit.placement import file_for
from flaglint.registry.edit.removing import remove_flags, remove_together
from flaglint.registry.edit.renaming import rename_flag

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
