"""What the user reads when a command cannot go on: one line that says why, one that says what to do."""

from __future__ import annotations

import os
import sys

import click

from flaglint.cli.session import say, session
from flaglint.errors import FlaglintError
from flaglint.patterns import late
from flaglint.spelling import did_you_mean

_QUOTED = late(r"'([^']*)'")
_SIGPIPE = 141  # what a shell reports for a program that wrote into a closed pipe
_CTRL_C = 130


def report(error: Exception) -> int:
    """Print what went wrong, and return the exit code."""
    if isinstance(error, click.exceptions.Abort):
        return interrupted()
    if isinstance(error, BrokenPipeError):
        return _closed_pipe()
    if session().verbosity > 1:
        import traceback

        traceback.print_exception(error)
    message, advice = _words(error)
    say("error", message, color="red")
    if advice:
        say("help", advice, color="green")
    return 2


def interrupted() -> int:
    """Return the exit code for Ctrl-C; whatever was being written is whole, because files are replaced whole."""
    click.echo("interrupted", err=True)
    return _CTRL_C


def _closed_pipe() -> int:
    """Make the interpreter's last flush go nowhere: who reads us has stopped, and needs no message."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return _SIGPIPE


def _words(error: Exception) -> tuple[str, str]:
    if isinstance(error, FlaglintError):
        return str(error), error.help
    if isinstance(error, click.exceptions.UsageError):
        return _usage(error)
    if isinstance(error, click.ClickException):
        return _sentence(error.format_message()), ""
    if session().verbosity > 1:
        return f"flaglint failed: {type(error).__name__}", "please report it, with the lines above"
    said = str(error).strip().split("\n")[0][:200]
    return (
        f"flaglint failed: {type(error).__name__}{': ' if said else ''}{said}",
        "this is a defect; run the command again with -vv, and report what it prints",
    )


def _usage(error: click.exceptions.UsageError) -> tuple[str, str]:
    command = error.ctx.command_path if error.ctx else "flaglint"
    advice = f"{command} --help shows what it takes"
    if isinstance(error, click.exceptions.NoSuchOption):
        close = error.possibilities[0] if error.possibilities else ""
        return f"no such option `{error.option_name}`", did_you_mean(close, advice)
    return _sentence(error.format_message()), advice


def _sentence(text: str) -> str:
    """Write click's sentence as our messages are written: lower case, names in backticks, no full stop."""
    text = _QUOTED.sub(r"`\1`", " ".join(text.split())).rstrip(".")
    return text[:1].lower() + text[1:]
