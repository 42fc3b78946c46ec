"""What is fuzzed: each target takes spoilt bytes, and may end in a result or in one of flaglint's own errors only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint import config
from flaglint.config import RegistrySpec
from flaglint.evaluator.proof import verdicts
from flaglint.lints import baseline
from flaglint.pipeline import analyse, plans
from flaglint.refs.across.document import from_bytes
from flaglint.refs.packs import load_packs
from flaglint.registry import load
from flaglint.registry.packing import pack, unpack
from tests.robustness.grammar import program

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ROOT = Path(__file__).resolve().parents[2]
NOW = 1_770_000_000.0
_PROJECT = """\
[tool.flaglint]
registry = ["flags.yaml"]
sdks = ["flaglint", "openfeature", "waffle", "edx-toggles", "launchdarkly", "unleash"]
"""


@dataclass(frozen=True)
class Target:
    """A reader: `seeds` are files that it reads, `run` gives it bytes in a folder of its own.

    `made` writes an input; without it, one of the seeds is spoilt.
    """

    name: str
    seeds: Callable[[], list[bytes]]
    run: Callable[[bytes, Path], None]
    made: Callable[[Random], bytes] | None = None


def _bytes_of(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern)) if path.is_file()]


@cache
def _sources() -> tuple[bytes, ...]:
    pages = _bytes_of("examples/*/**/*.py", "flaglint/refs/*.py", "flaglint/remove/*.py")
    return tuple(data for data in pages if 0 < len(data) < 30_000)


@cache
def _flags() -> bytes:
    return (ROOT / "examples/shop/flags.yaml").read_bytes()


def _source(data: bytes, folder: Path) -> None:
    """Find, lint and plan removals over a spoilt file."""
    from flaglint.lints import check

    (folder / "pyproject.toml").write_text(_PROJECT, encoding="utf-8")
    (folder / "flags.yaml").write_bytes(_flags())
    (folder / "spoilt.py").write_bytes(data)
    analysis = analyse(config.load(folder), now=NOW, jobs=1, cache=False)
    check(analysis.graph, analysis.settings, read_text=analysis.read_text, now=NOW, commented=analysis.commented)
    known = plans(analysis)
    for key in ("release-one-page-checkout", "release-dark-mode"):
        why = known[key].why
        assert not why.startswith("could not be planned: "), why


def _registry(data: bytes, folder: Path) -> None:
    """Load a spoilt registry, prove its flags, keep it and take it out again."""
    (folder / "flags.yaml").write_bytes(data)
    found = load(folder, (RegistrySpec("flags.yaml"),), now=NOW)
    verdicts(found, NOW)
    try:
        packed = pack(found)
    except ValueError:
        return
    assert unpack(packed) == found


def _foreign(data: bytes, folder: Path) -> None:
    """Load a spoilt file of some vendor, and prove its flags."""
    (folder / "flags.json").write_bytes(data)
    verdicts(load(folder, (RegistrySpec("flags.json"),), now=NOW), NOW)


def _configuration(data: bytes, folder: Path) -> None:
    (folder / "flaglint.toml").write_bytes(data)
    config.load(folder)


def _pack(data: bytes, folder: Path) -> None:
    (folder / "pack.yaml").write_bytes(data)
    load_packs((), paths=("pack.yaml",), root=folder)


def _baseline(data: bytes, _folder: Path) -> None:
    baseline.parse(data, "baseline.txt")


def _index(data: bytes, _folder: Path) -> None:
    from_bytes(data, "index.json")


@cache
def _an_index() -> bytes:
    from flaglint.refs.across.document import Index, to_bytes

    analysis = analyse(config.load(ROOT / "examples/shop"), jobs=1, cache=False, verdicts=False, outward=True)
    assert analysis.repository is not None
    return to_bytes(Index(repository=analysis.repository, registry=analysis.graph.registry, packs=()))


def _configurations() -> list[bytes]:
    shown = [b"select = ['FLG1']\n[naming]\nstyle = 'kebab-case'\n", _PROJECT.replace("[tool.flaglint]\n", "").encode()]
    tables = (
        b'[[calls]]\nfunction = "a.b"\nkey = {position = 0}\n[severity]\nFLG303 = "error"\n[lifetimes]\nrelease = 3\n'
    )
    return [*shown, tables, *_bytes_of("examples/*/flaglint.toml")]


TARGETS = (
    Target("source", lambda: list(_sources()), _source),
    Target("generated", list, _source, made=program),
    Target("registry", lambda: _bytes_of("examples/*/flags.yaml"), _registry),
    Target("foreign", lambda: _bytes_of("tests/registry/formats/**/*.*") or [json.dumps({}).encode()], _foreign),
    Target("configuration", _configurations, _configuration),
    Target("pack", lambda: _bytes_of("rules/sdks/*.yaml"), _pack),
    Target("baseline", lambda: [b"FLG101\tkey\tflags.yaml\t\t1\nFLG202\ta\\tb\tx.py\tf\t2\n"], _baseline),
    Target("index", lambda: [_an_index()], _index),
)
