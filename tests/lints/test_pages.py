"""The pages of the rules are executed: their examples are projects, and their marks are the findings.

A fenced block whose info string has `file=PATH` is a file. The files of one section are a project. A line of them ends
in a mark such as `# error: FLG201 "text"` where a finding begins: its severity, its code, a part of its message.
Blocks with `after=fix` replace files of the project before them, and leave nothing to find. `today=` sets the day.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from flaglint.config import load
from flaglint.lints import catalogue, check
from flaglint.lints.pages import facts_of, index, page_of
from flaglint.lints.traffic import read_traffic
from flaglint.pipeline import analyse
from flaglint.rulesdata import rules_folder

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = catalogue.entries()
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r'(?:#|//|<!--|\{#) (?P<severity>error|warning|information): (?P<code>FLG\d{3}) "(?P<text>[^"]*)"')
SECTIONS = ("## What it does", "## Why this is bad", "## Example", "## Use instead")


@dataclass
class Example:
    """A project on a page: files by path, and the day on which it is checked."""

    title: str
    files: dict[str, str] = field(default_factory=dict)
    today: str = "2026-10-01"
    is_fix: bool = False


def examples(page: str) -> list[Example]:
    found: list[Example] = []
    for section in re.split(r"^(?=##+ )", page, flags=re.MULTILINE):
        title = section.partition("\n")[0].strip("# ")
        before, after = Example(title), Example(f"{title} (after the fix)", is_fix=True)
        for block in FENCE.finditer(section):
            options = dict(part.split("=", 1) for part in block["info"].split()[1:] if "=" in part)
            if "file" not in options:
                continue
            example = after if options.get("after") == "fix" else before
            example.files[options["file"]] = block["body"]
            example.today = options.get("today", example.today)
        if before.files:
            found.append(before)
        if after.files:
            assert found, f"{title}: there is no example to fix"
            base = next(example for example in reversed(found) if not example.is_fix)
            kept = {path: MARK.sub("", body) for path, body in base.files.items() if path not in after.files}
            found.append(replace(after, files={**kept, **after.files}, today=base.today))
    return found


def pages() -> list[pytest.ParameterSet]:
    return [
        pytest.param(entry, example, id=f"{entry.code}-{example.title.replace(' ', '-')}-{number}")
        for entry in ENTRIES
        if page_of(entry).is_file()
        for number, example in enumerate(examples(page_of(entry).read_text("utf-8")))
    ]


@pytest.mark.parametrize(("entry", "example"), pages())
def test_an_example_gives_the_findings_that_it_is_marked_with(
    entry: catalogue.Entry, example: Example, tmp_path: Path
) -> None:
    for path, body in example.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(body, "utf-8")
    now = datetime.fromisoformat(f"{example.today}T12:00:00+00:00").timestamp()
    settings = load(tmp_path)
    others = {mark["code"] for body in example.files.values() for mark in MARK.finditer(body)}
    settings = replace(settings, select=tuple(sorted({entry.code, *others, *_named_in(example)})))
    analysis = analyse(settings, now=now, cache=False)
    result = check(
        analysis.graph,
        settings,
        read_text=analysis.read_text,
        now=now,
        commented=analysis.commented,
        files=analysis.counts,
        provided={"traffic": read_traffic(settings, now)[0]},
    )
    marks = {
        (path, number): mark
        for path, body in example.files.items()
        for number, line in enumerate(body.split("\n"), 1)
        for mark in MARK.finditer(line)
    }
    told = [
        f"{one.primary.path}:{one.primary.start.line}: {one.severity.word} {one.code} {one.message}"
        for one in result.findings
    ]
    assert len(told) == len(marks), "\n".join(["as many findings as marks, but found:", *told])
    for finding in result.findings:
        mark = marks.get((finding.primary.path, finding.primary.start.line))
        assert mark is not None, "\n".join(["a finding without a mark:", *told])
        assert (mark["severity"], mark["code"]) == (finding.severity.word, finding.code)
        assert mark["text"] in finding.message
    assert bool(marks) is not example.is_fix, "an example has findings, and its fix has none"


def _named_in(example: Example) -> list[str]:
    """Return the rules that suppressions in the example name, so that they can be judged."""
    return [code for body in example.files.values() for code in re.findall(r"ignore\[(FLG\d{3})\]", body)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_every_rule_has_a_page_that_agrees_with_it(entry: catalogue.Entry) -> None:
    path = page_of(entry)
    assert path.is_file(), f"write {path.name}"
    text = path.read_text("utf-8")
    assert text.startswith(f"# {entry.code} {entry.name}\n\n{facts_of(entry)}\n")
    places = [text.find(f"\n{title}\n") for title in SECTIONS]
    assert all(place > 0 for place in places), f"sections: {', '.join(SECTIONS)}"
    assert places == sorted(places)
    assert any(not example.is_fix for example in examples(text)), "an example is executed"


def test_every_page_is_about_a_rule() -> None:
    wanted = {page_of(entry).name for entry in ENTRIES}
    assert {path.name for path in (rules_folder() / "lints").glob("*.md")} <= wanted


def test_the_table_of_rules_is_up_to_date() -> None:
    """With FLAGLINT_WRITE_TABLE=1 in the environment it writes the table instead."""
    path = rules_folder() / "README.md"
    if os.environ.get("FLAGLINT_WRITE_TABLE"):
        path.write_text(index(), "utf-8")
    assert path.read_text("utf-8") == index()


def test_lines_of_pages_fit() -> None:
    long = [
        f"{path.name}:{number}"
        for path in (rules_folder() / "lints").glob("*.md")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []
