"""Colours of the terminal formats; without colour every function returns its text unchanged."""

from __future__ import annotations

from flaglint.model import Severity

_RESET = "\x1b[0m"
_SEVERITY = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.INFORMATION: "\x1b[1;36m"}


class Paint:
    """The few styles that findings need."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def severity(self, severity: Severity, text: str) -> str:
        """Return a text in the colour of a severity."""
        return self._styled(_SEVERITY[severity], text)

    def bold(self, text: str) -> str:
        """Return a bold text."""
        return self._styled("\x1b[1m", text)

    def frame(self, text: str) -> str:
        """Return a part of the frame around code: arrows, bars, line numbers."""
        return self._styled("\x1b[1;34m", text)

    def related(self, text: str) -> str:
        """Return what marks a second place."""
        return self._styled("\x1b[1;34m", text)

    def help(self, text: str) -> str:
        """Return the word before an advice."""
        return self._styled("\x1b[1;32m", text)

    def _styled(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self._color and text else text
