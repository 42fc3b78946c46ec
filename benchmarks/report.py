"""Measures `flaglint report` on a project of many flags: how long it takes after the scan, and how large the page is.

    python benchmarks/report.py [--flags 1000] [--references 50000] [--folder FOLDER]

The project is generated: every file is a module of small functions that read flags in the shapes that real code has;
a third of the flags is rolled out or off, a third in rollout, the rest is permanent, expired or needs others. Nothing
is cached, and history is read from a repository of one commit per hundred flags.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TEAMS = 24
SHAPES = (
    (
        "def f{n}(user, items):\n    if flags.boolean({key!r}, user, False):\n        total = sum(items)\n"
        "        return total + {n}\n    else:\n        total = len(items)\n        return total\n"
    ),
    (
        "def f{n}(user, items):\n    is_new = flags.boolean({key!r}, user, False)\n    if not is_new:\n"
        "        items = [item for item in items if item]\n    return items\n"
    ),
    "def f{n}(user, items):\n    return items if flags.boolean({key!r}, user, False) else list(items)[:{n}]\n",
    (
        "def f{n}(user, items):\n    if items and flags.boolean({key!r}, user, False):\n        items.append({n})\n"
        "    return items\n"
    ),
    "def f{n}(user, items):\n    return {{'new': flags.boolean({key!r}, user, False), 'size': len(items)}}\n",
)


def flag(number: int) -> str:
    """Return the entry of a flag."""
    served = (
        'serve: "true"',
        'serve: "false"',
        'serve: {"true": 30, "false": 70}',
        'rules: [{when: {country: [DE, FR]}, serve: "true"}]',
        'rules: [{ramp: {to: "true", percent: [0, 100], from: 2026-01-01T00:00:00Z, until: 2026-02-01T00:00:00Z}}]',
        'serve: {"true": 1, "false": 1}',
    )[number % 6]
    permanent = "\n    permanent: switched by the people on call" if number % 11 == 0 else ""
    needs = f'\n    needs: {{release-flag-{number - 1}: "true"}}' if number % 17 == 0 and number else ""
    return (
        f"  release-flag-{number}:\n    description: What number {number} is for\n    type: release\n"
        f'    owner: "@team-{number % TEAMS}"\n    created: 2026-{1 + number % 9:02}-{1 + number % 27:02}'
        f"{permanent}{needs}\n    {served}\n"
    )


def generate(folder: Path, flags: int, references: int) -> None:
    """Write a project with so many flags and reads, and commit it in steps."""
    (folder / "shop").mkdir(parents=True)
    (folder / "flaglint.toml").write_text("")
    per_file = 50
    for number in range(references // per_file):
        parts = ["from flaglint.evaluator import Evaluator\n\nflags = Evaluator.from_path('flags.yaml')\n"]
        for place in range(per_file):
            index = number * per_file + place
            key = f"release-flag-{(index * 7 + index // flags) % flags}"
            parts.append(SHAPES[index % len(SHAPES)].format(n=place, key=key))
        (folder / "shop" / f"module_{number}.py").write_text("\n\n".join(parts))
    git = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "init.defaultBranch=main")
    subprocess.run([*git, "init", "-q"], cwd=folder, check=True)
    for most in range(100, flags + 100, 100):
        entries = "".join(flag(number) for number in range(min(most, flags)))
        (folder / "flags.yaml").write_text(f"version: 1\nattributes: {{country: string}}\nflags:\n{entries}")
        subprocess.run([*git, "add", "-A"], cwd=folder, check=True)
        subprocess.run([*git, "commit", "-qm", f"{most} flags"], cwd=folder, check=True)


def seconds(folder: Path, *arguments: str) -> tuple[float, float]:
    """Return how long a command of flaglint takes in a process of its own, and how long all its processors work."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run([sys.executable, "-m", "flaglint", *arguments], cwd=folder, capture_output=True, check=False)
    if ran.returncode > 1:
        sys.exit(ran.stderr.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Generate, measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flags", type=int, default=1000)
    parser.add_argument("--references", type=int, default=50_000)
    parser.add_argument("--folder", type=Path, help="keep the project there")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="flaglint-report-")) / "shop"
    if not folder.exists():
        generate(folder, options.flags, options.references)
    report = ("report", "--now", "2026-11-23", "-o", "report.html", "-o", "report.json")
    rows = {
        "scan alone, cold": seconds(folder, "refs", "--format", "json", "--no-cache"),
        "report, cold": seconds(folder, *report, "--no-cache"),
        "report, cache filling": seconds(folder, *report),
        "report, cache full": seconds(folder, *report),
    }
    scan, cold = rows["scan alone, cold"], rows["report, cold"]
    rows["of the cold one, after the scan"] = (cold[0] - scan[0], cold[1] - scan[1])
    print(f"{options.flags} flags, {options.references} references; seconds by the clock, and of all processors")
    for name, (clock, work) in rows.items():
        print(f"{name:32}{clock:8.2f}{work:8.2f}")
    print(f"{'report.html':32}{(folder / 'report.html').stat().st_size / 1_000_000:8.2f} MB")
    if options.folder is None:
        shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main()
