"""Suppression comments: what they hide, for how long, and what is said of one that hides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.lints.directives import directives
from flaglint.source import Text, decode

if TYPE_CHECKING:
    from tests.lints.conftest import Project


def found(path: str, source: str) -> list[tuple[int, tuple[str, ...] | None, int, int]]:
    text = decode(path, source.encode())
    assert isinstance(text, Text)
    return [(one.span.start.line, one.codes, one.first, one.last) for one in directives(text)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a()  # flaglint: ignore[FLG201] late\n", [(1, ("FLG201",), 1, 1)], id="at the end of a line"),
        pytest.param(
            "# flaglint: ignore[FLG201] x\n\na(\n  1,\n)\nb()\n", [(1, ("FLG201",), 3, 5)], id="next statement"
        ),
        pytest.param("# flaglint: ignore[FLG201, FLG202]\na()", [(1, ("FLG201", "FLG202"), 2, 2)], id="two codes"),
        pytest.param("# flaglint:ignore[FLG201]\n# why\na()\n", [(1, ("FLG201",), 3, 3)], id="another comment between"),
        pytest.param(
            "#flaglint: ignore[FLG201]\n@a\n@b(\n1)\ndef f():\n  x\n", [(1, ("FLG201",), 2, 5)], id="decorators"
        ),
        pytest.param(
            "f(\n  # flaglint: ignore[FLG201]\n  a,\n  b,\n)\n", [(2, ("FLG201",), 3, 3)], id="inside brackets"
        ),
        pytest.param(
            "a()  # noqa: X  # flaglint: ignore[FLG201]\n", [(1, ("FLG201",), 1, 1)], id="after another tool's"
        ),
        pytest.param("a = 1 \\\n  + b  # flaglint: ignore[FLG201]\n", [(2, ("FLG201",), 2, 2)], id="joined lines"),
        pytest.param(
            "# flaglint: ignore[FLG201]\na = '''\n(\n'''\nb", [(1, ("FLG201",), 2, 4)], id="over a long string"
        ),
        pytest.param("# flaglint: ignore\na()\n", [(1, None, 2, 2)], id="without a code"),
        pytest.param("# flaglint: ignore[]\na()\n", [(1, (), 2, 2)], id="empty brackets"),
        pytest.param("# flaglint: ignore[FLG201]\n", [(1, ("FLG201",), 1, 1)], id="nothing follows"),
        pytest.param("x = 1\r\n# flaglint: ignore[FLG201]\r\na()\r\n", [(2, ("FLG201",), 3, 3)], id="carriage returns"),
        pytest.param("'é' # flaglint: ignore[FLG201]", [(1, ("FLG201",), 1, 1)], id="not ASCII"),
    ],
)
def test_reads_comments_in_python(source: str, expected: list[object]) -> None:
    assert found("shop.py", source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "a = '# flaglint: ignore[FLG201]'\n",
        'a = """\n# flaglint: ignore[FLG201]\n"""\n',
        "a = r'\\\\' + '# flaglint: ignore[FLG201]'\n",
        "# see flaglint: ignore[FLG201] for more\n",
        "# flaglint ignore[FLG201]\n",
        'a = f"{b["c"]} # flaglint: ignore[FLG201]"\n',
    ],
)
def test_reads_no_comment_where_there_is_none(source: str) -> None:
    assert found("shop.py", source) == []


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        pytest.param(
            "flags.yaml",
            "flags:\n  # flaglint: ignore[FLG302] later\n  a:\n    serve: on\n\n    owner: x\n  b: {}\n",
            [(2, ("FLG302",), 3, 6)],
            id="the next entry with all that is below it",
        ),
        pytest.param("flags.yaml", "a:  # flaglint: ignore[FLG302]\n  b: 1\n", [(1, ("FLG302",), 1, 1)], id="its line"),
        pytest.param(
            "a.yaml", "a: 'x'  # flaglint: ignore[FLG302]\n", [(1, ("FLG302",), 1, 1)], id="after a quoted text"
        ),
        pytest.param("a.toml", "# flaglint: ignore[FLG302]\na = 1\nb = 2\n", [(1, ("FLG302",), 2, 2)], id="toml"),
        pytest.param("a.html", "{# flaglint: ignore[FLG203] #}\n<p>\n", [(1, ("FLG203",), 2, 2)], id="a template"),
        pytest.param("a.ts", "f() // flaglint: ignore[FLG203] why\n", [(1, ("FLG203",), 1, 1)], id="two slashes"),
        pytest.param("a.html", "<!-- flaglint: ignore -->\n<p>\n", [(1, None, 2, 2)], id="the closer is no reason"),
    ],
)
def test_reads_comments_in_other_files(path: str, source: str, expected: list[object]) -> None:
    assert found(path, source) == expected


@pytest.mark.parametrize(
    "source",
    ["a: '# flaglint: ignore[FLG302]'\n", 'a: "x # flaglint: ignore[FLG302]"\n', "a: x#flaglint: ignore[FLG302]\n"],
)
def test_reads_no_comment_inside_a_yaml_scalar(source: str) -> None:
    assert found("flags.yaml", source) == []


def test_hides_a_finding_and_counts_it(project: Project) -> None:
    project.file("shop.py", "a = client.read('gone')  # flaglint: ignore[FLG201] moved next week\n")
    project.flag("other")
    project.read("gone", "shop.py:1")
    result = project.check("FLG0", "FLG201")
    assert result.findings == ()
    assert [one.code for one in result.suppressed] == ["FLG201"]


