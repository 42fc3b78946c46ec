"""What a new user gets wrong, and what is said to it: where it is, what it is, and the way out. Never a traceback."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint, Ran

REGISTRY = """\
version: 1
environments: [development, production]
critical: [production]
flags:
  release-one-page-checkout: {serve: true, created: 2020-01-01}
  release-card-vault: {serve: true}
  ops-search-timeout: {variants: {short: 200, long: 2000}, off_variant: long, serve: short}
removed:
  release-coupons: {date: 2025-05-12}
"""
CODE = """\
from flaglint.evaluator import get_boolean_value


def pages(context):
    return 1 if get_boolean_value("release-one-page-checkout", False, context) else 4
"""
NO_FLAG_HERE = "no flag is defined here: flaglint init writes a first registry, flaglint add KEY defines a flag"


@pytest.fixture(autouse=True)
def project(write: Callable[..., None]) -> None:
    write({"flags.yaml": REGISTRY, "shop/pages.py": CODE})


def mistaken(ran: Ran, message: str, advice: str) -> None:
    """Assert that a command says this, on stderr alone, and exits with 2."""
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {message}\nhelp: {advice}\n")


class TestAKeyThatThereIsNot:
    """One wording for all commands; those that look at the code, too, say so."""

    COMMANDS = (
        (("refs",), "in the registry or the code"),
        (("remove",), "in the registry or the code"),
        (("graph", "--flag"), "in the registry or the code"),
        (("kill",), "in the registry"),
        (("kill", "--undo"), "in the registry"),
        (("set", "--serve", "true"), "in the registry"),
        (("eval", "--env", "production"), "in the registry"),
    )

    @pytest.mark.parametrize(("words", "where"), COMMANDS)
    def test_a_slip_gets_the_key_that_was_meant(self, flaglint: Flaglint, words: tuple[str, ...], where: str) -> None:
        ran = flaglint(*words, "release-one-page-chekout")
        mistaken(
            ran, f"there is no flag `release-one-page-chekout` {where}", "did you mean `release-one-page-checkout`?"
        )

    @pytest.mark.parametrize(("words", "where"), COMMANDS)
    def test_a_part_of_a_key_gets_the_keys_that_have_it(
        self, flaglint: Flaglint, words: tuple[str, ...], where: str
    ) -> None:
        ran = flaglint(*words, "release")
        mistaken(
            ran,
            f"there is no flag `release` {where}",
            "did you mean `release-card-vault` or `release-one-page-checkout`?",
        )

    @pytest.mark.parametrize(("words", "where"), COMMANDS)
    def test_a_word_like_none_gets_the_command_that_lists_them(
        self, flaglint: Flaglint, words: tuple[str, ...], where: str
    ) -> None:
        ran = flaglint(*words, "zzz")
        mistaken(ran, f"there is no flag `zzz` {where}", "flaglint refs lists every flag that is defined or read here")

    def test_quotes_that_the_shell_kept_do_not_count(self, flaglint: Flaglint) -> None:
        ran = flaglint("kill", "'release-card-vault'")
        mistaken(ran, "there is no flag `'release-card-vault'` in the registry", "did you mean `release-card-vault`?")

    def test_one_that_was_removed_is_told_when(self, flaglint: Flaglint) -> None:
        mistaken(
            flaglint("kill", "release-coupons"),
            "there is no flag `release-coupons` in the registry: it was removed on 2025-05-12",
            "flaglint refs release-coupons lists what still names it",
        )

    def test_where_no_flag_is_defined_the_first_step_is_named(self, flaglint: Flaglint, tmp_path: Path) -> None:
        (tmp_path / "flags.yaml").unlink()
        mistaken(flaglint("kill", "zzz"), "there is no flag `zzz` in the registry", NO_FLAG_HERE)
        mistaken(flaglint("eval", "zzz"), "there is no flag `zzz` in the registry", NO_FLAG_HERE)


class TestAnEnvironmentThatThereIsNot:
    @pytest.mark.parametrize(
        "words",
        [
            ("check",),
            ("report",),
            ("kill", "release-card-vault"),
            ("set", "release-card-vault", "--serve", "true"),
            ("eval", "release-card-vault"),
        ],
    )
    def test_the_short_form_of_one_leads_to_it(self, flaglint: Flaglint, words: tuple[str, ...]) -> None:
        mistaken(
            flaglint(*words, "--env", "prod"),
            "there is no environment `prod` in the registry",
            "did you mean `production`?",
        )

    def test_in_the_configuration_it_stops_a_removal(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"flaglint.toml": 'environments = ["stage"]\n'})
        mistaken(
            flaglint("remove", "release-one-page-checkout"),
            "there is no environment `stage` in the registry",
            "there are: development, production",
        )

    def test_none_among_several_names_the_one_that_matters_first(self, flaglint: Flaglint) -> None:
        mistaken(
            flaglint("eval", "release-card-vault"),
            "the registry has several environments: name one",
            "--env production, or development",
        )

    def test_without_a_registry_none_is_wrong(self, flaglint: Flaglint, tmp_path: Path) -> None:
        (tmp_path / "flags.yaml").unlink()
        assert flaglint("check", "--env", "prod").code == 0


class TestACommandLineThatCannotBe:
    @pytest.mark.parametrize(
        ("words", "message", "advice"),
        [
            (["changelog"], "missing argument `RANGE`", "such as: flaglint changelog v1.4..v1.5"),
            (["graph", "KEY"], "got unexpected extra argument (KEY)", "such as: flaglint graph --flag"),
            (["check", "--select"], "option `--select` requires an argument", "flaglint check --help shows"),
            (["init", "nope"], "invalid value for `[FOLDER]`: `nope` does not exist", "flaglint init"),
            (["check", "-j", "x"], "invalid value for `-j` / `--jobs`: `x` is no whole number", "flaglint check"),
            (["check", "--fix"], "no such option `--fix`", "check edits nothing: its findings name the command"),
            (["check", "--explain"], "no such option `--explain`", "flaglint rule CODE explains a rule"),
            (["remove", "--dry-run"], "no such option `--dry-run`", "without --write nothing is written"),
            (["remove", "--enf"], "no such option `--enf`", "flaglint remove --help shows what it takes"),
            (["remove", "-2"], "no such option `-2`",
             "a flag whose name begins with a dash goes after `--`: flaglint remove -- KEY"),
            (["check", "-2"], "no such option `-2`", "flaglint check --help shows what it takes"),
            (["check", "-"], "stdin has no name", "--stdin-filename FILE says which file of the project it is"),
            (["help"], "no such command `help`", "did you mean `--help`?"),
            (["baseline"], "no such command `baseline`", "did you mean `check --write-baseline`?"),
            (["check", "flags.yml"], "`flags.yml` does not exist", "did you mean `flags.yaml`?"),
            (["check", "shop/page.py"], "`shop/page.py` does not exist", "did you mean `shop/pages.py`?"),
            (["check", "shop/zzz.py"], "`shop/zzz.py` does not exist", "paths are relative to the working folder"),
            (["refs", "shop/pages.py"], "`shop/pages.py` is a path, and no flag",
             "flaglint refs --path shop/pages.py looks there only"),
            (["rule", "201"], "no rule `201`", "did you mean `FLG201`?"),
            (["rule", "FGL201"], "no rule `FGL201`", "did you mean `FLG201`?"),
            (["rule", "FLG999"], "no rule `FLG999`", "flaglint rule lists them"),
            (["check", "--select", "FLG999"], "`FLG999` in --select names no rule", "flaglint rule lists them"),
            (["eval", "release-card-vault", "--env", "production", "--contexts", "nope"],
             "`nope` cannot be read: no such file or directory", "it holds a JSON object per line"),
            (["report", "--usage", "nope"], "there is no usage file `nope`", "name what a vendor exported"),
            (["report", "--since", "nope.json"],
             "nope.json: the earlier report cannot be read: no such file or directory", "flaglint report --format"),
        ],
    )  # fmt: skip
    def test_says_what_to_do_instead(self, flaglint: Flaglint, words: list[str], message: str, advice: str) -> None:
        ran = flaglint(*words)
        assert (ran.code, ran.out) == (2, "")
        fact, help_line = ran.err.splitlines()
        assert fact == f"error: {message}"
        assert help_line.startswith(f"help: {advice}")

    def test_the_beginning_of_a_code_lists_the_rules_that_have_it(self, flaglint: Flaglint) -> None:
        ran = flaglint("rule", "FLG20")
        assert ran.code == 0
        assert "FLG201" in ran.out
        assert "FLG301" not in ran.out


class TestAConfigurationWithASlip:
    @pytest.mark.parametrize(
        ("file", "text", "message", "advice"),
        [
            ("pyproject.toml", '[project]\nname = "x"\n[tool.flaglnt]\n',
             "pyproject.toml:3:7: unknown table `tool.flaglnt`",
             "did you mean `tool.flaglint`?"),
            ("pyproject.toml", "[tool.flag-lint.naming]\n", "pyproject.toml:1:7: unknown table `tool.flag-lint`",
             "did you mean `tool.flaglint`?"),
            ("flaglint.toml", '[tool.flaglint]\nselect = ["FLG2"]\n', "flaglint.toml: unknown key `tool`",
             "in flaglint.toml the keys stand at the top: [tool.flaglint] is for pyproject.toml"),
            ("flaglint.toml", "[flaglint]\n", "flaglint.toml:1:1: unknown key `flaglint`",
             "in flaglint.toml the keys stand at the top: [tool.flaglint] is for pyproject.toml"),
            ("flaglint.toml", "zzz = 1\n", "flaglint.toml:1:1: unknown key `zzz`", "flaglint config --show has all"),
            ("flaglint.toml", 'registry = [{path = "flags.yaml", format = "launchdarky"}]\n',
             "flags.yaml: there is no format `launchdarky`", "did you mean `launchdarkly`?"),
        ],
    )  # fmt: skip
    def test_is_told_with_its_place(
        self, flaglint: Flaglint, write: Callable[..., None], file: str, text: str, message: str, advice: str
    ) -> None:
        write({file: text})
        mistaken(flaglint("check"), message, advice)

    @pytest.mark.parametrize("table", ["flake8", "flit.module", "flynt", "flagsmith", "black"])
    def test_tables_of_other_tools_are_theirs(self, flaglint: Flaglint, write: Callable[..., None], table: str) -> None:
        write({"pyproject.toml": f'[project]\ndependencies = ["flaglint"]\n[tool.{table}]\n'})
        assert flaglint("check", "--select", "FLG4").code == 0

    def test_the_name_of_a_file_that_there_is_not(self, flaglint: Flaglint) -> None:
        mistaken(
            flaglint("--config", "nope.toml", "check"),
            "nope.toml: the configuration does not exist",
            "name a flaglint.toml or a pyproject.toml; flaglint init writes a first one",
        )


class TestAFileThatCannotBeWritten:
    @pytest.mark.parametrize(
        "words",
        [
            ["check", "--select", "FLG4", "--output-format", "sarif:{}"],
            ["report", "--no-history", "--format", "html", "-o", "{}"],
            ["graph", "-o", "{}"],
            ["index", "-o", "{}"],
            ["registry", "export", "--env", "production", "-o", "{}"],
        ],
        ids=lambda words: words[0],
    )
    def test_in_a_folder_that_there_is_not(self, flaglint: Flaglint, words: list[str]) -> None:
        ran = flaglint(*(word.format("out/x.json") for word in words))
        assert ran.code == 2
        assert "error: out/x.json: it cannot be written: there is no folder `out`\n" in ran.err
        assert ran.err.endswith("help: make it first, or name another file\n")

    def test_a_folder_in_its_place(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--select", "FLG4", "--output-format", "json:shop")
        assert ran.code == 2
        assert ran.err.startswith("error: shop: it cannot be written: it is a folder\nhelp: name a file in it")

    def test_a_file_in_the_place_of_a_folder_of_patches(self, flaglint: Flaglint) -> None:
        ran = flaglint("remove", "release-one-page-checkout", "--patch-dir", "flags.yaml")
        mistaken(
            ran,
            "flags.yaml: patches cannot be written there: it is a file",
            "--patch-dir names a folder that is there or can be made",
        )

    @pytest.mark.skipif(sys.platform == "win32", reason="there is no such device")
    def test_a_device_is_written_as_it_is(self, flaglint: Flaglint) -> None:
        assert flaglint("graph", "-o", "/dev/null").code == 0


class TestARegistryThatIsWrong:
    def test_a_key_in_two_files_names_both_places(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({
            "flags.yaml": "version: 1\nflags:\n  a: {serve: true}\n",
            "flags/more.yaml": "version: 1\nflags:\n\n  a: {serve: true}\n",
        })  # fmt: skip
        mistaken(
            flaglint("kill", "a"),
            "flags.yaml:3:3: `a` is defined twice, so it is not clear which entry is meant",
            "keep one of the two: the other is at flags/more.yaml:4:3",
        )


def test_a_folder_without_any_file(flaglint: Flaglint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    mistaken(
        flaglint("check"),
        "there is no file below .",
        "go to the folder of the project, or set `source` in its configuration",
    )


@pytest.mark.parametrize("registry", ["version: 2\nflags: {}\n", "version: 1\nflags: [a]\n", "flag: {a: {}}\n"])
def test_a_registry_that_is_broken_is_not_called_missing(
    flaglint: Flaglint, write: Callable[..., None], registry: str
) -> None:
    write({"flags.yaml": registry})
    ran = flaglint("check", "--output-format", "concise")
    assert ran.code == 1
    assert ran.err.splitlines()[0] == (
        "note: nothing could be read of the registry: FLG2, the rules that compare code with it, did not run"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no folder that somebody works in")
@pytest.mark.parametrize("command", [["check"], ["refs"], ["init"], ["registry", "validate"]])
def test_a_working_folder_that_was_deleted(
    flaglint: Flaglint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    mistaken(flaglint(*command), "the working folder was deleted", "go to the folder of the project")
