"""Parses the packs that come with flaglint ahead of any run: `python -m flaglint.refs.shipping` keeps them as JSON."""

from __future__ import annotations

from flaglint.records import replace
from flaglint.refs.packcache import SHIPPED, plain, written
from flaglint.refs.packfile import parse
from flaglint.refs.packplaces import shipped_names, shipped_path
from flaglint.source.digest import digest


def parsed() -> bytes:
    """Return what the file of parsed packs should hold; raises PackError for a pack with a mistake."""
    sources = {name: shipped_path(name).read_bytes() for name in shipped_names()}
    return written(
        {
            digest(data): plain(replace(parse(f"{name}.yaml", data), examples=(), source=""))
            for name, data in sources.items()
        }
    )


if __name__ == "__main__":
    SHIPPED.write_bytes(parsed())
