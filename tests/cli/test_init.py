"""`flaglint init`: what it writes for what it finds, and that it writes over nothing."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from flaglint.cli.starter import style_of

Flaglint = Callable[..., object]

CODE = """\
import ldclient
import waffle

client = ldclient.get()


def page(ctx, request, name):
    if client.variation("new-cart", ctx, False):
        return 1
    if client.variation("search-ranking", ctx, "classic") == "popular":
        return 2
    if waffle.flag_is_active(request, "exp-colour"):
        return client.variation("timeout-ms", ctx, 200)
    return client.variation(f"ui-{request.GET['panel']}", ctx, False)
"""


class TestWrites:
    def test_a_configuration_and_a_registry_of_what_is_read(
        self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
    ) -> None:
        write({"shop/a.py": CODE})
        ran = flaglint("init")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out == (
            "found 4 flags, read through launchdarkly, waffle\n"
            "keys put together at run time: ui-*\n"
            "wrote flaglint.toml\n"
            "wrote flags.yaml: 4 flags, to be given an owner, a type and a date\n"
            "next: flaglint check, then flaglint check --write-baseline for what has to wait\n"
        )
        assert (tmp_path / "flaglint.toml").read_text() == (
            "# What flaglint looks at here. `flaglint config --show` prints every key with its value.\n"
            'source = ["."]\n'
            "# Reads were found of: launchdarkly, waffle. An SDK that is imported need not be listed.\n"
            'registry = ["flags.yaml"]\n'
            "\n"
            "[naming]\n"
            'style = "kebab-case"\n'
            'vendor = ["launchdarkly", "waffle"]\n'
        )
        assert (tmp_path / "flags.yaml").read_text() == (
            "version: 1\n"
            "# Who gets a flag is decided elsewhere. A segment stands for that below, and matches nobody.\n"
            "# Give each flag an owner, a description and a date; and rules, when this file is to decide.\n"
            "segments:\n"
            "  as-launchdarkly-decides: {decided_by: launchdarkly}\n"
            "  as-waffle-decides: {decided_by: waffle}\n"
            "flags:\n"
            "  exp-colour:\n"
            "    type: experiment\n"
            "    rules: [{segment: as-waffle-decides, serve: true}]\n"
            "  new-cart:\n"
            "    rules: [{segment: as-launchdarkly-decides, serve: true}]\n"
            "  search-ranking:\n"
            '    variants: {fallback: "classic", other: "popular"}\n'
            "    off_variant: fallback\n"
            "    rules: [{segment: as-launchdarkly-decides, serve: other}]\n"
            "  timeout-ms:\n"
            "    variants: {fallback: 200, other: 1}\n"
            "    off_variant: fallback\n"
            "    rules: [{segment: as-launchdarkly-decides, serve: other}]\n"
        )

    def test_what_it_writes_is_a_registry_without_errors_that_claims_no_value(
        self, flaglint: Flaglint, write: Callable[..., None]
    ) -> None:
        write({"shop/a.py": CODE})
        flaglint("init")
        ran = flaglint("check", "--output-format", "concise", "--select", "FLG2,FLG3,FLG4", "--ignore", "FLG207,FLG305")
        assert (ran.code, ran.out) == (0, "")

    def test_no_registry_where_python_declares_every_flag(
        self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
    ) -> None:
        write({"a.py": 'from edx_toggles.toggles import WaffleFlag\nX = WaffleFlag("a.b", __name__)\nX.is_enabled()\n'})
        ran = flaglint("init")
        assert "1 of them is defined already, in a.py\n" in ran.out
        assert not (tmp_path / "flags.yaml").exists()
        assert "registry" not in tomllib.loads((tmp_path / "flaglint.toml").read_text())
        assert flaglint("check", "--select", "FLG2").out == ""

    def test_where_nothing_is_found_a_configuration_that_says_how_to_go_on(
        self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
    ) -> None:
        write({"a.py": "x = 1\n"})
        ran = flaglint("init")
        assert ran.code == 0
        assert ran.err == (
            "note: no read of a flag was found\n"
            "help: name the function that asks for one under [[calls]], or the SDK's pack under `extend-sdks`\n"
        )
        assert not (tmp_path / "flags.yaml").exists()
        assert tomllib.loads((tmp_path / "flaglint.toml").read_text()) == {"source": ["."]}
        assert "# [[calls]]\n" in (tmp_path / "flaglint.toml").read_text()

    def test_a_key_that_yaml_would_take_for_something_else_is_quoted(
        self, flaglint: Flaglint, write: Callable[..., None]
    ) -> None:
        write({"a.py": "import waffle\nwaffle.switch_is_active('a: b')\nwaffle.switch_is_active('1.10')\n"})
        flaglint("init")
        assert flaglint("check", "--select", "FLG2,FLG4").out == ""


class TestLeavesAlone:
    @pytest.mark.parametrize(
        "existing", [{"flaglint.toml": "# mine\n"}, {"pyproject.toml": "[tool.flaglint]\n"}], ids=["own", "pyproject"]
    )
    def test_a_configuration_that_is_there(
        self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path, existing: dict[str, str]
    ) -> None:
        write({"a.py": CODE, **existing})
        ran = flaglint("init")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            f"error: there is a configuration already: {next(iter(existing))}\n"
            "help: flaglint check takes it from here\n"
        )
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a.py", *existing])

    def test_a_registry_that_is_there(self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
        registry = "version: 1\nflags:\n  new-cart: {}\n"
        write({"a.py": CODE, "flags.yaml": registry})
        ran = flaglint("init")
        assert ran.code == 0
        assert ran.err == "note: the registry stays as it is: flags.yaml\n"
        assert (tmp_path / "flags.yaml").read_text() == registry
        assert 'registry = ["flags.yaml"]\n' in (tmp_path / "flaglint.toml").read_text()

    def test_an_empty_tree(self, flaglint: Flaglint, tmp_path: Path) -> None:
        ran = flaglint("init")
        assert (ran.code, ran.out) == (2, "")
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("keys", "style"),
    [
        (["new-cart", "old-cart", "search", "a-b-c"], "kebab-case"),
        (["new_cart", "old_cart", "search", "a_b"], "snake_case"),
        (["ns.a", "ns.b", "ns.c_d", "other.e"], "dotted"),
        (["NEW_CART", "OLD_CART", "A", "B_C"], "UPPER_SNAKE"),
        (["new-cart", "old_cart", "oldCart", "Ns.x"], ""),
        (["new-cart"], ""),
        ([], ""),
    ],
)
def test_the_style_is_that_of_nearly_all_keys_or_none(keys: list[str], style: str) -> None:
    assert style_of(keys) == style
