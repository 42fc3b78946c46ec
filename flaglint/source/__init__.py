"""Files: which ones belong to the project, what their bytes say, where each place is, and how one is replaced whole."""

from flaglint.source.discovery import Discovery, discover, is_excluded, is_python, relative_to_root
from flaglint.source.replace import Replacement, replace_atomically, replace_together
from flaglint.source.text import Text, decode, is_binary, positions, positions_in, read

__all__ = [
    "Discovery",
    "Replacement",
    "Text",
    "decode",
    "discover",
    "is_binary",
    "is_excluded",
    "is_python",
    "positions",
    "positions_in",
    "read",
    "relative_to_root",
    "replace_atomically",
    "replace_together",
]
