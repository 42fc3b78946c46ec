"""Findings for services: JSON, SARIF, GitHub, GitLab and JUnit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from flaglint.model import Position, Severity, Span
from flaglint.render import FORMATS
from flaglint.rulesdata import rules_folder

if TYPE_CHECKING:
    from tests.render.conftest import Shop

# The official schema of SARIF 2.1.0, as Microsoft's SARIF SDK (MIT licence) validates with it.
SARIF_SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text("utf-8-sig"))


def test_json_says_everything(shop: Shop) -> None:
    document = json.loads(shop.render("json"))
    assert document["findings"][2] == {
        "code": "FLG201",
        "name": "undefined-flag",
        "severity": "error",
        "message": "`relase-cart` is not defined in flags.yaml",
        "key": "relase-cart",
        "path": "shop/cart.py",
        "line": 7,
        "column": 12,
        "end_line": 7,
        "end_column": 58,
        "qualname": "cart",
        "confidence": "certain",
        "help": "did you mean `release-cart`?",
        "related": [
            {
                "path": "flags.yaml",
                "line": 3,
                "column": 3,
                "end_line": 3,
                "end_column": 15,
                "message": "the nearest key is defined here",
            }
        ],
        "fingerprint": document["findings"][2]["fingerprint"],
    }
    del document["findings"]
    assert document == {
        "version": 1,
        "summary": {"error": 1, "warning": 1, "information": 1, "suppressed": 1, "baselined": 2, "skipped": 1},
        "files": {"seen": 4, "screened": 3, "parsed": 2},
        "skipped": [{"path": "odd, 100%.py", "reason": "it is not valid utf-8"}],
        "stale": ["FLG201 gone shop/cart.py"],
        "notes": ["FLG202 unused-flag was withheld"],
    }


def test_json_follows_its_schema(shop: Shop) -> None:
    schema = json.loads((rules_folder() / "schemas" / "output.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(shop.render("json")))
    broken = json.loads(shop.render("json"))
    broken["findings"][0]["severity"] = "fatal"
    assert not Draft202012Validator(schema).is_valid(broken)


def test_sarif_follows_the_official_schema(shop: Shop) -> None:
    validator = Draft202012Validator(SARIF_SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(json.loads(shop.render("sarif")))
    shop.result = replace(shop.result, findings=(), skipped=())
    validator.validate(json.loads(shop.render("sarif")))
    broken = json.loads(shop.render("sarif"))
    broken["runs"][0]["columnKind"] = "bytes"
    assert not validator.is_valid(broken)


def test_sarif_has_both_sides_of_a_finding(shop: Shop) -> None:
    run = json.loads(shop.render("sarif"))["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["FLG003", "FLG201", "FLG301"]
    result = run["results"][2]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("FLG201", 1, "error")
    assert result["message"]["text"] == "`relase-cart` is not defined in flags.yaml\nhelp: did you mean `release-cart`?"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "shop/cart.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 7, "startColumn": 12, "endLine": 7, "endColumn": 58},
            },
            "logicalLocations": [{"fullyQualifiedName": "cart"}],
        }
    ]
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "flags.yaml"
    assert run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "odd%2C%20100%25.py"
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "skipped: it is not valid utf-8"


def test_a_file_without_places_has_no_region(shop: Shop) -> None:
    nowhere = replace(shop.findings["expired"], primary=Span("ld.json", Position(0, 0), Position(0, 0)), related=())
    run = json.loads(shop.render("sarif", nowhere))["runs"][0]
    Draft202012Validator(SARIF_SCHEMA).validate(json.loads(shop.render("sarif", nowhere)))
    assert "region" not in run["results"][0]["locations"][0]["physicalLocation"]
    assert shop.render("concise", nowhere).startswith("ld.json: warning FLG301 ")
    assert shop.render("github", nowhere).startswith("::warning file=ld.json,title=FLG301 expired-flag::")
    assert json.loads(shop.render("gitlab", nowhere))[0]["location"]["lines"] == {"begin": 1, "end": 1}


def fingerprints(text: str) -> list[str]:
    return [result["partialFingerprints"]["flaglint/v1"] for result in json.loads(text)["runs"][0]["results"]]


def test_a_fingerprint_stays_when_lines_move_and_changes_with_the_flag(shop: Shop) -> None:
    found = shop.findings["undefined"]
    moved = replace(found, primary=Span("shop/cart.py", Position(99, 3), Position(99, 9)), message="in other words")
    before = fingerprints(shop.render("sarif", found))
    assert fingerprints(shop.render("sarif", moved)) == before
    for other in (
        replace(found, key="relase-tax"),
        replace(found, code="FLG203"),
        replace(found, qualname="total"),
        replace(found, primary=Span("shop/other.py", Position(7, 12), Position(7, 58))),
    ):
        assert fingerprints(shop.render("sarif", other)) != before


def test_the_same_finding_twice_has_two_fingerprints(shop: Shop) -> None:
    found = shop.findings["undefined"]
    marks = fingerprints(shop.render("sarif", found, found))
    assert len(set(marks)) == 2
    assert marks[0] == fingerprints(shop.render("sarif", found))[0]


def test_github_annotations_escape_what_would_end_them(shop: Shop) -> None:
    assert shop.render("github") == (
        "::warning file=flags.yaml,line=4,endLine=4,col=3,endColumn=14,title=FLG301 expired-flag::"
        "`release-tax` expired on 2026-09-30, 1 day ago%0Ashop/cart.py:11:8: read here"
        "%0Ahelp: remove it: flaglint remove release-tax; or agree on a new date\n"
        "::notice file=odd%2C 100%25.py,line=1,endLine=1,col=1,endColumn=1,title=FLG003 skipped-file::"
        "not looked at: it is not valid utf-8\n"
        "::error file=shop/cart.py,line=7,endLine=7,col=12,endColumn=58,title=FLG201 undefined-flag::"
        "`relase-cart` is not defined in flags.yaml%0Aflags.yaml:3:3: the nearest key is defined here"
        "%0Ahelp: did you mean `release-cart`?\n"
    )


def test_github_gets_no_columns_for_a_place_over_several_lines(shop: Shop) -> None:
    found = replace(shop.findings["undefined"], primary=Span("shop/cart.py", Position(11, 8), Position(14, 6)))
    assert shop.render("github", found).startswith("::error file=shop/cart.py,line=11,endLine=14,title=FLG201")


def test_gitlab_entries_have_the_required_fields(shop: Shop) -> None:
    entries = json.loads(shop.render("gitlab"))
    assert [entry["severity"] for entry in entries] == ["minor", "info", "major"]
    assert len({entry["fingerprint"] for entry in entries}) == 3
    assert entries[2] == {
        "description": "FLG201 `relase-cart` is not defined in flags.yaml (did you mean `release-cart`?)",
        "check_name": "FLG201",
        "fingerprint": entries[2]["fingerprint"],
        "severity": "major",
        "location": {"path": "shop/cart.py", "lines": {"begin": 7, "end": 7}},
    }


def test_gitlab_says_nothing_of_help_where_there_is_none(shop: Shop) -> None:
    (entry,) = json.loads(shop.render("gitlab", replace(shop.findings["undefined"], help="")))
    assert entry["description"] == "FLG201 `relase-cart` is not defined in flags.yaml"


def test_junit_has_a_failure_for_each_finding_that_fails_the_run(shop: Shop) -> None:
    assert shop.render("junit") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuites name="flaglint" tests="3" failures="2" errors="0" time="0">\n'
        '  <testsuite name="flags.yaml" tests="1" failures="1" errors="0" skipped="0" time="0">\n'
        '    <testcase name="FLG301 expired-flag: release-tax" classname="flags.yaml" file="flags.yaml" line="4"'
        ' time="0">\n'
        '      <failure message="`release-tax` expired on 2026-09-30, 1 day ago" type="warning">'
        "flags.yaml:4:3: warning: `release-tax` expired on 2026-09-30, 1 day ago\n"
        "shop/cart.py:11:8: read here\n"
        "help: remove it: flaglint remove release-tax; or agree on a new date</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        '  <testsuite name="odd, 100%.py" tests="1" failures="0" errors="0" skipped="0" time="0">\n'
        '    <testcase name="FLG003 skipped-file" classname="odd, 100%.py" file="odd, 100%.py" line="1" time="0">\n'
        "      <system-out>odd, 100%.py:1:1: information: not looked at: it is not valid utf-8</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        '  <testsuite name="shop/cart.py" tests="1" failures="1" errors="0" skipped="0" time="0">\n'
        '    <testcase name="FLG201 undefined-flag: relase-cart" classname="shop/cart.py" file="shop/cart.py" line="7"'
        ' time="0">\n'
        '      <failure message="`relase-cart` is not defined in flags.yaml" type="error">'
        "shop/cart.py:7:12: error: `relase-cart` is not defined in flags.yaml\n"
        "flags.yaml:3:3: the nearest key is defined here\n"
        "help: did you mean `release-cart`?</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_junit_fails_on_what_the_run_fails_on(shop: Shop) -> None:
    root = ET.fromstring(shop.render("junit", fail_on=Severity.ERROR))
    assert root.get("failures") == "1"
    assert len(root.findall(".//failure")) == 1
    assert len(root.findall(".//system-out")) == 2


def test_junit_without_findings_is_one_passing_test(shop: Shop) -> None:
    shop.result = replace(shop.result, findings=())
    root = ET.fromstring(shop.render("junit"))
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    assert [case.get("name") for case in root.iter("testcase")] == ["no findings"]


@pytest.mark.parametrize("form", FORMATS)
def test_odd_keys_and_paths_stay_valid_in_every_format(shop: Shop, form: str) -> None:
    odd = replace(
        shop.findings["undefined"],
        key='a"<&>\x00\x1b\udce9',
        message='`a"<&>\x00\x1b\udce9` is odd',
        primary=Span("caf\udce9/日本 <1>.py", Position(1, 1), Position(1, 2)),
        related=(),
    )
    text = shop.render(form, odd)
    text.encode("utf-8")
    if form == "junit":
        assert ET.fromstring(text).find(".//failure").get("message") == '`a"<&>\ufffd\ufffd\ufffd` is odd'
    if form in {"json", "gitlab", "sarif"}:
        json.loads(text)
    if form == "sarif":
        Draft202012Validator(SARIF_SCHEMA).validate(json.loads(text))
        assert '"uri": "caf%E9/%E6%97%A5%E6%9C%AC%20%3C1%3E.py"' in text


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_findings_give_the_same_bytes(shop: Shop, form: str) -> None:
    assert shop.render(form) == shop.render(form)
    assert shop.render(form).endswith("\n")
