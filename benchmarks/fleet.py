"""Many repositories: each writes its index, one joins them. `python -m benchmarks.fleet --repositories 200`.

One repository holds the registry and the wrapper that all share; the others read flags through it. Every flag is read
by some of them, so that a single "unused" flag in the joined check would be a wrong one.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from statistics import median

from flaglint.cli import run

GATES = """\
from openfeature import api

client = api.get_client()


def enabled(name, default=False):
    return client.get_boolean_value(name, default)
"""


def library(folder: Path, flags: int) -> None:
    """Write the repository that defines the flags and wraps the reads."""
    (folder / "acme_flags").mkdir(parents=True)
    (folder / "acme_flags/__init__.py").write_text("from acme_flags.gates import enabled\n", encoding="utf-8")
    (folder / "acme_flags/gates.py").write_text(GATES, encoding="utf-8")
    names = "".join(f'FLAG_{number} = "release-{number}"\n' for number in range(flags))
    (folder / "acme_flags/names.py").write_text(names, encoding="utf-8")
    entries = "".join(f"  release-{number}:\n    description: Number {number}\n" for number in range(flags))
    (folder / "flags.yaml").write_text(f"version: 1\nflags:\n{entries}", encoding="utf-8")


def service(folder: Path, random: Random, flags: list[int], files: int) -> None:
    """Write a service that reads some flags, among files that read none."""
    folder.mkdir()
    for number in range(files):
        lines = [f"def function_{line}(value):\n    return value + {line}\n" for line in range(20)]
        if number < len(flags):
            flag = flags[number]
            way = random.choice((f'"release-{flag}"', f"names.FLAG_{flag}"))
            lines[:0] = [
                "from acme_flags import enabled, names\n",
                f"\n\ndef page(user):\n    if enabled({way}):\n        return 1\n    return 2\n",
            ]
        (folder / f"module_{number}.py").write_text("\n\n".join(lines), encoding="utf-8")


def timed(*arguments: str) -> tuple[float, str]:
    """Run a command in this process; return its seconds and what it printed."""
    printed = io.StringIO()
    start = time.perf_counter()
    with redirect_stdout(printed), redirect_stderr(io.StringIO()):
        code = run(arguments)
    assert code in {0, 1}, printed.getvalue()
    return time.perf_counter() - start, printed.getvalue()


def main() -> int:
    """Write the fleet, index and join it, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repositories", type=int, default=200)
    parser.add_argument("--flags", type=int, default=500)
    parser.add_argument("--files", type=int, default=60, help="files of each repository")
    options = parser.parse_args()
    random = Random(7)
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        library(root / "library", options.flags)
        seconds, sizes = [], []
        indexes: list[str] = []
        for number in range(options.repositories):
            chosen = [flag for flag in range(options.flags) if flag % options.repositories == number]
            chosen += random.sample(range(options.flags), 10)
            folder = root / f"service-{number:03}"
            service(folder, random, chosen, options.files)
            output = root / f"{folder.name}.json.gz"
            config = folder / "flaglint.toml"
            config.write_text("", encoding="utf-8")
            took, _ = timed("--config", str(config), "index", "-o", str(output), "--name", folder.name, "-j", "1")
            seconds.append(took)
            sizes.append(output.stat().st_size)
            indexes += ["--index", str(output)]
        (root / "library/flaglint.toml").write_text("", encoding="utf-8")
        base = ["--config", str(root / "library/flaglint.toml")]
        joined, said = timed(*base, "check", "--select", "FLG202", "--output-format", "json", *indexes)
        unused = [item["key"] for item in json.loads(said)["findings"]]
        alone, _ = timed(*base, "check", "--select", "FLG202", "--output-format", "json")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{options.repositories} repositories of {options.files} files, {options.flags} flags")
    print(f"index: {median(seconds):.2f} s and {median(sizes) / 1024:.0f} KiB each (median)")
    print(f"join:  {joined:.1f} s, without the indexes {alone:.1f} s; {peak} MiB at the peak of everything")
    print(f"unused: {len(unused)} (0 is right)")
    return 1 if unused else 0


if __name__ == "__main__":
    sys.exit(main())
