"""The configuration is found, read and checked to the last key."""

from pathlib import Path

import pytest

from flaglint.config import RegistrySpec, Settings, find, load
from flaglint.errors import ConfigError
from flaglint.model import Severity


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path, text: str) -> Settings:
    (folder / "flaglint.toml").write_bytes(text.encode())
    return load(folder)


def refusal(folder: Path, text: str) -> tuple[str, str]:
    """What is printed, and the help."""
    with pytest.raises(ConfigError) as caught:
        settings(folder, text)
    return str(caught.value), caught.value.help


class TestFind:
    def test_nothing_leaves_the_defaults_and_the_start_as_root(self, folder: Path) -> None:
        assert load(folder) == Settings(root=folder)

    def test_looks_upwards_and_makes_that_folder_the_root(self, folder: Path) -> None:
        (folder / "pyproject.toml").write_text('[tool.flaglint]\nignore = ["FLG104"]\n')
        inner = folder / "shop" / "deep"
        inner.mkdir(parents=True)
        found = load(inner)
        assert (found.root, found.path, found.ignore) == (folder, folder / "pyproject.toml", ("FLG104",))

    def test_passes_a_pyproject_that_says_nothing_of_us(self, folder: Path) -> None:
        (folder / "flaglint.toml").write_text("soak-days = 3\n")
        inner = folder / "shop"
        inner.mkdir()
        (inner / "pyproject.toml").write_text('[project]\ndependencies = ["flaglint"]\n')
        assert load(inner).soak_days == 3

    def test_passes_a_broken_pyproject_of_somebody_else(self, folder: Path) -> None:
        (folder / "pyproject.toml").write_text("[project\n")
        assert find(folder) is None

    def test_the_nearest_wins(self, folder: Path) -> None:
        inner = folder / "shop"
        inner.mkdir()
        (folder / "flaglint.toml").write_text("soak-days = 3\n")
        (inner / "flaglint.toml").write_text("")
        assert (load(inner).root, load(inner).soak_days) == (inner, 14)

    def test_two_files_in_one_folder_are_an_error(self, folder: Path) -> None:
        (folder / "pyproject.toml").write_text("[tool.flaglint]\n")
        message, help_ = refusal(folder, "")
        assert message.endswith("the configuration stands in two files, flaglint.toml and pyproject.toml")
        assert help_ == "keep one of them: [tool.flaglint] in pyproject.toml, or flaglint.toml"

    def test_a_file_that_is_named_is_taken_whatever_it_is_called(self, folder: Path) -> None:
        (folder / "flaglint.toml").write_text("soak-days = 3\n")
        (folder / "strict.toml").write_text("soak-days = 5\n")
        assert load(folder, config=folder / "strict.toml").soak_days == 5

    def test_a_file_that_is_named_and_missing_is_an_error(self, folder: Path) -> None:
        with pytest.raises(ConfigError, match=r"^nope\.toml: the configuration does not exist$"):
            load(folder, config=Path("nope.toml"))


