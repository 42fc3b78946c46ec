"""The past of flags, from git: the registry over time, reads over time, and who wrote what. `check` never gets here."""

from flaglint.history.authors import LineAuthors
from flaglint.history.commits import Checkout
from flaglint.history.events import Event, FlagHistory, History, ReadHistory
from flaglint.history.reads import read_history
from flaglint.history.registry import registry_history
from flaglint.history.trees import registry_at, tree_at

__all__ = [
    "Checkout",
    "Event",
    "FlagHistory",
    "History",
    "LineAuthors",
    "ReadHistory",
    "read_history",
    "registry_at",
    "registry_history",
    "tree_at",
]
