"""A plan with its registry entries, held against what a removal promises; only such a plan is shown or written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import FlaglintError
from flaglint.remove.plan import plan
from flaglint.remove.verify import remaining_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from flaglint.model import Reference
    from flaglint.registry.edit import Draft
    from flaglint.remove.outcome import Plan
    from flaglint.remove.values import Kept
    from flaglint.remove.verify import Recognise


def verified_plan(
    files: Mapping[str, bytes],
    references: Iterable[Reference],
    pins: Mapping[str, Kept],
    *,
    recognise: Recognise,
    draft: Draft | None = None,
    removed_on: date | None = None,
    keep_public: bool = False,
    roots: tuple[str, ...] = ("src/", "lib/", ""),
) -> Plan:
    """Return the plan that removes the flags in `pins`, verified, with what changes in the registry of `draft`.

    `recognise` finds the references in some of the files, given by path with their new bytes. Raises FlaglintError
    when the plan does not hold what it promises, which is a defect of flaglint.
    """
    known = tuple(references)
    made = plan(files, known, pins, keep_public=keep_public, roots=roots)
    problems = remaining_problems(made, files, known, recognise, keep_public=keep_public, roots=roots)
    if problems:
        keys = ", ".join(f"`{key}`" for key in pins)
        raise FlaglintError(
            f"the removal of {keys} could not be verified: {problems[0]}",
            help="nothing was written; please report this",
        )
    if draft is None:
        return made
    from flaglint.remove.entries import with_entries

    return with_entries(made, draft, removed_on=removed_on)
