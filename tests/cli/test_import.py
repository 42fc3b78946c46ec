"""`flaglint registry import` and the export of manifests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

    Write = Callable[..., None]

_EXPORT = json.dumps(
    {
        "flags": {
            "gift-cards": {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on"},
            "search": {
                "state": "ENABLED",
                "variants": {"on": True, "off": False},
                "defaultVariant": "off",
                "targeting": {"fractional": [["on", 10], ["off", 90]]},
            },
        }
    },
    indent=2,
)


def test_exact_flags_are_written_and_the_others_are_listed(flaglint: Flaglint, write: Write) -> None:
    write({"flaglint.toml": "", "flagd.json": _EXPORT})
    ran = flaglint("registry", "import", "flagd.json")

    assert ran.code == 1
    assert ran.out == (
        "version: 1\n"
        "flags:\n"
        "  gift-cards:\n"
        "    # it has no targeting\n"
        "    variants: {on: true, off: false}\n"
        "    off_variant: off\n"
        "    serve: on\n"
        "  # search: not translated, its targeting has `fractional`, which has no exact equal\n"
        '  #   flagd.json:11:5 {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off", '
        '"targeti\n'
        '  #   ng": {"fractional": [["on", 10], ["off", 90]]}}\n'
    )
    assert ran.err == (
        "left: flagd.json:11:5: `search`: its targeting has `fractional`, which has no exact equal\n"
        "note: 1 of 2 flags translated, 1 left as comments or told above\n"
    )


def test_files_of_several_environments_make_one_registry_that_is_valid(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    off = _EXPORT.replace('"defaultVariant": "on"', '"defaultVariant": "off"')
    write({"flaglint.toml": "", "production.json": _EXPORT, "staging.json": off})
    ran = flaglint("registry", "import", "production=production.json", "staging=staging.json", "-o", "flags.yaml")

    assert (ran.code, ran.out) == (1, "")
    assert "      staging: {serve: off}\n" in (tmp_path / "flags.yaml").read_text(encoding="utf-8")
    assert flaglint("registry", "validate", "flags.yaml").code == 0


def test_flags_declared_in_python_claim_nothing_about_what_is_served(flaglint: Flaglint, write: Write) -> None:
    code = 'FLAGS = {\n    # Gift cards\n    "GIFT_CARDS": False,\n    "POINTS": True,\n\n    "SIZE": 3,\n}\n'
    write({"flaglint.toml": '[[declarations]]\ndictionary = "shop.FLAGS"\n', "shop.py": code})
    ran = flaglint("registry", "import", "--declared")

    assert ran.out == (
        "version: 1\n"
        "# Who gets these flags is decided elsewhere. The segment stands for that, and matches nobody.\n"
        "segments:\n"
        "  decided-elsewhere: {decided_by: somebody else}\n"
        "flags:\n"
        "  GIFT_CARDS:\n"
        "    description: Gift cards\n"
        "    rules: [{segment: decided-elsewhere, serve: true}]\n"
        "  POINTS:\n"
        "    variants: {true: true, false: false}\n"
        "    off_variant: true\n"
        "    rules: [{segment: decided-elsewhere, serve: false}]\n"
        "  # SIZE: not translated, only its default is known, not its other values\n"
        '  #   shop.py:6:5 {"default": 3}\n'
    )


def test_nothing_to_import_is_wrong_usage(flaglint: Flaglint, write: Write) -> None:
    write({"flaglint.toml": ""})
    ran = flaglint("registry", "import")

    assert ran.code == 2
    assert ran.err.startswith("error: name the files to import, or `--declared` for flags in Python\n")


def test_a_file_that_is_missing_and_a_format_that_is_not_known_are_errors(flaglint: Flaglint, write: Write) -> None:
    write({"flaglint.toml": "", "flagd.json": _EXPORT})

    assert flaglint("registry", "import", "gone.json").code == 2
    unknown = flaglint("registry", "import", "flagd.json", "--format", "flagged")
    assert (unknown.code, "there is no format `flagged`" in unknown.err) == (2, True)


def test_a_manifest_holds_keys_types_and_off_values(flaglint: Flaglint, write: Write) -> None:
    registry = (
        "version: 1\nflags:\n  gift-cards: {description: Gift cards, serve: true}\n"
        "  timeout: {variants: {short: 200, long: 2000}, off_variant: long, serve: short}\n"
    )
    write({"flaglint.toml": "", "flags.yaml": registry})
    ran = flaglint("registry", "export", "--format", "openfeature-manifest")

    assert ran.code == 0
    assert json.loads(ran.out)["flags"] == {
        "gift-cards": {"flagType": "boolean", "defaultValue": False, "description": "Gift cards"},
        "timeout": {"flagType": "integer", "defaultValue": 2000},
    }
    assert ran.err == "note: 2 flags; who gets them is no part of a manifest\n"


def test_a_manifest_comes_back_as_it_was_written(flaglint: Flaglint, write: Write) -> None:
    write({"flaglint.toml": "", "flags.yaml": "version: 1\nflags:\n  gift-cards: {serve: true}\n"})
    exported = flaglint("registry", "export", "--format", "openfeature-manifest").out
    write({"manifest.json": exported})

    assert flaglint("registry", "validate", "manifest.json").code == 0
