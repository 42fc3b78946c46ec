"""A command line to call as a user would, in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flaglint.cli import run


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Flaglint = Callable[..., Ran]


@pytest.fixture
def flaglint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Flaglint:
    """Call flaglint in the test's own folder: `flaglint("refs", "--format", "json")`."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Ran:
        capfd.readouterr()
        code = run(arguments)
        printed = capfd.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    """Write files below the test's own folder: `write({"shop/a.py": "..."})`."""

    def files(content: dict[str, str | bytes]) -> None:
        for path, text in content.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(text if isinstance(text, bytes) else text.encode())

    return files
