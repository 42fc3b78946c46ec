"""Draws the map of the packages from the code: `python -m tests.documentation.architecture` writes it into its page."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.test_architecture import LAYERS, ROOT

PAGE = ROOT.parent / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn from the code: begin -->\n", "<!-- drawn from the code: end -->\n"


def sentence(name: str) -> str:
    """Return the first sentence of what a package or module says of itself."""
    path = ROOT / name / "__init__.py" if (ROOT / name).is_dir() else ROOT / f"{name}.py"
    text = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    return text.split(". ")[0].removesuffix(".").replace("|", "\\|")


def is_there(name: str) -> bool:
    return (ROOT / f"{name}.py").is_file() or (ROOT / name / "__init__.py").is_file()


def drawn() -> str:
    """Return the table: highest layer first, siblings on neighbouring rows."""
    rows = ["| package | what it is for |\n", "| --- | --- |\n"]
    for names in LAYERS:
        rows += [f"| `{name}` | {sentence(name)} |\n" for name in sorted(names) if is_there(name)]
    return "".join(rows)


def with_map(page: str) -> str:
    """Return the page with the map as it is now."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + drawn() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(with_map(Path(PAGE).read_text(encoding="utf-8")), encoding="utf-8")
