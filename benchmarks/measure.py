"""Times commands as their user waits for them: whole processes, in turn, so that a busy machine slows all alike."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Command:
    """A command, where it runs, and what is done before each time it is timed."""

    name: str
    arguments: Sequence[str]
    folder: Path
    before: Callable[[], object] = lambda: None
    rounds: int = 0  # 0: as many as the others
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Timed:
    """Seconds of each round by the clock, on a core, and the most memory of any process, in MB."""

    wall: list[float] = field(default_factory=list)
    core: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    code: int = 0

    @property
    def median(self) -> float:
        """The middle one of the times by the clock."""
        return statistics.median(self.wall)


def timed(commands: Sequence[Command], rounds: int) -> dict[str, Timed]:
    """Return what each command took, one round after the other with all of them in it."""
    found = {command.name: Timed() for command in commands}
    for number in range(rounds):
        for command in commands:
            if number < (command.rounds or rounds):
                command.before()
                _once(command, found[command.name])
    return found


def _once(command: Command, into: Timed) -> None:
    began = time.perf_counter()
    environment = {**os.environ, **command.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody who waits for a hook has it compiled each time
    process = subprocess.Popen(
        list(command.arguments),
        cwd=command.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    into.wall.append(time.perf_counter() - began)
    into.core.append(used.ru_utime + used.ru_stime)
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    into.megabytes = max(into.megabytes, used.ru_maxrss / unit)
    into.code = os.waitstatus_to_exitcode(status)
    process.returncode = into.code


@dataclass
class Table:
    """The rows of all cases: flaglint and its peers, and what flaglint took in relation to each."""

    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, case: str, found: dict[str, Timed], *, own: str = "flaglint") -> None:
        """Add the rows of one case and print them."""
        base = found[own].median
        for name, times in found.items():
            row = {
                "case": case,
                "what": name,
                "median": round(times.median, 4),
                "fastest": round(min(times.wall), 4),
                "core": round(statistics.median(times.core), 4),
                "megabytes": round(times.megabytes),
                "rounds": len(times.wall),
                "exit": times.code,
                "ratio": round(base / times.median, 2) if name != own else None,
            }
            self.rows.append(row)
            ratio = f"{row['ratio']:8.2f}x" if row["ratio"] is not None else " " * 9
            print(
                f"{case:34} {name:22} {times.median * 1000:9.0f} ms {statistics.median(times.core) * 1000:9.0f} ms core"
                f" {times.megabytes:6.0f} MB {ratio}",
                flush=True,
            )

    def write(self, path: Path) -> None:
        """Write the rows as JSON, with the machine that they are from."""
        machine = {"python": sys.version.split()[0], "platform": sys.platform, "cores": os.cpu_count()}
        path.write_text(json.dumps({"machine": machine, "rows": self.rows}, indent=1) + "\n", encoding="utf-8")
