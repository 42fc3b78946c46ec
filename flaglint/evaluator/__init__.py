"""The evaluator: a reviewed registry, served in process, and proof of which flags always serve one value.

from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("flags.yaml", environment="production", watch=True)
if flags.boolean("release-one-page-checkout", {"targetingKey": user.id, "country": "DE"}):
    ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flaglint.evaluator.evaluation import ErrorCode, Evaluation, Reason
    from flaglint.evaluator.evaluator import Evaluator

__all__ = ["ErrorCode", "Evaluation", "Evaluator", "Reason"]


def __getattr__(name: str) -> Any:
    # the linter needs the proof alone, and should not pay for serving
    if name == "Evaluator":
        from flaglint.evaluator.evaluator import Evaluator

        return Evaluator
    if name in __all__:
        from flaglint.evaluator import evaluation

        return getattr(evaluation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
