"""After a change, only those files that are not Python are searched that changed themselves."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flaglint import pipeline
from flaglint.config import load
from flaglint.refs import remembered, remembered_texts
from flaglint.refs.texts import Texts
from flaglint.refs.textual import TextSearch

SHOP = {
    "flaglint.toml": "sdks = ['openfeature', 'waffle']\n",
    "flags.yaml": "version: 1\nflags:\n  new-cart: {}\n  wish-list: {}\n",
    "shop.py": "from openfeature import api\n\napi.get_client().get_boolean_value('new-cart', False)\n",
    "page.html": "<p data-flag='new-cart'>{% flag 'wish-list' %}\n",
    "cart.js": "// flaglint: ignore[FLG201] it comes later\nisOn('new-cart')\n",
    "plain.css": "p { color: red }\n",
    "logo.bin": "\0\1\0 'new-cart' \0",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(remembered, "YOUNG", -3_600_000_000_000)  # no file of a test is older than its run otherwise
    for name, text in SHOP.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the files that are searched."""
    paths: list[str] = []
    search = TextSearch.file

    def noting(self: TextSearch, path: str, data: bytes) -> Texts:
        paths.append(path)
        return search(self, path, data)

    monkeypatch.setattr(TextSearch, "file", noting)
    return paths


def analysed(root: Path, *, cache: bool = True) -> pipeline.Analysis:
    return pipeline.analyse(load(root), now=1_790_000_000, cache=cache)


def entry_of(root: Path) -> Path:
    (entry,) = (root / ".flaglint_cache" / remembered_texts.FOLDER).iterdir()
    return entry


def change(root: Path, name: str, text: str) -> None:
    (root / name).write_text(SHOP.get(name, "") + text, encoding="utf-8")


OTHERS = ["cart.js", "flaglint.toml", "logo.bin", "page.html", "plain.css"]


@pytest.mark.parametrize(
    ("name", "text", "again"),
    [
        ("shop.py", "x = 'wish-list'\n", []),
        ("plain.css", "/* 'wish-list' */", ["plain.css"]),
        ("cart.js", "isOn('wish-list')", ["cart.js"]),
        ("logo.bin", "'wish-list'", ["logo.bin"]),
        ("new.js", "isOn('wish-list')", ["new.js"]),
        ("shop.py", "import waffle\n", []),
        ("flags.yaml", "  third: {}\n", OTHERS),
        ("flaglint.toml", "aliases = ['camelCase']\n", OTHERS),
    ],
)
def test_only_what_changed_is_searched_again(
    root: Path, looked_at: list[str], name: str, text: str, again: list[str]
) -> None:
    analysed(root)
    assert looked_at == OTHERS
    looked_at.clear()
    change(root, name, text)
    after = analysed(root)
    assert looked_at == again
    fresh = analysed(root, cache=False)
    assert after.graph == fresh.graph
    assert after.commented == fresh.commented


def test_a_file_that_is_gone_says_nothing_any_more_and_is_forgotten(root: Path, looked_at: list[str]) -> None:
    analysed(root)
    (root / "page.html").unlink()
    change(root, "plain.css", "/* */")
    looked_at.clear()
    after = analysed(root)
    assert looked_at == ["plain.css"]
    assert after.graph == analysed(root, cache=False).graph
    assert b"page.html" not in entry_of(root).read_bytes()


def test_a_file_that_keeps_its_size_and_time_is_searched_again(root: Path, looked_at: list[str]) -> None:
    analysed(root)
    looked_at.clear()
    path = root / "cart.js"
    state = path.stat()
    path.write_text(SHOP["cart.js"].replace("new-cart", "old-cart"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    after = analysed(root)
    assert looked_at == ["cart.js"]
    assert after.graph == analysed(root, cache=False).graph


def test_a_file_that_was_written_a_moment_ago_is_not_remembered(
    root: Path, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "YOUNG", 3_600_000_000_000)
    analysed(root)
    change(root, "shop.py", "x = 1\n")
    analysed(root)
    assert looked_at == OTHERS * 2


def test_a_file_that_cannot_be_read_is_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = pipeline.text_references.__globals__["read"]
    monkeypatch.setitem(
        pipeline.text_references.__globals__,
        "read",
        lambda root, path: read(root, "gone.css" if path == "plain.css" else path),
    )
    assert "gone.css" in {skip.path for skip in analysed(root).graph.skipped}
    monkeypatch.undo()
    assert b"plain.css" not in entry_of(root).read_bytes()


def test_other_packages_that_are_imported_make_the_tags_of_templates_others(root: Path, looked_at: list[str]) -> None:
    (root / "flaglint.toml").unlink()
    analysed(root)
    looked_at.clear()
    change(root, "shop.py", "import waffle\n")
    after = analysed(root)
    assert looked_at == ["cart.js", "logo.bin", "page.html", "plain.css"]
    assert after.graph == analysed(root, cache=False).graph


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data.replace(b"new-cart", b"old-cart"),
        lambda data: data.partition(b"\n")[0] + b"\n{}",
        lambda data: b"\xff" + data,
    ],
)
def test_an_entry_that_somebody_spoilt_is_none(
    root: Path, looked_at: list[str], spoil: Callable[[bytes], bytes]
) -> None:
    analysed(root)
    entry = entry_of(root)
    entry.write_bytes(spoil(entry.read_bytes()))
    change(root, "shop.py", "x = 1\n")
    looked_at.clear()
    assert analysed(root).graph == analysed(root, cache=False).graph
    assert looked_at == OTHERS * 2


def test_an_entry_of_another_shape_is_none(root: Path, looked_at: list[str]) -> None:
    analysed(root)
    entry = entry_of(root)
    for document in ([], {"rows": [[99]], "silent": [], "said": []}, {"rows": [], "silent": 1, "said": []}):
        body = json.dumps(document).encode()
        entry.write_bytes(remembered_texts._header(body) + body)
        change(root, "shop.py", f"x = {document!r}\n")
        looked_at.clear()
        analysed(root)
        assert looked_at == OTHERS


def test_nothing_is_written_when_nothing_is_new(root: Path) -> None:
    analysed(root)
    before = entry_of(root).stat()
    change(root, "shop.py", "x = 1\n")
    analysed(root)
    assert entry_of(root).stat().st_mtime_ns == before.st_mtime_ns


def test_keeps_a_few_sets_of_keys_and_no_more(root: Path) -> None:
    for number in range(remembered_texts.AT_MOST + 3):
        change(root, "flags.yaml", f"  flag-{number}: {{}}\n")
        analysed(root)
    assert len(list((root / ".flaglint_cache" / remembered_texts.FOLDER).iterdir())) == remembered_texts.AT_MOST
