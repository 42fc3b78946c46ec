"""Vendors' files as registries, and their verdicts in a few words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant, Unknown, Varies
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

if TYPE_CHECKING:
    from flaglint.definition import Registry
    from flaglint.model import Verdict

EXAMPLES = Path(__file__).parents[2] / "registry" / "formats"
NOW = 1_790_000_000.0  # 2026-09-21


def example(path: str) -> Registry:
    """Load an example file of tests/registry/formats; its format is recognised."""
    return load_files([File(path, (EXAMPLES / path).read_bytes())], now=NOW)


def written(content: Any, name: str = "flags.json", form: str = "", environment: str = "") -> Registry:
    """Load data, or a text as it stands."""
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    return load_files([File(name, text.encode() if isinstance(text, str) else text, form, environment)], now=NOW)


def words(registry: Registry, now: float = NOW) -> dict[str, str]:
    """Return the verdict of each flag as `constant VALUE`, `varies`, `code default` or `unknown`, per environment."""
    found = {}
    for key, by_environment in verdicts(registry, now).items():
        for name, verdict in by_environment.items():
            found[key if name == "default" else f"{key} in {name}"] = in_words(verdict)
    return found


def in_words(verdict: Verdict) -> str:
    """Return a verdict in a few words; a switch that differs from the value stands before it."""
    match verdict:
        case Constant():
            is_apart = verdict.switch is not None and verdict.switch is not verdict.value
            switch = ("on " if verdict.switch else "off ") if is_apart else ""
            return f"constant {switch}{json.dumps(verdict.value)}"
        case Varies():
            return "varies"
        case CodeDefault():
            return "code default"
        case Unknown():
            return "unknown"


def reasons(registry: Registry, now: float = NOW) -> dict[str, str]:
    """Return why, for each flag in its first environment."""
    found = {}
    for key, by_environment in verdicts(registry, now).items():
        verdict = next(iter(by_environment.values()))
        found[key] = verdict.reason if isinstance(verdict, (Constant, CodeDefault)) else verdict.why
    return found


def told(registry: Registry) -> list[str]:
    """Return the problems as `line:column message`."""
    return [f"{found.span.start.line}:{found.span.start.column} {found.message}" for found in registry.problems]
