"""The import direction of DESIGN: each package imports from those below it, never upwards, never a sibling."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "flaglint"

LAYERS = (
    {"__main__"},
    {"cli"},
    {"pipeline", "render", "report", "release_notes"},
    {"lints"},
    {"planning"},
    {"readiness"},
    {"remove"},
    {"join"},
    {"history"},
    {"refs"},
    {"evaluator"},
    {"registry"},
    {"source"},
    {"config"},
    {"rulesdata"},
    {"graph"},
    {"definition"},
    {"model", "errors", "spelling"},
    {"circles", "records", "patterns", "stages", "letters", "interrupts"},
)
LEVEL = {name: level for level, names in enumerate(reversed(LAYERS)) for name in names}
HEAVY_AT_START = {"libcst", "jinja2", "openfeature"}


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if "_rules" not in path.parts)


def imported(tree: ast.AST) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute, so that their direction can be read"
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return found


def package(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downwards(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    assert own in LEVEL, f"{own} is in no layer: put it in one, and in the architecture page"
    for dotted, line in imported(ast.parse(path.read_text(encoding="utf-8"))):
        if not dotted.startswith("flaglint.") or (target := package(dotted)) in {own, "__version__", "__init__"}:
            continue
        assert target in LEVEL, f"{path.name}:{line} imports {dotted}, which is in no layer"
        assert LEVEL[target] < LEVEL[own], f"{path.name}:{line}: {own} must not import {target}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_libcst_stays_in_refs_and_in_one_reader_of_remove(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    names = {dotted.split(".")[0] for dotted, _ in imported(ast.parse(path.read_text(encoding="utf-8")))}
    if own != "refs" and path.relative_to(ROOT).as_posix() != "remove/cst/from_libcst.py":
        assert "libcst" not in names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400, f"{lines} lines: split it in two rooms"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    if own in {"cli", "__main__"}:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.exit", "exit", "quit", "os._exit"}:
            pytest.fail(f"{path.name}:{node.lineno}: only flaglint.cli prints or exits")
