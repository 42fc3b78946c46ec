"""What the parts of the resolver ask of each other: the value of an expression, wherever that leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from flaglint.refs import ir
    from flaglint.refs.cells import Step
    from flaglint.refs.values import Frame, Value


class Evaluator(Protocol):
    """Evaluates the expressions of the facts; `Resolver` is the one of a run."""

    log: dict[Step, None] | None

    def value(self, expr: ir.Expr, frame: Frame) -> Value:
        """Return what `expr` may be where `frame` stands."""

    def attribute(self, base: Value, name: str) -> Value:
        """Return `base.name`."""

    def binding(self, binding: ir.Binding, frame: Frame) -> Value:
        """Return the value that one binding gives to its name."""

    def give_up(self) -> Value:
        """Return `Nothing` for what is cut short, so that no conclusion on the way to it is remembered."""
