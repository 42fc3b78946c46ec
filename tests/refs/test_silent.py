"""Files that a hook need not read: none of them may hold a reference, and most files that hold none are among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reference_kit.projects import CLIENT, line, search

from flaglint.refs import silent
from flaglint.refs.index import SpecIndex
from flaglint.refs.packs import load_packs
from flaglint.refs.scan import Files

if TYPE_CHECKING:
    from pathlib import Path

GATE = CLIENT + "\n\ndef on(key, user=None):\n    return client.get_boolean_value(key, False)\n"
KEYS = ("new-cart", "two words")


def silent_files(root: Path, files: dict[str, str | bytes]) -> list[str]:
    for name, code in {"shop/__init__.py": "", "shop/gate.py": GATE, "lib/": "", **files}.items():
        target = root / name
        if name.endswith("/"):
            target.mkdir(parents=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(code if isinstance(code, bytes) else code.encode())
    silence = silent.Silence(Files(root), silent.Words.of(SpecIndex(load_packs()), KEYS))
    loud = silence.loud(files)
    return [path for path in files if path not in loud]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "x = 1\n",
        "import json\nfrom os.path import join\n\nimport yaml as y\nprint(json, join, y)\n",
        "def total(items):\n    return sum(item.get('price', 0) for item in items)  # an important sum\n",
        "def broken(:\n",
        "größe = 'ﬁne'\n",
        '"""Words like\nimport json\nin a docstring."""\n',
    ],
)
def test_a_file_without_a_word_or_an_import_of_the_project_is_not_read(tmp_path: Path, code: str) -> None:
    assert silent_files(tmp_path, {"shop/dull.py": code}) == ["shop/dull.py"]


@pytest.mark.parametrize(
    "code",
    [
        "def read(client):\n    return client.get_boolean_value('new', False)\n",
        "from shop.gate import on\n",
        "from .gate import on\n",
        "from . import gate\n",
        "import shop.gate\n",
        "import json, shop.gate\n",
        "import json; from shop.gate import on\n",
        "from shop.gate \\\n    import on\n",
        "import \\\n    shop.gate\n",
        "if True: from shop.gate import on\n",
        "import json\rfrom shop.gate import on\r",
        "import gate\n",  # as applications put their own folder on the path
        "def page(:\n    return 'new-cart'\n",
        "'two words' if\n",
        "def test(mocker):\n    mocker.patch('shop.gate.CART')\n",
        "client.get_ﬂag = client.ﬂag_is_active('new')\n",  # Python reads the ligature as two letters
        "exec('import shop.gate')\n",
    ],
)
def test_a_file_that_may_refer_to_a_flag_is_read(tmp_path: Path, code: str) -> None:
    assert silent_files(tmp_path, {"shop/page.py": code}) == []


def test_a_module_that_a_pack_may_name_by_itself_is_read(tmp_path: Path) -> None:
    assert silent_files(tmp_path, {"shop/DEFAULT_FEATURE_FLAGS.py": "x = 1\n", "shop/other.py": "x = 1\n"}) == [
        "shop/other.py"
    ]


def test_bytes_in_another_encoding_are_looked_at_as_text(tmp_path: Path) -> None:
    code = "# coding: utf-7\nclient.get+AF8-boolean+AF8-value('new', False)\n"
    assert silent_files(tmp_path, {"shop/page.py": code.encode()}) == []


def test_the_statements_of_such_a_file_are_not_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(text: str) -> None:
        raise AssertionError(text)

    monkeypatch.setattr("flaglint.refs.program.cut", refused)
    found = search({"a.py": "import json\n", "b.py": "x = {}.get('k')\n"}, scope="file", given=["a.py", "b.py"])
    assert (found.references, found.failures, found.files.seen) == ((), (), 2)


def test_a_file_beside_it_is_read_as_before(tmp_path: Path) -> None:
    files = {"dull.py": "x = 1\n", "gate.py": GATE, "page.py": "from gate import on\nif on('cart'): ...\n"}
    both = search(files, scope="file", given=["dull.py", "page.py"])
    alone = search(files, scope="file", given=["page.py"])
    assert [line(item) for item in both.references] == [line(item) for item in alone.references] != []
    assert both.files.seen == 2
