"""Statements that a removal left as they were are asked again only where they refer to a flag."""

from removal_kit.check import PACK

from flaglint.model import Kind, Label, Literal, Span
from flaglint.records import replace
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


def unchanged(*gone: str) -> Unchanged:
    found = find_in_source(CODE, packs=[PACK], keys=["new"], path="a.py")
    assert len(found) == 2
    return Unchanged(Sources({"a.py": CODE.encode()}), found, gone)


def test_what_stood_there_before_and_refers_to_nothing_is_dull() -> None:
    known = unchanged("new")
    assert known.is_dull("a.py", "import flags")
    assert known.is_dull("a.py", "def plain(x):\n    return x")
    assert known.is_dull("a.py", "    def plain(self):\n        return 1")


def test_what_refers_to_a_flag_or_was_written_anew_is_read() -> None:
    known = unchanged("new")
    assert not known.is_dull("a.py", 'def reading():\n    return flags.is_enabled("new")')
    assert not known.is_dull("a.py", '    def reading(self):\n        return flags.is_enabled("new")')
    assert not known.is_dull("a.py", CODE[CODE.index("class") :].rstrip("\n"))
    assert not known.is_dull("a.py", "def plain(y):\n    return y")
    assert not known.is_dull("b.py", "import flags")


def test_what_refers_to_flags_that_stay_is_not_read_again_and_refers_to_them_where_it_stands_now() -> None:
    known = unchanged("old")
    assert known.is_dull("a.py", 'def reading():\n    return flags.is_enabled("new")')
    after = CODE.replace("def plain(x):\n    return x\n", "").replace("    def plain(self):\n        return 1\n\n", "")
    kept = tuple(known.kept({"a.py": after.encode()}))
    assert kept == find_in_source(after, packs=[PACK], keys=["new"], path="a.py")
    assert [reference.span.start.line for reference in kept] == [5, 9]


def test_a_class_as_it_was_is_told_once_for_each_of_its_references() -> None:
    known = unchanged("old")
    after = f"import os\n{CODE}"
    assert [reference.span.start.line for reference in known.kept({"a.py": after.encode()})] == [8, 15]


def test_references_that_go_are_not_told_again() -> None:
    assert list(unchanged("new").kept({"a.py": CODE.encode()})) == []


def test_what_also_belongs_to_another_place_is_read_again() -> None:
    found = find_in_source(CODE, packs=[PACK], keys=["new"], path="a.py")
    found = [replace(item, related=(Label("declared here", item.span),)) for item in found]
    known = Unchanged(Sources({"a.py": CODE.encode()}), found, ["old"])
    assert not known.is_dull("a.py", 'def reading():\n    return flags.is_enabled("new")')


def test_a_word_in_a_text_is_looked_at_again() -> None:
    found = [replace(item, kind=Kind.TEXT) for item in find_in_source(CODE, packs=[PACK], keys=["new"], path="a.py")]
    known = Unchanged(Sources({"a.py": CODE.encode()}), found, ["old"])
    assert not known.is_dull("a.py", 'def reading():\n    return flags.is_enabled("new")')


CALLS = """\
import flags
from gates import enabled as is_on, other

def page(user, client):
    a = user.name(1), other.value(user)
    b = is_on("stays"), is_on(user)
    c = flags.is_enabled("new")
    d = user.has("new")
    return a, b, c, d
"""


def calls() -> Unchanged:
    found = find_in_source(CALLS, packs=[PACK], keys=["new", "stays"], path="a.py")
    assert len(found) == 1
    start = CALLS.index('is_on("stays")')
    text = Sources({"a.py": CALLS.encode()}).text("a.py")
    assert text is not None
    span = Span("a.py", text.position(start), text.position(start + len('is_on("stays")')))
    found = (*found, replace(found[0], span=span, key=Literal("stays")))
    return Unchanged(Sources({"a.py": CALLS.encode()}), found, ["new"], ["shop.gates.value"])


def test_a_call_that_stood_there_and_was_no_reference_is_none_now() -> None:
    assert calls().is_no_reference("a.py", "name", "user.name(1)")


def test_a_call_that_was_not_there_may_be_a_reference() -> None:
    assert not calls().is_no_reference("a.py", "name", "user.name(2)")
    assert not calls().is_no_reference("b.py", "name", "user.name(1)")


def test_a_call_that_was_a_reference_is_looked_at_again() -> None:
    assert not calls().is_no_reference("a.py", "is_enabled", 'flags.is_enabled("new")')


def test_a_call_of_what_reads_flags_is_looked_at_again_whatever_it_is_called_here() -> None:
    assert not calls().is_no_reference("a.py", "value", "other.value(user)")
    assert not calls().is_no_reference("a.py", "is_on", "is_on(user)")


def test_a_call_that_spells_a_flag_that_goes_is_looked_at_again() -> None:
    assert not calls().is_no_reference("a.py", "has", 'user.has("new")')
