"""Whether a file is a test: decided by where it stands and what it holds, never by its name alone."""

from __future__ import annotations

import re

from flaglint.patterns import late

_FOLDERS = frozenset({"tests", "test", "testutils", "testsuite", "test_utils", "testing_utils", "__tests__"})
_NAME = late(r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.py$")
_IMPORTS = late(
    r"^\s*(?:from|import)\s+(?:pytest|unittest|nose|hypothesis|mock|factory|ddt|django\.test|rest_framework\.test"
    r"|testfixtures|freezegun|responses|parameterized)\b",
    re.MULTILINE,
)
# One of these is in each of its alternatives, and not to be found is known much sooner.
_STEMS = ("test", "nose", "hypothesis", "mock", "factory", "ddt", "freezegun", "responses", "parameterized")
_DEFINES = late(
    r"^(?:async\s+)?def\s+test_\w*\(\s*\)|^class\s+(?:Test\w*|\w+(?:Test|Tests|TestCase))\b|^\s+(?:async\s+)?def\s+test_\w*\(\s*self\b",
    re.MULTILINE,
)
_MARKS = ("Test", "test_")  # as above


def is_test(path: str, text: str) -> bool:
    """Whether the file at `path` holds tests or what only tests use.

    A file below a folder of tests is one. A file that is only called like a test (`test_connection.py` may be
    production code) must import a test library or define tests, and one called otherwise must do both.
    """
    folders = path.split("/")[:-1]
    if any(folder in _FOLDERS for folder in folders):
        return True
    may_define = any(mark in text for mark in _MARKS)
    is_named = _NAME.search(path) is not None
    if not (is_named or may_define):
        return False
    imports = any(stem in text for stem in _STEMS) and _IMPORTS.search(text) is not None
    if imports == is_named:
        return imports
    return may_define and _DEFINES.search(text) is not None
