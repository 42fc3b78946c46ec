"""Flags of other formats, and those declared in Python, as entries of the native registry, where that is exact.

Exact is what serves the same to every context: a value that is proven constant, and rules that mean the same there
(`evaluator.targeting` for flagd). A percentage puts other users into other buckets elsewhere, so it is never exact.
What is not translated is kept as a comment, with the reason.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flaglint.config import FLAG_TYPES
from flaglint.definition import Variant
from flaglint.errors import EditError
from flaglint.evaluator.proof import verdicts
from flaglint.evaluator.vendors.outcomes import listed
from flaglint.model import CodeDefault, Constant, Unknown, ValueType, Varies
from flaglint.registry.edit.writing import Name, written
from flaglint.registry.scalars import MAX_INTEGER
from flaglint.registry.variants import NAME, value_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from flaglint.definition import Flag, Registry
    from flaglint.model import JsonValue, Span, Verdict

_WIDTH: Final = 110  # characters of a comment that repeats a definition
_NAME_OF_DECIDER: Final = "decided-elsewhere"
# What holds rules in one format or another; when it is not empty in a flag that is constant, they decide nothing now.
# The names that formats, or readers of theirs, have for it, and what it is called.
_RULES: Final = {
    **{
        name: name
        for name in (
            "rules", "targeting", "targets", "contextTargets", "strategies", "segments", "groups", "prerequisites",
            "rollouts", "dependencies", "scheduledRollout", "needs", "required", "overrides",
        )
    },
    "forces": "force",
    "r": "rules",
    "p": "shares",
}  # fmt: skip


class InexactError(ValueError):
    """A flag has no equal in the native format; the message is the rest of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Left:
    """A flag, or a part of one, that was not translated, and why."""

    key: str
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Translation:
    """The text of a native registry, what is only a comment in it, and how many flags were translated."""

    text: str
    left: tuple[Left, ...]
    count: int


def translated(registry: Registry, now: float) -> Translation:
    """Return the flags of a registry as a native one; `now` is in UTC seconds."""
    proven = verdicts(registry, now)
    by_key: dict[str, list[Flag]] = {}
    for flag in registry.flags:
        by_key.setdefault(flag.key, []).append(flag)
    lines: list[str] = []
    left: list[Left] = []
    count = 0
    needs_decider = False
    for key, flags in by_key.items():
        try:
            entry = _Entry(key, flags, proven[key])
            lines += entry.lines()
        except (InexactError, EditError) as reason:
            left.append(Left(key, str(reason), flags[0].key_span))
            lines += _kept(key, str(reason), flags)
            continue
        count += 1
        needs_decider = needs_decider or entry.needs_decider
        left += [Left(key, reason, flags[0].key_span) for reason in entry.left]
    environments = [name for name in registry.environments if name != "default"]
    head = ["version: 1"]
    if environments:
        head.append(f"environments: {written([Name(name) for name in environments])}")
        if set(registry.critical) < set(environments):
            head.append(f"critical: {written([Name(name) for name in registry.critical])}")
    if needs_decider:
        head += [
            "# Who gets these flags is decided elsewhere. The segment stands for that, and matches nobody.",
            "segments:",
            f"  {_NAME_OF_DECIDER}: {{decided_by: somebody else}}",
        ]
    body = ["flags:", *lines] if count else ["flags: {}", *lines]
    return Translation("\n".join([*head, *body]) + "\n", tuple(left), count)


