"""A registry that is put together from entries parsed before equals the one that is parsed whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint.config import Settings
from flaglint.history.definitions import Meaning, meaning_of
from flaglint.history.git import Repository, open_repository
from flaglint.history.pieces import cut
from flaglint.history.places import Places
from flaglint.history.versions import VersionReader
from tests.history.repositories import Made, git

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.definition import Flag

HEAD = "version: 1\nenvironments: [staging, production]\nsegments:\n  staff: {email: {ends_with: '@x.org'}}\n"
PLAIN = (
    HEAD + "flags:\n  a:\n    serve: true\n\n  # the second\n  b: {serve: false}\nremoved:\n  z: {date: 2026-01-01}\n"
)
WHOLE = [
    PLAIN,
    PLAIN.replace("  ", "    "),
    PLAIN.replace("serve: true", "description: >\n\n      # not a comment\n      text\n    serve: true"),
    PLAIN.replace("flags:", "flags:  # all of them"),
    HEAD + "flags: {a: {serve: true}}\n",
    HEAD + "flags:\n  a: {links: {x: y,\n  b: z}}\n  c: {}\n",  # brackets over lines that look like an entry
    HEAD + "flags:\n  a: {}\n  a: {serve: true}\n",
    HEAD + "flags:\n  a: {}\nflags:\n  b: {}\n",
    HEAD + 'flags:\n  "quoted key": {serve: true}\n  b: {}\n',
    HEAD + "flags:\n  ? a\n  : {serve: true}\n",
    HEAD + "flags:\n  a: {description: 'one\n  two'}\n",
    HEAD + "flags:\n    a: {}\n  b: {}\n",
    HEAD + "flags:\n\ta: {}\n",
    HEAD + "flags:\r\n  a: {serve: true}\r\n",
    HEAD + "flags:\n  a: {serve: nonsense}\n  b: {rules: [{segment: staff, serve: 'true'}]}\n",
    HEAD + "flags:\n",
    HEAD,
    "\ufeff" + PLAIN,
    PLAIN.rstrip("\n"),
    "---\n" + PLAIN,
    PLAIN + "...\n",
    HEAD + "flags: &all\n  a: {}\n",
    HEAD + "flags:\n  a: &x {serve: true}\n  b: *x\n",
]


def repository(root: Path) -> Repository:
    made = Made(root)
    made.commit({"x": ""}, "2026-01-05")
    found = open_repository(made.build())
    assert not isinstance(found, str)
    return found


def blob(root: Path, text: str) -> str:
    (root / "blob").write_bytes(text.encode())
    return git(root, "hash-object", "-w", "blob")


def test_versions_read_one_after_the_other_equal_those_read_alone(tmp_path: Path) -> None:
    there = repository(tmp_path)
    places = Places.of(Settings(root=tmp_path), "")
    reader = VersionReader(there, places)
    for text in [*WHOLE, *reversed(WHOLE)]:
        contents = reader.contents({"flags.yaml": blob(tmp_path, text)})
        alone = VersionReader(there, places)
        alone.fetch([contents[0][1]])
        whole = alone._parsed(contents, 0)
        found = reader.read(contents, 0)
        if whole is None:
            assert found is None
            continue
        assert found is not None
        assert [_bare(flag) for flag in found.flags] == [_bare(flag) for flag in whole.flags]
        assert (found.environments, found.bucketing) == (whole.environments, whole.bucketing)
        assert [segment.name for segment in found.segments] == [segment.name for segment in whole.segments]


def _bare(flag: Flag) -> Meaning:
    """A flag as far as it can be compared without places."""
    return meaning_of([flag])


def test_an_entry_is_cut_off_with_its_comments_inside_and_not_with_those_behind() -> None:
    pieces = cut(PLAIN.encode())
    assert pieces is not None
    assert pieces.head == HEAD
    assert pieces.entries == ("  a:\n    serve: true\n", "  b: {serve: false}\n")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "flags:\n\ta: {}\n",
        HEAD + "flags:\n    a: {}\n  b: {}\n",
        HEAD + "flags:\n  ? a\n  : {}\n",
        HEAD + "flags:\n  a: {}\nflags:\n  b: {}\n",
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("version: 1", "version: 2"),
    ],
)
def test_what_is_not_plain_is_left_whole(text: str) -> None:
    assert cut(text.encode()) is None
