"""A word is looked for in no more files than it takes to answer."""

from collections.abc import Iterator, Mapping

import pytest

from flaglint.remove.import_lines import may_import
from flaglint.remove.sources import Sources

FILES = {
    "a.py": b"nothing",
    "b.py": b"word",
    "c.py": b"a word of it",
    "d.py": b"more words",
    "e.py": b"none",
    "f.txt": b"word",
}


class Counted(Mapping[str, bytes]):
    """Files that know which of them were read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.read: list[str] = []

    def __getitem__(self, path: str) -> bytes:
        self.read.append(path)
        return self.files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def test_the_python_files_that_hold_a_word_are_found_in_order() -> None:
    assert Sources(FILES).with_word("word") == ("b.py", "c.py", "d.py")
    assert list(Sources(FILES).holding("word")) == ["b.py", "c.py", "d.py"]


def test_no_file_behind_the_answer_is_read() -> None:
    files = Counted(FILES)
    assert next(Sources(files).holding("word")) == "b.py"
    assert files.read == ["a.py", "b.py"]


def test_what_is_likely_comes_first_and_once() -> None:
    files = Counted(FILES)
    found = Sources(files).holding("word", ("e.py", "d.py", "missing.py"))
    assert next(found) == "d.py"
    assert "a.py" not in files.read
    assert list(found) == ["b.py", "c.py"]


def test_a_search_goes_on_where_another_one_stopped() -> None:
    files = Counted(FILES)
    sources = Sources(files)
    first, second = sources.holding("word"), sources.holding("word")
    assert [next(first), next(second), next(second), next(first)] == ["b.py", "b.py", "c.py", "c.py"]
    assert sources.with_word("word") == ("b.py", "c.py", "d.py")
    assert [*first, *second] == ["d.py", "d.py"]
    assert files.read == sorted(set(FILES) - {"f.txt"})


def test_changed_files_are_searched_as_they_are_then() -> None:
    files = Counted(FILES)
    sources = Sources(files)
    list(sources.holding("word"))
    files.read.clear()
    changed = sources.changed({"b.py": b"gone", "e.py": b"word"})
    assert list(changed.holding("word")) == ["e.py", "c.py", "d.py"]
    assert changed.with_word("word") == ("c.py", "d.py", "e.py")
    assert list(changed.holding("word", ["b.py", "d.py"])) == ["d.py", "e.py", "c.py"]
    assert sources.with_word("word") == ("b.py", "c.py", "d.py")


def test_a_name_that_a_quote_follows_is_found_as_that() -> None:
    sources = Sources({"a.py": b"has(has_x, 'has", "b.py": b'"m.has"', "c.py": b"'has", "d.py": b"x.has'y"})
    assert sources.patching("has") == ("b.py", "d.py")


def test_a_module_has_the_name_of_its_packages() -> None:
    sources = Sources(
        dict.fromkeys(("src/a/b/c.py", "src/a/b/__init__.py", "d/e.py", "lib/f.py", "__init__.py", "a/b/x.pyi"), b""),
        ("src/", "lib/", ""),
    )
    assert sources.name_of("src/a/b/c.py") == "b.c"
    assert sources.name_of("src/a/b/__init__.py") == "b"
    assert sources.name_of("d/e.py") == "d.e"
    assert sources.name_of("lib/f.py") == "f"
    assert sources.name_of("__init__.py") == "__init__"


@pytest.mark.parametrize(
    "line",
    [
        b"from a.event import x",
        b"    import event as e",
        b"from a import (  # why\n    other,\n    event as e,\n)",
        b"from a import \\\n    b, event",
        b"x = 1; import a, \\\r\n  b.event",
        "from ä import (\n    ö, event)".encode(),
    ],
)
def test_a_word_in_an_import_statement_may_be_imported(line: bytes) -> None:
    assert may_import(b"import os\n" + line, b"event")


@pytest.mark.parametrize(
    "line", [b"self.event = 1", b"# event\n", b'x = "event"', b"if x: event.y", b"f(x=event)", b""]
)
def test_a_word_that_stands_elsewhere_is_not_imported(line: bytes) -> None:
    assert not may_import(b"import os\n" + line, b"event")


def test_star_imports_of_a_module_are_found_also_in_files_that_changed() -> None:
    sources = Sources(
        {
            "shop/__init__.py": b"",
            "shop/a.py": b"",
            "b.py": b"from shop.a import *\n",
            "c.py": b"from shop.other import *\nx = shop.a\n",
            "d.py": b"from shop.a import x\ny = 2 * 3\n",
        }
    )
    assert list(sources.stars_of("shop/a.py")) == ["b.py"]
    changed = sources.changed({"b.py": b"", "d.py": b"from shop.a import(*)\n"})
    assert list(changed.stars_of("shop/a.py")) == ["d.py"]
    assert list(sources.stars_of("shop/a.py")) == ["b.py"]
