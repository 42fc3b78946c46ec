"""`flaglint report`: what it says of flags, owners and budgets, in each format, and how it compares."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from flaglint.rulesdata import rules_folder
from tests.report.conftest import NOW, REGISTRY, by_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

    Report = Callable[..., dict[str, Any]]
    Write = Callable[[dict[str, str | bytes]], None]

pytestmark = pytest.mark.usefixtures("shop")
SCHEMA = json.loads((rules_folder() / "schemas" / "report.schema.json").read_text(encoding="utf-8"))


ENDLESS = """{"version": 1, "date": "2026-01-01", "flags": [{
  "key": "a", "owner": {"name": ""}, "due": [], "reads": 1, "overdue_days": Infinity, "permanent": null,
  "readiness": {"level": "safe", "planned": true}
}]}"""


class TestDebt:
    def test_a_flag_is_told_with_its_evidence(self, report: Report) -> None:
        flag = by_key(report("--no-history"))["release-checkout"]
        assert (flag["rank"], flag["state"], flag["overdue_days"], flag["age_days"]) == (1, "rolled out", 146, 307)
        assert flag["owner"] == {"name": "@payments", "source": "registry"}
        assert [item["code"] for item in flag["due"]] == ["FLG301", "FLG302"]
        assert flag["due"][0]["reason"] == "expired on 2026-06-30, 146 days ago"
        assert (flag["reads"], flag["files"]) == (1, ["shop/cart.py"])
        assert flag["references"] == {"override": 1, "read": 1, "text": 1}
        assert (flag["tests"], flag["texts"]) == (["tests/test_cart.py"], ["docs/flags.md:1"])
        assert flag["nested"] == ["release-cards"]
        assert flag["served"][0]["since"] == "2026-03-17"
        assert flag["command"] == "flaglint remove release-checkout"

    def test_the_code_behind_a_flag_is_what_its_removal_takes_out(self, report: Report) -> None:
        code = by_key(report("--no-history"))["release-checkout"]["code"]
        # the `if` itself, and the three statements of its other branch
        assert (code["statements"], code["branches"]) == (4, 1)
        assert (code["removable"], code["by_hand"]) == ("1 of 1 read", 0)

    def test_without_a_proven_value_no_code_is_said_to_die(self, report: Report) -> None:
        flag = by_key(report("--no-history"))["release-cards"]
        assert flag["code"] is None
        assert flag["readiness"]["level"] == "blocked"
        assert flag["readiness"]["reasons"][0].startswith("it serves no single value in production")
        assert flag["command"] == "flaglint set release-cards --rollout 100"

    def test_a_flag_that_is_no_boolean_is_removed_by_the_name_of_a_variant(self, report: Report, write: Write) -> None:
        fractional = {"fractional": [["old", 50], ["short", 50]]}
        page = {"state": "ENABLED", "variants": {"old": "a", "short": "b"}, "defaultVariant": "old"}
        write(
            {
                "flaglint.toml": 'registry = ["flags.flagd.json"]\n',
                "shop/pages.py": "from openfeature import api\n\n"
                'PAGE = api.get_client().get_string_value("checkout-page", "a")\n',
                "flags.flagd.json": json.dumps({"flags": {"checkout-page": {**page, "targeting": fractional}}}),
            }
        )
        flag = by_key(report("--no-history"))["checkout-page"]
        assert flag["command"] == "flaglint remove checkout-page --variant NAME, where NAME is old or short"

    def test_a_flag_that_is_meant_to_stay_is_no_debt(self, report: Report) -> None:
        flag = by_key(report("--no-history"))["kill-search"]
        assert (flag["state"], flag["permanent"]) == ("permanent", "the search service fails now and then")
        assert (flag["score"], flag["due"], flag["overdue_days"]) == (0, [], 0)

    def test_a_key_that_is_read_and_not_registered_is_listed(self, report: Report) -> None:
        flag = by_key(report("--no-history"))["release-chekout"]
        assert (flag["registered"], flag["state"], flag["reads"]) == (False, "unknown", 1)
        assert flag["command"] == "flaglint refs release-chekout"

    def test_the_score_is_what_its_terms_say(self, report: Report) -> None:
        for flag in report("--no-history")["flags"]:
            gains = sum(term["points"] for term in flag["benefit"])
            costs = sum(term["points"] for term in flag["effort"])
            assert flag["score"] == pytest.approx(gains / costs, abs=0.01)

    def test_how_hard_a_removal_is_follows_from_what_it_takes(self, report: Report, write: Write) -> None:
        at_hand = "    type: release\n    created: 2026-01-01\n"
        write(
            {
                "flags.yaml": "version: 1\nflags:\n"
                f"  easy:\n{at_hand}    serve: 'true'\n"
                f"  needed:\n{at_hand}    serve: 'true'\n"
                f"  undecided:\n{at_hand}    needs: {{needed: 'true'}}\n    serve: {{'true': 1, 'false': 1}}\n",
                "read.py": "from shop.cart import flags\n\nflags.boolean('undecided', None, False)\n",
            }
        )
        found = by_key(report("--no-history"))
        told = {
            key: (sum(term["points"] for term in flag["effort"]), flag["difficulty"]) for key, flag in found.items()
        }
        assert told["easy"] == (1, "easy")
        assert told["needed"] == (2, "moderate")
        assert told["undecided"] == (4, "hard")

    def test_what_is_late_and_settled_comes_before_what_is_not(self, report: Report) -> None:
        keys = [flag["key"] for flag in report("--no-history")["flags"]]
        assert keys.index("release-checkout") < keys.index("release-dark") < keys.index("release-cards")

    def test_a_broken_entry_is_to_be_mended_first(self, report: Report, write: Write) -> None:
        write({"flags.yaml": "version: 1\nflags:\n  odd: {type: release, created: 2026-01-01, serve: sideways}\n"})
        flag = by_key(report("--no-history"))["odd"]
        assert (flag["readiness"]["level"], flag["command"]) == ("blocked", "flaglint registry validate")

    def test_prerequisites_are_told_both_ways(self, report: Report) -> None:
        flags = by_key(report("--no-history"))
        assert flags["release-cards"]["needs"] == ["release-vault"]
        assert flags["release-vault"]["needed_by"] == ["release-cards"]

    def test_what_the_project_suppresses_is_not_due(self, report: Report, tmp_path: Path) -> None:
        marked = REGISTRY.replace(
            "  release-dark:", "  # flaglint: ignore[FLG303, FLG304] back in spring\n  release-dark:"
        )
        (tmp_path / "flags.yaml").write_text(marked)
        flags = by_key(report("--no-history"))
        assert flags["release-dark"]["due"] == []
        assert flags["release-checkout"]["due"] != []

    def test_without_any_flag_it_says_so(self, flaglint: Flaglint, tmp_path: Path, write: Write) -> None:
        write(
            {"flags.yaml": "version: 1\nflags: {}\n", "shop/cart.py": "", "shop/pages.py": "", "tests/test_cart.py": ""}
        )
        ran = flaglint("report", "--now", NOW, "--no-history")
        assert (ran.code, ran.out) == (0, f"# Flags of {tmp_path.name}, 2026-11-23\n\nThere are no flags.\n")


class TestOrder:
    def test_a_flag_goes_after_those_that_need_it(self, report: Report, write: Write) -> None:
        served = "type: release, created: 2026-01-01, serve: 'true'"
        write(
            {
                "flags.yaml": f"""\
