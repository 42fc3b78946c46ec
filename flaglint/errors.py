"""The exceptions of flaglint: each one means "stop, and exit with code 2".

A failure in one file is no exception but a value in the stream (`model.ParseFailure`, `model.Skipped`).
"""

import errno

# What a process may lack by its limits, or for a moment: files, memory, other processes. It says nothing of what was
# asked for, so it is no failure in a file.
SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})


class FlaglintError(Exception):
    """Something that the user has to mend before flaglint can go on; `help` says how."""

    def __init__(self, message: str, *, path: str = "", line: int = 0, column: int = 0, help: str = "") -> None:  # noqa: A002 - the word that users read
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.help = help

    def __str__(self) -> str:
        """Return `path:line:column: message`, with as much of the place as is known."""
        place = self.path
        if place and self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place}: {self.message}" if place else self.message


class UsageError(FlaglintError):
    """The command line asks for something that cannot be: a missing path, an unknown key, an unknown rule."""


class ConfigError(FlaglintError):
    """The configuration holds something that flaglint does not understand."""


class PackError(ConfigError):
    """An SDK pack is malformed."""


class RegistryError(FlaglintError):
    """A registry is missing, cannot be decoded, or is no mapping. Everything else in it is a finding."""


class BaselineError(FlaglintError):
    """The file named as baseline is not one."""


class OutputError(FlaglintError):
    """A file that was asked for cannot be written."""


class EditError(FlaglintError):
    """An edit would touch bytes that changed since they were read, or cannot be made as asked."""
