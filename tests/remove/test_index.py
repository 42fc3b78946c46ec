"""An index says of files what reading every one of them says, and without reading any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.remove.bytewise import has_star, may_patch
from flaglint.remove.index import read_index, written_facts, written_words
from flaglint.remove.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.remove.index import Index

ROOTS = ("src/", "")
FILES = {
    "setup.py": b"import shop.gates\n",
    "src/shop/__init__.py": b"from .gates import is_open\n",
    "src/shop/gates.py": b"class Gate(Base, metaclass=Meta):\n    is_open = True\n",
    "src/shop/cart.py": b"from shop import gates\nfrom . import __doc__\nif gates.is_open: pass\n",
    "src/shop/stars.py": b"from shop.gates import *\nfrom shop.cart import (\n    *\n)",
    "src/shop/near.py": b"import gates\nreopen = 'shop.gates:is_open'\n",
    "src/shop/odd-name.py": b"class Odd(  # of shop\n    shop.gates.Gate[Base]\n): is_opened = 1\nclass None_: pass\n",
    "tests/test_cart.py": b"with mock.patch.object(gates, 'is_open'): pass\n# is_open\n",
    "tests/conftest.py": b"patched = 'is_open'\n",
    "src/shop/caf\xc3\xa9.py".encode("latin-1").decode("utf-8"): "café = is_open".encode("latin-1") + b"\n\xff\n",
    "setup.cfg": b"[options]\nopen = shop.gates:is_open\nother = shop.gates.is_shut.\n",
    "docs/index.md": b"shop.odd-name.x and gates is_open. gates: is_open",
    "notes.json": b"",
    "logo.svg": b"gates.is_open",
}
WORDS = ("is_open", "open", "gates", "Gate", "caf", "café", "nowhere", "is", "", "is-open", "metaclass", "None_", "1")


def index_of(sources: Sources, state: str = "now") -> tuple[bytes, bytes]:
    python, settings, read_bytes = sources.python, sources.settings, sources.files.__getitem__
    return (
        written_words(state, python, settings, read_bytes),
        written_facts(
            state, python, settings, read_bytes, imported=sources.imported_by, patches=may_patch, stars=has_star
        ),
    )


def indexed(files: Mapping[str, bytes]) -> Sources:
    """Return files of which an index is known, and nothing else: none of them can be read."""
    sources = Sources(files, ROOTS)
    return Sources(dict.fromkeys(files, b""), ROOTS, read(index_of(sources), sources))


def read(data: tuple[bytes, bytes], sources: Sources, state: str = "now") -> Index | None:
    return read_index(*data, state, sources.python, sources.settings)


@pytest.mark.parametrize("word", [word for word in WORDS if len(word) > 2 and "-" not in word])
def test_tells_who_holds_a_word_or_a_part_of_one(word: str) -> None:
    assert indexed(FILES).with_word(word) == Sources(FILES, ROOTS).with_word(word)
    assert list(indexed(FILES).holding(word, ["setup.py"])) == list(Sources(FILES, ROOTS).holding(word, ["setup.py"]))


@pytest.mark.parametrize("word", ["word_1", "word_77", "word_4999", "ord_24", "999", "nowhere", "word_"])
def test_tells_who_holds_one_of_many_words(word: str) -> None:
    files = {f"shop/{number}.py": f"word_{number} = word_{number * 7 % 5000}\n".encode() for number in range(5000)}
    files["setup.cfg"] = b" ".join(b"shop.word_%d" % number for number in range(5000))
    known, sources = indexed(files), Sources(files, ROOTS)
    for _ in range(2):
        assert known.with_word(word) == sources.with_word(word)
        assert known.naming("shop/7.py", word) == sources.naming("shop/7.py", word)


@pytest.mark.parametrize("word", ["is", "a", "is-open", "shop.gates", "is open"])
def test_what_is_no_word_or_a_short_one_is_looked_for_in_the_files(word: str) -> None:
    sources = Sources(FILES, ROOTS)
    known = Sources(FILES, ROOTS, read(index_of(sources), sources))
    assert known.index is not None
    assert known.index.holding(word) is None
    assert known.with_word(word) == sources.with_word(word)


def test_tells_who_imports_a_module() -> None:
    known, sources = indexed(FILES), Sources(FILES, ROOTS)
    found = {target: [path for path in sources.python if known.is_importer(path, target)] for target in sources.python}
    assert found == {
        target: [path for path in sources.python if sources.is_importer(path, target)] for target in sources.python
    }
    assert found["src/shop/gates.py"] == [
        "setup.py",
        "src/shop/__init__.py",
        "src/shop/cart.py",
        "src/shop/stars.py",
    ]


def test_tells_who_takes_everything_who_inherits_and_who_may_mock() -> None:
    known, sources = indexed(FILES), Sources(FILES, ROOTS)
    assert known.starring == sources.starring == ("src/shop/stars.py",)
    assert known.index is not None
    assert known.index.inheriting("Base") == ("src/shop/gates.py", "src/shop/odd-name.py")
    assert known.index.inheriting("Gate") == ("src/shop/odd-name.py",)
    assert known.index.inheriting("None_") == ()
    assert known.index.inheriting("caf\xe9") is None
    assert known.index.patching == ("tests/test_cart.py",)


def test_classes_are_looked_up_only_where_they_may_inherit() -> None:
    sources = Sources(FILES, ROOTS)
    known = Sources(FILES, ROOTS, read(index_of(sources), sources))
    for base in ("Base", "Gate", "shop", "Meta", "is_open", "caf\xe9"):
        assert list(known.inheriting(base)) == list(sources.inheriting(base))


def test_tells_which_settings_spell_what_a_module_defines() -> None:
    known, sources = indexed(FILES), Sources(FILES, ROOTS)
    for target in sources.python:
        for name in ("is_open", "is_shut", "x", "open"):
            if target != "src/shop/odd-name.py":  # that is no word, so that the files are read
                assert known.naming(target, name) == sources.naming(target, name)
    assert known.naming("src/shop/gates.py", "is_open") == ["setup.cfg"]
    assert known.index is not None
    assert known.index.spelling("odd-name.x") is None


def test_says_nothing_of_files_that_have_changed() -> None:
    sources = Sources(FILES, ROOTS)
    known = Sources(FILES, ROOTS, read(index_of(sources), sources))
    contents = {"setup.py": b"import shop.cart as is_open\n", "src/shop/cart.py": b"class Cart(Gate): x\n"}
    now, then = known.changed(contents), Sources({**FILES, **contents}, ROOTS)
    assert now.with_word("is_open") == then.with_word("is_open")
    assert now.starring == then.starring
    assert list(now.inheriting("Gate")) == list(then.inheriting("Gate"))
    for target in ("src/shop/gates.py", "src/shop/cart.py"):
        assert [now.is_importer(path, target) for path in now.python] == [
            then.is_importer(path, target) for path in then.python
        ]


@pytest.mark.parametrize("count", [1, 8, 9, 1_000, 70_000])
def test_counts_as_many_files_as_there_are(count: int) -> None:
    files = {f"m{number:05}.py": b"" for number in range(count)}
    last = max(files)
    files[last] = b"word"
    assert indexed(files).with_word("word") == (last,)


def test_is_of_one_state_of_some_files_and_whole() -> None:
    sources = Sources(FILES, ROOTS)
    data = index_of(sources)
    assert read(data, sources) is not None
    assert read(data, sources, "later") is None
    assert read(data, Sources({**FILES, "more.py": b""}, ROOTS)) is None
    assert read(data, Sources({**FILES, "more.txt": b""}, ROOTS)) is None
    words, facts = data
    assert read((facts, words), sources) is None
    for broken in (b"", b"\n", words[:-1], words.replace(b"is_open", b"is_shut", 1), words.replace(b",", b" ", 1)):
        assert read((broken, facts), sources) is None
    sizes = words.partition(b"\n")[0].rpartition(b" ")[2]
    assert read((words.replace(sizes, sizes.replace(b",", b",0", 1), 1), facts), sources) is None
    assert read((words, facts[:-1]), sources) is None


@given(
    st.lists(st.text("ab_\u00e9\n #.:('\"", max_size=12).map(lambda text: text.encode()), min_size=1, max_size=12).map(
        lambda texts: {f"{number:02}.py": text for number, text in enumerate(texts)}
    ),
    st.text("ab_\u00e9", min_size=3, max_size=5),
)
def test_finds_what_a_search_of_the_bytes_finds(files: dict[str, bytes], word: str) -> None:
    assert indexed(files).with_word(word) == Sources(files).with_word(word)
