"""A project with flags of every kind: one that can go, one whose read is refused, one that varies, one that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint import config, pipeline
from tests.half_removable import CART, NOW
from tests.half_removable import REGISTRY as SMALL

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.planning import Plans

REGISTRY = """\
version: 1
flags:
  done: {created: 2026-01-01, serve: "true"}
  half: {created: 2026-01-01, serve: {"true": 50, "false": 50}}
  stuck: {created: 2026-01-01, serve: "true"}
  stays: {created: 2026-01-01, permanent: a switch for emergencies, serve: "true"}
"""
CODE = (
    CART
    + """\


def half(user):
    return flags.boolean("half", user, False)
"""
)


def half_removable(root: Path, notes: str) -> None:
    """Write a project with two flags to remove, a module beside theirs, and `notes` that are no Python."""
    files = {"flaglint.toml": "", "flags.yaml": SMALL, "cart.py": CART, "other.py": "size = 2\n", "notes.cfg": notes}
    for path, text in files.items():
        (root / path).write_text(text)


@pytest.fixture
def plans(tmp_path: Path) -> Plans:
    """Return the plans of the project, none of them made yet."""
    (tmp_path / "flags.yaml").write_text(REGISTRY)
    (tmp_path / "cart.py").write_text(CODE)
    return pipeline.plans(pipeline.analyse(config.load(tmp_path), now=NOW, cache=False))
