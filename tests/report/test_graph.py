"""`flaglint graph`: prerequisites, owners and readers, with cycles and dead subtrees marked."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from flaglint.rulesdata import rules_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

    Write = Callable[[dict[str, str | bytes]], None]

SCHEMA = json.loads((rules_folder() / "schemas" / "graph.schema.json").read_text(encoding="utf-8"))
REGISTRY = """\
version: 1
flags:
  base: {owner: "@core", serve: {"true": 1, "false": 1}}
  child: {owner: "@core", needs: {base: "true"}, serve: "true"}
  grandchild: {owner: "@web", needs: {child: "true"}, serve: "true"}
  off: {serve: "false"}
  under-off: {needs: {off: "true"}, serve: "true"}
  below-that: {needs: {under-off: "true"}, serve: "true"}
  wants-off: {needs: {off: "false"}, serve: "true"}
  one: {needs: {two: "true"}, serve: "true"}
  two: {needs: {one: "true"}, serve: "true"}
  lonely: {serve: "true"}
"""
CODE = """\
from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("flags.yaml")
flags.boolean("child", None, False)
flags.boolean("child", None, False)
flags.boolean("misspelt", None, False)
"""


@pytest.fixture(autouse=True)
def project(write: Write) -> None:
    write({"flaglint.toml": "", "flags.yaml": REGISTRY, "shop.py": CODE})


def graph(flaglint: Flaglint, *arguments: str) -> dict[str, Any]:
    ran = flaglint("graph", "--format", "json", *arguments)
    assert ran.code == 0, ran.err
    document: dict[str, Any] = json.loads(ran.out)
    jsonschema.validate(document, SCHEMA)
    return document


def test_links_flags_with_their_prerequisites_and_readers(flaglint: Flaglint) -> None:
    document = graph(flaglint)
    assert {"flag": "child", "parent": "base", "variants": ["true"], "met": None} in document["needs"]
    assert document["reads"] == [
        {"flag": "child", "path": "shop.py", "reads": 2},
        {"flag": "misspelt", "path": "shop.py", "reads": 1},
    ]


def test_marks_what_can_never_be_met_and_all_that_hangs_below(flaglint: Flaglint) -> None:
    flags = {flag["key"]: flag for flag in graph(flaglint)["flags"]}
    dead = {key: flag["decided_by"] for key, flag in flags.items() if flag["dead"] and not flag["in_cycle"]}
    assert dead == {"under-off": "off", "below-that": "under-off"}


def test_marks_cycles_and_what_nothing_defines(flaglint: Flaglint) -> None:
    document = graph(flaglint)
    assert document["cycles"] == [["one", "two"]]
    assert {flag["key"] for flag in document["flags"] if flag["in_cycle"]} == {"one", "two"}
    assert {flag["key"] for flag in document["flags"] if flag["missing"]} == {"misspelt"}


@pytest.mark.parametrize(
    ("depth", "keys"), [("0", {"base"}), ("1", {"base", "child"}), ("2", {"base", "child", "grandchild"})]
)
def test_near_a_flag_goes_as_far_as_is_asked(flaglint: Flaglint, depth: str, keys: set[str]) -> None:
    document = graph(flaglint, "--flag", "base", "--depth", depth)
    assert {flag["key"] for flag in document["flags"]} == keys


def test_mermaid_is_what_is_printed(flaglint: Flaglint) -> None:
    ran = flaglint("graph", "--flag", "child", "--depth", "1")
    assert ran.code == 0
    assert ran.out == (
        "flowchart LR\n"
        '  subgraph o0["@core"]\n'
        '    f0["base"]\n'
        '    f1["child"]\n'
        "  end\n"
        '  subgraph o1["@web"]\n'
        '    f2["grandchild"]\n'
        "  end\n"
        '  p0(["shop.py"]):::file\n'
        '  f1 -- "needs true" --> f0\n'
        '  f2 -- "needs true" --> f1\n'
        '  f1 -- "2 reads" --- p0\n'
        "  classDef cycle stroke:#c0392b,stroke-width:3px\n"
        "  classDef dead stroke-dasharray:5 4,color:#888\n"
        "  classDef missing stroke:#c0392b,stroke-dasharray:2 3\n"
        "  classDef file fill:none,stroke:#999\n"
    )


def test_what_is_linked_with_nothing_is_counted_and_shown_when_asked_for(flaglint: Flaglint) -> None:
    ran = flaglint("graph")
    assert '"lonely' not in ran.out
    assert ran.err.startswith("note: 1 flag is linked with nothing and left out: --all shows them\n")
    assert '"lonely<br>always true"' in flaglint("graph", "--all").out


def test_files_are_left_out_when_asked(flaglint: Flaglint) -> None:
    assert "shop.py" not in flaglint("graph", "--no-files").out


def test_names_stay_text_in_every_format(flaglint: Flaglint, write: Write) -> None:
    write(
        {
            "flags.yaml": "version: 1\nflags:\n  parent: {serve: 'true'}\n"
            "  '\"]; click x \\<b>': {owner: 'a\"b', needs: {parent: 'true'}, serve: 'true'}\n"
        }
    )
    mermaid = flaglint("graph").out
    assert '["#34;]; click x #92;#60;b#62;<br>always true"]' in mermaid
    assert 'subgraph o0["a#34;b"]' in mermaid
    assert '"\\"]; click x \\\\<b>" -> "parent"' in flaglint("graph", "--format", "dot").out


def test_keys_that_differ_in_a_letter_that_nobody_sees_are_two_nodes(flaglint: Flaglint, write: Write) -> None:
    write({"flags.yaml": 'version: 1\nflags:\n  child: {}\n  "base\\x9b": {needs: {child: "true"}}\n'})
    assert '"base\\\\x9b" -> "child"' in flaglint("graph", "--format", "dot").out
    assert "base#92;x9b" in flaglint("graph", "--format", "mermaid").out


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed, so nothing reads DOT here")
def test_graphviz_reads_the_dot(flaglint: Flaglint) -> None:
    ran = subprocess.run(
        ["dot", "-Tplain"],
        input=flaglint("graph", "--format", "dot", "--all").out,
        text=True,
        check=True,
        capture_output=True,
    )
    assert ran.stdout.count("\nnode ") == 12


def test_an_unknown_flag_is_refused_with_the_nearest(flaglint: Flaglint) -> None:
    ran = flaglint("graph", "--flag", "chld")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: there is no flag `chld` in the registry or the code\nhelp: did you mean `child`?\n"


def test_depth_without_a_flag_is_refused(flaglint: Flaglint) -> None:
    assert flaglint("graph", "--depth", "1").code == 2


def test_writes_a_file(flaglint: Flaglint, tmp_path: Path) -> None:
    assert flaglint("graph", "-o", "graph.mmd").out == ""
    assert (tmp_path / "graph.mmd").read_text().startswith("flowchart LR\n")


@pytest.mark.parametrize(
    ("name", "begin"), [("g.json", "{"), ("g.dot", "digraph"), ("g.gv", "digraph"), ("g.mmd", "flowchart")]
)
def test_the_name_of_the_file_tells_the_format(flaglint: Flaglint, tmp_path: Path, name: str, begin: str) -> None:
    assert flaglint("graph", "-o", name).code == 0
    assert (tmp_path / name).read_text().startswith(begin)
    assert flaglint("graph", "-o", name, "--format", "mermaid").code == 0
    assert (tmp_path / name).read_text().startswith("flowchart")
