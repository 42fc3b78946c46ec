"""Nothing is proven from a manifest: it says which flags there are, and not what is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Unknown

if TYPE_CHECKING:
    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict


def prove(flag: Flag, question: Question) -> Verdict:  # noqa: ARG001 - the same for every flag
    """Return that nothing can be known."""
    return Unknown("a manifest says which flags there are, not what they serve")
