"""Lets the tests of this folder import what they share, and interrupts processes where several of them need it."""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def interrupted_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send Ctrl-C to each process that is started, before it has begun with anything."""
    run = multiprocessing.process.BaseProcess.run

    def interrupted(self: multiprocessing.process.BaseProcess) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        run(self)

    monkeypatch.setattr(multiprocessing.process.BaseProcess, "run", interrupted)
