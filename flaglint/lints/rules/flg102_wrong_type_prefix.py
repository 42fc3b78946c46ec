"""A name that says another type than the flag has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.config import FLAG_TYPES
from flaglint.lints.definitions import listed
from flaglint.lints.names import advice, folded_keys, named
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(
    code="FLG102", name="wrong-type-prefix", severity=Severity.WARNING, scope="file", needs=("reported",), since="0.1"
)
def wrong_type_prefix(graph: FlagGraph, settings: Settings, *, reported: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield flags without the prefix of their type; a key that is only read, when it has none of all prefixes."""
    prefixes = {kind: prefix for kind, prefix in settings.naming.prefixes.items() if prefix}
    taken = folded_keys(graph)
    every_type_has_one = all(kind in prefixes for kind in FLAG_TYPES)
    for one in named(graph, reported):
        wanted = prefixes.get(one.kind, "")
        if wanted and not one.key.startswith(wanted):
            message = f"`{one.key}` is of type {one.kind}, but does not begin with `{wanted}`"
        elif one.flag is None and every_type_has_one and not one.key.startswith(tuple(prefixes.values())):
            message = f"`{one.key}` begins with none of {listed(sorted(set(prefixes.values())))}"
        else:
            continue
        yield wrong_type_prefix.at(
            one.span,
            key=one.key,
            message=message,
            help=advice(one, settings.naming, taken) if one.kind else "begin with the prefix of the flag's type",
            qualname=one.qualname,
        )
