"""The command line: options in, exit code out; the only place that prints or exits."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from flaglint.cli.hook import has_nothing_to_say

# Syntax trees and facts are let go of by counting: looking for circles among millions of them finds nothing.
_ALLOCATIONS = 2_000_000
CTRL_C = 130  # what a shell reports for a program that was interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    gc.set_threshold(_ALLOCATIONS, 20, 20)
    code = run()
    if sys.gettrace() or sys.getprofile() or _is_monitored():  # by what has something to say when we are done
        sys.exit(code)
    _leave(code)


def _is_monitored() -> bool:
    monitoring: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
    return monitoring is not None and any(monitoring.get_tool(number) for number in range(6))


def _leave(code: int) -> NoReturn:
    """Exit without taking apart what was made, as mypy does: that is a tenth of a run, and frees what goes anyway."""
    if "multiprocessing.process" in sys.modules:  # processes are ended and waited for: all is done and told by now
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit._run_exitfuncs()  # noqa: SLF001 - what `sys.exit` runs as well
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or never there; `run` has told what it could
            stream.flush()
    os._exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: nothing to complain about; 1: findings; 2: wrong usage, or something that has to be mended first; 130: Ctrl-C.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if not _has_streams():
        return 2
    try:
        if has_nothing_to_say(given):
            return 0
        return _answered(given)
    except KeyboardInterrupt:  # while it was being loaded
        sys.stderr.write("interrupted\n")
        return CTRL_C


def _has_streams() -> bool:
    """Open streams that lead nowhere for those that are closed; there has to be one for what the command prints."""
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    if sys.stdout is None:
        sys.stderr.write("error: stdout is closed\nhelp: `> /dev/null` discards what is printed there\n")
    return sys.stdout is not None


def _answered(given: Sequence[str]) -> int:
    """Run a command and return its exit code, when all that it does is done."""
    from flaglint.cli.program import answer  # with click, and what every command needs

    code = answer(given)
    if aside := sys.modules.get("flaglint.refs.aside"):
        from flaglint.cli.failures import report_aside

        report_aside(aside.wait())
    return code
