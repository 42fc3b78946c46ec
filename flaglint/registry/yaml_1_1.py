"""Scalars that YAML 1.1, which most vendors' engines read, takes for something else than YAML 1.2 does.

`on` and `NO` become booleans there, `010` is eight, `1:30` ninety and `2026-08-01` a date, while `1e3` stays a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.registry.scalars import UnfitScalarError, core_value

if TYPE_CHECKING:
    from flaglint.registry.nodes import ScalarNode

# The types of https://yaml.org/type/ as widely used readers resolve them; single letters stay texts there.
_BOOLEAN = re.compile(r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF")
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0[0-7_]*|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?")
_OCTAL = re.compile(r"[-+]?0[0-9_]+")


def reading(node: ScalarNode) -> str | None:
    """Return what YAML 1.1 takes a plain scalar for, in words, where YAML 1.2 takes it for something else."""
    text = node.text
    if node.style or not text or node.is_null:
        return None
    try:
        value = core_value(node)
    except UnfitScalarError:
        return None
    if _BOOLEAN.fullmatch(text):
        return None if isinstance(value, bool) else "a boolean"
    if _INTEGER.fullmatch(text):
        same = type(value) is int and not _OCTAL.fullmatch(text)
        return None if same else "another number" if type(value) is int else "a number"
    if _FLOAT.fullmatch(text):
        return None if isinstance(value, float) else "a number"
    if _DATE.fullmatch(text):
        return "a date"
    return None if isinstance(value, str) else "a text"
