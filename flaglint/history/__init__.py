"""The past of flags, from git: the registry over time, reads over time, and who wrote what. `check` never gets here."""

from flaglint.history.events import Author, Event, FlagHistory, History, Killed, ReadHistory, Week
from flaglint.history.registry import registry_history

__all__ = [
    "Author",
    "Event",
    "FlagHistory",
    "History",
    "Killed",
    "ReadHistory",
    "Week",
    "registry_history",
]
