"""How long a registry of many flags takes to load: from YAML, from the cache, and to edit, against `yaml.load`.

Run `python benchmarks/registry.py [FLAGS]`. The file is written as people write one: comments, owners, rules,
environments. Each figure is the best of several rounds, taken in turn, so that a busy machine slows all alike.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from flaglint.config import RegistrySpec
from flaglint.registry import load
from flaglint.registry.edit import Draft, kill

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
HEAD = """\
version: 1
environments: [development, staging, production]
critical: [production]
attributes:
  email: string
  country: string
  plan: {enum: [free, pro, team]}
segments:
  staff: {email: {ends_with: "@example.com"}}
flags:
"""
FLAG = """\
  # SHOP-{n}: why this flag exists, in a comment of its own
  release-shop-feature-{n:04d}:
    description: Feature number {n} of the shop, described in a sentence that has a few words
    type: release
    owner: "@team-{team}"
    created: 2026-08-{day:02d}
    expires: 2026-12-{day:02d}   # agreed with product
    links: {{issue: SHOP-{n}}}
    release_note: Customers get feature {n}
    variants: {{enabled: true, disabled: false}}
    off_variant: disabled
    rules:
      - segment: staff
        serve: enabled
      - when: {{country: [DE, FR, NL], plan: pro}}
        from: 2026-09-01T09:00:00Z
        serve: {{enabled: 25, disabled: 75}}
    environments:
      development: {{serve: enabled}}
"""


def written(flags: int) -> str:
    """Return a registry with this many flags."""
    return HEAD + "".join(FLAG.format(n=n, team=n % 17, day=n % 28 + 1) for n in range(flags))


def seconds(run: Callable[[], object]) -> float:
    """Return how long one run takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    flags = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    text = written(flags)
    with tempfile.TemporaryDirectory() as folder:
        root, specs = Path(folder), [RegistrySpec("flags.yaml")]
        (root / "flags.yaml").write_text(text, encoding="utf-8")
        load(root, specs, cache=root / "cache")
        last = f"release-shop-feature-{flags - 1:04d}"
        runs: dict[str, Callable[[], object]] = {
            "yaml.load, C loader": lambda: yaml.load(text, Loader=yaml.CSafeLoader),
            "load, from YAML": lambda: load(root, specs),
            "load, from the cache": lambda: load(root, specs, cache=root / "cache"),
            "kill one flag, checked": lambda: kill(Draft.of(root, specs), last),
        }
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(ROUNDS):
            for name, run in runs.items():
                best[name] = min(best[name], seconds(run))
    print(f"{flags:,} flags, {len(text) / 1024:,.0f} KiB, {text.count(chr(10)):,} lines; best of {ROUNDS}")
    reference = best["yaml.load, C loader"]
    for name, took in best.items():
        print(f"{name:<24} {took * 1000:>8.1f} ms {took / reference:>7.2f} x yaml.load")


if __name__ == "__main__":
    main()