version: 1
flags:
  base: {{{served}}}
  middle: {{{served}, needs: {{base: "true"}}}}
  top: {{{served}, needs: {{middle: "true"}}}}
  alone: {{{served}}}
"""
            }
        )
        order = report("--no-history")["removal_order"]
        assert [set(group) for group in order] == [{"top", "alone"}, {"middle"}, {"base"}]

    def test_what_is_needed_by_a_flag_that_stays_has_to_wait(self, report: Report, write: Write) -> None:
        write(
            {
                "flags.yaml": """\
version: 1
flags:
  base: {type: release, created: 2026-01-01, serve: "true"}
  open: {type: release, created: 2026-11-01, needs: {base: "true"}, serve: {"true": 1, "false": 1}}
""",
                "shop/pages.py": "from shop.cart import flags\nflags.boolean('open', None, False)\n",
            }
        )
        assert report("--no-history")["removal_order"] == []

    def test_a_circle_is_named(self, report: Report, write: Write) -> None:
        write(
            {
                "flags.yaml": """\
version: 1
flags:
  one: {type: release, created: 2026-01-01, needs: {two: "true"}, serve: "true"}
  two: {type: release, created: 2026-01-01, needs: {one: "true"}, serve: "true"}
"""
            }
        )
        assert report("--no-history")["cycles"] == [["one", "two"]]


class TestFormats:
    def test_the_json_follows_its_schema(self, report: Report, flaglint: Flaglint, tmp_path: Path) -> None:
        first = report("--no-history")
        jsonschema.validate(first, SCHEMA)
        (tmp_path / "last.json").write_text(json.dumps(first))
        jsonschema.validate(report("--no-history", "--since", "last.json"), SCHEMA)

    def test_the_same_input_gives_the_same_bytes(self, flaglint: Flaglint, tmp_path: Path) -> None:
        written = []
        for name in ("one", "two"):
            files = [argument for kind in ("html", "md", "json", "csv") for argument in ("-o", f"{name}.{kind}")]
            assert flaglint("report", "--now", NOW, "--no-cache", *files).code == 0
            written.append([(tmp_path / f"{name}.{kind}").read_bytes() for kind in ("html", "md", "json", "csv")])
            for kind in ("html", "md", "json", "csv"):
                (tmp_path / f"{name}.{kind}").unlink()
        assert written[0] == written[1]

    def test_a_report_in_the_project_is_no_use_of_the_flags_in_it(self, flaglint: Flaglint, tmp_path: Path) -> None:
        assert flaglint("report", "--now", NOW, "--no-history", "-o", "report.md", "-o", "report.json").code == 0
        before = (tmp_path / "report.md").read_bytes()
        assert flaglint("report", "--now", NOW, "--no-history", "-o", "report.md", "-o", "report.json").code == 0
        assert (tmp_path / "report.md").read_bytes() == before

    def test_the_markdown_begins_with_what_to_do(self, flaglint: Flaglint, tmp_path: Path) -> None:
        ran = flaglint("report", "--now", NOW, "--no-history")
        assert ran.code == 0
        lines = ran.out.split("\n")
        assert lines[0] == f"# Flags of {tmp_path.name}, 2026-11-23"
        assert lines[2].startswith("4 of 6 temporary flags should go: ")
        assert lines[4] == "## Remove first"
        assert lines[6].startswith(
            "1. `release-checkout` (`@payments`, caution, easy, 146 days late, 1 read in 1 file)"
        )
        assert lines[8] == "   `flaglint remove release-checkout`"

    def test_one_of_a_kind_is_told_in_the_singular(self, flaglint: Flaglint, write: Write) -> None:
        write(
            {
                "flags.yaml": "version: 1\nflags:\n  alone: {type: release, created: 2026-01-01, serve: 'true'}\n",
                "odd.py": "from shop.cart import flags\n\nflags.boolean('alone', (None, False)\n",
            }
        )
        out = flaglint("report", "--now", NOW, "--no-history").out
        assert "1 needs a second look" in out
        assert "- a statement that mentions a flag does not parse: odd.py:3:1\n" in out

    def test_the_markdown_fits_a_chat_however_many_flags_there_are(self, flaglint: Flaglint, write: Write) -> None:
        entry = "  flag-{0}: {{type: release, owner: '@team-{1}', created: 2026-01-01, serve: 'true'{2}}}\n"
        entries = (
            entry.format(number, number % 45, f", needs: {{flag-{number - 1}: 'true'}}" if number % 3 else "")
            for number in range(90)
        )
        write({"flags.yaml": "version: 1\nflags:\n" + "".join(entries)})
        out = flaglint("report", "--now", NOW, "--no-history").out
        assert len(out) < 6_000
        assert "- and 26 more\n" in out  # of 46 owners, with nobody
        steps = out.partition("## Order of removal")[2].split("\n")[2:5]
        assert [line.rpartition(" and ")[2] for line in steps] == ["20 more"] * 3  # of 30 flags that go in each step

    def test_top_shortens_every_list(self, flaglint: Flaglint) -> None:
        assert "\n2. " not in flaglint("report", "--now", NOW, "--no-history", "--top", "1").out
        rows = flaglint("report", "--format", "csv", "--now", NOW, "--no-history", "--top", "2").out
        assert len(rows.splitlines()) == 3

    @pytest.mark.parametrize("form", ["html", "markdown", "csv"])
    def test_letters_that_nobody_sees_are_shown_by_their_escapes(
        self, flaglint: Flaglint, write: Write, form: str
    ) -> None:
        key = '"bad\\e[31m\\u202ekey\\x85z"'  # as YAML spells it
        write({"flags.yaml": f'version: 1\nflags:\n  {key}: {{owner: "te\\aam", created: 2026-01-01, serve: no}}\n'})
        ran = flaglint("report", "--format", form, "--now", NOW, "--no-history")
        assert "bad\\x1b[31m\\u202ekey\\x85z" in ran.out
        assert "te\\x07am" in ran.out
        assert not set(ran.out) & set("\x1b\u202e\x85\a")

    def test_the_csv_has_a_line_per_flag(self, flaglint: Flaglint) -> None:
        ran = flaglint("report", "--format", "csv", "--now", NOW, "--no-history")
        rows = list(csv.DictReader(io.StringIO(ran.out)))
        assert len(rows) == 7
        assert (rows[0]["key"], rows[0]["owner"], rows[0]["overdue_days"]) == ("release-checkout", "@payments", "146")

    def test_a_formula_in_a_key_is_a_text_in_a_spreadsheet(self, flaglint: Flaglint, write: Write) -> None:
        write({"shop/pages.py": "from shop.cart import flags\nflags.boolean('=1+1', None, False)\n"})
        rows = csv.DictReader(io.StringIO(flaglint("report", "--format", "csv", "--no-history").out))
        assert "'=1+1" in {row["key"] for row in rows}

    def test_markdown_in_a_reason_stays_text(self, flaglint: Flaglint, write: Write) -> None:
        hostile = REGISTRY.replace("release-chekout", "x").replace("release-dark:", '"a`<b>*c":')
        write({"flags.yaml": hostile})
        out = flaglint("report", "--now", NOW, "--no-history").out
        assert "``a`<b>*c``" in out.replace("`` ", "``").replace(" ``", "``")

    def test_a_file_whose_name_tells_no_format_is_refused(self, flaglint: Flaglint) -> None:
        ran = flaglint("report", "-o", "report.pdf")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: the name of `report.pdf` does not tell its format\n"
            "help: end it in .html, .md, .json or .csv, or say --format: html, markdown, json, csv\n"
        )


class TestOwners:
    def test_one_team_gets_its_own_flags(self, report: Report) -> None:
        document = report("--no-history", "--owner", "@Payments")
        assert {flag["key"] for flag in document["flags"]} == {"release-checkout", "release-vault"}
        assert [row["owner"] for row in document["owners"]] == ["@payments"]

    def test_an_owner_of_nothing_is_refused_with_the_nearest(self, flaglint: Flaglint) -> None:
        ran = flaglint("report", "--owner", "@paiments", "--no-history")
        assert (ran.code, ran.err) == (
            2,
            "error: no flag belongs to `@paiments`\nhelp: did you mean `@payments`?\n",
        )

    def test_codeowners_of_the_readers_own_what_the_registry_gives_to_nobody(
        self, report: Report, write: Write
    ) -> None:
        write({".github/CODEOWNERS": "* @everyone\n/shop/pages.py @design @web\n"})
        flags = by_key(report("--no-history"))
        assert flags["release-dark"]["owner"] == {"name": "@design", "source": "CODEOWNERS"}
        assert flags["release-dark"]["code_owners"] == ["@design", "@web"]
        assert flags["release-checkout"]["owner"] == {"name": "@payments", "source": "registry"}


class TestBudgets:
    def test_over_budget_is_exit_code_1(self, report: Report) -> None:
        document = report("--no-history", "--budget", "@payments=1", code=1)
        assert document["over_budget"] == [{"owner": "@payments", "fact": "@payments has 2 temporary flags, 1 allowed"}]

    def test_within_budget_is_exit_code_0(self, report: Report) -> None:
        document = report("--no-history", "--budget", "@payments=2")
        assert document["over_budget"] == []
        assert next(row for row in document["owners"] if row["owner"] == "@payments")["budget"] == 2

    def test_the_configuration_sets_budgets_and_the_command_line_wins(self, report: Report, tmp_path: Path) -> None:
        (tmp_path / "flaglint.toml").write_text('[budgets]\n"@payments" = 1\n"*" = 5\nall = 3\n')
        facts = [item["fact"] for item in report("--no-history", code=1)["over_budget"]]
        assert facts == [
            "@payments has 2 temporary flags, 1 allowed",
            "the project has 6 temporary flags, 3 allowed",
        ]
        report("--no-history", "--budget", "@payments=2", "--budget", "all=6")

    def test_one_team_answers_for_its_own_budget_only(self, report: Report) -> None:
        report("--no-history", "--budget", "@payments=1", "--owner", "@web")
        report("--no-history", "--budget", "@payments=1", "--owner", "@payments", code=1)

    @pytest.mark.parametrize("text", ["@payments", "=3", "@payments=many", "@payments=-1"])
    def test_what_is_no_budget_is_refused(self, flaglint: Flaglint, text: str) -> None:
        ran = flaglint("report", "--budget", text)
        assert ran.code == 2
        assert ran.err.startswith(f"error: `{text}` is no budget\n")


class TestSince:
    @pytest.fixture
    def last_week(self, flaglint: Flaglint, shop: None, tmp_path: Path) -> str:
        assert flaglint("report", "--now", "2026-11-16", "--no-history", "-o", "last.json").code == 0
        return "last.json"

    def test_what_moved_is_listed_with_the_net_change(self, report: Report, last_week: str, write: Write) -> None:
        changed = REGISTRY.replace("expires: 2026-06-30", "expires: 2026-12-30").replace("2026-11-20", "2026-10-12")
        changed = changed[: changed.index("  release-dark:")] + changed[changed.index("  release-unread:") :]
        write(
            {
                "flags.yaml": changed + "  release-fresh: {created: 2026-11-20, serve: {'true': 1, 'false': 1}}\n",
                "shop/pages.py": """\
