"""What the first removal from a project finds out about its files, the next one knows, until something changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint import config, pipeline
from flaglint.records import replace
from flaglint.refs import aside
from flaglint.remove import indexed
from flaglint.remove.describe import as_json
from flaglint.remove.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flaglint.planning import Plans

CART = """\
from flaglint.evaluator import Evaluator

from shop import prices, rounding

flags = Evaluator.from_path("flags.yaml")


def total(user):
    if flags.boolean("done", user, False):
        return prices.price_of(user)
    return rounding.upwards(prices.price_of(user))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "flaglint.toml": "",
        "flags.yaml": 'version: 1\nflags:\n  done: {created: 2026-01-01, serve: "true"}\n',
        "shop/__init__.py": "",
        "shop/cart.py": CART,
        "shop/prices.py": "def price_of(user):\n    return 3\n",
        "shop/rounding.py": "def upwards(number):\n    return number + 1\n",
        "shop/words.py": "text = 'cart and its numbers'\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(indexed, "WORTH_IT", 3)

    def at_once(work: Callable[[], None], *, gives_way: bool) -> bool:
        assert gives_way
        work()
        return True

    monkeypatch.setattr(aside, "meanwhile", at_once)
    return tmp_path


def plans(root: Path, *, cache: bool = True) -> Plans:
    """Return plans that are made, as those of a flag that was not asked for before are."""
    return replace(pipeline.plans(pipeline.analyse(config.load(root), cache=cache, jobs=1)), earlier=None)


def kept(root: Path) -> list[Path]:
    return [path for part in (indexed.WORDS, indexed.FACTS) for path in (root / ".flaglint_cache" / part).glob("*")]


def removal(made: Plans) -> str:
    return as_json(made.plan({"done": Kept(True, "true", "as asked")}))


def index_of(made: Plans) -> object:
    return made._sources.index


def test_the_second_removal_has_an_index_of_the_files_and_plans_the_same(project: Path) -> None:
    first = plans(project)
    said = removal(first)
    assert '"path": "shop/rounding.py"' in said
    assert not kept(project)  # every file was at hand
    second = plans(project)
    assert removal(second) == said
    assert index_of(second) is None
    assert len(kept(project)) == 2
    third = plans(project)
    assert removal(third) == said
    assert index_of(third) is not None
    kept(project)[1].unlink()
    fourth = plans(project)
    assert removal(fourth) == said
    assert index_of(fourth) is None
    assert len(kept(project)) == 2


def test_with_an_index_only_files_that_may_matter_are_read(project: Path) -> None:
    for _ in range(3):
        known = plans(project)
        removal(known)
    assert index_of(known) is not None
    read = known._sources._bytes._known  # type: ignore[attr-defined]
    assert "shop/cart.py" in read
    assert "shop/words.py" not in read


@pytest.mark.parametrize("path", ["shop/words.py", "shop/new.py", "shop/cart.py"])
def test_an_index_is_forgotten_when_a_file_changes(project: Path, path: str) -> None:
    for _ in range(3):
        removal(plans(project))
    (project / path).write_text(f"{CART}\n\nfrom shop.rounding import upwards\nprint(upwards(2))\n")
    changed = plans(project)
    assert index_of(changed) is None
    assert '"path": "shop/rounding.py"' not in removal(changed)


def test_no_index_is_made_without_a_cache_nor_of_few_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        removal(plans(project, cache=False))
    assert not (project / ".flaglint_cache").exists()
    monkeypatch.setattr(indexed, "WORTH_IT", 100)
    for _ in range(3):
        removal(plans(project))
    assert not kept(project)


def test_a_readiness_alone_makes_no_index(project: Path) -> None:
    for _ in range(3):
        assert plans(project)["done"].told is not None
    assert not kept(project)
