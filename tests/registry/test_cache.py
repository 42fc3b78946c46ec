"""A parsed registry kept on disk."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flaglint.config import RegistrySpec
from flaglint.registry import load
from flaglint.registry.packing import LateFlag, pack, unpack
from tests.registry.reading import registry
from tests.registry.test_native import EXAMPLE

if TYPE_CHECKING:
    from flaglint.definition import Flag, Registry

SPECS = [RegistrySpec("flags.yaml")]
BROKEN = """\
version: 1
attributes: {age: integer}
segments:
  s: {any: [{age: 'x'}, {not: {b: [1, 2.5, true, "é"]}}, {all: [{c: {exists: true}}]}], segment: t}
flags:
  one: {serve: {true: 0, false: 0}, "kill": yes, needs: {two: true, "odd\\tname": x}}
  two:
    {variants: {a: {x: [1, {y: z}]}, b: {}}, off_variant: b, kill: {since: 2026-01-01},
     environments: {default: {kill: true}}}
  two: {rules: [{ramp: {to: true, percent: [0, 12.5], from: 2026-01-01T00:00Z, until: 2026-01-02T00:00Z}}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "flags.yaml").write_text(EXAMPLE)
    return tmp_path


def cached(project: Path) -> Registry:
    return load(project, SPECS, cache=project / ".cache")


def entry(project: Path) -> Path:
    (found,) = (project / ".cache" / "registry").iterdir()
    return found


@pytest.mark.parametrize("text", [EXAMPLE, BROKEN, "version: 1\n"])
def test_what_is_unpacked_equals_what_was_packed(text: str) -> None:
    loaded = registry(text)
    assert unpack(pack(loaded)) == loaded
    assert loaded == unpack(pack(loaded))
    assert pack(unpack(pack(loaded))) == pack(loaded)


def test_a_flag_from_the_cache_is_a_flag_like_any_other() -> None:
    plain = registry(EXAMPLE).flags[1]
    late = unpack(pack(registry(EXAMPLE))).flags[1]
    assert isinstance(late, LateFlag)
    assert late == plain
    assert hash(unpack(pack(registry(EXAMPLE))).flags[0]) == hash(registry(EXAMPLE).flags[0])
    assert replace(late, owner="x") == replace(plain, owner="x")
    assert replace(late, owner="x") != plain
    assert pickle.loads(pickle.dumps(late)) == plain
    assert late != "release-one-page-checkout"


def test_a_flag_differs_by_each_of_its_late_fields() -> None:
    late = unpack(pack(registry(EXAMPLE))).flags[1]
    for name in ("variants", "needs", "rules", "environments", "field_spans"):
        changed: Flag = replace(late, **{name: ()})
        assert changed != late, name


def test_a_second_load_comes_from_the_cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, expected = cached(project), registry(EXAMPLE)
    monkeypatch.setattr("flaglint.registry.parsing.load_files", None)
    assert cached(project) == first == expected


def test_the_cache_needs_no_yaml(project: Path) -> None:
    cached(project)
    script = """if True:
        import sys
        from pathlib import Path
        from flaglint.config import RegistrySpec
        from flaglint.registry import load
        load(Path(sys.argv[1]), [RegistrySpec("flags.yaml")], cache=Path(sys.argv[1]) / ".cache")
        print("yaml" in sys.modules)
    """
    ran = subprocess.run([sys.executable, "-c", script, str(project)], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_a_changed_file_is_read_again(project: Path) -> None:
    cached(project)
    (project / "flags.yaml").write_text("version: 1\nflags: {f: {}}\n")
    assert [flag.key for flag in cached(project).flags] == ["f"]
    assert len(list((project / ".cache" / "registry").iterdir())) == 1


@pytest.mark.parametrize("change", ["truncate", "flip", "empty", "text", "folder", "other content"])
def test_an_entry_that_does_not_fit_is_not_there(project: Path, change: str) -> None:
    first = cached(project)
    path = entry(project)
    data = path.read_bytes()
    if change == "truncate":
        path.write_bytes(data[:-10])
    elif change == "flip":
        path.write_bytes(data.replace(b"disabled", b"enabledd"))
    elif change == "empty":
        path.write_bytes(b"")
    elif change == "text":
        path.write_text("not an entry\n{}\n")
    elif change == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(data.replace(data.split(b" ")[1], b"0" * 64))
    assert cached(project) == first


def test_the_format_and_the_environment_belong_to_the_entry(project: Path) -> None:
    cached(project)
    load(project, [RegistrySpec("flags.yaml", format="native")], cache=project / ".cache")
    assert len(list((project / ".cache" / "registry").iterdir())) == 2


def test_a_cache_that_cannot_be_written_costs_time_only(project: Path) -> None:
    (project / ".cache").write_text("a file in the way")
    assert cached(project) == registry(EXAMPLE)


def test_the_cache_keeps_itself_out_of_version_control(project: Path) -> None:
    cached(project)
    assert (project / ".cache" / ".gitignore").read_text().endswith("*\n")


def _count(project: str) -> int:
    return len(load(Path(project), SPECS, cache=Path(project) / ".cache").flags)


def test_runs_beside_each_other_disturb_nothing(project: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert set(pool.map(_count, [str(project)] * 12)) == {3}
    assert cached(project) == registry(EXAMPLE)
    assert not [path for path in (project / ".cache" / "registry").iterdir() if path.suffix != ".jsonl"]
