"""Globs mean what they mean in `.gitignore`, also where their letters alone tell that a path is none of theirs."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from flaglint.errors import ConfigError
from flaglint.source.ignore import matcher

NAMES = st.text(st.sampled_from("ab.-é_"), min_size=1, max_size=3)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PARTS = st.sampled_from(
    ["a", "b", "ab", "*", "**", "?", "a*", "*.b", "", "!a", "[ab]", "\\\\a", " ", "#", "a b", ".", "-é"]
)
GLOBS = st.lists(st.lists(PARTS, min_size=1, max_size=4).map("/".join), max_size=3)


@given(GLOBS, PATHS)
@example(["a/"], "a/b")
@example(["/a"], "b/a")
@example(["a*", "!ab"], "ab")
@example(["**/a/**"], "b/a/b")
@example(["a/*.b"], "a/b/a.b")
def test_decides_as_pathspec_does(globs: list[str], path: str) -> None:
    try:
        expected = GitIgnoreSpec.from_lines(globs).match_file(path)
    except ValueError:
        with pytest.raises(ConfigError, match="not a glob"):
            matcher(globs)
        return
    assert matcher(globs)(path) == expected


@pytest.mark.parametrize(
    ("globs", "path", "needed"),
    [
        (["vendor/**", "**/migrations/*.py"], "shop/cart.py", False),
        (["vendor/**"], "vendor/cart.py", True),
        (["vendor/**"], "shop/vendor/cart.py", True),
        (["*.py"], "shop/cart.py", True),
        (["*"], "shop/cart.py", True),
        (["[v]endor"], "shop/cart.py", True),
    ],
)
def test_loads_pathspec_only_for_a_path_that_a_glob_may_mean(globs: list[str], path: str, needed: bool) -> None:
    code = f"import sys; from flaglint.source.ignore import matcher; matcher({globs!r})({path!r}); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ("pathspec" in ran.stdout.split()) == needed
