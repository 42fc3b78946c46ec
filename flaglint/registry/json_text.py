"""JSON that stands in a text of another file, as vendors' exports write values and conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.registry.json_tree import read_json
from flaglint.registry.scalars import UnfitScalarError, plain_data
from flaglint.source import Text

if TYPE_CHECKING:
    from flaglint.model import JsonValue


def json_in(text: str) -> JsonValue:
    """Return what a text holds as JSON data; raises UnfitScalarError when it is none, or nested too deep."""
    tree = read_json(Text("", b"", text, "utf-8", 0))
    if tree.root is None or tree.problems or tree.duplicates:
        raise UnfitScalarError("is not JSON")
    return plain_data(tree.root)
