import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "flaglint" / "remove").glob("*.py"))
    if not path.name.startswith("rename")
)
PAGE = re.findall(
    r"^\| `([a-z]+(?:-[a-z]+)+)` \|", (ROOT / "docs" / "removal.md").read_text(encoding="utf-8"), re.MULTILINE
)


def test_the_page_explains_every_reason_that_a_removal_gives() -> None:
    given = re.findall(r'(?:Refusal|Leftover)\((?:\s|[a-z_.]+span, )*"([a-z-]+)"', SOURCE)
    assert len(given) > 20
    assert set(given) <= set(PAGE)


def test_the_page_explains_no_reason_that_is_never_given() -> None:
    assert [code for code in PAGE if f'"{code}"' not in SOURCE] == []
