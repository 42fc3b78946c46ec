"""What a flag says of itself in the free metadata of a vendor's format, by the names of flaglint's own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.registry.nodes import MappingNode
from flaglint.registry.reading import shown
from flaglint.registry.scalars import UnfitScalarError, day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flaglint.registry.nodes import Node
    from flaglint.registry.reading import Reader

_LINK = "link."


def said_in_metadata(reader: Reader, node: Node | None, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Flag` that its metadata tell; `node` is where the flag itself writes them.

    `owner`, `type`, `description`, `created`, `expires`, `permanent`, `tags` as a list or a text with commas, and links
    as `link.issue`. A day that is none is a problem where the flag itself tells it, and breaks nothing.
    """
    permanent = _text(metadata, "permanent")
    tags = metadata.get("tags")
    named = [(name, value) for name, value in metadata.items() if name.startswith(_LINK)]
    return {
        "description": _text(metadata, "description"),
        "type": _text(metadata, "type"),
        "owner": _text(metadata, "owner"),
        "created": _day(reader, node, metadata, "created"),
        "expires": _day(reader, node, metadata, "expires"),
        "permanent": permanent if permanent.lower() not in {"true", "false"} else "",
        "is_permanent": bool(permanent) and permanent.lower() != "false",
        "links": tuple((name.removeprefix(_LINK), str(value)) for name, value in named if _is_scalar(value)),
        "tags": tuple(map(str, tags))
        if isinstance(tags, list)
        else tuple(filter(None, _text(metadata, "tags").split(","))),
    }


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str))


def _text(metadata: Mapping[str, Any], name: str) -> str:
    value = metadata.get(name)
    return str(value) if _is_scalar(value) else ""


def _day(reader: Reader, node: Node | None, metadata: Mapping[str, Any], name: str) -> date | None:
    text = _text(metadata, name)
    try:
        return day(text) if text else None
    except UnfitScalarError as unfit:
        place = node.get(name) if isinstance(node, MappingNode) else None
        if place is not None:
            reader.report(place, f"`{name}` {shown(place)} {unfit.fact}", unfit.help, breaks=False)
        return None