def test_accepts_the_name_of_a_rule(project: Project) -> None:
    project.file("shop.py", "x()  # flaglint: ignore[undefined-flag] why\n")
    project.flag("other")
    project.read("gone", "shop.py:1")
    assert project.said("FLG0", "FLG201") == []


def test_hides_nothing_of_another_rule_or_line(project: Project) -> None:
    project.file("shop.py", "x()  # flaglint: ignore[FLG207] why\ny()\nz()  # flaglint: ignore[FLG201]\n")
    project.flag("other")
    project.read("gone", "shop.py:1")
    project.read("lost", "shop.py:2")
    assert project.said("FLG0", "FLG201") == [
        "shop.py:1:4 error FLG201 `gone` is not defined in flags.yaml | define it: flaglint add gone",
        "shop.py:2:4 error FLG201 `lost` is not defined in flags.yaml | define it: flaglint add lost",
        "shop.py:3:6 warning FLG002 `FLG201` is not found here, so there is nothing to suppress | delete the comment",
    ]


def test_does_not_judge_a_suppression_of_a_rule_that_did_not_run(project: Project) -> None:
    project.file("shop.py", "x()  # flaglint: ignore[FLG202, FLG201]\n")
    project.flag("other")
    project.read("other", "shop.py:1")
    ignoring = project.said("FLG0", "FLG2", per_file_ignores={"shop.py": ("FLG2",)})
    assert ignoring == []
    assert project.said("FLG0", "FLG201") == [
        (
            "shop.py:1:6 warning FLG002 `FLG201` is not found here, so there is nothing to suppress "
            "| take `FLG201` out of the comment"
        )
    ]
    assert project.said("FLG0", scope="file") == []


def test_does_not_judge_project_rules_on_a_few_files(project: Project) -> None:
    project.file("flags.yaml", "flags:\n  a: {}  # flaglint: ignore[FLG202] soon\n")
    project.flag("a", line=2)
    project.read("a", "shop.py:1")
    assert project.said("FLG0", "FLG2", scope="file", paths=("flags.yaml",)) == []
    assert [line.split(" | ")[0] for line in project.said("FLG0", "FLG2")] == [
        "flags.yaml:2:10 warning FLG002 `FLG202` is not found here, so there is nothing to suppress"
    ]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        (
            "ignore",
            "a suppression without a code hides nothing | write `# flaglint: ignore[FLG302] reason`, with the code",
        ),
        ("ignore[]", "a suppression without a code hides nothing"),
        ("ignore[FLG999]", "`FLG999` is no rule"),
        ("ignore[undefined-flg]", "`undefined-flg` is no rule | did you mean `undefined-flag`?"),
        ("ignore[FLG2]", "`FLG2` is no rule"),
        ("igonre[FLG201]", "`igonre` is no instruction to flaglint | did you mean `ignore`?"),
        ("ignore[FLG207] until=soon", "`until=soon` is no date | write the last day as `until=2027-01-31`"),
    ],
)
def test_says_what_cannot_be_understood(project: Project, comment: str, message: str) -> None:
    project.file("shop.py", f"x()  # flaglint: {comment}\n")
    assert project.said("FLG0")[0].startswith(f"shop.py:1:6 warning FLG002 {message}")


def test_a_snooze_hides_until_its_last_day(project: Project) -> None:
    project.file("shop.py", "x()  # flaglint: ignore[FLG201] until=2026-10-01 SHOP-9\n")
    project.flag("other")
    project.read("gone", "shop.py:1")
    assert project.said("FLG0", "FLG201", today="2026-10-01") == []
    assert project.said("FLG0", "FLG201", today="2026-10-02") == [
        "shop.py:1:4 error FLG201 `gone` is not defined in flags.yaml | define it: flaglint add gone",
        (
            "shop.py:1:6 warning FLG002 this suppression of `FLG201` was for the time until 2026-10-01 "
            "| do what it put off, or give it a new date"
        ),
    ]


def test_no_commit_fails_because_a_snooze_is_over(project: Project) -> None:
    project.file("shop.py", "x()  # flaglint: ignore[FLG201] until=2026-10-01 SHOP-9\n")
    project.flag("other")
    project.read("gone", "shop.py:1")
    assert project.said("FLG0", "FLG201", today="2027-01-01", scope="file", paths=("shop.py",)) == []


def test_a_comment_on_its_own_line_hides_what_begins_in_the_next_statement(project: Project, at: object) -> None:
    project.file("shop.py", "# flaglint: ignore[FLG201] why\nif (\n  x() and\n  y()\n):\n  z()\n")
    project.flag("other")
    for line in (3, 4, 6):
        project.read(f"gone-{line}", f"shop.py:{line}")
    assert [one.key for one in project.check("FLG0", "FLG201").findings] == ["gone-6"]


def test_a_suppression_of_unused_suppressions_hides_them(project: Project) -> None:
    project.file("shop.py", "x()  # flaglint: ignore[FLG201, FLG002] used on another branch\n")
    project.flag("other")
    result = project.check("FLG0", "FLG201")
    assert result.findings == ()
    assert [one.code for one in result.suppressed] == ["FLG002"]


def test_a_file_that_is_not_text_has_no_suppressions(project: Project) -> None:
    project.files["shop.py"] = b"\xff# flaglint: ignore\n"
    assert project.said("FLG0") == []
