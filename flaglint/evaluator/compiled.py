"""What a flag is compiled to, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flaglint.evaluator.evaluation import Evaluation

Context: TypeAlias = "Mapping[str, Any]"
Decide: TypeAlias = "Callable[[Context, float], Evaluation]"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A flag ready to serve: its closure, whether that looks at the clock, and whether its values need copying."""

    decide: Decide
    timed: bool
    copies: bool
    variants: Mapping[str, Any]
