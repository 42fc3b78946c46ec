"""A pytest fixture that fixes flags for one test.

Switch it on with `pytest_plugins = ["flaglint.evaluator.pytest_plugin"]` in the topmost conftest.py.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from flaglint.evaluator.testing import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def override_flag() -> Iterator[Callable[[str, str | bool], None]]:
    """Return a function that serves one variant of a flag to everyone until the test ends."""
    with ExitStack() as stack:

        def fix(key: str, variant: str | bool) -> None:  # noqa: FBT001 - the value served
            stack.enter_context(override(key, variant))

        yield fix
