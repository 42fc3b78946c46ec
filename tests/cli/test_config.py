"""`flaglint config`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flaglint.cli.config import as_toml
from flaglint.config import load

Flaglint = Callable[..., object]

EVERYTHING = """\
registry = ["flags.yaml", {path = "ld \\"x\\".json", format = "launchdarkly", environment = "production"}]
source = ["src"]
exclude = ["vendor/**"]
sdks = ["openfeature"]
extend-sdks = []
sdk-paths = ["tools/flags.yaml"]
shared = []
aliases = []
select = ["FLG2"]
extend-select = []
ignore = ["FLG104"]
fail-on = "error"
baseline = "flaglint-baseline.txt"
cache-dir = ".flaglint_cache"
environments = ["production"]
soak-days = 3
expires-soon-days = 14
killed-days = 30
usage = ["var/usage"]
unused-days = 60
usage-exports = ["statuses.json"]
scattered-reads = 10
objects = []
attributes = []
decorators = []
dictionaries = []
declarations = []
overrides = []
rows = []
templates = []
exports = []

[budgets]
"@payments" = 10
"*" = 5

[severity]
FLG303 = "information"

[per-file-ignores]
"migrations/**" = ["FLG2"]

[naming]
style = "kebab-case"
pattern = "[a-z-]+"
example = "a-b"
prefixes = {release = "release-", kill-switch = "kill-"}
max-length = 60
min-words = 2
forbidden-words = ["temp"]
negation = []
vendor = ["waffle"]

[layout]
by-type = {ops = "flags/ops.yaml"}
by-owner = {"@payments" = "flags/payments.yaml"}

[lifetimes]
release = 30
experiment = 40

[[calls]]
function = "shop.gates.enabled"
key = {position = 0, keyword = "name"}
returns = "boolean"
"""


def test_shows_each_key_as_it_would_be_written(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text(EVERYTHING)
    ran = flaglint("config", "--show")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"# root: {tmp_path}\n# configuration: {tmp_path / 'flaglint.toml'}\n{EVERYTHING}"


def test_what_it_shows_is_a_configuration_that_means_the_same(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one" / "flaglint.toml").write_text(EVERYTHING)
    first = load(tmp_path / "one")
    (tmp_path / "two" / "flaglint.toml").write_text(as_toml(first))
    second = load(tmp_path / "two")
    assert replace(second, root=first.root, path=first.path) == first


def test_without_a_file_it_says_so(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("config")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"# root: {tmp_path}\n# configuration: none found, so every value is the default\n"


def test_a_mistake_in_the_file_is_shown_with_its_place(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text("source = ['.']\nselekt = []\n")
    ran = flaglint("config")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: flaglint.toml:2:1: unknown key `selekt`\nhelp: did you mean `select`?\n"
