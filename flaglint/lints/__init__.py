"""Rules over the flag graph: one module per rule in `lints.rules`, and the engine that runs them."""

from flaglint.lints.engine import check, needs
from flaglint.lints.rule import Rule, rule

__all__ = ["Rule", "check", "needs", "rule"]
