"""The evaluator beside the other flag engines of Python, all in one run: `python -m benchmarks.evaluator`.

With `--install` it first makes the environments of the others in `.engines` (`FLAGLINT_ENGINES` names another folder).
An engine that is not installed is left out, and said so. Figures are the best of several rounds; what counts is the
ratios, for they hold on other machines, too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

from benchmarks.evaluator_engines import ENGINES, KINDS, THREADS, Flaglint, many

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("FLAGLINT_ENGINES", ROOT / ".engines"))
PEERS = {
    "openfeature-flagd-core": ("python-v3", ["openfeature-flagd-core==2.0.0"]),
    "growthbook": ("peers", ["growthbook==4.0.0", "launchdarkly-server-sdk==9.18.2", "statsig-python-core==0.24.2"]),
    "launchdarkly-server-sdk": ("peers", []),
    "statsig-python-core": ("peers", []),
}
ROUNDS = 3


def main() -> int:
    """Measure every engine and print the table; returns the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--install", action="store_true", help="install the other engines first")
    options.add_argument("--json", action="store_true", help="print the figures instead of the table")
    given = options.parse_args()
    if given.install:
        install()
    figures = measure()
    figures["yaml.load"] = {"load milliseconds": yaml_milliseconds()}
    print(json.dumps(figures, indent=1) if given.json else table(figures))
    return 0


def install() -> None:
    """Make the environments of the other engines, where they are missing."""
    for folder, requirements in PEERS.values():
        if requirements and not python_of(folder).exists():
            print(f"installing {', '.join(requirements)}", file=sys.stderr)
            venv.create(FOLDER / folder, with_pip=True)
            command = [python_of(folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*command, *requirements], check=True)
            (FOLDER / folder / "installed.txt").write_text(" ".join(requirements))


def python_of(folder: str) -> Path:
    """Return the interpreter of an environment."""
    return FOLDER / folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def measure() -> dict[str, dict[str, Any]]:
    """Return the best figures of each engine, from rounds that take turns, so that a busy minute hits them all."""
    best: dict[str, dict[str, Any]] = {}
    script = Path(__file__).with_name("evaluator_engines.py")
    for _ in range(ROUNDS):
        for name in ENGINES:
            python = Path(sys.executable) if name.startswith("flaglint") else python_of(PEERS[name][0])
            if not python.exists():
                print(
                    f"{name} is not installed and left out: python -m benchmarks.evaluator --install", file=sys.stderr
                )
                continue
            with tempfile.TemporaryDirectory() as folder:
                command = [python, script, name, folder]
                if name.endswith("cached"):
                    subprocess.run(command, capture_output=True, check=True)  # leaves the cache
                run = subprocess.run(command, capture_output=True, text=True, check=True)
            best[name] = better(best.get(name), json.loads(run.stdout.splitlines()[-1]))
    return best


def better(known: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """Return the better of two measurements, figure by figure."""
    if known is None:
        return new
    return {
        "trues": new["trues"],
        "nanoseconds": {name: min(value, known["nanoseconds"][name]) for name, value in new["nanoseconds"].items()},
        "calls per second": {
            name: max(value, known["calls per second"][name]) for name, value in new["calls per second"].items()
        },
        "load milliseconds": min(new["load milliseconds"], known["load milliseconds"]),
        "load megabytes": min(new["load megabytes"], known["load megabytes"]),
    }


def yaml_milliseconds() -> float:
    """Return how long PyYAML's C loader takes for the registry of 1,000 flags."""
    import yaml

    text = Flaglint().text(many()).encode()
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        yaml.load(text, yaml.CSafeLoader)
        best = min(best, (time.perf_counter() - started) * 1000)
    return best


def table(figures: dict[str, dict[str, Any]]) -> str:
    """Return the figures as a table in Markdown; in brackets, how many times what flaglint takes."""
    own = figures["flaglint"]
    kinds = " | ".join(f"{kind}, ns" for kind in [*KINDS, "rollout of 1,000"])
    lines = [
        f"| engine | {kinds} | calls/s, 1 thread | {THREADS} threads | 1,000 flags, ms | MB |",
        "| --- |" + " ---: |" * (len(KINDS) + 5),
    ]
    for name, found in figures.items():
        if "nanoseconds" not in found:
            lines.append(f"| {name} |" + " |" * (len(KINDS) + 3) + f" {found['load milliseconds']:.0f} | |")
            continue
        calls = [f"{ns:,.0f} ({ns / own['nanoseconds'][kind]:.1f}x)" for kind, ns in found["nanoseconds"].items()]
        one, four = (found["calls per second"][str(threads)] for threads in (1, THREADS))
        cells = [*calls, f"{one:,.0f}", f"{four:,.0f} ({100 * four / one:.0f} %)"]
        cells += [f"{found['load milliseconds']:.1f}", f"{found['load megabytes']:.1f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    shares = ", ".join(f"{name} {found['trues']}" for name, found in figures.items() if "trues" in found)
    return "\n".join([*lines, "", f"True of {1000} users: {shares}"])


if __name__ == "__main__":
    sys.exit(main())
