"""Flags that are declared in Python and are nothing but constants there: told in one line, as no removal follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.join import constant_in_code
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.graph import FlagGraph


def notes(graph: FlagGraph) -> Iterator[str]:
    """Yield a note per file on the flags that have one value wherever the code sets them."""
    by_path: dict[str, list[object]] = {}
    for key, flags in sorted(graph.flags.items()):
        value = constant_in_code(flags, graph.by_key.get(key, ()))
        if value is not None:
            by_path.setdefault(flags[0].span.path, []).append(value)
    for path, values in sorted(by_path.items()):
        on, off = sum(value is True for value in values), sum(value is False for value in values)
        told = f" ({on} on, {off} off)" if on + off == len(values) and len(values) > 1 else ""
        are = "is a constant" if len(values) == 1 else "are constants"
        changes = "it" if len(values) == 1 else "them"
        yield f"{counted(len(values), 'flag')} {are} in {path}{told}: only a deployment changes {changes}"
