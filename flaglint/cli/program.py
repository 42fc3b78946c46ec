"""The program behind the command line: the group of all commands, and what becomes of an exception."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

import click

from flaglint import stages
from flaglint.cli import failures
from flaglint.cli.group import root
from flaglint.cli.session import start_session

if TYPE_CHECKING:
    from collections.abc import Sequence

# Set by the shell function that `_FLAGLINT_COMPLETE=bash_source flaglint` prints, as for every program made with click.
_COMPLETION = "_FLAGLINT_COMPLETE"


def answer(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name, and return the exit code."""
    start_session()
    if _COMPLETION in os.environ:
        root.main([], "flaglint", _COMPLETION)
    _prepare(sys.stdout)
    _prepare(sys.stderr)
    try:
        with root.make_context("flaglint", list(arguments)) as context:
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


def _prepare(stream: TextIO) -> None:
    """Make a stream take every letter: one that a terminal cannot show is no reason to fail.

    What goes into a file or a pipe is UTF-8, as readers of JSON and HTML expect, whatever the locale; unless somebody
    said otherwise.
    """
    if not isinstance(stream, TextIOWrapper):
        return
    if stream.isatty() or os.environ.get("PYTHONIOENCODING"):
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
