"""Which comments go with the code they stand by, and which stay: the judgement of a careful reviewer, as rules."""

from __future__ import annotations

import re
from functools import cached_property

from flaglint.patterns import late
from flaglint.records import dataclass

_WORDS = late(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_OF_FLAGS = late(
    r"\b(?:feature[ _-]?)?(?:flag(?:s|ged)?|toggles?|gate[sd]?)\b"
    r"|\bfeature[ _-]?(?:switch|gate)|\broll(?:ed)?[ -]?out\b",
    re.IGNORECASE,
)
# A comment at the end of the line of a test says something about the test, which is gone; these are the other cases.
_DIRECTIVE = late(r"#\s*(?:noqa|type:|pragma|pylint|fmt|nosec|mypy|pyright|ruff|flaglint|isort|yapf)", re.IGNORECASE)


@dataclass(frozen=True)
class Vocabulary:
    """The words by which a comment can speak of the flags that are removed: their keys and the names that hold them."""

    names: tuple[str, ...]

    @cached_property
    def _squeezed(self) -> tuple[str, ...]:
        return tuple(filter(None, ("".join(_WORDS.findall(name)).lower() for name in self.names)))

    def speaks_of_flag(self, comment: str) -> bool:
        """Whether `comment` names one of the flags, in any spelling, or speaks of flags, toggles or a rollout."""
        squeezed = re.sub(r"[\W_]+", "", comment).lower()
        return any(name in squeezed for name in self._squeezed if len(name) > 3) or bool(_OF_FLAGS.search(comment))

    def names_flag(self, comment: str) -> bool:
        """Whether `comment` names one of the flags, in any spelling."""
        squeezed = re.sub(r"[\W_]+", "", comment).lower()
        return any(name in squeezed for name in self._squeezed if len(name) > 3)


def is_rule(comment: str) -> bool:
    """Whether a comment is a line drawn across the page."""
    body = comment.strip().lstrip("#").strip()
    return (len(body) > 2 and not any(letter.isalnum() for letter in body)) or (
        not body and comment.strip().count("#") > 2
    )


def is_directive(comment: str) -> bool:
    """Whether a comment speaks to a tool and not to people: `# noqa`, `# type: ignore`."""
    return _DIRECTIVE.match(comment.lstrip()) is not None
