"""What the user reads when a command cannot go on: one line that says why, one that says what to do."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import click

from flaglint.cli import CTRL_C
from flaglint.cli.session import say, session
from flaglint.errors import SHORTAGES, FlaglintError
from flaglint.patterns import late
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUOTED = late(r"'([^']*)'")
_WORDS_OF_CLICK = {
    "is not a valid integer range": "is no whole number",
    "is not a valid integer": "is no whole number",
    ": Directory `": ": `",
    ": File `": ": `",
}
# What the linters that people come from have.
_OPTIONS_OF_OTHERS = {
    ("check", "fix"): "check edits nothing: its findings name the command that does, such as flaglint remove KEY",
    ("check", "explain"): "flaglint rule CODE explains a rule",
    ("remove", "dry-run"): "without --write nothing is written: the diff is printed",
    ("rename", "dry-run"): "without --write nothing is written: the diff is printed",
}
_FULL = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EBADF})  # of a stream, which has no name
_SIGPIPE = 141  # what a shell reports for a program that wrote into a closed pipe


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


def report_aside(defects: Iterable[str]) -> None:
    """Print the tracebacks of work that only a later run needs, for who asked for tracebacks: it costs time alone."""
    for traceback in defects if session().verbosity > 1 else ():
        click.echo(traceback, err=True, nl=False)
        say("note", "what the next run could have used was not kept: this is a defect", color="cyan")


def interrupted() -> int:
    """Return the exit code for Ctrl-C; whatever was being written is whole, because files are replaced whole."""
    click.echo("interrupted", err=True)
    return CTRL_C


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
    if isinstance(error, MemoryError):
        return "there is not enough memory", ""
    if isinstance(error, OSError) and error.errno in SHORTAGES:
        return (
            f"the system gives this process no more: {(error.strerror or str(error)).lower()}",
            "`ulimit -a` shows its limits",
        )
    if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
        return f"what the command prints cannot be written: {(error.strerror or str(error)).lower()}", ""
    if isinstance(error, FileNotFoundError) and error.filename is None and _is_nowhere():
        return "the working folder was deleted", "go to the folder of the project"
    if session().verbosity > 1:
        return f"flaglint failed: {type(error).__name__}", "please report it, with the lines above"
    said = str(error).strip().split("\n")[0][:200]
    return (
        f"flaglint failed: {type(error).__name__}{': ' if said else ''}{said}",
        "this is a defect; run the command again with -vv, and report what it prints",
    )


def _is_nowhere() -> bool:
    """Whether the working folder is gone, as after a checkout in another terminal."""
    try:
        os.getcwd()  # noqa: PTH109 - its failure is what is asked for
    except FileNotFoundError:
        return True
    return False


def _usage(error: click.exceptions.UsageError) -> tuple[str, str]:
    context = error.ctx
    command = context.command_path if context else f"flaglint {session().command}".strip()
    advice = f"{command} --help shows what it takes"
    if isinstance(error, click.exceptions.NoSuchOption):
        return f"no such option `{error.option_name}`", _option_meant(error, advice)
    if context is not None and isinstance(context.command.epilog, str) and not _names_values(error):
        example = context.command.epilog.partition("Example: ")[2]
        advice = f"such as: {example}; {advice}"
    fact, is_near, near = error.format_message().partition(". Did you mean ")
    if is_near:  # click's way to name the command of a group that was meant
        advice = f"did you mean {_sentence(near)}"
    return _sentence(fact), advice


def _option_meant(error: click.exceptions.NoSuchOption, otherwise: str) -> str:
    """Return what to do instead of an option that there is not: nearness is judged without the dashes."""
    wanted = error.option_name.lstrip("-")
    if (ours := _OPTIONS_OF_OTHERS.get((session().command, wanted))) is not None:
        return ours
    if error.ctx is None:
        return otherwise
    options = [name for item in error.ctx.command.params for name in (*item.opts, *item.secondary_opts)]
    known = {name.lstrip("-"): name for name in options if name.startswith("--")}
    if not error.option_name.startswith("--") and _takes_flags(error.ctx.command):
        otherwise = f"a flag whose name begins with a dash goes after `--`: {error.ctx.command_path} -- KEY"
    return did_you_mean(known.get(nearest(wanted, known), ""), otherwise)


def _takes_flags(command: click.Command) -> bool:
    """Whether the names of flags are arguments of a command."""
    return any(isinstance(item, click.Argument) and item.name in {"key", "keys", "old"} for item in command.params)


def _names_values(error: click.exceptions.UsageError) -> bool:
    """Whether the message itself says what is right, so that an example would only lengthen it."""
    return isinstance(error, click.exceptions.BadParameter) and not isinstance(error, click.exceptions.MissingParameter)


def _sentence(text: str) -> str:
    """Write click's sentence as our messages are written: lower case, names in backticks, no full stop."""
    text = _QUOTED.sub(r"`\1`", " ".join(text.split())).rstrip(".")
    for theirs, ours in _WORDS_OF_CLICK.items():
        text = text.replace(theirs, ours, 1)
    return text[:1].lower() + text[1:]
