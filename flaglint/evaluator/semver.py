"""Semantic versions, compared as flagd's `sem_ver` does: a leading `v`, partial versions, build metadata ignored."""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Callable

Version = tuple[int, int, int, tuple[tuple[int, int, str], ...]]

_NUMBER = r"(?:0|[1-9][0-9]*)"
_IDENTIFIER = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_FULL = late(
    rf"[vV]?({_NUMBER})\.({_NUMBER})\.({_NUMBER})"
    rf"(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_PARTIAL = late(rf"[vV]?({_NUMBER})(?:\.({_NUMBER}))?")
_COMPARATOR = late(r"\s*(>=|<=|!=|>|<|=|\^|~)?\s*(\S+)\s*")
_RELEASE: Final[tuple[tuple[int, int, str], ...]] = ((2, 0, ""),)  # sorts after every prerelease
_MAX_LENGTH = 256  # what the engines accept; it also bounds what the cache holds

COMPARISONS: Final[dict[str, Callable[[Version, Version], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "^": lambda left, right: left[0] == right[0],  # the same major version
    "~": lambda left, right: left[:2] == right[:2],  # the same major and minor version
}


@lru_cache(maxsize=4096)
def parse_version(text: str) -> Version | None:
    """Return the version in a form that compares by precedence, or None when `text` is none."""
    if len(text) > _MAX_LENGTH:
        return None
    if partial := _PARTIAL.fullmatch(text):
        return int(partial[1]), int(partial[2] or 0), 0, _RELEASE
    full = _FULL.fullmatch(text)
    if full is None:
        return None
    prerelease = _precedence(full[4]) if full[4] else _RELEASE
    return int(full[1]), int(full[2]), int(full[3]), prerelease


def parse_comparator(text: str) -> tuple[str, Version] | None:
    """Split `">=2.1.0"` into its operator (`=` when left out) and its version; None when it is no comparator."""
    match = _COMPARATOR.fullmatch(text)
    version = parse_version(match[2]) or parse_version(_filled(match[2])) if match else None
    return (match[1] or "=", version) if match and version else None


def comparator_text(text: str) -> tuple[str, str]:
    """Return the operator of a comparator, and its version with three numbers and without build metadata.

    Raises ValueError for what is no comparator.
    """
    match = _COMPARATOR.fullmatch(text)
    if match is None or parse_comparator(text) is None:
        raise ValueError(f"`{text}` is no version comparator")
    return match[1] or "=", _filled(match[2].lstrip("vV")).partition("+")[0]


def _filled(text: str) -> str:
    """Return `1.2-beta` as `1.2.0-beta`: who writes a comparison may leave zeros out."""
    numbers = re.split(r"[-+]", text, maxsplit=1)[0]
    return numbers + ".0" * (2 - numbers.count(".")) + text[len(numbers) :]


def comparison(operation: str, version: Version) -> Callable[[str], bool]:
    """Return the test of a version's text against `version`; no text that is no version passes any."""
    compare = COMPARISONS[operation]

    def matches(text: str) -> bool:
        parsed = parse_version(text)
        return parsed is not None and compare(parsed, version)

    return matches


def _precedence(prerelease: str) -> tuple[tuple[int, int, str], ...]:
    # numeric identifiers compare as numbers and sort before the others; a shorter list sorts first
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in prerelease.split("."))
