"""What the tests of foreign formats share: texts in; registries, verdicts and one-line problems out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flaglint.evaluator.proof import verdicts
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.definition import Registry
    from flaglint.model import Verdict

FORMATS = Path(__file__).parent / "formats"
NOW = 1_795_000_000.0  # in November 2026


def loaded(text: str, *, path: str = "registry.yaml", form: str = "", environment: str = "") -> Registry:
    """Load one file; an empty format is recognised."""
    return load_files([File(path, text.encode(), form, environment)], now=NOW)


def example(folder: str) -> Registry:
    """Load the example files of a format, which is recognised."""
    files = sorted(path for path in (FORMATS / folder).rglob("*") if path.suffix in {".json", ".yaml", ".yml"})
    return load_files([File(path.name, path.read_bytes()) for path in files], now=NOW)


def proven(registry: Registry, environment: str = "default") -> dict[str, Verdict]:
    """Return the verdict of each flag in one environment."""
    return {key: found[environment] for key, found in verdicts(registry, NOW).items()}


def problems(registry: Registry) -> list[str]:
    """Return the problems as `line:column message (help)`."""
    return [
        f"{problem.span.start.line}:{problem.span.start.column} {problem.message}"
        + (f" ({problem.help})" if problem.help else "")
        for problem in registry.problems
    ]


def spoiled_in(value: Any) -> Iterator[Any]:
    """Yield the value with one part of it replaced, for each part."""
    yield from (None, True, -1, 10**30, "", "x", [], {}, [None], {"x": None})
    if isinstance(value, list):
        for index, item in enumerate(value[:3]):
            yield from ([*value[:index], other, *value[index + 1 :]] for other in spoiled_in(item))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from ({**value, name: other} for other in spoiled_in(item))
            yield {other: kept for other, kept in value.items() if other != name}
