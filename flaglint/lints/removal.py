"""What a finding says of the removal that it advises: how much of it flaglint does, and where a person is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.model import Label
    from flaglint.planning import Planned


def removal(plans: Mapping[str, Planned] | None, key: str) -> Planned | None:
    """Return what the removal of a flag comes to; None where plans are not at hand, or nothing is known of it."""
    return plans.get(key) if plans is not None else None


def ahead(plans: Mapping[str, Planned] | None, keys: Iterable[str]) -> None:
    """Let plans be made together that will be asked for one after the other, where there is a way to."""
    if plans is not None:
        from flaglint.planning.bounded import Bounded

        if isinstance(plans, Bounded):
            plans.ahead(keys)


def removable(found: Planned | None) -> str:
    """Return `removable: 5 of 6 reads, caution (shop/cart.py:41:8 needs you: why); `, to stand before the advice."""
    if found is None:
        return ""
    if found.told is None:
        return f"{found.why}; " if found.why else ""
    reads = found.removable if found.told.reads else "nothing reads it"
    if found.told.refused:
        place, why = found.told.refused[0]
        return f"removable: {reads}, {found.readiness.level} ({place} needs you: {why}); "
    why = f" ({found.readiness.reasons[0]})" if found.readiness.reasons else ""
    return f"removable: {reads}, {found.readiness.level}{why}; "


def marked(found: Planned | None, labels: Iterable[Label]) -> list[Label]:
    """Return the labels of a flag's reads, with the reason at those that flaglint leaves to a person."""
    reasons = dict(found.told.refused) if found is not None and found.told is not None else {}
    return [
        replace(label, message=f"read here, and needs you: {reasons[label.span]}") if label.span in reasons else label
        for label in labels
    ]
