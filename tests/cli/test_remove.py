"""`flaglint remove`: diffs that git takes, files that are written whole, and exit codes that a script can use."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

REGISTRY = """\
version: 1
environments: [staging, production]
flags:
  # One page or three.
  release-one-page:
    owner: "@payments"
    serve: true

  release-layout:
    owner: "@payments"
    variants: {dense: dense, wide: wide}
    off_variant: wide
    serve: {dense: 20, wide: 80}
"""
CART = """\
from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("flags.yaml")


def cart(user):
    if flags.boolean("release-one-page", user, False):
        return user
    return None


def layout(user):
    return flags.string("release-layout", user, "wide") == "dense"
"""
DIFF = """\
--- a/flags.yaml
+++ b/flags.yaml
@@ -1,11 +1,6 @@
 version: 1
 environments: [staging, production]
 flags:
-  # One page or three.
-  release-one-page:
-    owner: "@payments"
-    serve: true
-
   release-layout:
     owner: "@payments"
     variants: {dense: dense, wide: wide}
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -4,9 +4,7 @@
\x20
\x20
 def cart(user):
-    if flags.boolean("release-one-page", user, False):
-        return user
-    return None
+    return user
\x20
\x20
 def layout(user):
"""
SUMMARY = """\
`release-one-page` is kept as true (variant `true`): rule 1 serves it to everyone (production, staging)
1 read: 1 folded
2 files changed, 8 lines removed, 1 added
"""
REFUSED = """\
from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("flags.yaml")
size = 1


def cart(rows):
    if not flags.boolean("release-one-page", None, False):
        size = len(rows)
    return size
