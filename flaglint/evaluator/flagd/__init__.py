"""flagd's own format: evaluated in full, proven, and written from native registries."""

from flaglint.evaluator.flagd.definition import compile_definition

__all__ = ["compile_definition"]
