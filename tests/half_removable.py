"""A file with two flags to remove, and their registry: the read of `done` folds, and that of `stuck` has to stay."""

NOW = 1_790_000_000.0  # 2026-09-21
REGISTRY = """\
version: 1
flags:
  done: {created: 2026-01-01, serve: "true"}
  stuck: {created: 2026-01-01, serve: "true"}
"""
CART = """\
from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("flags.yaml")
size = 1


def cart(user):
    if flags.boolean("done", user, False):
        return user
    return None


def stuck(rows):
    if not flags.boolean("stuck", None, False):
        size = len(rows)
    return size
"""