class _Entry:
    """One flag being translated: all its definitions, and what is proven of it in each environment."""

    def __init__(self, key: str, flags: Sequence[Flag], proven: Mapping[str, Verdict]) -> None:
        self.flag = flags[0]
        self.left: list[str] = []
        self.needs_decider = False
        if any(flag.problems for flag in flags):
            raise InexactError("its entry is broken")
        if any(flag.format == "native" for flag in flags):
            raise InexactError("it is native already")
        self._key = key
        self._flags = flags
        self._served = self._body(proven)

    def lines(self) -> list[str]:
        """Return the entry, as it stands below `flags:`."""
        told = [f"    {name}: {written(value)}" for name, value in self._metadata()]
        return [f"  {written(Name(self._key))}:", *told, *self._served]

    def _metadata(self) -> Iterator[tuple[str, Any]]:
        flag = self.flag
        if flag.description.strip():
            yield "description", flag.description
        if flag.type in FLAG_TYPES:
            yield "type", flag.type
        if flag.owner.strip():
            yield "owner", flag.owner
        if flag.created is not None:
            yield "created", flag.created
        if flag.expires is not None:
            yield "expires", flag.expires
        if flag.permanent.strip():
            yield "permanent", flag.permanent
        elif flag.is_permanent:
            self.left.append("it is permanent, but no reason is told")
        if links := _unique(flag.links):
            yield "links", links
        if tags := [tag for tag in flag.tags if tag.strip()]:
            yield "tags", list(dict.fromkeys(tags))

    def _body(self, proven: Mapping[str, Verdict]) -> list[str]:
        rules = self._by_rules(proven)
        if rules is not None:
            return rules
        values = {name: self._value(verdict) for name, verdict in proven.items()}
        variants = self._variants(list(values.values()))
        names = {name: _name_of(value, variants) for name, value in values.items()}
        off = self._off(variants)
        lines = [f"    # {reason}" for reason in dict.fromkeys(_reason(verdict) for verdict in proven.values())]
        lines += self._dormant()
        if {json.dumps(value) for value in variants.values()} != {"true", "false"} or set(variants) != {
            "true",
            "false",
        }:
            lines += [f"    variants: {_mapping(variants)}", f"    off_variant: {written(Name(off))}"]
        first = next(iter(names.values()))
        lines.append(f"    serve: {written(Name(first))}")
        others = {name: variant for name, variant in names.items() if variant != first}
        if others:
            lines.append("    environments:")
            lines += [
                f"      {written(Name(name))}: {{serve: {written(Name(variant))}}}" for name, variant in others.items()
            ]
        return lines

    def _by_rules(self, proven: Mapping[str, Verdict]) -> list[str] | None:
        """Return the body of a flag whose rules are translated; None when it is to be taken by what is proven."""
        if len(self._flags) > 1 or all(isinstance(verdict, Constant) for verdict in proven.values()):
            return None
        flag = self.flag
        if flag.format == "flagd":
            from flaglint.evaluator.targeting import native_rules

            variants = {variant.name: variant.value for variant in flag.variants}
            self._checked(variants)
            rules, told = native_rules(flag)
            self.left += told
            return [
                f"    variants: {_mapping(variants)}",
                f"    off_variant: {written(Name(self._off(variants)))}",
                "    rules:",
                *(f"      - {written(rule)}" for rule in rules),
            ]
        default = _default(flag)
        if default is None or not all(isinstance(verdict, Unknown) for verdict in proven.values()):
            return None
        if not isinstance(default, bool):
            raise InexactError("only its default is known, not its other values")
        self.needs_decider = True
        there, other = ("true", "false") if default else ("false", "true")
        rule = written({"segment": _NAME_OF_DECIDER, "serve": Name(other)})
        own = ["    variants: {true: true, false: false}", f"    off_variant: {there}"] if default else []
        return [*own, f"    rules: [{rule}]"]

    def _value(self, verdict: Verdict) -> JsonValue:
        if isinstance(verdict, Varies):
            raise InexactError(verdict.why)
        if isinstance(verdict, CodeDefault):
            why = f", as {verdict.reason}" if verdict.reason else ""
            raise InexactError(f"each read gets its own fallback{why}")
        if isinstance(verdict, Unknown):
            raise InexactError(verdict.why)
        if self._has_variants(verdict):
            raise InexactError("whether it is on, and its variant, are two things")
        if verdict.switch is None or verdict.value is verdict.switch:
            return verdict.value
        if verdict.value is None:
            return verdict.switch
        raise InexactError("whether it is on, and the value that it has, are two things")

    def _has_variants(self, verdict: Constant) -> bool:
        """Whether a flag that is on or off has variants, which a read can ask for, beside that."""
        if self.flag.format == "unleash":
            return verdict.value is True and any(flag.variants for flag in self._flags)
        return verdict.switch is not None and any(not isinstance(one.value, bool) for one in self.flag.variants)

    def _variants(self, served: Iterable[JsonValue]) -> dict[str, JsonValue]:
        """Return the variants by name: those of the source, or those that its values need."""
        own = {
            variant.name: variant.value for variant in self.flag.variants if NAME.fullmatch(variant.name) is not None
        }
        values = list(served)
        if not all(any(_same(value, known) for known in own.values()) for value in values):
            own = {}
            for value in values:
                if not any(_same(value, known) for known in own.values()):
                    own[_new_name(value, own)] = value
        if all(isinstance(value, bool) for value in own.values()):
            for value in (True, False):
                if not any(value is known for known in own.values()):
                    own[_new_name(value, own)] = value
        try:
            self._checked(own)
        except InexactError:
            own = (
                {_new_name(value, {}): value for value in values[:1]} if len(set(map(json.dumps, values))) == 1 else own
            )
            self._checked(own)
        return own

    def _checked(self, variants: Mapping[str, JsonValue]) -> None:
        for name, value in variants.items():
            if not NAME.fullmatch(name):
                raise InexactError(f"`{name}` cannot name a variant here")
            if not _fits(value) or isinstance(value, list):
                raise InexactError(f"its value {_short(value)} cannot be one of a native flag")
        span = self.flag.key_span
        kind = value_type(tuple(Variant(name, value, span) for name, value in variants.items()))
        if kind is ValueType.UNKNOWN:
            raise InexactError("its values are of several kinds")

    def _off(self, variants: Mapping[str, JsonValue]) -> str:
        """Return what is served when the flag is killed: false where there is one, else what the source falls to."""
        own = self.flag.off_variant if self.flag.off_variant in variants else next(iter(variants))
        return next((name for name, value in variants.items() if value is False), own)

    def _dormant(self) -> list[str]:
        """Return the definition as a comment where it has rules, which are gone with the translation of a constant."""
        names = sorted({_RULES[name] for flag in self._flags for name in _rules_in(flag.payload)})
        if not names:
            return []
        self.left.append(f"it is constant, so a comment holds its {listed(names)}")
        return [f"    # {line}" for flag in self._flags for line in _folded(_payload(flag))]


