"""How other languages spell a key: transformations from the key in the registry to what a front end writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Humps count as words, so that `Qa_Updates`, `qaUpdates` and `QAUpdates` are the same; digits stay with their letters.
_SEPARATOR = late(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMESPACE = late(r"[:./]")
STRIPPED: Final = "prefix-stripped"


def _words(key: str) -> list[str]:
    return [word for word in _SEPARATOR.split(key) if word]


def _camel(key: str) -> str:
    first, *rest = _words(key) or [""]
    return first.lower() + "".join(word.capitalize() for word in rest)


def _pascal(key: str) -> str:
    return "".join(word.capitalize() for word in _words(key))


_TRANSFORMATIONS: Final[dict[str, Callable[[str], str]]] = {
    "camelCase": _camel,
    "PascalCase": _pascal,
    "snake_case": lambda key: "_".join(_words(key)).lower(),
    "UPPER_SNAKE": lambda key: "_".join(_words(key)).upper(),
    "kebab-case": lambda key: "-".join(_words(key)).lower(),
    "dotted": lambda key: ".".join(_words(key)).lower(),
}


def known_transformations() -> tuple[str, ...]:
    """Return the names of the transformations."""
    return (*_TRANSFORMATIONS, STRIPPED)


def is_transformation(name: object) -> bool:
    """Whether this names a transformation; `prefix-stripped:release-` strips that prefix and no other."""
    if not isinstance(name, str):
        return False
    given = name.startswith(f"{STRIPPED}:") and len(name) > len(STRIPPED) + 1
    return name in _TRANSFORMATIONS or name == STRIPPED or given


def aliases_of(key: str, names: Iterable[str]) -> dict[str, str]:
    """Return the other spellings of a key, each with the name of what made it; the key itself is none.

    Without an argument, `prefix-stripped` takes off everything up to the first `:`, `.` or `/`. What a prefix was
    stripped from goes through the other transformations, too.
    """
    names = tuple(names)
    stripped = {name: _stripped(key, name) for name in names if name.partition(":")[0] == STRIPPED}
    found: dict[str, str] = {}
    for name, bare in stripped.items():
        if bare != key:
            found.setdefault(bare, name)
    for name in names:
        if name not in stripped:
            for origin, via in ((key, name), *((bare, f"{how} {name}") for how, bare in stripped.items())):
                found.setdefault(_TRANSFORMATIONS[name](origin), via)
    return {alias: via for alias, via in found.items() if alias and alias != key}


def _stripped(key: str, name: str) -> str:
    _, _, prefix = name.partition(":")
    if prefix:
        return key.removeprefix(prefix) or key
    head = _NAMESPACE.search(key)
    return (key[head.end() :] if head and head.start() else key) or key
