"""A plan held against what a removal promises; only such a plan is shown or written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import FlaglintError
from flaglint.records import replace
from flaglint.remove.plan import plan
from flaglint.remove.references import References
from flaglint.remove.verify import remaining_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.model import Reference
    from flaglint.remove.kept import Kept
    from flaglint.remove.outcome import Leftover, Plan
    from flaglint.remove.sources import Sources
    from flaglint.remove.verify import Recognise


def verified_plan(
    sources: Sources,
    references: Iterable[Reference],
    pins: Mapping[str, Kept],
    *,
    recognise: Recognise | None,
    keep_public: bool = False,
    unread: Iterable[Leftover] = (),
) -> Plan:
    """Return the plan that removes the flags in `pins`, verified.

    `recognise` finds the references in some of the files, given by path with their new bytes; without it the plan as a
    whole is not verified. A flag that `unread` code names stays defined. Raises FlaglintError when the plan does not
    hold what it promises, which is a defect of flaglint.
    """
    known = references if isinstance(references, References) else References(references)
    made = plan(sources, known, pins, keep_public=keep_public)
    problems = []
    if recognise is not None:
        problems = remaining_problems(made, sources, known, recognise, keep_public=keep_public)
    if problems:
        keys = ", ".join(f"`{key}`" for key in pins)
        raise FlaglintError(
            f"the removal of {keys} could not be verified: {problems[0]}",
            help="nothing was written; please report this",
        )
    if hidden := tuple(unread):
        leftovers = sorted({*made.leftovers, *hidden}, key=lambda item: (item.span, item.code, item.key, item.sentence))
        unused = made.unused_keys - {item.key for item in hidden}
        made = replace(made, leftovers=tuple(leftovers), unused_keys=unused)
    return made
