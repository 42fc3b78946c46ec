"""The recipes of docs/ci.md: they are YAML, and what they run does what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.report.conftest import REGISTRY, git

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "ci.md"
RECIPES = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def github(recipe: str) -> list[dict[str, Any]]:
    """Return the steps of the one job of a workflow."""
    (job,) = yaml.safe_load(recipe)["jobs"].values()
    steps: list[dict[str, Any]] = job["steps"]
    return steps


def scripts() -> dict[str, str]:
    """Return what each recipe runs, installation left out."""
    report, check, gitlab = RECIPES
    found = {
        "github report": "\n".join(step["run"] for step in github(report) if "run" in step),
        "github check": "\n".join(step["run"] for step in github(check) if "run" in step),
    }
    for name, job in yaml.safe_load(gitlab).items():
        found[f"gitlab {name}"] = "\n".join(job["script"])
    return {name: text.replace("pip install flaglint\n", "") for name, text in found.items()}


@pytest.fixture
def clone(tmp_path: Path, shop: None, write: Callable[[dict[str, str | bytes]], None]) -> Path:
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A", day="2026-01-01")
    git(tmp_path, "commit", "-qm", "one", day="2026-01-01")
    write({"flags.yaml": REGISTRY + "  release-later: {type: release, serve: {'true': 1, 'false': 1}}\n"})
    git(tmp_path, "commit", "-qam", "two", day="2030-01-01")
    return tmp_path


def run(script: str, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Run a script of a recipe as a runner does, with the flaglint of this checkout."""
    tools = tmp_path_factory.mktemp("bin")
    (tools / "flaglint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flaglint "$@"\n')
    (tools / "flaglint").chmod(0o755)
    root = PAGE.parent.parent
    environment = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(root),
        "GITHUB_STEP_SUMMARY": str(tools / "summary.md"),
    }
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_scheduled_workflow_writes_the_summary_and_keeps_the_page(
    clone: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ran = run(scripts()["github report"] + '\ncp "$GITHUB_STEP_SUMMARY" summary.md', clone, tmp_path_factory)
    assert ran.returncode == 0, ran.stderr
    summary = (clone / "summary.md").read_text()
    assert summary.startswith(f"# Flags of {clone.name}, ")
    assert "**Since 2026-01-01 (" in summary
    assert (clone / "release-notes.md").is_file()
    assert (clone / "flags.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("name", ["github check", "gitlab flaglint", "gitlab flag-report"])
def test_the_others_run_and_write_what_they_upload(
    clone: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    ran = run(scripts()[name], clone, tmp_path_factory)
    assert ran.returncode in {0, 1}, ran.stderr  # 1: the shop has findings
    written = {"github check": "flaglint.sarif", "gitlab flaglint": "gl-code-quality-report.json"}
    assert (clone / written.get(name, "flags.json")).is_file()