from shop.cart import flags

def again(user):
    return flags.boolean("release-vault", user, False) or flags.boolean("release-vault", user, False)

def search(user):
    return flags.boolean("kill-search", user, True)
""",
            }
        )
        moved = report("--no-history", "--since", last_week)["since"]
        assert (moved["before"], moved["after"], moved["net"]) == (7, 6, -1)
        assert [item["key"] for item in moved["new"]] == ["release-fresh"]
        assert [item["key"] for item in moved["cleaned"]] == ["release-chekout", "release-dark"]
        assert [item["key"] for item in moved["overdue"]] == ["release-unread"]
        assert {item["key"]: item["fact"] for item in moved["worse"]}["release-vault"] == "3 reads, 1 before"
        assert {item["key"]: item["fact"] for item in moved["better"]} == {
            "release-checkout": "no longer overdue: expires 2026-12-30"
        }

    def test_when_nothing_moves_nothing_is_listed(self, report: Report, last_week: str) -> None:
        moved = report("--no-history", "--since", last_week)["since"]
        assert (moved["net"], moved["new"], moved["cleaned"], moved["worse"], moved["better"]) == (0, [], [], [], [])

    def test_one_team_sees_its_own_change(self, report: Report, last_week: str) -> None:
        moved = report("--no-history", "--since", last_week, "--owner", "@web")["since"]
        assert (moved["before"], moved["after"]) == (2, 2)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("{", "last.json:1:2: not valid JSON: expecting property name enclosed in double quotes"),
            ("[]", "last.json: it is no report"),
            ('{"version": 9, "flags": []}', "last.json: a report of version 9, and this flaglint reads 1"),
            ('{"version": 1, "date": "2026-01-01", "flags": [{}]}', "last.json: it is no report"),
            (ENDLESS, "last.json: it is no report"),
        ],
    )
    def test_what_is_no_report_is_refused(self, flaglint: Flaglint, tmp_path: Path, content: str, message: str) -> None:
        (tmp_path / "last.json").write_text(content)
        ran = flaglint("report", "--since", "last.json")
        assert ran.code == 2
        assert ran.err.startswith(f"error: {message}\n")


class TestPlanning:
    @pytest.fixture
    def many_files(self, shop: None, write: Write) -> None:
        """Two settled flags: one read in more files than are planned by default, one in a single file."""
        header = "from shop.cart import flags\n"
        body = "def f(user):\n    return 1 if flags.boolean({key!r}, user, False) else 2\n"
        files: dict[str, str | bytes] = {
            f"wide/m{number}.py": header + body.format(key="wide") for number in range(250)
        }
        write(
            files
            | {
                "narrow.py": header + body.format(key="narrow"),
                "flags.yaml": "version: 1\nflags:\n  wide: {type: release, created: 2026-01-01, serve: 'true'}\n"
                "  narrow: {type: release, created: 2026-02-01, serve: 'true'}\n",
            }
        )

    @pytest.mark.usefixtures("many_files")
    def test_the_best_removals_are_planned_and_the_rest_says_that_it_is_not(self, report: Report) -> None:
        document = report("--no-history")
        flags = by_key(document)
        assert flags["narrow"]["readiness"] == {"level": "safe", "reasons": [], "planned": True}
        assert flags["wide"]["readiness"] == {
            "level": "caution",
            "reasons": ["its removal was not planned"],
            "planned": False,
        }
        assert flags["wide"]["code"] is None
        assert any(note.startswith("1 removal was not planned") for note in document["notes"])

    @pytest.mark.usefixtures("many_files")
    def test_all_of_them_are_when_asked_for(self, report: Report) -> None:
        document = report("--no-history", "--plan-all")
        assert {flag["readiness"]["planned"] for flag in document["flags"]} == {True}
        assert by_key(document)["wide"]["code"]["statements"] == 250  # the import of each module
        assert not any("not planned" in note for note in document["notes"])

    def test_without_history_it_says_whose_age_is_not_known(self, report: Report) -> None:
        document = report("--no-history")
        assert [
            flag["key"] for flag in document["flags"] if flag["age_days"] is None and flag["permanent"] is None
        ] == ["release-chekout"]
        assert document["notes"][-1].startswith("without git the age of 1 temporary flag is not known")

    def test_one_process_says_what_several_say(self, report: Report) -> None:
        assert report("--no-history", "-j", "1") == report("--no-history", "-j", "3")
