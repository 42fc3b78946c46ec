"""What a search found is remembered while nothing that it looked at has changed, and never a moment longer."""

import errno
import importlib.util
import json
import os
import sys
import tempfile
import types
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flaglint import pipeline
from flaglint.config import load
from flaglint.model import Reference, Skipped
from flaglint.refs import remembered, scan, whole, words
from flaglint.render import references as render

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
    find = whole.find_references

    def counting(*args: object, **options: object) -> object:
        counted.append(1)
        return find(*args, **options)  # type: ignore[arg-type]

    for module in (whole, pipeline):
        monkeypatch.setattr(module, "find_references", counting)
    return counted


def analysed(root: Path, **options: bool) -> pipeline.Analysis:
    return pipeline.analyse(load(root), now=1_790_000_000, **options)  # type: ignore[arg-type]


def test_what_was_written_just_before_a_run_is_read_once_more_and_then_known_by_its_times(
    root: Path, searches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    digested: list[str] = []
    digest_of = remembered.Memory._digest_of

    def counting(self: remembered.Memory, path: str) -> str | None:
        digested.append(path)
        return digest_of(self, path)

    monkeypatch.setattr(remembered.Memory, "_digest_of", counting)
    analysed(root)
    monkeypatch.setattr(remembered, "YOUNG", -3_600_000_000_000)  # as if that were long ago
    digested.clear()
    analysed(root)
    assert "shop/views.py" in digested
    digested.clear()
    analysed(root)
    assert [path for path in digested if path in SHOP and not path.startswith("vendor/")] == []
    assert len(searches) == 1
    (root / "shop/views.py").write_text("x = 1\n", encoding="utf-8")
    analysed(root)
    assert len(searches) == 2


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


def test_another_interpreter_or_parser_finds_for_itself(
    root: Path, searches: list[int], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    parser = tmp_path_factory.mktemp("parser") / "libcst.py"
    parser.write_text("VERSION = 1\n", encoding="utf-8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: types.SimpleNamespace(origin=str(parser)))
    analysed(root)
    parser.write_text("VERSION = 1.0\n", encoding="utf-8")
    analysed(root)
    assert len(searches) == 2
    monkeypatch.setattr(sys, "version", "3.99.0 (of tomorrow)")
    for _ in range(2):
        analysed(root)
    assert len(searches) == 3


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


def document(root: Path, **options: bool) -> str:
    """Return all that a run says of a project, as text."""
    analysis = analysed(root, **options)
    graph = analysis.graph
    failures = [(item.span, item.message, sorted(item.mentions)) for item in graph.failures]
    rest = (failures, graph.wrappers, sorted(analysis.commented), sorted(graph.skipped, key=lambda item: item.path))
    return render.as_json(graph.references, graph, analysis.counts, ()) + repr(rest)


QUIET = "import os\n\n\ndef size(path):\n    return os.stat(path).st_size\n"


@pytest.mark.parametrize("later", ["", QUIET.replace("size", "length"), "x = (\n", "class Cart:\n    carts = []\n"])
def test_a_file_that_says_nothing_may_change_without_another_search(
    root: Path, searches: list[int], later: str
) -> None:
    (root / "shop/sizes.py").write_text(QUIET, encoding="utf-8")
    age(root)
    before = document(root)
    for text in (later, QUIET, later):
        (root / "shop/sizes.py").write_text(text, encoding="utf-8")
        assert document(root) == before
    assert len(searches) == 1
    assert document(root, cache=False) == before


@pytest.mark.parametrize(
    "later",
    [
        "from shop.gates import client\nclient.get_boolean_value('cart', False)\n",
        "LABELS = ['cart']\n",
        "import waffle\n",
        "# flaglint: ignore\nx = 1\n",
        "# .. toggle_name: new_toggle\nx = 1\n",
        "import vendor.keys\nvendor.keys.WISH = 'cart'\n",
        "from vendor import keys\nfor name in dir(keys):\n    setattr(keys, name, 'cart')\n",
        None,
    ],
)
def test_a_file_that_comes_to_say_something_is_searched(root: Path, searches: list[int], later: str | None) -> None:
    (root / "shop/sizes.py").write_text(QUIET, encoding="utf-8")
    age(root)
    document(root)
    if later is None:
        (root / "shop/sizes.py").rename(root / "shop/lengths.py")
    else:
        (root / "shop/sizes.py").write_text(later, encoding="utf-8")
    assert document(root) == document(root, cache=False)
    assert len(searches) == 3


def test_a_file_that_others_look_into_is_never_quiet(root: Path, searches: list[int]) -> None:
    (root / "shop/names.py").write_text("def name_of(kind):\n    return 'car' + kind\n", encoding="utf-8")
    (root / "shop/asking.py").write_text(
        "from shop.gates import client\nfrom shop.names import name_of\n"
        "client.get_boolean_value(name_of('t'), False)\n",
        encoding="utf-8",
    )
    age(root)
    before = document(root)
    (root / "shop/names.py").write_text("def name_of(kind):\n    return 'ca_' + kind\n", encoding="utf-8")
    after = document(root)
    assert after == document(root, cache=False) != before
    assert len(searches) == 3


def test_a_word_that_ceases_to_be_common_change_by_change_is_searched_for(
    root: Path, searches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "COMMON_FROM", 3)
    (root / "shop/pieces.py").write_text(
        "from shop.gates import client\ndef show(key):\n    return client.get_boolean_value(key, False)\n"
    )
    (root / "shop/short.py").write_text("from shop.pieces import *\nBANNER = 'banner'\n")
    (root / "shop/far.py").write_text("from shop.short import BANNER, show as shown\nshown(BANNER)\n")
    quiet = [root / f"shop/quiet_{number}.py" for number in range(4)]
    for path in quiet:
        path.write_text("def page(canvas):\n    return canvas.show()\n")
    age(root)
    before = document(root)
    for path in quiet:
        path.write_text("def page(canvas):\n    return canvas\n")
        assert document(root) == document(root, cache=False)
    assert "banner" in document(root)
    assert "banner" not in before
    assert len(searches) < 1 + 2 * len(quiet), "some of the changes were quiet"


def test_a_source_folder_that_appears_beside_the_listed_files_is_looked_into(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.flaglint]\nexclude = ['src', 'vendor/**']\n", encoding="utf-8")
    (root / "shop/more.py").write_text(
        "from names.more import MORE\nfrom shop.gates import client\nclient.get_boolean_value(MORE, False)\n"
    )
    age(root)
    before = document(root)
    (root / "src/names").mkdir(parents=True)
    (root / "src/names/more.py").write_text("MORE = 'wish-list'\n", encoding="utf-8")
    assert document(root) == document(root, cache=False) != before


def test_a_file_that_is_written_while_it_is_searched_is_searched_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "shop/views.py"
    find = whole.find_references
    path.write_text(SHOP["shop/views.py"], encoding="utf-8")

    def meanwhile(*args: object, **options: object) -> object:
        found = find(*args, **options)  # type: ignore[arg-type]
        rewritten(root)  # on a file system whose clock ticks every second or two
        return found

    monkeypatch.setattr(whole, "find_references", meanwhile)
    monkeypatch.setattr(remembered, "os", _at_one_time(path.stat().st_mtime_ns))
    before = document(root)
    monkeypatch.setattr(whole, "find_references", find)
    assert document(root) == document(root, cache=False) != before


def test_a_file_that_is_written_after_it_was_read_is_searched_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "shop/views.py").write_text(SHOP["shop/views.py"], encoding="utf-8")
    look = remembered.Memory.look

    def looking(self: remembered.Memory, contents: Mapping[str, bytes]) -> None:
        if contents and not changed:
            changed.append(1)
            rewritten(root)
        look(self, contents)

    changed: list[int] = []
    monkeypatch.setattr(remembered.Memory, "look", looking)
    before = document(root)
    assert changed
    assert document(root) == document(root, cache=False) != before


def test_a_file_that_vanished_for_a_moment_is_searched_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    views = root / "shop/views.py"
    text = views.read_text(encoding="utf-8")
    views.write_text(text, encoding="utf-8")
    read, look = scan.read, remembered.Memory.look

    def reading(folder: Path, path: str) -> bytes | Skipped:
        return read(folder, "gone.py" if path == "shop/views.py" and not back else path)

    def looking(self: remembered.Memory, contents: Mapping[str, bytes]) -> None:
        if contents:
            back.append(1)
        look(self, contents)

    back: list[int] = []
    monkeypatch.setattr(scan, "read", reading)
    monkeypatch.setattr(remembered.Memory, "look", looking)
    before = document(root)
    assert back
    assert document(root) == document(root, cache=False) != before


@pytest.mark.parametrize("path", ["shop/views.py", "page.html"])
def test_a_file_that_could_not_be_read_is_tried_again(
    root: Path, searches: list[int], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    opened, of = os.open, remembered.Memory._digest_of

    def failing(name: str, *arguments: int, **options: int) -> int:
        if name == f"{root}/{path}":
            raise OSError(errno.EIO, "Input/output error")
        return opened(name, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", failing)
        patched.setattr(remembered.Memory, "_digest_of", lambda self, name: None if name == path else of(self, name))
        patched.setattr(remembered, "YOUNG", -3_600_000_000_000)  # as if it were old
        before = document(root)
        for _ in range(2):
            assert document(root) == before
    assert len(searches) == 1
    assert document(root) == document(root, cache=False) != before


def _at_one_time(nanoseconds: int) -> types.SimpleNamespace:
    """Return what `remembered` asks of the system, on one where all files were changed at the same time."""

    def stat(path: str) -> types.SimpleNamespace:
        found = os.stat(path)  # noqa: PTH116 - what is stood in for
        return types.SimpleNamespace(
            st_size=found.st_size, st_ino=found.st_ino, st_mtime_ns=nanoseconds, st_ctime_ns=nanoseconds
        )

    return types.SimpleNamespace(stat=stat, path=os.path, scandir=os.scandir, getpid=os.getpid)


PIECES = st.sampled_from(
    [
        "x = 1\n",
        "from shop.gates import client\n",
        "client.get_boolean_value('cart', False)\n",
        "def is_on(key):\n    return client.get_boolean_value(key, False)\n",
        "from shop.a import is_on\n",
        "is_on('wish-list')\n",
        "NAME = 'cart'\n",
        "from shop.b import NAME\n",
        "import waffle\nwaffle.flag_is_active(None, NAME)\n",
        "cart = {}\n",
        "# flaglint: ignore[FLG201]\n",
        "from openfeature import api\nclient = api.get_client()\n",
        "class get_boolean_value: pass\n",
        "(\n",
    ]
)
TEXTS = st.lists(PIECES, max_size=4).map("".join)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d"]), TEXTS), min_size=2, max_size=4))
def test_what_is_remembered_is_what_a_search_finds(changes: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in SHOP.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        for name in "abcd":
            (root / f"shop/{name}.py").write_text("", encoding="utf-8")
        age(root)
        document(root)
        for name, text in changes:
            (root / f"shop/{name}.py").write_text(text, encoding="utf-8")
            assert document(root) == document(root, cache=False)
