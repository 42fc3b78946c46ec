"""A second opinion on a removal: a small constant folder over `ast` that shares no code with the engine.

The original with its reads pinned, and the result, are brought to one normal form, function by function. Where the two
differ, the removal changed what the code means, or the two folders disagree on it; either way it is not trusted.
"""

from flaglint.remove.oracle.compare import Pin, disagreements

__all__ = ["Pin", "disagreements"]