class TestValues:
    def test_every_kind_of_key_is_read(self, folder: Path) -> None:
        found = settings(
            folder,
            """
registry = ["flags.yaml", {path = "ld.json", format = "launchdarkly", environment = "production"}]
sdks = ["openfeature"]
fail-on = "error"
soak-days = 0
usage = ["var/usage", "usage-web.json"]
unused-days = 60
[severity]
FLG303 = "information"
[per-file-ignores]
"migrations/**" = ["FLG2"]
[naming]
style = "kebab-case"
vendor = "waffle"
[naming.prefixes]
kill-switch = "kill-"
[layout.by-owner]
"@payments" = "flags/payments/**"
[lifetimes]
ops = 90
[[calls]]
function = "shop.gates.enabled"
key = {position = 0}
""",
        )
        assert found.registry == (RegistrySpec("flags.yaml"), RegistrySpec("ld.json", "launchdarkly", "production"))
        assert found.sdks == ("openfeature",)
        assert found.fail_on is Severity.ERROR
        assert found.soak_days == 0
        assert (found.usage, found.unused_days) == (("var/usage", "usage-web.json"), 60)
        assert found.severity == {"FLG303": Severity.INFORMATION}
        assert found.per_file_ignores == {"migrations/**": ("FLG2",)}
        assert (found.naming.style, found.naming.vendor) == ("kebab-case", ("waffle",))
        assert found.naming.prefixes == {"kill-switch": "kill-"}
        assert found.layout.by_owner == {"@payments": "flags/payments/**"}
        assert found.lifetimes == {"release": 40, "experiment": 40, "ops": 90}
        assert found.calls == ({"function": "shop.gates.enabled", "key": {"position": 0}},)

    def test_no_sdks_is_not_the_same_as_an_empty_list(self, folder: Path) -> None:
        assert settings(folder, "").sdks is None
        assert settings(folder, "sdks = []").sdks == ()

    def test_the_default_registries_may_be_missing_and_one_that_is_named_may_not(self, folder: Path) -> None:
        assert all(spec.optional for spec in settings(folder, "").registry)
        assert not any(spec.optional for spec in settings(folder, 'registry = "flags.yaml"').registry)

    def test_the_default_registries_written_out_are_the_default(self, folder: Path) -> None:
        written = settings(folder, 'registry = ["flags.yaml", "flags/**/*.yaml"]').registry
        assert written == settings(folder, "").registry


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "message", "help_"),
        [
            ("soak_days = 3", "flaglint.toml:1:1: unknown key `soak_days`", "did you mean `soak-days`?"),
            ("\n\nselct = []", "flaglint.toml:3:1: unknown key `selct`", "did you mean `select`?"),
            (
                "[naming]\nstyle = 'kebab-case'\n  max_lenght = 3",
                "flaglint.toml:3:3: unknown key `max_lenght` in `naming`",
                "did you mean `max-length`?",
            ),
            (
                "naming = {style = 'kebab'}",
                "flaglint.toml:1:11: `style` cannot be `kebab`",
                "did you mean `kebab-case`?",
            ),
            (
                "fail-on = 'bad'",
                "flaglint.toml:1:1: `fail-on` cannot be `bad`",
                "one of error, warning, information",
            ),
            (
                "[severity]\nFLG101 = 'off'",
                "flaglint.toml:2:1: `FLG101` cannot be `off`",
                "one of error, warning, information",
            ),
            (
                "select = 'FLG1'",
                "flaglint.toml:1:1: `select` must be an array of strings, not a string",
                'write select = ["FLG1"]',
            ),
            (
                "select = [\n  'FLG1',\n  2,\n]",
                "flaglint.toml:3:3: `select` must be an array of strings, not an integer",
                "",
            ),
            ("source = ['']", "flaglint.toml:1:11: `source` holds an empty string", ""),
            ("soak-days = true", "flaglint.toml:1:1: `soak-days` must be an integer, not a boolean", ""),
            (
                'usage = "var/usage"',
                "flaglint.toml:1:1: `usage` must be an array of strings, not a string",
                'write usage = ["var/usage"]',
            ),
            (
                "cache-dir = ''",
                "flaglint.toml:1:1: `cache-dir` is empty",
                'name a folder of its own, such as ".flaglint_cache"',
            ),
            *(
                (
                    f"cache-dir = '{folder}'",
                    f"flaglint.toml:1:1: `cache-dir` is `{folder}`, in which the project lies",
                    'name a folder of its own, such as ".flaglint_cache"',
                )
                for folder in (".", "..", "shop/..", "/")
            ),
            (
                "[per-file-ignores]\n'a.py' = 'FLG2'",
                "flaglint.toml:2:1: `a.py` must be an array of strings, not a string",
                'write "a.py" = ["FLG2"]',
            ),
            ("soak-days = -1", "flaglint.toml:1:1: `soak-days` cannot be negative", ""),
            ("soak-days = 2026-01-01", "flaglint.toml:1:1: `soak-days` must be an integer, not a date or time", ""),
            ("baseline = 1", "flaglint.toml:1:1: `baseline` must be a string, not an integer", ""),
            (
                "naming = 3",
                "flaglint.toml:1:1: `naming` must be a table, not an integer",
                "write it as [naming]",
            ),
            (
                "calls = {}",
                "flaglint.toml:1:1: `calls` must be an array of tables, not a table",
                "write it as [[calls]]",
            ),
            (
                "registry = [{path = 'a', frmat = 'x'}]",
                "flaglint.toml:1:26: unknown key `frmat` in `registry.0`",
                "did you mean `format`?",
            ),
            ("registry = [{format = 'x'}]", "flaglint.toml:1:13: a registry entry needs a `path`", ""),
            (
                "registry = [1]",
                "flaglint.toml:1:13: `registry` takes paths, or tables with `path`, `format` and `environment`",
                "",
            ),
            (
                "[lifetimes]\nkillswitch = 1",
                "flaglint.toml:2:1: unknown key `killswitch` in `lifetimes`",
                "did you mean `kill-switch`?",
            ),
            (
                "[naming]\npattern = '['\nexample = 'a'",
                "flaglint.toml:2:1: `pattern` is not a regular expression: unterminated character set at position 0",
                "",
            ),
            (
                "[naming]\npattern = '[a-z]+'",
                "flaglint.toml:2:1: `pattern` needs an `example`, a key that it matches",
                'for instance: example = "checkout-v2"',
            ),
            (
                "[naming]\npattern = '[a-z]+'\nexample = 'A'",
                "flaglint.toml:3:1: `example` is `A`, which `pattern` does not match",
                "",
            ),
            (
                "[naming]\nstyle = 'snake_case'\nprefixes = {ops = 'ops_', release = 'rel-'}",
                "flaglint.toml:3:27: no snake_case name begins with `rel-`",
                "each flag of that type would break a rule",
            ),
            ("a = \n", "flaglint.toml:1:5: not valid TOML: invalid value", ""),
            ("a = [", "flaglint.toml: not valid TOML: invalid value, where the file ends", ""),
        ],
    )
    def test_names_the_place_the_fact_and_what_to_write(
        self, folder: Path, text: str, message: str, help_: str
    ) -> None:
        assert refusal(folder, text) == (message, help_)

    def test_in_pyproject_the_place_is_that_of_our_table(self, folder: Path) -> None:
        (folder / "pyproject.toml").write_text(
            '[project]\nselct = "a decoy"\n[tool.other]\nselct = 1\n[tool.flaglint]\nselct = []\n'
        )
        with pytest.raises(ConfigError, match=r"^pyproject\.toml:6:1: unknown key `selct`$"):
            load(folder)

    def test_our_table_that_is_no_table(self, folder: Path) -> None:
        (folder / "pyproject.toml").write_text("[tool]\nflaglint = 3\n")
        with pytest.raises(ConfigError, match=r"^pyproject\.toml:2:1: `tool\.flaglint` must be a table$"):
            load(folder)

    def test_brackets_without_end_are_an_error_and_no_crash(self, folder: Path) -> None:
        assert refusal(folder, "a = " + "[" * 100_000)[0] == "flaglint.toml: it is nested too deeply to be read"

    def test_bytes_that_are_no_utf8_are_an_error(self, folder: Path) -> None:
        (folder / "flaglint.toml").write_bytes(b'baseline = "\xff"\n')
        with pytest.raises(ConfigError, match="it is not valid UTF-8"):
            load(folder)


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("var/usage/usage-web-1.json", True),
        ("usage-here.json", True),
        ("records.json", True),
        ("var/usage/notes.md", False),
        ("var/usage/old/usage-web-1.json", False),
        ("shop/usage-web-1.json", False),
    ],
)
def test_recorded_usage_is_known_by_its_place(tmp_path: Path, path: str, is_one: bool) -> None:
    assert Settings(root=tmp_path, usage=("./var/usage/", ".", "records.json")).is_usage(path) is is_one
