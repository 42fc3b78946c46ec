"""What a run does grows with what it is given, and no faster: calls are counted at three sizes; no clock is asked."""

from __future__ import annotations

import cProfile
from typing import TYPE_CHECKING

import pytest

from flaglint import pipeline
from flaglint.cli import run
from flaglint.config import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHECK = ("check", "--exit-zero", "--output-format", "json", "--now", "2026-11-23", "--no-cache", "-j", "1")
HEAD = "from openfeature import api\n\nclient = api.get_client()\n"
FIRST = 50
FASTER = 2.6  # than what came before: 2 is in proportion, 4 is the square


def flags(count: int, more: Callable[[int], str] = lambda _: "    when: {country: [DE]}\n") -> str:
    """Return a registry of so many flags; `more` says what each one serves."""
    return "version: 1\nflags:\n" + "".join(
        f"  release-feature-{n}:\n    description: Number {n}\n    type: release\n    owner: '@shop'\n"
        f"    created: 2026-01-01\n{more(n)}"
        for n in range(count)
    )


def varying(_: int) -> str:
    """Return rules that serve some people."""
    return "    rules:\n      - when: {country: [DE]}\n        serve: 'true'\n"


def needing(parent: int) -> str:
    """Return a prerequisite."""
    return f"    needs: {{release-feature-{parent}: 'true'}}\n    serve: 'true'\n"


def read(key: str) -> str:
    """Return the read of a flag, whose key is an expression."""
    return f"client.get_boolean_value({key}, False)"


def methods(size: int) -> str:
    """Return one class with many methods that read what it holds."""
    return "\n\nclass A:\n    key = 'release-feature-1'\n" + "".join(
        f"\n    def f{n}(self):\n        return {read('self.key')} and self.f{n}\n" for n in range(size)
    )


def rebound(size: int) -> str:
    """Return one function that binds one name again and again."""
    steps = "".join(f"    key = 'release-feature-{n % 9}'\n    {read('key')}\n" for n in range(size))
    return f"\n\ndef f():\n{steps}"


def nested(size: int) -> str:
    """Return one function with many others in it."""
    inner = "".join(
        f"    def h{n}():\n        return {read(repr('release-feature-1'))}\n    h{n}()\n" for n in range(size)
    )
    return f"\n\ndef f():\n{inner}"


def undefined(size: int) -> str:
    """Return reads of many keys that are nearly those of flags."""
    return "".join(f"x{n} = {read(repr(f'release-faeture-{n}'))}\n" for n in range(size))


def computed(size: int) -> str:
    """Return reads of keys that are put together at run time."""
    key = "f'release-{{x}}-{}'"
    return "".join(f"\n\ndef f{n}(x):\n    return {read(key.format(n))}\n" for n in range(size))


CASES: dict[str, Callable[[int], tuple[str, str]]] = {
    "a class of many methods": lambda size: (flags(9, varying), methods(size)),
    "a name that is bound again and again": lambda size: (flags(9, varying), rebound(size)),
    "many functions in one": lambda size: (flags(9, varying), nested(size)),
    "many keys that nothing defines": lambda size: (flags(size, varying), undefined(size)),
    "many keys that are computed": lambda size: (flags(size, varying), computed(size)),
    "a circle of prerequisites": lambda size: (flags(size, lambda n: needing((n + 1) % size)), ""),
}


def calls(folder: Path, registry: str, code: str) -> int:
    """Return how many functions are called to check a project of one module."""
    folder.mkdir()
    (folder / "flaglint.toml").write_text("")
    (folder / "flags.yaml").write_text(registry)
    (folder / "shop.py").write_text(HEAD + code)
    profile = cProfile.Profile()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert profile.runcall(run, CHECK) == 0
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("case", CASES)
def test_costs_in_proportion(case: str, tmp_path: Path) -> None:
    make = CASES[case]
    calls(tmp_path / "first", *make(3))  # imports, and what is compiled once
    small, middle, large = (calls(tmp_path / str(factor), *make(factor * FIRST)) for factor in (1, 2, 4))
    assert large - middle < FASTER * (middle - small)


def test_reads_a_chain_of_thousands_of_operators(tmp_path: Path) -> None:
    chain = " or ".join(read(repr("release-feature-1")) for _ in range(3000))
    (tmp_path / "flaglint.toml").write_text("")
    (tmp_path / "flags.yaml").write_text(flags(2, varying))
    (tmp_path / "shop.py").write_text(f"{HEAD}x = (\n{chain}\n)\n")
    graph = pipeline.analyse(load(tmp_path), cache=False).graph
    assert len(graph.reads("release-feature-1")) == 3000


def calls_to_plan_one(folder: Path, count: int) -> int:
    """Return how many functions are called to plan a removal, of so many, after another one was planned."""
    folder.mkdir()
    (folder / "flaglint.toml").write_text("")
    (folder / "flags.yaml").write_text(flags(count, lambda _: "    serve: 'true'\n"))
    (folder / "shop.py").write_text(HEAD)
    for name, numbers in {"cart": [3], "page": [8], "others": range(9, count)}.items():
        code = "".join(f"\n\ndef f{n}():\n    return {read(repr(f'release-feature-{n}'))}\n" for n in numbers)
        (folder / f"{name}.py").write_text(f"from shop import client\n{code}")
    plans = pipeline.plans(pipeline.analyse(load(folder), now=1_795_000_000.0, cache=False, jobs=1))
    assert plans["release-feature-3"].plan is not None
    profile = cProfile.Profile()
    assert profile.runcall(plans.__getitem__, "release-feature-8").plan is not None
    return sum(entry.callcount for entry in profile.getstats())


def test_a_removal_is_planned_without_a_look_at_all_flags(tmp_path: Path) -> None:
    calls_to_plan_one(tmp_path / "first", 10)
    few, many = (calls_to_plan_one(tmp_path / str(count), count) for count in (10, 300))
    assert many < few * 1.02