def _rules_in(payload: JsonValue, depth: int = 5) -> Iterator[str]:
    """Yield the names under which a definition holds rules."""
    if isinstance(payload, dict) and depth:
        for name, value in payload.items():
            if name in _RULES and value:
                yield name
            else:
                yield from _rules_in(value, depth - 1)


def _payload(flag: Flag) -> str:
    where = f" ({flag.environment})" if flag.environment else ""
    return f"{flag.key_span}{where} {json.dumps(flag.payload, ensure_ascii=False, default=str)}"


def _default(flag: Flag) -> JsonValue:
    """Return the default of a flag that is decided elsewhere: in a manifest, in GitLab's definitions, in code."""
    if flag.format not in {"openfeature-manifest", "gitlab", "python"} or not isinstance(flag.payload, dict):
        return None
    return flag.payload.get("defaultValue", flag.payload.get("default"))


def _kept(key: str, reason: str, flags: Sequence[Flag]) -> list[str]:
    """Return a flag that is not translated as comments."""
    lines = [f"  # {_one_line(key)}: not translated, {_one_line(reason)}"]
    for flag in flags:
        lines += [f"  #   {line}" for line in _folded(_payload(flag))]
    return lines


def _folded(text: str) -> list[str]:
    text = _one_line(text)
    return [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def _reason(verdict: Verdict) -> str:
    return _one_line(verdict.reason) if isinstance(verdict, Constant) else ""


def _mapping(variants: Mapping[str, JsonValue]) -> str:
    # in the manner of JSON every text has quotes, which tells the values from the names
    pairs = (f"{written(Name(name))}: {written(value, language='JSON')}" for name, value in variants.items())  # type: ignore[arg-type] # null is refused before
    return "{" + ", ".join(pairs) + "}"


def _same(one: JsonValue, other: JsonValue) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _name_of(value: JsonValue, variants: Mapping[str, JsonValue]) -> str:
    return next(name for name, known in variants.items() if _same(value, known))


def _new_name(value: JsonValue, taken: Mapping[str, JsonValue]) -> str:
    """Return a name for a variant: what the value says, when that can be a name."""
    text = ("true" if value else "false") if isinstance(value, bool) else value if isinstance(value, str) else ""
    if NAME.fullmatch(text) and text not in taken and len(text) <= 30:
        return text
    return next(name for number in range(1, len(taken) + 2) if (name := f"variant-{number}") not in taken)


def _fits(value: Any) -> bool:
    """Whether a native flag can hold a value: no null, no integer beyond 2^53-1, no lone surrogate."""
    if value is None:
        return False
    if isinstance(value, dict):
        return all(_fits(key) and _fits(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(_fits, value))
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    return isinstance(value, bool) or abs(value) <= MAX_INTEGER


def _short(value: JsonValue) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _unique(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in links:
        if name and text.strip():
            number = 1
            while (key := name if number == 1 else f"{name}-{number}") in found:
                number += 1
            found[key] = text
    return found
