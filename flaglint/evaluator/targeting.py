"""flagd's targeting as native rules, where the two mean the same for every context.

Only tests that no kind of value can tell apart are taken: flagd compares a missing attribute as nothing and a number as
its text, the native format by type. So comparisons are with words, and numbers, versions and buckets are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.flagd.definition import variant_name
from flaglint.evaluator.flagd.logic import operators_of
from flaglint.evaluator.translation import InexactError
from flaglint.registry.edit.writing import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.definition import Flag

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_@.+-]*(?: [A-Za-z][A-Za-z0-9_@.+-]*)*|@[A-Za-z0-9.-]+")
# Texts that flagd's engines may take for something else than a text.
_SPECIAL: Final = frozenset({"none", "null", "true", "false", "nan", "inf", "infinity", "undefined"})
_ATTRIBUTE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED: Final = frozenset({"all", "any", "not", "segment"})
_EQUALS: Final = frozenset({"==", "==="})
_DIFFERS: Final = frozenset({"!=", "!=="})
_ENDS: Final = frozenset({"starts_with", "ends_with"})


LOOSE: Final = "`==` in its targeting also takes a list of that one word, which a native rule does not"


def native_rules(flag: Flag) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the targeting of a flag in flagd's format as native rules, and what is to be told of them.

    Raises InexactError where it has no equal.
    """
    definition = flag.payload
    if not isinstance(definition, dict) or definition.get("state") != "ENABLED":
        raise InexactError("it is disabled, so each read gets its own fallback")
    names = {variant.name for variant in flag.variants}
    if flag.off_variant not in names:
        raise InexactError("it has no default variant, so reads get their own fallback")
    if any(variant.value is None for variant in flag.variants):
        raise InexactError("a variant has no value")
    targeting = definition.get("targeting")
    rules = list(_rules(targeting, flag.off_variant, names))
    is_loose = not {"==", "!="}.isdisjoint(operators_of(targeting))
    return rules, [LOOSE] if is_loose else []


def _rules(rule: Any, default: str, names: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the rules of a chain of `if`; a branch that comes to nothing serves the default variant."""
    while True:
        if not isinstance(rule, dict):
            yield {"serve": Name(_served(rule, default, names))}
            return
        if set(rule) != {"if"} or not isinstance(rule["if"], list) or not rule["if"]:
            raise InexactError(f"its targeting has `{_first(rule)}`, which has no exact equal")
        branches = rule["if"]
        while len(branches) > 1:
            condition, served, *branches = branches
            yield {"when": _condition(condition), "serve": Name(_served(served, default, names))}
        rule = branches[0] if branches else None


def _served(result: Any, default: str, names: set[str]) -> str:
    if isinstance(result, (dict, list)):
        raise InexactError(f"its targeting has `{_first(result)}` where a variant is served, which has no exact equal")
    name = variant_name(result)
    if name is None:
        return default
    if name not in names or result == "":
        raise InexactError(f"its targeting serves `{name}`, which is no variant")
    return name


def _condition(rule: Any) -> dict[str, Any]:
    """Return a condition as the native format writes it."""
    if not isinstance(rule, dict) or len(rule) != 1:
        raise InexactError("a condition of its targeting is no operator")
    ((operator, given),) = rule.items()
    parts = given if isinstance(given, list) else [given]
    if operator in {"and", "or"} and parts:
        return {"all" if operator == "and" else "any": [_condition(part) for part in parts]}
    if operator == "!" and len(parts) == 1:
        return {"not": _condition(parts[0])}
    if len(parts) == 2 and operator in _EQUALS | _DIFFERS | _ENDS:
        attribute, word = _attribute(parts[0]), _word(parts[1])
        if operator in _EQUALS:
            return {attribute: word}
        return {attribute: {"not": word}} if operator in _DIFFERS else {attribute: {operator: word}}
    if len(parts) == 2 and operator == "in" and isinstance(parts[1], list) and parts[1]:
        return {_attribute(parts[0]): [_word(item) for item in parts[1]]}
    raise InexactError(f"its targeting has `{operator}`, which has no exact equal")


def _attribute(rule: Any) -> str:
    name = rule.get("var") if isinstance(rule, dict) and len(rule) == 1 else None
    name = name[0] if isinstance(name, list) and len(name) == 1 else name
    if not isinstance(name, str) or not _ATTRIBUTE.fullmatch(name) or name in _RESERVED:
        raise InexactError("its targeting compares something else than an attribute with a word")
    return name


def _word(value: Any) -> str:
    if not isinstance(value, str) or not _WORD.fullmatch(value) or value.lower() in _SPECIAL:
        raise InexactError("its targeting compares an attribute with something that is no plain word")
    return value


def _first(rule: Any) -> str:
    return next(iter(rule), "") if isinstance(rule, dict) else "a list"
