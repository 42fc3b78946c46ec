"""FLG302 and FLG304 say what the removal that they advise comes to, from the same plan that `flaglint remove` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint import config, pipeline
from flaglint.lints import check
from flaglint.remove import verified
from tests.half_removable import CART, NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeAlias

    from flaglint.model import Finding

    Run: TypeAlias = Callable[..., dict[str, Finding]]

REGISTRY = """\
version: 1
flags:
  done: {created: 2026-01-01, serve: "true"}
  stuck: {created: 2026-01-01, serve: "true"}
  dark: {created: 2026-01-01, serve: "false"}
  unread: {created: 2026-01-01, serve: "true"}
  half: {created: 2026-01-01, serve: {"true": 50, "false": 50}}
"""
CODE = (
    CART
    + """\


def payload():
    return {"dark": flags.boolean("dark", None, False)}
"""
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "flags.yaml").write_text(REGISTRY)
    (tmp_path / "cart.py").write_text(CODE)

    def found(*paths: str) -> dict[str, Finding]:
        analysis = pipeline.analyse(config.load(tmp_path), now=NOW, cache=False)
        result = check(
            analysis.graph,
            analysis.settings,
            read_text=analysis.read_text,
            now=NOW,
            paths=paths or None,
            provided={"plans": pipeline.plans(analysis)},
        )
        return {item.key: item for item in result.findings if item.code in {"FLG302", "FLG304"}}

    return found


def test_a_flag_that_can_go_is_said_to_be_safe(run: Run) -> None:
    assert run()["done"].help == (
        "removable: 1 of 1 read, safe; keep the value and remove the flag: flaglint remove done"
    )


def test_a_read_that_is_refused_is_named_with_its_reason(run: Run) -> None:
    why = "the dead branch holds the only binding of `size`, which is read in `stuck` at line 16"
    found = run()["stuck"]
    assert found.help == (
        f"removable: 0 of 1 read, caution (cart.py:14:12 needs you: {why}); "
        "keep the value and remove the flag: flaglint remove stuck"
    )
    assert [label.message for label in found.related] == [f"read here, and needs you: {why}"]


def test_a_value_that_stays_as_a_literal_needs_care(run: Run) -> None:
    assert run()["dark"].help == (
        "removable: 1 of 1 read, caution (a value stays as a literal: cart.py:20:21, "
        'the value goes into the dictionary key "dark"); '
        "roll it out, or remove it with the code that it hides: flaglint remove dark"
    )


def test_a_flag_that_nothing_reads_is_told_apart(run: Run) -> None:
    assert run()["unread"].help.startswith("removable: nothing reads it, safe; ")


def test_reads_that_fold_keep_their_plain_label(run: Run) -> None:
    assert [label.message for label in run()["done"].related] == ["read here"]


def test_a_defect_of_the_planner_leaves_the_finding(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(verified, "plan", fails)
    assert run()["done"].help == (
        "could not be planned: RecursionError: too deep; keep the value and remove the flag: flaglint remove done"
    )


@pytest.mark.parametrize(("paths", "planned"), [((), 4), (("cart.py",), 0)])
def test_only_flags_that_are_reported_are_planned(
    run: Run, monkeypatch: pytest.MonkeyPatch, paths: tuple[str, ...], planned: int
) -> None:
    asked: list[object] = []
    real = verified.plan
    monkeypatch.setattr(verified, "plan", lambda *given, **more: asked.append(given) or real(*given, **more))
    run(*paths)
    assert len(asked) == planned


def test_without_plans_the_advice_stands_alone(tmp_path: Path, run: Run) -> None:
    analysis = pipeline.analyse(config.load(tmp_path), now=NOW, cache=False)
    found = check(analysis.graph, analysis.settings, read_text=analysis.read_text, now=NOW).findings
    assert {item.help for item in found if item.key == "done" and item.code == "FLG302"} == {
        "keep the value and remove the flag: flaglint remove done"
    }
