"""The past of flags, from git: the registry over time, reads over time, and who wrote what. `check` never gets here."""

from flaglint.history.authors import LineAuthors, last_authors
from flaglint.history.events import STATES, Author, Event, FlagHistory, History, Killed, ReadHistory, Week
from flaglint.history.reads import read_history
from flaglint.history.registry import registry_history
from flaglint.history.trees import registry_at, tree_at

__all__ = [
    "STATES",
    "Author",
    "Event",
    "FlagHistory",
    "History",
    "Killed",
    "LineAuthors",
    "ReadHistory",
    "Week",
    "last_authors",
    "read_history",
    "registry_at",
    "registry_history",
    "tree_at",
]
