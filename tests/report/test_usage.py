"""Usage files as evidence: what vendors export, what our own recorder wrote, and what is neither."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.report.conftest import by_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

    Report = Callable[..., dict[str, Any]]
    Write = Callable[[dict[str, str | bytes]], None]

pytestmark = pytest.mark.usefixtures("shop")
LAUNCHDARKLY = {
    "items": [
        {
            "name": "active",
            "lastRequested": "2026-11-20T18:17:01.514Z",
            "_links": {"self": {"href": "/api/v2/flag-statuses/shop/production/release-checkout"}},
        }
    ]
}
UNLEASH = {
    "version": 1,
    "features": [
        {
            "name": "release-checkout",
            "lastSeenAt": None,
            "environments": [
                {"name": "production", "lastSeenAt": "2026-11-20T08:00:00Z"},
                {"name": "staging", "lastSeenAt": "2026-01-01T08:00:00Z"},
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("usage.json", json.dumps([{"key": "release-checkout", "last_evaluated": "2026-11-20T10:00:00+02:00"}])),
        ("usage.json", json.dumps({"release-checkout": "2026-11-20"})),
        ("usage.json", json.dumps({"flags": {"release-checkout": {"lastUsedAt": 1795168800}}})),
        ("usage.json", json.dumps([{"flagKey": "release-checkout", "lastEvaluated": 1795168800000}])),
        ("usage.json", json.dumps(LAUNCHDARKLY)),
        ("usage.json", json.dumps(UNLEASH)),
        ("usage.csv", "Key,Name,Last evaluated\nrelease-checkout,Checkout,2026-11-20T10:00:00Z\n"),
        ("usage.csv", "\ufefflast_seen;flag\n2026-11-20;release-checkout\n"),
    ],
    ids=[
        "list",
        "mapping",
        "nested mapping in seconds",
        "milliseconds",
        "LaunchDarkly",
        "Unleash",
        "CSV",
        "semicolons",
    ],
)
def test_tells_when_a_flag_was_evaluated_last(report: Report, write: Write, name: str, content: str) -> None:
    write({f"exports/{name}": content})
    flag = by_key(report("--no-history", "--usage", f"exports/{name}"))["release-checkout"]
    assert (flag["last_evaluated"], flag["usage"]) == ("2026-11-20", "last evaluated on 2026-11-20")


@pytest.mark.parametrize("environments", [3, "production", {"production": {"lastSeenAt": 1}}, [None, 1], None])
def test_environments_that_are_none_tell_nothing(report: Report, write: Write, environments: object) -> None:
    record = {"key": "release-checkout", "last_seen": "2026-11-20", "environments": environments}
    write({"usage.json": json.dumps([record])})
    flag = by_key(report("--no-history", "--usage", "usage.json"))["release-checkout"]
    assert flag["last_evaluated"] == "2026-11-20"


def test_a_flag_that_is_quiet_is_worth_more(report: Report, write: Write) -> None:
    write({"usage.csv": "key,last_evaluated\nrelease-checkout,2026-02-01\nrelease-dark,\nrelease-vault,2026-11-22\n"})
    flags = by_key(report("--no-history", "--usage", "usage.csv"))
    quiet = {key: [term["fact"] for term in flag["benefit"] if term["name"] == "quiet"] for key, flag in flags.items()}
    assert {key: facts for key, facts in quiet.items() if facts} == {
        "release-checkout": ["last evaluated on 2026-02-01"],
        "release-dark": ["never evaluated, says the usage file"],
    }


def test_an_export_that_names_flags_is_no_use_of_them(report: Report, write: Write, tmp_path: Path) -> None:
    write({"usage.json": json.dumps([{"key": "release-unread", "last_evaluated": None}])})
    flag = by_key(report("--no-history", "--usage", "usage.json"))["release-unread"]
    assert (flag["texts"], [item["code"] for item in flag["due"]]) == ([], ["FLG202"])
    (tmp_path / "flaglint.toml").write_text('usage-exports = ["usage.json"]\n')
    flag = by_key(report("--no-history"))["release-unread"]
    assert (flag["texts"], flag["usage"]) == ([], "never evaluated, says the usage file")


def test_an_export_of_the_configuration_that_is_missing_is_told(report: Report, tmp_path: Path) -> None:
    (tmp_path / "flaglint.toml").write_text('usage-exports = ["exports/usage.jsn"]\n')
    note = "no usage is told by exports/usage.jsn, which `usage-exports` names: there is no such file"
    assert note in report("--no-history")["notes"]


def test_records_of_the_own_evaluator_count(report: Report, tmp_path: Path) -> None:
    from flaglint.evaluator.usage import UsageRecorder

    times = iter([1795300000.0] * 10)
    recorder = UsageRecorder(tmp_path / "var", clock=lambda: next(times))
    recorder.wrap("release-checkout", lambda context, now: type("Served", (), {"variant": "true"})())({}, 0.0)  # type: ignore[arg-type, return-value]
    recorder.close()
    flag = by_key(report("--no-history", "--usage", "var"))["release-checkout"]
    assert flag["last_evaluated"] == "2026-11-21"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("u.json", "[{]", "u.json:1:3: not valid JSON: expecting property name enclosed in double quotes"),
        ("u.json", "3", "u.json: the usage file is no list of flags"),
        ("u.json", '[{"key": "a"}]', "u.json: a record of the usage file lacks the time of the last evaluation"),
        ("u.json", '[{"last_seen": 1}]', "u.json: a record of the usage file lacks the key of the flag"),
        ("u.csv", "key,last_seen\na,2026-01-01\nb,soon\n", "u.csv:3: `soon` is no time"),
        ("u.csv", "key\na\n", "u.csv:2: a record of the usage file lacks the time of the last evaluation"),
    ],
)
def test_what_is_no_usage_file_is_refused_with_its_place(
    flaglint: Flaglint, write: Write, name: str, content: str, message: str
) -> None:
    write({name: content})
    ran = flaglint("report", "--usage", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {message}\nhelp: ") or ran.err == f"error: {message}\n"


def test_a_file_that_is_not_there_is_refused(flaglint: Flaglint) -> None:
    ran = flaglint("report", "--usage", "nope.json")
    assert ran.code == 2
    assert ran.err.startswith("error: there is no usage file `nope.json`\nhelp: ")


def test_records_without_a_flag_say_how_long_nobody_asked_for_it(report: Report, write: Write) -> None:
    record = {"version": 1, "started": 1772323200, "written": 1795300000, "flags": {}}
    write({"var/usage-host-1.json": json.dumps(record)})
    flag = by_key(report("--no-history", "--usage", "var"))["release-unread"]
    assert flag["due"][0]["code"] == "FLG202"
    assert "not evaluated since recording began on 2026-03-01" in json.dumps(flag["due"])


def test_of_two_exports_the_later_evaluation_counts(report: Report, write: Write) -> None:
    days = ("2026-11-20", "2026-03-01")
    write({f"{day}.json": json.dumps([{"key": "release-checkout", "last_evaluated": day}]) for day in days})
    for order in (days, reversed(days)):
        given = [word for day in order for word in ("--usage", f"{day}.json")]
        assert by_key(report("--no-history", *given))["release-checkout"]["last_evaluated"] == "2026-11-20"
