"""Which of the bindings of a name may hold where it is used: their order, and the blocks that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from flaglint.refs import ir
    from flaglint.refs.program import UnitRef


def reach(bindings: Sequence[ir.Binding], use: ir.Name, leaving: Collection[int]) -> tuple[list[ir.Binding], bool]:
    """Return the bindings of one scope that may reach a use in it, and whether one of them surely does.

    The nearest binding before the use that stands on every way to it hides the earlier ones; later ones count in a
    loop around both. A binding in a block that ends by leaving the function (`leaving`) reaches only uses in it.
    """
    found: list[ir.Binding] = []
    certain = False
    for binding in reversed(bindings):
        when = binding.when
        if any(block in leaving and block not in use.block for block in when.block):
            continue
        if when.order > use.order:
            if any(block < 0 for block in _shared(when.block, use.block)):
                found.append(binding)
            continue
        found.append(binding)
        if when.block == use.block[: len(when.block)]:
            certain = True
            break
    return found, certain


def final(binders: Sequence[tuple[UnitRef, ir.Binding]]) -> list[tuple[UnitRef, ir.Binding]]:
    """Return the bindings of a module's name that may hold when the module is loaded."""
    found = []
    for unit, binding in reversed(binders):
        found.append((unit, binding))
        if not binding.when.block:
            break
    return found


def _shared(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    size = next(
        (index for index, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    return left[:size]
