"""Nothing is proven from GitLab's definitions: they tell a default, and who gets the flag is decided at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Unknown

if TYPE_CHECKING:
    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict


def prove(flag: Flag, question: Question) -> Verdict:  # noqa: ARG001 - the same in every environment
    """Return that only the default is known."""
    default = flag.payload.get("defaultValue") if isinstance(flag.payload, dict) else None
    word = "on" if default is True else "off" if default is False else "not known"
    return Unknown(f"its definition tells only the default, which is {word}; the rest is decided at run time")
