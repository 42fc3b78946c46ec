"""Example files of every format: recognised by content alone, and one verdict of each kind.

`formats/FORMAT/` holds realistic files; `verdicts.txt` beside them what is proven of each flag, and the problems.
FLAGLINT_WRITE_VERDICTS writes it anew, to be read before it is committed.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flaglint.errors import RegistryError
from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant, Unknown, Varies
from flaglint.registry.files import File
from flaglint.registry.formats import MODULES, NATIVE, format_named, format_of
from flaglint.registry.parsing import load_files, read_tree

FOLDER = Path(__file__).parent / "formats"
NOW = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
EXAMPLES = sorted(path for path in FOLDER.glob("*/*") if path.suffix != ".txt")
TABLES = sorted(FOLDER.glob("*/verdicts.txt"))


def named(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_a_file_is_recognised_as_its_own_format_and_by_no_other(path: Path) -> None:
    tree = read_tree(path.name, path.read_bytes(), strict=False)
    recognised = [name for name in MODULES if format_named(name).recognise(tree)]
    assert recognised == [path.parent.name]
    assert format_of(tree) == path.parent.name


def test_every_format_has_an_example() -> None:
    assert {*MODULES} - {NATIVE, "flagd"} <= {path.parent.name for path in EXAMPLES}


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_each_flag_has_its_verdict(table: Path) -> None:
    found = "\n".join(lines(path) for path in EXAMPLES if path.parent == table.parent)
    if os.environ.get("FLAGLINT_WRITE_VERDICTS"):
        table.write_text(found)
    assert found == table.read_text()
    assert ": constant " in found
    assert ": varies, " in found or ": unknown, " in found  # a manifest says nothing of what varies


def lines(path: Path) -> str:
    """Return what is proven of a file, one line for each flag and environment, and what is wrong in it."""
    registry = load_files([File(path.name, path.read_bytes())], now=NOW)
    found = [path.name]
    for key, by_environment in verdicts(registry, NOW).items():
        for environment, verdict in by_environment.items():
            where = f" in {environment}" if environment != "default" else ""
            found.append(f"  {key}{where}: {words(verdict)}")
    places = [(problem, problem.span.start) for problem in registry.problems]
    found += [f"  {place.line}:{place.column} {problem.code} {problem.message}" for problem, place in places]
    return "\n".join([*found, ""])


def words(verdict: Constant | Varies | CodeDefault | Unknown) -> str:
    match verdict:
        case Constant(variant, value, reason, since):
            name = f" ({variant})" if variant is not None else ""
            return f"constant {json.dumps(value)}{name}, {reason}{f', since {since}' if since else ''}"
        case Varies(why, forecast, variant):
            return f"varies, {why}" + (f"; {variant} from {forecast}" if forecast else "")
        case CodeDefault(reason):
            return f"code default, {reason}"
    return f"unknown, {verdict.why}"


def test_a_file_that_is_named_another_format_than_it_looks_like_is_told() -> None:
    data = (FOLDER / "flipt/features.yaml").read_bytes()
    registry = load_files([File("features.yaml", data, "launchdarkly")])
    assert [(problem.message, problem.help, problem.breaks) for problem in registry.problems][:1] == [
        (
            "it is read as `launchdarkly`, as the configuration says, but looks like `flipt`",
            "name that format, or none: `flipt` is recognised",
            False,
        )
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_the_name_of_the_format_that_a_file_is_in_is_no_mistake(path: Path) -> None:
    registry = load_files([File(path.name, path.read_bytes(), path.parent.name)])
    assert not [problem for problem in registry.problems if "looks like" in problem.message]


def test_a_file_that_nobody_recognises_is_what_it_is_named() -> None:
    registry = load_files([File("flags.json", b'{"flags": {}}', "posthog")])
    assert not [problem for problem in registry.problems if "looks like" in problem.message]


def test_a_file_in_toml_is_refused_with_the_way_out() -> None:
    with pytest.raises(RegistryError, match="flags in TOML are not read") as refused:
        load_files([File("flags.toml", b"[f]\ndisable = true\n")])
    assert refused.value.help == "keep them in YAML or JSON: both say the same"
