"""A file with two flags to remove: the read of `done` folds, and that of `stuck` has to stay."""

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
