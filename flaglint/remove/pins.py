"""Which value of a flag a removal keeps: the one that is given, or the one that is proven to be served everywhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flaglint.errors import UsageError
from flaglint.model import CodeDefault, Constant, Kind, Unknown, Varies
from flaglint.remove.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import JsonValue, Verdict


def proven(graph: FlagGraph, key: str, environments: Iterable[str]) -> Kept | str:
    """Return the value that `key` is proven to serve in all of `environments`, or a sentence that says why none is."""
    if is_unread(graph, key):
        return _off(graph.flags[key][0])
    verdicts = graph.verdicts.get(key)
    if not verdicts:
        return f"nothing is known of what `{key}` serves"
    looked_at = {name: verdicts[name] for name in environments if name in verdicts} or dict(verdicts)
    values: dict[str, Constant] = {}
    for name, verdict in sorted(looked_at.items()):
        if isinstance(verdict, CodeDefault):
            return _by_defaults(graph, key)
        if isinstance(verdict, Unknown):
            return f"what `{key}` serves in {name} is not known: {verdict.why}"
        if not isinstance(verdict, Constant):
            return f"`{key}` serves no single value in {name}: {_why(verdict)}"
        values[name] = verdict
    first = next(iter(values.values()))
    if any(_differs(first.value, other.value) or first.switch is not other.switch for other in values.values()):
        told = ", ".join(f"{Kept(item.value, switch=item.switch).shown} in {name}" for name, item in values.items())
        return f"`{key}` serves different values: {told}"
    variant = first.variant if all(item.variant == first.variant for item in values.values()) else None
    where = ", ".join(values)
    since = f" since {first.since.isoformat()}" if first.since is not None else ""
    return Kept(first.value, variant, f"{first.reason}{since} ({where})", first.switch)


def is_unread(graph: FlagGraph, key: str) -> bool:
    """Whether a flag is defined and nothing else names it, in code, in other files or as a prerequisite.

    Whatever it serves, nobody gets it: no value has to be proven to take it out.
    """
    if key not in graph.flags or graph.patterns(key):
        return False
    if any(reference.kind is not Kind.DECLARATION for reference in graph.by_key.get(key, ())):
        return False
    return key not in graph.prerequisites


def _off(flag: Flag) -> Kept:
    off = next((variant for variant in flag.variants if variant.name == flag.off_variant), None)
    return Kept(off.value if off is not None else False, off.name if off is not None else None, "nothing reads it")


def _by_defaults(graph: FlagGraph, key: str) -> Kept | str:
    """Each read gets its own default: that is one value only when all of them are the same."""
    defaults = [reference.default for reference in graph.by_key.get(key, ()) if reference.kind is Kind.READ]
    known = [item.value for item in defaults if item is not None and item.known]
    if not known or len(known) != len(defaults) or any(_differs(known[0], value) for value in known):
        return f"each read of `{key}` gets the default that it passes, and these are not all the same"
    return Kept(known[0], None, "every read gets its default, which is the same everywhere")


def _why(verdict: Verdict) -> str:
    return verdict.why or "it cannot be proven" if isinstance(verdict, Varies) else getattr(verdict, "why", "")


def _differs(one: JsonValue, other: JsonValue) -> bool:
    return type(one) is not type(other) or one != other


def given(flags: Sequence[Flag], key: str, *, variant: str, value: str) -> Kept:
    """Return the value that the user names, by its variant or as JSON; raises UsageError when there is no such one."""
    known = {item.name: item.value for flag in flags for item in flag.variants}
    if variant:
        if variant not in known:
            names = ", ".join(f"`{name}`" for name in sorted(known)) or "none"
            raise UsageError(f"`{key}` has no variant `{variant}`", help=f"its variants: {names}")
        return Kept(known[variant], variant, "as you asked")
    try:
        plain: JsonValue = json.loads(value)
    except ValueError as error:
        raise UsageError(
            f"`{value}` is no JSON", help='true, false, 3 or "text" are; quote the quotes for your shell'
        ) from error
    alike = [name for name, other in known.items() if not _differs(plain, other)]
    if flags and not alike and all(flag.format == "native" for flag in flags):  # other formats need not list them all
        raise UsageError(f"`{key}` never has the value {value}", help=f"its values: {_values(known)}")
    return Kept(plain, alike[0] if len(alike) == 1 else _named_itself(plain, known), "as you asked")


def _values(known: Mapping[str, JsonValue]) -> str:
    told = sorted({json.dumps(value, ensure_ascii=False) for value in known.values()})
    return f"{', '.join(told[:-1])} or {told[-1]}" if told[1:] else told[0]


def a_choice(flags: Iterable[Flag]) -> str:
    """Return how the command line names a value to keep: of a flag that is no boolean, by the name of its variant."""
    known = {item.name: item.value for flag in flags for item in flag.variants}
    if all(isinstance(value, bool) for value in known.values()):
        return "--value true"
    return f"--variant NAME, where NAME is {' or '.join(known)}"


def _named_itself(value: JsonValue, known: Mapping[str, JsonValue]) -> str | None:
    """A flag that no registry describes may use its values as the names of its variants."""
    return value if not known and isinstance(value, str) else None
