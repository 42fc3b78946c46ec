"""Projects of one extreme shape each, at three sizes: what a run takes may double with them, and not more.

    python -m benchmarks shapes

Each row is a size; its ratio is the time on a core beside that of the size before: 2 is in proportion, 4 the square.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.measure import Command, Table, Timed

HEAD = "from openfeature import api\n\nclient = api.get_client()\n"
VARYING = "    rules:\n      - when: {country: [DE]}\n        serve: 'true'\n"
ROLLED_OUT = "    serve: 'true'\n"


def registry(count: int, more: Callable[[int], str] = lambda _: VARYING) -> str:
    """Return a registry of so many flags; `more` says what each one serves."""
    return "version: 1\nflags:\n" + "".join(
        f"  release-feature-{n}:\n    description: Number {n}\n    type: release\n    owner: '@shop'\n"
        f"    created: 2026-01-01\n{more(n)}"
        for n in range(count)
    )


def read(number: int | str) -> str:
    """Return the read of a flag by its number."""
    return f"client.get_boolean_value('release-feature-{number}', False)"


def functions(size: int, key: Callable[[int], int | str]) -> str:
    """Return so many functions, each of which reads a flag."""
    return "".join(f"\n\ndef f{n}(x):\n    if {read(key(n))}:\n        return x\n" for n in range(size))


def rules(size: int) -> str:
    """Return the rules of one flag."""
    return "    rules:\n" + "".join(
        f"      - when: {{country: [C{n}], plan: p{n % 7}}}\n        serve: '{'true' if n % 2 else 'false'}'\n"
        for n in range(size)
    )


def one_function(size: int) -> str:
    """Return one function that reads flags, and binds one name, again and again."""
    return "\n\ndef f(x):\n" + "".join(
        f"    key = 'release-feature-{n % 9}'\n    if client.get_boolean_value(key, False):\n        x = {n}\n"
        for n in range(size)
    )


def one_class(size: int) -> str:
    """Return one class of many methods."""
    return "\n\nclass A:\n    key = 'release-feature-1'\n" + "".join(
        f"\n    def f{n}(self):\n        return client.get_boolean_value(self.key, False) and self.f{n}\n"
        for n in range(size)
    )


def wrappers(size: int) -> str:
    """Return many wrappers, each of which is called."""
    made = "".join(f"\n\ndef on{n}(key):\n    return client.get_boolean_value(key, False)\n" for n in range(size))
    return made + "".join(f"\n\ndef f{n}():\n    return on{n}('release-feature-1')\n" for n in range(size))


def needing(parent: int) -> str:
    """Return a prerequisite."""
    return f"    needs: {{release-feature-{parent}: 'true'}}\n{ROLLED_OUT}"


SHAPES: dict[str, tuple[int, Callable[[int], tuple[str, str]]]] = {
    "flags rolled out": (1000, lambda n: (registry(n, lambda _: ROLLED_OUT), functions(n, lambda key: key))),
    "lines of one function": (2500, lambda n: (registry(9), one_function(n))),
    "methods of one class": (2500, lambda n: (registry(9), one_class(n))),
    "wrappers": (500, lambda n: (registry(9), wrappers(n))),
    "unknown keys": (500, lambda n: (registry(n), functions(n, lambda key: f"x{key}"))),
    "computed keys": (500, lambda n: (registry(n), functions(n, lambda key: f"' + x + '-{key}"))),
    "prerequisites in a chain": (1000, lambda n: (registry(n, lambda key: needing(key - 1) if key else VARYING), "")),
    "prerequisites in a circle": (1000, lambda n: (registry(n, lambda key: needing((key + 1) % n)), "")),
    "rules of one flag": (1000, lambda n: (registry(1, lambda _: rules(n)), functions(1, lambda key: key))),
}


def shapes(
    table: Table,
    folder: Path,
    command: Callable[[Path, str], Command],
    timed: Callable[[list[Command], int], dict[str, Timed]],
    rounds: int,
) -> None:
    """Time a check of each shape at three sizes; `command` makes it of a folder and a name."""
    for what, (first, make) in SHAPES.items():
        before = 0.0
        for size in (first, 2 * first, 4 * first):
            at = folder / f"shape-{what.replace(' ', '-')}-{size}"
            if not at.exists():
                at.mkdir(parents=True)
                flags, code = make(size)
                (at / "flaglint.toml").write_text("", encoding="utf-8")
                (at / "flags.yaml").write_text(flags, encoding="utf-8")
                (at / "shop.py").write_text(HEAD + code, encoding="utf-8")
            found = timed([command(at, "flaglint")], rounds)
            table.add(f"{size:,} {what}", found)
            core = statistics.median(found["flaglint"].core)
            if before:
                print(f"{'':34} {core / before:.2f} times as long as half of it", flush=True)
            before = core
