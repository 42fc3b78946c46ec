"""The program behind the command line: the group of all commands, and what becomes of an exception."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

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
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that the terminal cannot show is no reason to fail
            stream.reconfigure(errors="backslashreplace")
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
