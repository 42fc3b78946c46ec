"""What a search found is remembered while nothing that it looked at has changed, and never a moment longer."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flaglint import pipeline
from flaglint.config import load
from flaglint.model import Reference
from flaglint.refs import remembered

SHOP = {
    "pyproject.toml": "[tool.flaglint]\nexclude = ['vendor/**']\n",
    "flags.yaml": "version: 1\nflags:\n  cart: {}\n  # flaglint: ignore[FLG305] for now\n  wish-list: {}\n",
    "shop/__init__.py": "",
    "shop/gates.py": "from openfeature import api\nfrom vendor.keys import WISH\n\nclient = api.get_client()\n",
    "shop/views.py": "from shop.gates import WISH, client\n\nclient.get_boolean_value('cart', False)\n"
    "client.get_boolean_value(WISH, False)\nLABELS = ['cart']\n",
    "vendor/__init__.py": "",
    "vendor/keys.py": "WISH = 'wish-list'\n",
    "page.html": "<p data-flag='cart'>\n",
    "broken.py": "client.get_boolean_value('cart', = False)\n",
    "latin.py": "# coding: no-such-codec\nx = 'cart'\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in SHOP.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    age(tmp_path)
    return tmp_path


def age(root: Path) -> None:
    """Make all files an hour old, as far as a program can."""
    for path in root.rglob("*"):
        if path.is_file():
            state = path.stat()
            os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns - 3_600_000_000_000))


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often the files were searched."""
    counted: list[int] = []
    find = pipeline.find_references

    def counting(*args: object, **options: object) -> object:
        counted.append(1)
        return find(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "find_references", counting)
    return counted


def analysed(root: Path, **options: bool) -> pipeline.Analysis:
    return pipeline.analyse(load(root), now=1_790_000_000, **options)  # type: ignore[arg-type]


def test_a_second_run_searches_nothing_and_knows_the_same(root: Path, searches: list[int]) -> None:
    first, second = analysed(root), analysed(root)
    assert len(searches) == 1
    assert first.graph.references
    for name in ("references", "wrappers", "failures", "skipped", "flags", "by_key", "by_path", "dynamic"):
        assert getattr(first.graph, name) == getattr(second.graph, name), name
    assert (first.counts, first.commented) == (second.counts, second.commented)
    assert {ref.span.path for ref in second.graph.by_key["wish-list"]} == {"shop/views.py"}
    assert second.graph.failures
    assert second.graph.skipped
    assert dict(first.contents) == dict(second.contents)


def test_without_a_cache_nothing_is_remembered(root: Path, searches: list[int]) -> None:
    assert analysed(root, cache=False).graph == analysed(root, cache=False).graph
    assert len(searches) == 2
    assert not (root / ".flaglint_cache").exists()


def rewritten(root: Path) -> None:
    """Change a file, and leave it its size and its time of change."""
    path = root / "shop/views.py"
    state = path.stat()
    path.write_text(SHOP["shop/views.py"].replace("'cart', False", "'wish', False"), encoding="utf-8")
    assert path.stat().st_size == state.st_size
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file": lambda root: (root / "shop/views.py").write_text("x = 1\n", encoding="utf-8"),
    "a file that keeps its size and time": rewritten,
    "a file that is new": lambda root: (root / "shop/more.py").write_text(SHOP["shop/views.py"], encoding="utf-8"),
    "a file that is gone": lambda root: (root / "page.html").unlink(),
    "a file that is read and excluded": lambda root: (root / "vendor/keys.py").write_text("WISH = 'other'\n"),
    "a module that was missing": lambda root: (root / "openfeature").mkdir(),
    "a key of the registry": lambda root: (root / "flags.yaml").write_text("version: 1\nflags:\n  carts: {}\n"),
    "a pack of the configuration": lambda root: (root / "pyproject.toml").write_text(
        SHOP["pyproject.toml"] + "[[tool.flaglint.calls]]\nfunction = 'shop.on'\nkey = {position = 0}\n"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_is_forgotten_when_something_changes_that_it_came_from(root: Path, searches: list[int], change: str) -> None:
    analysed(root)
    CHANGES[change](root)
    again = analysed(root)
    assert len(searches) == 2
    assert again.graph == analysed(root, cache=False).graph


def test_a_file_that_was_written_a_moment_ago_is_known_by_its_bytes(root: Path, searches: list[int]) -> None:
    (root / "shop/views.py").write_text(SHOP["shop/views.py"] + "x = 1\n", encoding="utf-8")
    analysed(root)
    analysed(root)
    assert len(searches) == 1
    (entry,) = (root / ".flaglint_cache" / remembered.FOLDER).iterdir()
    assert "shop/views.py" in json.loads(entry.read_bytes().partition(b"\n")[2])["contents"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data.replace(b'"cart"', b'"cost"'),
        lambda data: data.partition(b"\n")[0] + b"\n{}",
        lambda data: b"\xff" + data,
    ],
)
def test_an_entry_that_somebody_spoilt_is_none(
    root: Path, searches: list[int], spoil: Callable[[bytes], bytes]
) -> None:
    before = analysed(root)
    (entry,) = (root / ".flaglint_cache" / remembered.FOLDER).iterdir()
    entry.write_bytes(spoil(entry.read_bytes()))
    assert analysed(root).graph == before.graph
    assert len(searches) == 2


def test_a_folder_that_cannot_be_written_costs_time_alone(root: Path, searches: list[int]) -> None:
    (root / ".flaglint_cache").write_text("a file", encoding="utf-8")
    assert analysed(root).graph == analysed(root).graph
    assert len(searches) == 2


def test_keeps_a_few_configurations_and_no_more(root: Path) -> None:
    for number in range(remembered.AT_MOST + 3):
        (root / "flags.yaml").write_text(f"version: 1\nflags:\n  cart-{number}: {{}}\n", encoding="utf-8")
        analysed(root)
    assert len(list((root / ".flaglint_cache" / remembered.FOLDER).iterdir())) == remembered.AT_MOST


def test_files_that_are_given_are_reported_on_as_ever(root: Path, searches: list[int]) -> None:
    analysed(root)
    given = pipeline.analyse(load(root), [root / "shop/views.py"], now=1_790_000_000)
    assert given.given == {"shop/views.py"}
    in_file = pipeline.analyse(load(root), [root / "shop/views.py"], scope="file", now=1_790_000_000)
    assert _keys(in_file.graph.references) == {"cart", "wish-list"}
    assert len(searches) == 2


def _keys(references: tuple[Reference, ...]) -> set[str]:
    return {getattr(reference.key, "key", "") for reference in references}
