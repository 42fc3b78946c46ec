"""The command line: options in, exit code out; the only place that prints or exits."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from flaglint import stages
from flaglint.cli import failures
from flaglint.cli.group import root
from flaglint.cli.session import start_session

# Set by the shell function that `_FLAGLINT_COMPLETE=bash_source flaglint` prints, as for every program made with click.
_COMPLETION = "_FLAGLINT_COMPLETE"

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
    start_session()
    if _COMPLETION in os.environ:
        root.main([], "flaglint", _COMPLETION)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that the terminal cannot show is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        with root.make_context("flaglint", list(sys.argv[1:] if arguments is None else arguments)) as context:
            code = root.invoke(context)
            sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except Exception as error:  # whatever it is, the user gets a sentence and an exit code
        return failures.report(error)
    except KeyboardInterrupt:
        return failures.interrupted()
    finally:
        if stages.is_timing():
            from flaglint.cli.profile import show

            show()
    return code if isinstance(code, int) else 0
