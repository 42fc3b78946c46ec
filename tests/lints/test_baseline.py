"""The baseline: what is written, what it sets aside, how it shrinks, and what is no baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.errors import BaselineError
from flaglint.lints.baseline import Entry, parse, serialise, split, take
from flaglint.model import Finding, Position, Severity, Span

if TYPE_CHECKING:
    from tests.lints.conftest import Project


def finding(key: str, path: str = "shop.py", line: int = 1, code: str = "FLG201", qualname: str = "") -> Finding:
    place = Span(path, Position(line, 1), Position(line, 5))
    return Finding(code=code, severity=Severity.ERROR, message="m", primary=place, key=key, qualname=qualname)


FINDINGS = [
    finding("b", line=9),
    finding("a"),
    finding("b", line=3),
    finding("c", "z.py", code="FLG101", qualname="f.g"),
]
TEXT = b"FLG101\tc\tz.py\tf.g\t1\nFLG201\ta\tshop.py\t\t1\nFLG201\tb\tshop.py\t\t2\n"


def test_writes_one_sorted_line_for_each_kind_of_finding() -> None:
    assert serialise(take(FINDINGS)) == TEXT
    assert serialise(take(reversed(FINDINGS))) == TEXT


def test_reads_what_it_wrote() -> None:
    odd = [finding("tab\tback\\slash\nline"), finding("k", "caf\udce9.py"), finding("", "ünï.py")]
    assert parse(serialise(take(odd)), "b.txt") == take(odd)
    assert parse(TEXT.replace(b"\n", b"\r\n"), "b.txt") == take(FINDINGS)
    assert parse(b"", "b.txt") == take([])


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"hello\n", 1),
        (b'{"version": 1}', 1),
        (b"FLG201\ta\tshop.py\t\t1\nFLG201\ta\tshop.py\t1\n", 2),
        (b"FLG201\ta\tshop.py\t\t0\n", 1),
        (b"FLG201\ta\tshop.py\t\tmany\n", 1),
        (b"FLG2\ta\tshop.py\t\t1\n", 1),
        (b"\x00\xff\n", 1),
    ],
)
def test_refuses_a_file_that_is_no_baseline(data: bytes, line: int) -> None:
    with pytest.raises(BaselineError) as raised:
        parse(data, "b.txt")
    assert str(raised.value) == (
        f"b.txt:{line}: this is no baseline: a line is `code`, `key`, `path`, `qualname` and `count` with tabs between"
    )
    assert raised.value.help == "`flaglint check --write-baseline` writes one"


def test_sets_aside_what_is_written_and_no_more() -> None:
    new, known = split([*FINDINGS, finding("b", line=20), finding("a", "other.py")], take(FINDINGS))
    assert known == FINDINGS
    assert new == [finding("b", line=20), finding("a", "other.py")]


def test_a_check_counts_what_the_baseline_holds_and_lists_what_is_stale(project: Project) -> None:
    project.flag("other")
    project.read("gone", "shop.py:1")
    project.read("lost", "shop.py:2")
    project.read("other", "shop.py:3")
    baseline = take([finding("gone"), finding("mended", "old.py", qualname="Cart.total"), finding("x", code="FLG101")])
    result = project.check("FLG201", baseline=baseline)
    assert [one.key for one in result.findings] == ["lost"]
    assert [one.key for one in result.baselined] == ["gone"]
    assert result.stale == ("FLG201 mended old.py (Cart.total)",)


def test_a_few_files_tell_nothing_about_stale_entries(project: Project) -> None:
    project.flag("other")
    result = project.check("FLG201", baseline=take([finding("mended", "old.py")]), scope="file", paths=("shop.py",))
    assert result.stale == ()


def test_a_suppressed_finding_is_not_counted_as_baselined(project: Project) -> None:
    project.file("shop.py", "x()  # flaglint: ignore[FLG201] why\n")
    project.flag("other")
    project.read("gone", "shop.py:1")
    result = project.check("FLG201", baseline=take([finding("gone")]))
    assert (len(result.suppressed), len(result.baselined)) == (1, 0)
    assert result.stale == ("FLG201 gone shop.py",)


def test_an_entry_is_shown_without_empty_parts() -> None:
    assert str(Entry("FLG003", "", "a.py", "")) == "FLG003 a.py"
