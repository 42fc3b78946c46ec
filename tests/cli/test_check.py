"""`flaglint check`: what it prints, where it prints it, and its exit codes."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Flaglint = Callable[..., object]

REGISTRY = """\
version: 1
flags:
  release-cart:
    description: The cart
    type: permission
    owner: "@web"
    permanent: part of the plan
  release-unused:
    description: Nobody asks for it
    type: permission
    owner: "@web"
    permanent: part of the plan
"""
CART = """\
from flaglint.evaluator import Evaluator

client = Evaluator.from_path("flags.yaml")


def total():
    return client.boolean("release-cart") and client.boolean("release-crat")
"""
UNDEFINED = (
    "shop/cart.py:7:47: error FLG201 `release-crat` is not defined in flags.yaml (did you mean `release-cart`?)\n"
)
UNUSED = "flags.yaml:8:3: warning FLG202 `release-unused` is never read (remove it: flaglint remove release-unused)\n"
CONCISE = ("--output-format", "concise")


@pytest.fixture
def shop(write: Callable[..., None]) -> None:
    write({"flaglint.toml": "", "flags.yaml": REGISTRY, "shop/cart.py": CART})


@pytest.mark.usefixtures("shop")
class TestFindings:
    def test_are_printed_with_a_summary_aside_and_exit_1(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", *CONCISE)
        assert (ran.code, ran.out) == (1, UNUSED + UNDEFINED)
        assert ran.err == "2 findings in 3 files: 1 error, 1 warning\n"

    def test_none_exits_0(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write(
            {"flags.yaml": REGISTRY.partition("  release-unused")[0], "shop/cart.py": CART.partition(" and ")[0] + "\n"}
        )
        ran = flaglint("check")
        assert (ran.code, ran.out, ran.err) == (0, "", "no findings in 3 files\n")

    def test_quiet_prints_findings_alone(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", *CONCISE, "--quiet")
        assert (ran.code, ran.out, ran.err) == (1, UNUSED + UNDEFINED, "")

    def test_of_a_path_are_those_of_the_whole_project_there(self, flaglint: Flaglint) -> None:
        assert flaglint("check", *CONCISE, "shop").out == UNDEFINED
        assert flaglint("check", *CONCISE, "flags.yaml").out == UNUSED

    def test_of_scope_file_say_nothing_that_needs_the_project(self, flaglint: Flaglint) -> None:
        assert flaglint("check", *CONCISE, "--scope", "file").out == UNDEFINED
        assert flaglint("check", *CONCISE, "--scope", "file", "flags.yaml").out == ""

    def test_are_the_same_from_another_folder(
        self, flaglint: Flaglint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        expected = flaglint("check", *CONCISE).out
        monkeypatch.chdir(tmp_path / "shop")
        assert flaglint("check", *CONCISE).out == expected
        monkeypatch.chdir(tmp_path.parent)
        assert flaglint("check", *CONCISE, str(tmp_path)).out == expected

    def test_statistics_count_them_by_rule(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--statistics")
        assert ran.out == "     1  FLG201  undefined-flag\n     1  FLG202  unused-flag\n"
        assert ran.code == 1


@pytest.mark.usefixtures("shop")
class TestRules:
    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            (["--select", "FLG201"], UNDEFINED),
            (["--select", "undefined-flag,FLG202"], UNUSED + UNDEFINED),
            (["--select", "undefined-flag", "--select", "FLG202"], UNUSED + UNDEFINED),
            (["--ignore", "FLG2"], ""),
            (["--ignore", "FLG202"], UNDEFINED),
            (["--select", "FLG1", "--extend-select", "FLG201"], UNDEFINED),
        ],
    )
    def test_can_be_chosen_by_code_prefix_and_name(self, flaglint: Flaglint, options: list[str], expected: str) -> None:
        assert flaglint("check", *CONCISE, *options).out == expected

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ([], UNUSED),
            (["--select", "FLG1"], ""),
            (["--select", "FLG201"], UNDEFINED),
            (["--select", "undefined-flag"], UNDEFINED),
            (["--select", "FLG2"], UNUSED),
            (["--select", "FLG201", "--ignore", "FLG201"], ""),
        ],
    )
    def test_that_are_selected_here_run_instead_of_the_configured_ones(
        self, flaglint: Flaglint, write: Callable[..., None], options: list[str], expected: str
    ) -> None:
        write({"flaglint.toml": 'select = ["FLG1"]\nextend-select = ["FLG202"]\nignore = ["FLG201"]\n'})
        assert flaglint("check", *CONCISE, *options).out == expected

    def test_an_unknown_one_gets_a_suggestion(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--select", "undefind-flag")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == ("error: `undefind-flag` in --select names no rule\nhelp: did you mean `undefined-flag`?\n")

    def test_an_unknown_one_in_the_configuration_is_shown_there(
        self, flaglint: Flaglint, write: Callable[..., None]
    ) -> None:
        write({"flaglint.toml": 'source = ["."]\nignore = ["FLG999"]\n'})
        ran = flaglint("check")
        assert ran.code == 2
        assert ran.err.startswith("error: flaglint.toml:2:11: `FLG999` in `ignore` names no rule\n")

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ([], 1),
            (["--fail-on", "error"], 1),
            (["--fail-on", "error", "--ignore", "FLG201"], 0),
            (["--fail-on", "information"], 1),
            (["--exit-zero"], 0),
        ],
    )
    def test_decide_the_exit_code_by_their_severity(self, flaglint: Flaglint, options: list[str], code: int) -> None:
        ran = flaglint("check", *options)
        assert ran.code == code
        assert ran.out != ""


@pytest.mark.usefixtures("shop")
class TestOutputs:
    def test_several_formats_go_to_their_files_and_one_to_stdout(self, flaglint: Flaglint, tmp_path: Path) -> None:
        ran = flaglint("check", *CONCISE, "--output-format", "json:out.json", "--output-format", "sarif:out.sarif")
        assert (ran.code, ran.out) == (1, UNUSED + UNDEFINED)
        assert [one["code"] for one in json.loads((tmp_path / "out.json").read_text())["findings"]] == [
            "FLG202",
            "FLG201",
        ]
        assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"

    def test_an_unknown_format_gets_a_suggestion(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--output-format", "sarfi")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "error: no output format `sarfi`\nhelp: did you mean `sarif`?\n"

    def test_two_on_stdout_are_refused(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", *CONCISE, "--output-format", "json")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: two output formats cannot share stdout\nhelp: give one a file, such as sarif:flaglint.sarif\n"
        )

    def test_two_in_one_file_are_refused(self, flaglint: Flaglint, tmp_path: Path) -> None:
        ran = flaglint("check", "--output-format", "json:out", "--output-format", "sarif:shop/../out")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "error: two output formats cannot share shop/../out\nhelp: give each a file of its own\n"
        assert not (tmp_path / "out").exists()

    def test_two_on_a_device_are_written(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--output-format", "json:/dev/null", "--output-format", "sarif:/dev/null")
        assert (ran.code, ran.out) == (1, "")

    def test_a_file_that_cannot_be_written_is_an_error(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--output-format", "sarif:no/such/folder.sarif")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: no/such/folder.sarif: it cannot be written: there is no folder `no/such`\n"
            "help: make it first, or name another file\n"
        )

    def test_a_file_has_no_colour(self, flaglint: Flaglint, tmp_path: Path) -> None:
        ran = flaglint("--color", "always", "check", "--output-format", "concise:out.txt", "--output-format", "full")
        assert "\x1b[" in ran.out
        assert (tmp_path / "out.txt").read_text() == UNUSED + UNDEFINED

    def test_a_report_of_the_run_before_uses_no_flag(self, flaglint: Flaglint, tmp_path: Path) -> None:
        (tmp_path / "out [1]").mkdir()
        given = [*CONCISE, "--output-format", "full:out [1]/report.txt", "--output-format", "sarif:all.sarif"]
        first = flaglint("check", *given)
        assert UNUSED in first.out
        assert "release-unused" in (tmp_path / "out [1]" / "report.txt").read_text()
        again = flaglint("check", *given)
        assert (again.code, again.out, again.err) == (first.code, first.out, first.err)

    def test_a_sarif_file_of_another_run_uses_no_flag(self, flaglint: Flaglint) -> None:
        flaglint("check", *CONCISE, "--output-format", "sarif:all.sarif")
        assert UNUSED in flaglint("check", *CONCISE).out


@pytest.mark.usefixtures("shop")
class TestBaseline:
    def test_is_written_then_everything_known_is_quiet_and_what_is_new_is_not(
        self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
    ) -> None:
        ran = flaglint("check", "--write-baseline")
        assert (ran.code, ran.out) == (0, "")
        assert ran.err == "note: 2 findings are in flaglint-baseline.txt now\n"
        assert (tmp_path / "flaglint-baseline.txt").read_text() == (
            "FLG201\trelease-crat\tshop/cart.py\ttotal\t1\nFLG202\trelease-unused\tflags.yaml\t\t1\n"
        )
        ran = flaglint("check", *CONCISE)
        assert (ran.code, ran.out, ran.err) == (0, "", "no findings in 4 files (2 in the baseline)\n")

        write({"shop/new.py": CART.replace("release-crat", "release-kart")})
        assert flaglint("check", *CONCISE).out == UNDEFINED.replace("cart.py", "new.py").replace("-crat", "-kart")

    def test_shrinks_when_told_and_never_grows(
        self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
    ) -> None:
        flaglint("check", "--write-baseline")
        write({"shop/cart.py": CART.replace("release-crat", "release-card")})
        ran = flaglint("check", *CONCISE)
        assert (ran.code, ran.out) == (1, UNDEFINED.replace("crat", "card"))
        assert ran.err == (
            "note: 1 entry of the baseline found no more:\n"
            "  FLG201 release-crat shop/cart.py (total)\n"
            "help: flaglint check --update-baseline takes them out\n"
            "1 finding in 4 files: 1 error (1 in the baseline)\n"
        )
        ran = flaglint("check", *CONCISE, "--update-baseline")
        assert (ran.code, ran.out) == (1, UNDEFINED.replace("crat", "card"))
        assert ran.err.startswith("note: 1 finding is out of flaglint-baseline.txt now, 1 left\n")
        assert (tmp_path / "flaglint-baseline.txt").read_text() == "FLG202\trelease-unused\tflags.yaml\t\t1\n"

    def test_keeps_what_was_not_judged(self, flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
        flaglint("check", "--write-baseline")
        before = (tmp_path / "flaglint-baseline.txt").read_text()
        flaglint("check", "--update-baseline", "--select", "FLG101")
        assert (tmp_path / "flaglint-baseline.txt").read_text() == before

    @pytest.mark.parametrize("part", [["shop"], ["--scope", "file"], ["--stdin-filename", "shop/cart.py"]])
    @pytest.mark.parametrize("option", ["--write-baseline", "--update-baseline"])
    def test_of_a_part_is_refused(self, flaglint: Flaglint, tmp_path: Path, option: str, part: list[str]) -> None:
        ran = flaglint("check", option, *part)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: a baseline is of the whole project\nhelp: leave out the paths, --scope file and --stdin-filename\n"
        )
        assert not (tmp_path / "flaglint-baseline.txt").exists()

    def test_is_written_or_updated_and_not_both(self, flaglint: Flaglint, tmp_path: Path) -> None:
        ran = flaglint("check", "--write-baseline", "--update-baseline")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: `--write-baseline` and `--update-baseline` exclude each other\n"
            "help: --write-baseline takes in what is new, --update-baseline only takes out what is gone\n"
        )
        assert not (tmp_path / "flaglint-baseline.txt").exists()

    def test_updating_none_is_an_error(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--update-baseline")
        assert ran.code == 2
        assert ran.err == "error: there is no baseline `flaglint-baseline.txt`\nhelp: --write-baseline creates it\n"

    def test_that_is_named_and_missing_is_an_error(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--baseline", "nowhere.txt")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "error: there is no baseline `nowhere.txt`\nhelp: --write-baseline creates it\n"

    def test_that_is_named_and_missing_can_be_written(self, flaglint: Flaglint, tmp_path: Path) -> None:
        assert flaglint("check", "--baseline", "known.txt", "--write-baseline").code == 0
        assert (tmp_path / "known.txt").exists()
        assert flaglint("check", "--baseline", "known.txt").code == 0

    def test_that_is_none_is_an_error_with_its_line(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"other.txt": "hello\n"})
        ran = flaglint("check", "--baseline", "other.txt")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: other.txt:1: this is no baseline: ")


@pytest.mark.usefixtures("shop")
class TestStdin:
    @pytest.fixture
    def typed(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        def give(text: str) -> None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

        return give

    def test_takes_the_place_of_a_file(self, flaglint: Flaglint, typed: Callable[[str], None]) -> None:
        typed(CART.replace("release-crat", "release-kart"))
        ran = flaglint("check", *CONCISE, "--stdin-filename", "shop/cart.py")
        assert ran.out == UNDEFINED.replace("-crat", "-kart")

    def test_can_be_a_file_that_is_not_there_yet(self, flaglint: Flaglint, typed: Callable[[str], None]) -> None:
        typed(CART.replace("release-crat", "release-kart"))
        ran = flaglint("check", *CONCISE, "--scope", "file", "--stdin-filename", "shop/new.py")
        assert ran.out == UNDEFINED.replace("-crat", "-kart").replace("cart.py", "new.py")

    @pytest.mark.parametrize(
        "configured",
        ['exclude = ["./shop"]', 'exclude = ["./shop/*.py"]', '[per-file-ignores]\n"./shop/*.py" = ["FLG2"]'],
    )
    def test_a_glob_may_begin_with_the_folder_that_it_is_in(
        self, flaglint: Flaglint, write: Callable[..., None], configured: str
    ) -> None:
        assert "shop/" in flaglint("check", *CONCISE).out
        write({"flaglint.toml": f"{configured}\n"})
        assert "shop/" not in flaglint("check", *CONCISE).out

    def test_of_an_excluded_file_is_quiet_when_exclusion_is_forced(
        self, flaglint: Flaglint, typed: Callable[[str], None], write: Callable[..., None]
    ) -> None:
        write({"flaglint.toml": 'exclude = ["shop/**"]\n'})
        typed(CART)
        ran = flaglint("check", *CONCISE, "--scope", "file", "--force-exclude", "--stdin-filename", "shop/cart.py")
        assert (ran.code, ran.out) == (0, "")

    def test_with_paths_is_refused(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "shop", "--stdin-filename", "shop/cart.py")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "error: --stdin-filename takes the place of paths: give one or the other\n"


@pytest.mark.usefixtures("shop")
class TestMoment:
    EXPIRING = REGISTRY.replace("type: permission", "type: release").replace(
        "permanent: part of the plan", "expires: 2026-06-30\n    created: 2026-06-01"
    )

    @pytest.mark.parametrize(
        ("now", "expired"),
        [
            ("2026-06-30", False),
            ("2026-06-30T23:59:59Z", False),
            ("2026-07-01", True),
            ("2026-07-01T01:00:00+02:00", False),
        ],
    )
    def test_a_flag_expires_after_its_last_day_in_utc(
        self, flaglint: Flaglint, write: Callable[..., None], now: str, expired: bool
    ) -> None:
        write({"flags.yaml": self.EXPIRING})
        ran = flaglint("check", *CONCISE, "--select", "FLG301", "--now", now)
        assert ("FLG301" in ran.out) is expired, ran

    def test_a_time_without_offset_is_refused(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--now", "2026-06-30T12:00:00")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(
            "error: invalid value for `--now`: `2026-06-30T12:00:00` needs an offset, such as 2026-06-30T12:00:00Z\n"
        )

    def test_what_is_no_time_is_refused(self, flaglint: Flaglint) -> None:
        assert flaglint("check", "--now", "yesterday").err.startswith(
            "error: invalid value for `--now`: `yesterday` is no day or time, such as 2026-11-01 or"
        )


class TestBadInput:
    def test_a_missing_path(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "nope")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: `nope` does not exist\n"
            "help: paths are relative to the working folder; if it is a flag: flaglint refs nope\n"
        )

    def test_an_empty_tree(self, flaglint: Flaglint) -> None:
        ran = flaglint("check")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: there is no file below .\n")

    def test_an_unknown_key_in_the_configuration(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"pyproject.toml": "[tool.flaglint]\nselectt = []\n", "a.py": ""})
        ran = flaglint("check")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "error: pyproject.toml:2:1: unknown key `selectt`\nhelp: did you mean `select`?\n"

    @pytest.mark.usefixtures("shop")
    def test_an_unknown_environment(self, flaglint: Flaglint) -> None:
        ran = flaglint("check", "--env", "defualt")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "error: there is no environment `defualt` in the registry\nhelp: did you mean `default`?\n"

    @pytest.mark.usefixtures("shop")
    def test_a_registry_that_is_configured_and_missing(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"flaglint.toml": 'registry = ["flaggs.yaml"]\n'})
        ran = flaglint("check")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: flaggs.yaml: ")

    @pytest.mark.usefixtures("shop")
    def test_a_file_that_does_not_parse_is_a_finding(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"shop/bad.py": 'from shop.cart import client\nif client.boolean("release-cart":\n'})
        ran = flaglint("check", *CONCISE, "shop/bad.py")
        assert ran.code == 1
        assert "shop/bad.py:2" in ran.out
        assert "FLG001" in ran.out

    @pytest.mark.usefixtures("shop")
    @pytest.mark.parametrize(
        ("path", "before"),
        [
            ("shop/deep.py", "from shop.cart import client; client.boolean('release-cart', "),
            ("flags/deep.yaml", "flags: "),
        ],
    )
    def test_brackets_without_end(self, flaglint: Flaglint, write: Callable[..., None], path: str, before: str) -> None:
        write({path: before + "[" * 100_000})
        ran = flaglint("check", *CONCISE)
        assert ran.code == 1
        assert f"{path}:1" in ran.out
        assert "Traceback" not in ran.err

    @pytest.mark.usefixtures("shop")
    def test_a_malformed_pack(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"flaglint.toml": 'sdk-paths = ["pack.yaml"]\n', "pack.yaml": "name: mine\npackges: [a]\n"})
        ran = flaglint("check")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: pack.yaml:1:1: a pack needs `packages`\n")
        assert "pack.yaml:2:1: a pack has no field `packges`" in ran.err

    @pytest.mark.usefixtures("shop")
    def test_a_malformed_call_in_the_configuration(self, flaglint: Flaglint, write: Callable[..., None]) -> None:
        write({"flaglint.toml": 'source = ["."]\n[[calls]]\nfunction = "a.b"\nkeey = {position = 0}\n'})
        ran = flaglint("check")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("error: flaglint.toml:4:1: ")


def test_recorded_usage_is_evidence_for_the_project_and_no_use_of_a_flag(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    record = {
        "version": 1,
        "started": 1785888000,
        "written": 1790812800,
        "flags": {"old": {"on": {"count": 1, "first": 1785888000, "last": 1786060800}}},
    }
    write({
        "flaglint.toml": 'usage = ["./usage/", "elsewhere"]\nselect = ["FLG202"]\n',
        "flags.yaml": "version: 1\nflags: {old: {}}\n",
        "usage/usage-web-1.json": json.dumps(record),
        "usage/usage-web-2.json": "[]",
    })  # fmt: skip
    ran = flaglint("check", "--now", "2026-10-01", "--output-format", "concise")
    assert "FLG202 `old` is never read; not evaluated since 2026-08-07" in ran.out
    assert ran.err.startswith("note: usage-web-2.json is no usage file: it was not read\n")
    ran = flaglint("check", "--now", "2026-10-01", "--scope", "file", "flags.yaml")
    assert "usage" not in ran.err


def test_says_how_many_removals_were_not_planned(flaglint: Flaglint, write: Callable[..., None]) -> None:
    keys = [f"release-{number}" for number in range(60)]
    entry = "    type: release\n    created: 2025-01-01\n    serve: 'true'\n"
    reads = "".join(f'if flags.boolean("{key}", None, False):\n    print(1)\n' for key in keys)
    write(
        {
            "flags.yaml": "version: 1\nflags:\n" + "".join(f"  {key}:\n{entry}" for key in keys),
            "app.py": f'from flaglint.evaluator import Evaluator\n\nflags = Evaluator.from_path("flags.yaml")\n{reads}',
        }
    )
    ran = flaglint("check", "--select", "FLG302", "--output-format", "json", "--now", "2026-01-15")
    helps = [finding["help"] for finding in json.loads(ran.out)["findings"]]
    planned = sum("removable: 1 of 1 read" in text for text in helps)
    assert len(helps) == 60
    assert 0 < planned < 60
    assert f"note: {60 - planned} removals were not planned" in ran.err
