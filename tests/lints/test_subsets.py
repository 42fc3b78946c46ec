"""A file-scoped run says of a file the same whatever other files were given: a hook may split its list as it likes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flaglint.config import load
from flaglint.lints import check
from flaglint.pipeline import analyse

if TYPE_CHECKING:
    from flaglint.model import Finding

NOW = 1_790_000_000.0
SHOP = Path(__file__).parents[2] / "examples" / "shop"
TROUBLE = """\
from openfeature import api

from shop.gates import is_on

client = api.get_client()


def late(customer):
    # flaglint: ignore[FLG201] it comes next week
    if is_on("release-next-week", customer):
        return is_on("relase-gift-cards", customer)
    return client.get_boolean_value("NewThing", False)  # flaglint: ignore[FLG207] nothing to hide
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("subsets") / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns(".flaglint_cache", "__pycache__"))
    (root / "shop" / "trouble.py").write_text(TROUBLE, "utf-8")
    return root


def files_of(root: Path) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.suffix in {".py", ".yaml", ".html"}
    )


def findings(root: Path, paths: list[str]) -> list[Finding]:
    chosen = load(root)
    analysis = analyse(chosen, [root / path for path in paths], scope="file", now=NOW, cache=False, jobs=1)
    result = check(
        analysis.graph,
        chosen,
        read_text=analysis.read_text,
        now=NOW,
        paths=analysis.given,
        commented=analysis.commented,
    )
    return list(result.findings)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_subset_gives_the_findings_of_its_files(shop: Path, data: st.DataObject) -> None:
    everything = files_of(shop)
    whole = findings(shop, everything)
    assert {"FLG201", "FLG002", "FLG101"} <= {finding.code for finding in whole}
    subset = data.draw(st.lists(st.sampled_from(everything), min_size=1, unique=True))
    expected = [finding for finding in whole if finding.primary.path in subset]
    assert findings(shop, subset) == expected


def test_one_file_at_a_time_gives_what_all_files_give(shop: Path) -> None:
    everything = files_of(shop)
    each = [finding for path in everything for finding in findings(shop, [path])]
    assert each == findings(shop, everything)


WRAPPED = {
    "gates.py": """\
from openfeature import api


def late():
    return api.get_client().get_boolean_value("release-late", False)
""",
    "page.py": """\
from gates import late

AT_IMPORT = late()


def page():
    for round in range(3):
        if late():
            print(round)
        else:
            print(round)
""",
    "flaglint.toml": 'select = ["FLG2", "FLG5"]\n',
    "flags.yaml": "version: 1\nflags:\n  release-cart: {}\n",
}


def test_a_call_that_does_not_spell_its_key_gives_no_finding_with_or_without_the_wrapper_in_view(
    tmp_path: Path,
) -> None:
    for path, text in WRAPPED.items():
        (tmp_path / path).write_text(text, "utf-8")
    together = findings(tmp_path, ["gates.py", "page.py"])
    assert [(finding.code, str(finding.primary)) for finding in together] == [("FLG201", "gates.py:5:12")]
    assert findings(tmp_path, ["gates.py"]) + findings(tmp_path, ["page.py"]) == together
    chosen = load(tmp_path)
    analysis = analyse(chosen, scope="project", now=NOW, cache=False, jobs=1)
    assert any("fixed-wrapper" in ref.traits for ref in analysis.graph.references)
    project = check(analysis.graph, chosen, read_text=analysis.read_text, now=NOW).findings
    assert [finding for finding in project if finding.primary.path.endswith(".py")] == together


TOGGLES = {
    "toggles.py": 'from edx_toggles.toggles import WaffleFlag\n\nNEW = WaffleFlag("shop.new", __name__)\n',
    "page.py": "from toggles import NEW\n\n\ndef page():\n    return NEW.is_enabled()\n",
    "test_page.py": "from edx_toggles.toggles.testutils import override_flag, override_waffle_flag\n\n"
    "from toggles import NEW\n\n\n@override_waffle_flag(NEW, active=True)\ndef test_page(): ...\n\n\n"
    '@override_flag("shop.old", active=True)\ndef test_old(): ...\n',
    "flaglint.toml": 'select = ["FLG1", "FLG2"]\n',
    "flags.yaml": "version: 1\nflags:\n  release-cart: {}\n",
}


@pytest.fixture
def toggles(tmp_path: Path) -> Path:
    for path, text in TOGGLES.items():
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


def test_a_flag_object_from_another_file_is_defined_there(toggles: Path) -> None:
    assert findings(toggles, ["page.py"]) == []
    assert [(item.code, item.key) for item in findings(toggles, ["test_page.py"])] == [("FLG209", "shop.old")]
    assert {item.primary.path for item in findings(toggles, ["toggles.py", "page.py", "test_page.py"])} == {
        "test_page.py"
    }


def test_that_a_file_leads_to_a_flag_object_says_nothing_of_others_without_a_registry(toggles: Path) -> None:
    (toggles / "flags.yaml").unlink()
    assert findings(toggles, ["test_page.py"]) == []
    assert findings(toggles, ["toggles.py", "test_page.py"]) == []


def test_where_a_key_was_looked_for_is_said_alike_whatever_else_was_given(toggles: Path) -> None:
    together = findings(toggles, ["toggles.py", "test_page.py"])
    assert together == findings(toggles, ["test_page.py"])
    assert together[0].message == "this sets `shop.old`, which is not defined in flags.yaml"


def test_the_key_that_was_meant_is_the_same_whatever_else_was_given(toggles: Path) -> None:
    (toggles / "page.py").write_text("import waffle\n\nwaffle.flag_is_active(None, 'shop.mew')\n", "utf-8")
    alone = findings(toggles, ["page.py"])
    assert [(item.key, item.help) for item in alone] == [("shop.mew", "define it: flaglint add shop.mew")]
    assert findings(toggles, ["toggles.py", "page.py"]) == alone
    (toggles / "flags.yaml").write_text("version: 1\nflags:\n  shop.new: {}\n", "utf-8")
    assert [item.help for item in findings(toggles, ["page.py"])] == ["did you mean `shop.new`?"]
