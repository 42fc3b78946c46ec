"""Loading a project's registry: which files, in which formats, and how they join."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from flaglint.config import RegistrySpec
from flaglint.errors import RegistryError
from flaglint.registry import load
from flaglint.registry.files import registry_files
from tests.registry.reading import problems, registry

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "version: 1\n"


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_yaml", ".yaml").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def paths(root: Path, *specs: str) -> list[str]:
    return [path for path, _ in registry_files(root, [RegistrySpec(spec) for spec in specs])]


def test_a_folder_is_read_as_one_registry(tmp_path: Path) -> None:
    write(
        tmp_path,
        flags__head_yaml=f"{HEAD}environments: [dev, prod]\nattributes: {{app: string}}\n"
        "segments: {staff: {app: x}}\n",
        flags__shop__a_yaml=f"{HEAD}flags:\n  a:\n    rules: [{{segment: staff, when: {{app: 1.10}}, serve: true}}]\n",
        flags__b_yaml=f"{HEAD}flags: {{b: {{needs: {{a: true}}, environments: {{prod: {{kill: true}}}}}}}}\n",
    )
    loaded = load(tmp_path, [RegistrySpec("flags")])
    assert not loaded.problems
    assert loaded.paths == ("flags/b.yaml", "flags/head.yaml", "flags/shop/a.yaml")
    assert [flag.key for flag in loaded.flags] == ["b", "a"]
    assert loaded.environments == ("dev", "prod")


def test_globs_stay_within_names_unless_doubled(tmp_path: Path) -> None:
    write(tmp_path, f__a_yaml="", f__b__c_yaml="", f__b__d_json="", g_yaml="", f__notes="")
    assert paths(tmp_path, "f/*.yaml") == ["f/a.yaml"]
    assert paths(tmp_path, "f/**/*.yaml") == ["f/a.yaml", "f/b/c.yaml"]
    assert paths(tmp_path, "**/*.yaml") == ["f/a.yaml", "f/b/c.yaml", "g.yaml"]
    assert paths(tmp_path, "[g-h].yaml", "f/?.yaml") == ["g.yaml", "f/a.yaml"]
    assert paths(tmp_path, "f/[!b].yaml") == ["f/a.yaml"]
    assert paths(tmp_path, "f") == ["f/a.yaml", "f/b/c.yaml", "f/b/d.json"]
    assert paths(tmp_path, "./g.yaml") == ["g.yaml"]


def test_a_name_that_looks_like_a_glob_is_found(tmp_path: Path) -> None:
    write(tmp_path, **{"f[1]_yaml": ""})
    assert paths(tmp_path, "f[1].yaml") == ["f[1].yaml"]
    assert paths(tmp_path, "f[[]1].yaml") == ["f[1].yaml"]


def test_hidden_names_and_loops_of_links_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, f__a_yaml="", **{"f__.b_yaml": "", "f__..data__c_yaml": ""})
    (tmp_path / "f" / "loop").symlink_to(tmp_path / "f")
    (tmp_path / "f" / "d.yaml").symlink_to("..data/c.yaml")
    assert paths(tmp_path, "f") == ["f/a.yaml", "f/d.yaml"]
    assert paths(tmp_path, "f/**/*.yaml") == ["f/a.yaml", "f/d.yaml"]


def test_a_file_counts_once_for_each_environment(tmp_path: Path) -> None:
    write(tmp_path, a_yaml="")
    specs = [RegistrySpec("a.yaml"), RegistrySpec("*.yaml"), RegistrySpec("a.yaml", environment="prod")]
    assert [spec.environment for _, spec in registry_files(tmp_path, specs)] == ["", "prod"]


@pytest.mark.parametrize(("spec", "why"), [("f.yaml", "it does not exist"), ("f/*.yaml", "no file matches it")])
def test_a_missing_registry_stops_unless_it_is_optional(tmp_path: Path, spec: str, why: str) -> None:
    with pytest.raises(RegistryError, match=f"the registry is missing: {why}") as caught:
        load(tmp_path, [RegistrySpec(spec)])
    assert caught.value.path == spec
    assert "flags: {}" in caught.value.help
    assert not load(tmp_path, [RegistrySpec(spec, optional=True)]).flags


def test_a_link_to_itself_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").symlink_to("flags.yaml")
    with pytest.raises(RegistryError):
        load(tmp_path, [RegistrySpec("flags.yaml")])


def test_an_unknown_format_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=HEAD)
    with pytest.raises(RegistryError, match="there is no format `natve`") as caught:
        load(tmp_path, [RegistrySpec("a.yaml", format="natve")])
    assert "native" in caught.value.help


def test_a_native_file_may_be_json(tmp_path: Path) -> None:
    write(tmp_path, flags_json='{"version": 1,\n "flags": {"f": {"serve": "true", "type": "opps"}}}')
    loaded = load(tmp_path, [RegistrySpec("flags.json")])
    assert [(str(p.span), p.message) for p in loaded.problems] == [
        ("flags.json:2:43", "`f`: the type `opps` is not known".replace("`opps`", "the text `opps`"))
    ]


def test_files_agree_on_what_holds_for_all_or_name_both_places() -> None:
    first = f"{HEAD}bucketing: flagd-v2\nenvironments: [a, b]\n"
    assert problems(first, other=first, third=HEAD) == []
    assert problems(first, other=f"{HEAD}bucketing: flagd-v3\nenvironments: [b, a]\ncritical: [a]\n") == [
        "other.yaml:2:12 FLG401 `bucketing` says something else than in another file",
        "other.yaml:3:15 FLG401 `environments` says something else than in another file",
    ]
    (problem, _) = registry(first, other=f"{HEAD}bucketing: flagd-v3\nenvironments: [b]\n").problems
    assert [str(label.span) for label in problem.related] == ["flags.yaml:2:12"]


def test_what_is_defined_in_two_files_is_named_with_both_places() -> None:
    text = f"{HEAD}attributes: {{x: string}}\nsegments: {{s: {{x: y}}}}\nflags: {{f: {{serve: true}}}}\n"
    assert problems(text, other=text) == [
        "other.yaml:2:14 FLG401 attribute `x`: it is declared in another file, too",
        "other.yaml:3:12 FLG401 segment `s` is defined in another file, too",
        "other.yaml:4:9 FLG402 `f` is defined twice",
    ]
    loaded = registry(text, other=text)
    assert [str(label.span) for label in loaded.problems[2].related] == ["flags.yaml:4:9"]
    assert [flag.problems for flag in loaded.flags] == [True, True]
    assert len(loaded.segments) == 1


def test_a_segment_behind_an_error_of_syntax_in_another_file_is_not_called_unknown() -> None:
    text = f"{HEAD}flags: {{f: {{rules: [{{segment: staff, serve: true}}]}}}}\n"
    assert problems(text, other=f"{HEAD}segments:\n\tstaff: {{x: y}}\n") == [
        "other.yaml:3:1 FLG401 a tab cannot indent YAML"
    ]


def test_an_editor_s_text_stands_in_for_the_file(tmp_path: Path) -> None:
    write(tmp_path, a_yaml="version: 1\nflags: {a: {}}\n", b_yaml="version: 1\nflags: {b: {}}\n")
    specs, contents = [RegistrySpec("*.yaml")], {"a.yaml": b"version: 1\nflags: {c: {}}\n"}
    for _ in range(2):
        loaded = load(tmp_path, specs, cache=tmp_path / ".cache", contents=contents)
        assert [flag.key for flag in loaded.flags] == ["c", "b"]
        assert [flag.key for flag in load(tmp_path, specs, cache=tmp_path / ".cache").flags] == ["a", "b"]


def test_the_collector_runs_again_after_loading() -> None:
    registry(HEAD)
    assert gc.isenabled()
