"""Spelling of names: the case styles, what vendors accept, and what a name that passes would look like."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from flaglint.config import FLAG_TYPES, Naming
from flaglint.lints.nearest import folded, words
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_SCOPE = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
# Regular expressions are compiled where they are used: most runs use none or one of them.
STYLES = {
    "kebab-case": r"[a-z0-9]+(?:-[a-z0-9]+)*",
    "snake_case": r"[a-z0-9]+(?:_[a-z0-9]+)*",
    "camelCase": r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)*",
    "PascalCase": r"(?:[A-Z][a-z0-9]*)+",
    "UPPER_SNAKE": r"[A-Z0-9]+(?:_[A-Z0-9]+)*",
    "dotted": rf"{_SCOPE}(?:\.{_SCOPE})+",
    "colon-separated": rf"{_SCOPE}(?::{_SCOPE})+",
}
_SCOPED = {"dotted": ".", "colon-separated": ":"}


class Limit(NamedTuple):
    """What one system accepts as a key: a pattern for all of it, in words, and the most characters (0: any number)."""

    shown: str
    pattern: str = r"[^\0]*"
    longest: int = 0
    words_for_it: str = ""


def _limit(shown: str, pattern: str, words_for_it: str, longest: int = 0) -> Limit:
    return Limit(shown, pattern, longest, words_for_it)


# From the vendors' validators and documentation; lengths only where they state one.
VENDOR_LIMITS = {
    "appconfig": _limit(
        "AWS AppConfig", r"[a-z][A-Za-z0-9_-]*", "a small letter, then letters, digits, `_` and `-`", 64
    ),
    "datadog": Limit("Datadog", longest=64),
    "featurevisor": _limit("Featurevisor", r"[A-Za-z0-9_./-]+", "letters, digits, `_`, `-`, `.` and `/`"),
    "flagsmith": Limit("Flagsmith", longest=2000),
    "flipt": _limit("Flipt", r"[A-Za-z0-9_,-]+", "letters, digits, `_`, `-` and `,`"),
    "gitlab": _limit("GitLab", r"[a-z0-9_-]+", "small letters, digits, `_` and `-`"),
    "growthbook": _limit("GrowthBook", r"[A-Za-z0-9_.:|-]+", "letters, digits, `_`, `-`, `.`, `:` and `|`"),
    "launchdarkly": _limit(
        "LaunchDarkly", r"[A-Za-z0-9][A-Za-z0-9_.-]*", "a letter or digit, then letters, digits, `_`, `-` and `.`", 256
    ),
    "optimizely": _limit("Optimizely", r"[a-z0-9_]+", "small letters, digits and `_`", 64),
    "posthog": _limit("PostHog", r"[A-Za-z0-9_-]+", "letters, digits, `_` and `-`"),
    "unleash": _limit(
        "Unleash", r"[A-Za-z0-9_.~-]+", "what a URL can hold: letters, digits, `_`, `-`, `.` and `~`", 100
    ),
    "waffle": Limit("django-waffle", longest=100),
}
_FILLERS = frozenset({"alpha", "beta", "mvc", "mvp", "phase", "poc", "prototype", "rc", "wip"})
_VERSION = r"v\d+"


def complaints(key: str, naming: Naming) -> Iterator[str]:
    """Yield what a style guide has against a key, each as the end of a sentence that begins with the key."""
    if key != key.strip():
        yield "begins or ends with a space"
    if not key.isprintable():
        yield "holds a character that cannot be seen"
    if naming.style and not re.fullmatch(STYLES[naming.style], key):
        yield f"is not {naming.style}"
    if naming.pattern and not re.fullmatch(naming.pattern, key):
        yield f"does not match `{naming.pattern}`"
    if naming.max_length and len(key) > naming.max_length:
        yield f"has {len(key)} characters; {naming.max_length} are allowed"
    if naming.min_words and (count := len(words(key))) < naming.min_words:
        yield f"has {counted(count, 'word')}; {naming.min_words} are wanted"
    if (own := own_forbidden_words(naming)) and (forbidden := sorted(own.intersection(words(key)))):
        yield f"has the word `{forbidden[0]}`, which is not to be used"
    for vendor in naming.vendor:
        limit = VENDOR_LIMITS[vendor]
        if not re.fullmatch(limit.pattern, key):
            yield f"is not a key that {limit.shown} takes: {limit.words_for_it}"
        elif limit.longest and len(key) > limit.longest:
            yield f"has {len(key)} characters; {limit.shown} takes {limit.longest}"


def own_forbidden_words(naming: Naming) -> frozenset[str]:
    """Return the forbidden words that the project chose itself; the built-in list is for FLG104, which is opt-in."""
    chosen = naming.forbidden_words
    return frozenset(word.casefold() for word in chosen) if chosen != Naming().forbidden_words else frozenset()


def vague_words(key: str) -> list[str]:
    """Return the words of a key that tell a phase of the work, or nothing, in their order."""
    fillers = _FILLERS | frozenset(Naming().forbidden_words)
    return [word for word in words(key) if word in fillers or re.fullmatch(_VERSION, word)]


def negation_of(key: str, naming: Naming) -> str:
    """Return the word that negates a key, the first after scopes and type prefix, or an empty text."""
    lower = key.casefold()
    if not any(word in lower for word in naming.negation):
        return ""  # most keys, without splitting them
    rest = words(re.split(r"[.:/]", without_prefix(key, naming))[-1])
    return rest[0] if len(rest) > 1 and rest[0] in naming.negation else ""


def without_prefix(key: str, naming: Naming) -> str:
    """Return the key without the prefix of any type."""
    for prefix in sorted(naming.prefixes.values(), key=len, reverse=True):
        if prefix and key.startswith(prefix):
            return key[len(prefix) :]
    return key


def proposal(
    key: str, naming: Naming, *, kind: str = "", taken: Collection[str] = (), drop: Collection[str] = (), more: str = ""
) -> str:
    """Return a name for `key` that passes the whole style guide, or an empty text.

    `kind` is the flag's type; `taken` the folded keys that exist; `drop` words to leave out; `more` a text, such as
    the description, whose words make a name longer where that is asked for.
    """
    prefix = naming.prefixes.get(kind, "")
    body = without_prefix(key, naming)
    scopes = [_plain_words(scope) for scope in re.split(r"[.:/]", body)]
    spelled = _plain_words(prefix)
    if body == key and spelled and scopes[0][: len(spelled)] == spelled:
        scopes[0] = scopes[0][len(spelled) :]  # the prefix is there, in another style
    negation = negation_of(key, naming)
    if negation and scopes[-1][:1] == [negation]:
        scopes[-1] = scopes[-1][1:]
    unwanted = set(drop) | own_forbidden_words(naming)
    scopes = [kept for scope in scopes if (kept := [word for word in scope if word not in unwanted])]
    if all(word in FLAG_TYPES for scope in scopes for word in scope):
        return ""  # nothing is left that says what it switches
    style = naming.style or style_of(key) or style_of(body)
    extra = [word for word in _plain_words(more) if word not in unwanted]
    while len(words(prefix + _spelled(scopes, style, prefix, key))) < naming.min_words and extra:
        scopes[-1].append(extra.pop(0))
    longest = _longest(naming)
    while len(name := prefix + _spelled(scopes, style, prefix, key)) > longest and len(scopes[-1]) > 1:
        scopes[-1].pop()
    return name if name != key and folded(name) not in taken and passes(name, naming, kind) else ""


def passes(name: str, naming: Naming, kind: str) -> bool:
    """Whether a name has nothing against it: style, prefix of its type, no negation."""
    prefix = naming.prefixes.get(kind, "")
    return not any(complaints(name, naming)) and name.startswith(prefix) and not negation_of(name, naming)


def style_of(key: str) -> str:
    """Return the first style that a key is written in, or an empty text."""
    return next((name for name, shape in STYLES.items() if re.fullmatch(shape, key)), "")


def _longest(naming: Naming) -> int:
    limits = [naming.max_length, *(VENDOR_LIMITS[vendor].longest for vendor in naming.vendor)]
    return min((limit for limit in limits if limit), default=sys.maxsize)


def _plain_words(text: str) -> list[str]:
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return [cleaned for word in words(plain) if (cleaned := re.sub(r"[^a-z0-9]+", "", word))]


def _spelled(scopes: Sequence[Sequence[str]], style: str, prefix: str, key: str) -> str:
    flat = [word for scope in scopes for word in scope]
    if style in _SCOPED:
        separator = _SCOPED[style]
        if len(scopes) == 1 and separator not in prefix and len(flat) > 1:
            scopes = [flat[:1], flat[1:]]
        inner = "_" if "_" in key else "-"
        return separator.join(inner.join(scope) for scope in scopes)
    if style == "camelCase" and not prefix[-1:].isalnum():
        return flat[0] + "".join(word.capitalize() for word in flat[1:])
    if style in {"camelCase", "PascalCase"}:
        return "".join(word.capitalize() for word in flat)
    if style == "UPPER_SNAKE":
        return "_".join(flat).upper()
    return ("_" if style == "snake_case" else "-").join(flat)
