"""Which texts a search cuts into statements: those of the files that it reads."""

import pytest

from flaglint.refs import program


def texts_that_are_cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which each text is added that is cut from now on."""
    found: list[str] = []
    cut = program.cut

    def noting(text: str) -> program.FileFacts:
        found.append(text)
        return cut(text)

    monkeypatch.setattr(program, "cut", noting)
    return found
