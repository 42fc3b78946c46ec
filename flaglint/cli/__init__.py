"""The command line: options in, exit code out; the only place that prints or exits."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, NoReturn

from flaglint.cli.hook import has_nothing_to_say

# Syntax trees and facts are let go of by counting: looking for circles among millions of them finds nothing.
_ALLOCATIONS = 200_000

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    gc.set_threshold(_ALLOCATIONS, 20, 20)
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: nothing to complain about; 1: findings; 2: wrong usage, or something that has to be mended first; 130: Ctrl-C.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if has_nothing_to_say(given):
            return 0
    except KeyboardInterrupt:
        from flaglint.cli.failures import interrupted

        return interrupted()
    from flaglint.cli.program import answer  # with click, and what every command needs

    return answer(given)
