"""What the tests of the registry share: texts in, registries and one-line problems out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.registry.files import File
from flaglint.registry.parsing import load_files
from flaglint.registry.tree import decode, read_yaml

if TYPE_CHECKING:
    from flaglint.definition import Flag, Problem, Registry
    from flaglint.registry.nodes import Tree


def registry(text: str, **others: str) -> Registry:
    """Load `flags.yaml` with this text, and further files by their names without `.yaml`."""
    files = {"flags": text, **others}
    return load_files([File(f"{name}.yaml", content.encode(), "native") for name, content in files.items()])


def flag(entry: str, *, head: str = "", key: str = "") -> Flag:
    """Load one entry, written as it stands below `flags:`, and return the flag."""
    loaded = registry(f"version: 1\n{head}flags:\n{entry}")
    return next(found for found in loaded.flags if not key or found.key == key)


def problems(text: str, **others: str) -> list[str]:
    """Return the problems of a registry as `line:column code message`; of other files with their names before."""
    return [shown(problem) for problem in registry(text, **others).problems]


def entry_problems(entry: str, *, head: str = "") -> list[str]:
    """Return the problems of one entry below `flags:`, without their places."""
    return [problem.message for problem in registry(f"version: 1\n{head}flags:\n{entry}").problems]


def shown(problem: Problem) -> str:
    """Return a problem as one line."""
    start = problem.span.start
    name = "" if problem.span.path == "flags.yaml" else f"{problem.span.path}:"
    return f"{name}{start.line}:{start.column} {problem.code} {problem.message}"


def tree(text: str, *, follow_aliases: bool = False) -> Tree:
    """Read a text as YAML."""
    return read_yaml(decode("flags.yaml", text.encode()), follow_aliases=follow_aliases)
