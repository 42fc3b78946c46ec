"""What all commands share: where the project is, what may be coloured, and where notes go."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from flaglint import stages
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flaglint.config import Settings

_QUIET_SECONDS = 0.7  # work that takes less shows no progress


@dataclass(slots=True)
class Session:
    """The options that every command takes."""

    color: str = "auto"
    config: Path | None = None
    verbosity: int = 0
    command: str = ""  # the one that was called; messages name it


_session = Session()  # one process runs one command line; `run` starts a new one


def session() -> Session:
    """Return the options that every command takes, as they were given before or after the command's name."""
    return _session


def shared_options() -> list[click.Parameter]:
    """Return new parameters for the options that every command takes; they go to the session, not to the command."""

    def keep(name: str) -> Callable[[click.Context, click.Parameter, object], None]:
        def store(context: click.Context, parameter: click.Parameter, value: object) -> None:
            source = context.get_parameter_source(parameter.name or "")
            if source not in {click.core.ParameterSource.DEFAULT, None}:
                setattr(_session, name, value)

        return store

    return [
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            callback=keep("color"),
            expose_value=False,
            help="When to colour the output; NO_COLOR is honoured.  [default: auto]",
        ),
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            callback=keep("config"),
            expose_value=False,
            help="The configuration to use, instead of the nearest one above the working folder.",
        ),
        click.Option(
            ["--profile"],
            is_flag=True,
            callback=_time_stages,
            expose_value=False,
            help="Say on stderr where the time went, stage by stage, and how much memory was used at most.",
        ),
        click.Option(
            ["-v", "--verbose", "verbosity"],
            count=True,
            callback=keep("verbosity"),
            expose_value=False,
            help="Say more; -vv shows the traceback of an error.",
        ),
    ]


def _time_stages(context: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001 - click's interface
    if value and not stages.is_timing():
        stages.start()


def start_session() -> None:
    """Forget the options of a run before this one."""
    _session.color, _session.config, _session.verbosity, _session.command = "auto", None, 0, ""


def show_version(version: str) -> click.Parameter:
    """Return the option that prints the version and stops."""

    def show(context: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: ARG001, FBT001 - click's interface
        if value:
            click.echo(f"flaglint {version}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help="Print the version."
    )


def load_settings(paths: Sequence[Path] = ()) -> Settings:
    """Return the settings of the project that holds the working folder, or else of the one that the paths lead to."""
    from flaglint import config

    if _session.config is not None:
        return config.load(Path.cwd(), config=_session.config)
    return config.load_around(Path.cwd(), paths)


def load_checkout(folder: Path) -> Settings:
    """Return the settings of the project in a folder, whatever stands above it."""
    from flaglint import config
    from flaglint.errors import UsageError

    if _session.config is not None:
        raise UsageError("--config is of one project", help="leave it out: each checkout has its own")
    if not folder.is_dir():
        raise UsageError("there is no such folder", path=str(folder), help="name the checkouts of repositories")
    settings = config.load(folder)
    return settings if settings.root == folder.resolve() else config.Settings(root=folder.resolve())


def use_color(stream: TextIO) -> bool:
    """Whether what goes to a stream may be coloured: as `--color` says, else on a terminal, unless NO_COLOR is set."""
    if _session.color != "auto":
        return _session.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def out(text: str = "", *, newline: bool = True) -> None:
    """Print what the command is for."""
    click.echo(text, nl=newline, color=use_color(sys.stdout))


def note(message: str, *, help: str = "") -> None:  # noqa: A002 - the word that users read
    """Print something that is worth knowing on stderr."""
    say("note", message, color="cyan")
    if help:
        say("help", help, color="green")


def say(word: str, message: str, *, color: str) -> None:
    """Print a line on stderr that begins with a coloured word."""
    click.echo(f"{click.style(word, fg=color, bold=True)}: {message}", err=True, color=use_color(sys.stderr))


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal that work goes on when it lasts, and how far it is: the function given takes (done, total).

    Silent where stderr is no terminal.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _done, _total: None
        return
    line = _Line(label)
    try:
        yield line.step
    finally:
        line.clear()


class _Line:
    """A line of progress, from the first step after the moment when the work begins to last.

    No timer shows it, because a timer is a thread, and a process with several threads must not be forked.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._show_from = time.monotonic() + _QUIET_SECONDS
        self._is_shown = False

    def step(self, done: int, total: int) -> None:
        if time.monotonic() >= self._show_from:
            self._is_shown = True
            self._write(f"{self._label} {done}/{total}" if done else f"{self._label} {total} …")

    def clear(self) -> None:
        if self._is_shown:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
