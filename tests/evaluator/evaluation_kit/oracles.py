"""flagd's own engines as subprocesses that answer evaluations; see `tests/evaluator/engines`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest

HERE = Path(__file__).resolve().parent.parent / "engines"
FOLDER = Path(os.environ.get("FLAGLINT_ENGINES", Path(__file__).resolve().parents[3] / ".engines"))
GENERATIONS = {"python-v2": "flagd-v2", "javascript": "flagd-v2", "python-v3": "flagd-v3"}
EVALUATIONS = int(os.environ.get("FLAGLINT_ENGINE_EVALUATIONS", "20000"))


class Oracle:
    """One engine; use as a context manager."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.generation = GENERATIONS[name]
        if not (FOLDER / name / "installed.txt").exists():
            pytest.skip(f"flagd's engine {name} is not installed: python tests/evaluator/engines/install.py")
        if name == "javascript":
            node = shutil.which("node")
            if node is None:
                pytest.skip("node is not installed, so flagd's JavaScript engine cannot run")
            command = [node, str(HERE / "oracle.mjs"), str(FOLDER / name)]
        else:
            python = FOLDER / name / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
            command = [str(python), str(HERE / "oracle.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def answers(self, document: Any, evaluations: list[Any]) -> list[list[Any]]:
        """Variant, value and error code of each evaluation `(key, type, context, now)`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"document": document, "evaluations": evaluations, "strict": True}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"{self.name} gave no answer"
        found: list[list[Any]] = json.loads(line)
        return found