"""


def git(folder: Path, *arguments: str, stdin: str = "") -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, input=stdin, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


@pytest.fixture(autouse=True)
def shop(write: Callable[..., None], tmp_path: Path) -> None:
    write({"flags.yaml": REGISTRY, "shop/cart.py": CART})
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "start")


def test_prints_the_diff_and_says_why_on_the_side(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("remove", "release-one-page")
    assert (ran.code, ran.out, ran.err) == (0, DIFF, SUMMARY)
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_check_says_of_the_flag_what_its_removal_comes_to(flaglint: Flaglint) -> None:
    ran = flaglint("check", "--select", "FLG302")
    assert (
        "removable: 1 of 1 read, safe; keep the value and remove the flag: flaglint remove release-one-page" in ran.out
    )


def test_git_applies_the_diff(flaglint: Flaglint, tmp_path: Path) -> None:
    git(tmp_path, "apply", stdin=flaglint("remove", "release-one-page").out)
    by_git = {path: (tmp_path / path).read_bytes() for path in ("flags.yaml", "shop/cart.py")}
    git(tmp_path, "checkout", "--", ".")
    assert flaglint("remove", "release-one-page", "--write").code == 0
    assert {path: (tmp_path / path).read_bytes() for path in by_git} == by_git


def test_git_applies_the_diff_of_a_project_that_is_a_folder_of_its_repository(
    flaglint: Flaglint, tmp_path: Path, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"sub/flaglint.toml": "", "sub/flags.yaml": REGISTRY, "sub/shop/cart.py": CART})
    monkeypatch.chdir(tmp_path / "sub")
    ran = flaglint("remove", "release-one-page")
    assert "--- a/sub/shop/cart.py\n+++ b/sub/shop/cart.py\n" in ran.out
    git(tmp_path, "apply", stdin=ran.out)
    assert "release-one-page" not in (tmp_path / "sub/shop/cart.py").read_text()
    assert (tmp_path / "shop/cart.py").read_text() == CART


def test_git_applies_a_diff_of_files_without_a_final_newline_and_with_windows_line_ends(
    flaglint: Flaglint, tmp_path: Path
) -> None:
    path = tmp_path / "shop/cart.py"
    path.write_bytes(CART.rstrip("\n").replace("\n", "\r\n").encode())
    ran = flaglint("remove", "release-layout", "--variant", "dense")
    assert "\\ No newline at end of file\n" in ran.out
    git(tmp_path, "apply", stdin=ran.out)
    assert path.read_bytes().endswith(b"def layout(user):\r\n    return True")


def test_writes_and_a_second_run_knows_the_flag_no_more(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("remove", "release-one-page", "--write")
    assert (ran.code, ran.out, ran.err) == (0, "", SUMMARY)
    assert "release-one-page" not in (tmp_path / "flags.yaml").read_text() + (tmp_path / "shop/cart.py").read_text()
    before = git(tmp_path, "diff")
    again = flaglint("remove", "release-one-page", "--write", "--value", "true", "--allow-dirty")
    assert (again.code, again.out) == (2, "")
    assert git(tmp_path, "diff") == before


def test_a_second_run_changes_nothing_where_a_read_was_refused(
    flaglint: Flaglint, tmp_path: Path, write: Callable[..., None]
) -> None:
    write({"shop/cart.py": REFUSED, "shop/till.py": CART})
    flaglint("remove", "release-one-page", "--write", "--allow-dirty")
    before = git(tmp_path, "diff")
    again = flaglint("remove", "release-one-page", "--write", "--allow-dirty")
    assert again.code == 1
    assert git(tmp_path, "diff") == before


def test_one_patch_per_flag_each_applies_alone(flaglint: Flaglint, tmp_path: Path) -> None:
    registry = (tmp_path / "flags.yaml").read_text().replace("{dense: 20, wide: 80}", "dense")
    (tmp_path / "flags.yaml").write_text(registry)
    assert flaglint("remove", "release-one-page", "release-layout", "--patch-dir", "out").code == 0
    for key, other in (("release-one-page", "release-layout"), ("release-layout", "release-one-page")):
        patch = (tmp_path / f"out/{key}.patch").read_text()
        git(tmp_path, "apply", "--check", stdin=patch)
        git(tmp_path, "apply", stdin=patch)
        text = (tmp_path / "shop/cart.py").read_text()
        assert (key in text, other in text) == (False, True)
        git(tmp_path, "apply", "--reverse", stdin=patch)


def test_several_flags_go_in_one_pass(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text(REGISTRY.replace("{dense: 20, wide: 80}", "dense"))
    ran = flaglint("remove", "release-one-page", "release-layout")
    assert ran.code == 0
    git(tmp_path, "apply", stdin=ran.out)
    text = (tmp_path / "shop/cart.py").read_text()
    assert text.endswith("\n\n\ndef cart(user):\n    return user\n\n\ndef layout(user):\n    return True\n")


# ------------------------------------------------------------------------------------------------------------- values


def test_a_variant_or_a_value_is_kept_as_asked(flaglint: Flaglint) -> None:
    by_variant = flaglint("remove", "release-layout", "--variant", "dense")
    by_value = flaglint("remove", "release-layout", "--value", '"dense"')
    assert "+    return True\n" in by_variant.out
    assert by_variant.out == by_value.out
    assert "+    return False\n" in flaglint("remove", "release-layout", "--variant", "wide").out


@pytest.mark.parametrize(
    ("key", "value", "values"),
    [("release-one-page", "3", "false or true"), ("release-layout", '"wider"', '"dense" or "wide"')],
)
def test_a_value_that_the_flag_never_has_is_not_kept(flaglint: Flaglint, key: str, value: str, values: str) -> None:
    ran = flaglint("remove", key, "--value", value)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: `{key}` never has the value {value}\nhelp: its values: {values}\n"


def test_no_proven_value_is_exit_code_2(flaglint: Flaglint) -> None:
    ran = flaglint("remove", "release-layout")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: `release-layout` serves no single value in production")
    assert "help: say which value to keep: flaglint remove release-layout --variant NAME, where NAME is " in ran.err


def test_an_unknown_key_is_exit_code_2_with_the_nearest_one(flaglint: Flaglint) -> None:
    ran = flaglint("remove", "release-one-pages")
    said = (
        "error: there is no flag `release-one-pages` in the registry or the code\n"
        "help: did you mean `release-one-page`?\n"
    )
    assert (ran.code, ran.out, ran.err) == (2, "", said)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("release-one-page", "--variant", "off"),
        ("release-one-page", "--value", "true", "--variant", "true"),
        ("release-one-page", "release-layout", "--value", "true"),
        ("release-one-page", "--ready"),
        ("release-one-page", "--value", "yes please"),
        ("release-one-page", "--write", "--format", "json"),
    ],
)
def test_what_makes_no_sense_is_exit_code_2_and_changes_nothing(
    flaglint: Flaglint, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ran = flaglint("remove", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert git(tmp_path, "status", "--porcelain") == ""


# ------------------------------------------------------------------------------------------------ what is not written


def test_a_refused_read_is_exit_code_1_and_keeps_the_entry(
    flaglint: Flaglint, tmp_path: Path, write: Callable[..., None]
) -> None:
    write({"shop/cart.py": REFUSED})
    ran = flaglint("remove", "release-one-page", "--write", "--allow-dirty")
    assert ran.code == 1
    assert "not removed:\n  shop/cart.py:8: the dead branch holds the only binding of `size`" in ran.err
    assert "(only-local-binding)\n" in ran.err
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY
    assert (tmp_path / "shop/cart.py").read_text() == REFUSED


def test_a_file_with_changes_that_are_not_committed_is_not_written(flaglint: Flaglint, tmp_path: Path) -> None:
    path = tmp_path / "shop/cart.py"
    path.write_text(f"{CART}# more\n")
    ran = flaglint("remove", "release-one-page", "--write")
    assert ran.code == 2
    assert ran.err.startswith("error: shop/cart.py: it has changes that are not committed\n")
    assert path.read_text() == f"{CART}# more\n"
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY
    assert flaglint("remove", "release-one-page", "--write", "--allow-dirty").code == 0
    assert "release-one-page" not in path.read_text()


def test_a_dirty_file_that_the_plan_does_not_touch_is_no_matter(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"shop/other.py": "x = 1\n"})
    assert flaglint("remove", "release-one-page", "--write").code == 0


# --------------------------------------------------------------------------------------------------------------- JSON


def test_the_plan_as_json_gives_the_new_bytes(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("remove", "release-one-page", "--format", "json")
    plan = json.loads(ran.out)
    assert plan["version"] == 1
    assert [(item["key"], item["value"], item["variant"]) for item in plan["flags"]] == [
        ("release-one-page", True, "true")
    ]
    assert [(item["path"], item["line"], item["column"], item["status"]) for item in plan["reads"]] == [
        ("shop/cart.py", 7, 8, "folded")
    ]
    found = {}
    for change in plan["edits"]:
        data = (tmp_path / change["path"]).read_bytes()
        for edit in sorted(change["edits"], key=lambda item: -item["start"]):
            data = data[: edit["start"]] + edit["text"].encode() + data[edit["end"] :]
        found[change["path"]] = data
    assert git(tmp_path, "status", "--porcelain") == ""
    flaglint("remove", "release-one-page", "--write")
    assert found == {path: (tmp_path / path).read_bytes() for path in found}
    assert set(found) == {"flags.yaml", "shop/cart.py"}


def test_the_reason_of_a_refusal_is_in_the_json(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"shop/cart.py": REFUSED})
    ran = flaglint("remove", "release-one-page", "--format", "json")
    plan = json.loads(ran.out)
    assert ran.code == 1
    assert [(item["status"], item["code"]) for item in plan["reads"]] == [("refused", "only-local-binding")]
    assert plan["edits"] == []


def test_what_is_to_be_looked_at_several_times_in_one_line_is_listed_once(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    write(
        {
            "flags.yaml": "version: 1\nflags:\n  old-cart: {serve: 'true'}\n",
            "bundle.js": "a('old-cart');b('old-cart');c('old-cart')\n",
            "other.js": "a('old-cart')\n",
        }
    )
    said = flaglint("remove", "old-cart").err.splitlines()
    assert said[said.index("look at:") + 1 :] == [
        "  bundle.js:1: it names the flag; it was not rewritten (text-reference), 3 times",
        "  other.js:1: it names the flag; it was not rewritten (text-reference)",
    ]


def test_of_several_files_that_are_not_committed_the_others_are_counted(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"flags.yaml": f"{REGISTRY}# more\n", "shop/cart.py": f"{CART}# more\n"})
    ran = flaglint("remove", "release-one-page", "--write")
    assert ran.err.splitlines()[0] == "error: flags.yaml: it has changes that are not committed, and so has 1 more"


def test_a_file_whose_name_holds_a_line_break_is_named_in_one_line(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    write({"odd\nname.html": "release-one-page"})
    ran = flaglint("remove", "release-one-page")
    assert "  odd\\nname.html:1: " in ran.err


TOGGLES = (
    "from edx_toggles.toggles import WaffleFlag\n\nA = WaffleFlag('shop.a', __name__)\n"
    "B = WaffleFlag('shop.b', __name__)\n\n\nclass More:\n    C = WaffleFlag('shop.c', __name__)\n"
)


@pytest.mark.parametrize(
    ("key", "other", "why"),
    [
        ("shop.a", "y = 1\n", ""),
        ("shop.a", "from shop.toggles import A\n", "`A` is still used"),
        ("shop.a", "from shop.toggles import *\nprint(A)\n", "a star import takes `A` along"),
        ("shop.a", "import shop.toggles as t\nprint(getattr(t, 'A'))\n", "`shop/other.py` names `A`"),
        ("shop.a", "x = 'shop.toggles.A'\n", "`shop/other.py` names `A`"),
        ("shop.c", "y = 1\n", "`C` belongs to a class or a function, and may be used there"),
    ],
)
def test_a_flag_object_that_nothing_reads_goes_unless_it_may_be_reached(
    key: str, other: str, why: str, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "flags.yaml").unlink()
    write({"shop/__init__.py": "", "shop/toggles.py": TOGGLES, "shop/other.py": other})
    ran = flaglint("remove", key, "--value", "true")
    assert ("-A = WaffleFlag('shop.a', __name__)\n" in ran.out) == (not why)
    assert (f"{why} (declaration-kept)" in ran.err) == bool(why)


OBJECTS = """\
[[objects]]
constructor = "shop.features.Flag"
key = { position = 0 }

[[calls]]
function = "shop.features.is_on"
key = { position = 0 }
returns = "boolean"
"""


def test_a_flag_object_that_is_made_where_it_is_asked_for_goes_with_the_read(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "flags.yaml").unlink()
    cart = "from shop.features import Flag, is_on\n\n\ndef f():\n    return 1 if is_on(Flag('new')) else 2"
    features = (
        "class Flag:\n    def __init__(self, name):\n        self.name = name\n\n\ndef is_on(flag):\n    return flag\n"
    )
    write({"flaglint.toml": OBJECTS, "shop/__init__.py": "", "shop/features.py": features, "shop/cart.py": cart})
    ran = flaglint("remove", "new", "--value", "true", "--write", "--allow-dirty")
    assert ran.code == 0
    assert (tmp_path / "shop/cart.py").read_text() == "def f():\n    return 1"
