"""Statements that a removal left as they were are asked again only where they refer to a flag."""

from removal_kit.check import PACK

from flaglint.refs import find_in_source
from flaglint.remove.sources import Sources
from flaglint.remove.unchanged import Unchanged

CODE = """\
import flags

def plain(x):
    return x

def reading():
    return flags.is_enabled("new")

class Page:
    def plain(self):
        return 1

    def reading(self):
        return flags.is_enabled("new")
"""


def unchanged() -> Unchanged:
    found = find_in_source(CODE, packs=[PACK], keys=["new"], path="a.py")
    assert len(found) == 2
    return Unchanged(Sources({"a.py": CODE.encode()}), found)


def test_what_stood_there_before_and_refers_to_nothing_is_dull() -> None:
    known = unchanged()
    assert known.is_dull("a.py", "import flags")
    assert known.is_dull("a.py", "def plain(x):\n    return x")
    assert known.is_dull("a.py", "    def plain(self):\n        return 1")


def test_what_refers_to_a_flag_or_was_written_anew_is_read() -> None:
    known = unchanged()
    assert not known.is_dull("a.py", 'def reading():\n    return flags.is_enabled("new")')
    assert not known.is_dull("a.py", '    def reading(self):\n        return flags.is_enabled("new")')
    assert not known.is_dull("a.py", CODE[CODE.index("class") :].rstrip("\n"))
    assert not known.is_dull("a.py", "def plain(y):\n    return y")
    assert not known.is_dull("b.py", "import flags")
