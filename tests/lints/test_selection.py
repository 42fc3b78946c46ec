"""Which rules run: one decision per rule, with its reason."""

from pathlib import Path

import pytest

from flaglint.config import Settings
from flaglint.errors import ConfigError
from flaglint.lints import catalogue
from flaglint.lints.selection import Decision, decide, effective, file_ignores, select_rules, severities
from flaglint.model import Severity

UNDEFINED = catalogue.Entry("FLG201", "undefined-flag", "flaglint.lints.rules.flg201_undefined_flag")


def settings(**values: object) -> Settings:
    return Settings(root=Path("/nowhere"), **values)


@pytest.mark.parametrize(
    ("select", "ignore", "decision"),
    [
        (["FLG2"], [], Decision(selected=True, reason="selected by `FLG2`")),
        (["FLG"], [], Decision(selected=True, reason="selected by `FLG`")),
        (["all"], [], Decision(selected=True, reason="selected by `all`")),
        (["flg201"], [], Decision(selected=True, reason="selected by `flg201`")),
        (["undefined-flag"], [], Decision(selected=True, reason="selected by `undefined-flag`")),
        (["FLG1", "FLG3"], [], Decision(selected=False, reason="not selected")),
        ([], [], Decision(selected=False, reason="not selected")),
        (["FLG2"], ["FLG201"], Decision(selected=False, reason="ignored by `FLG201`")),
        (["FLG2"], ["undefined-flag"], Decision(selected=False, reason="ignored by `undefined-flag`")),
        (["FLG201"], ["FLG201"], Decision(selected=False, reason="ignored by `FLG201`")),
        (["FLG2"], ["FLG2"], Decision(selected=False, reason="ignored by `FLG2`")),
        (["FLG201"], ["FLG2"], Decision(selected=True, reason="selected by `FLG201`")),
        (["FLG20"], ["FLG2"], Decision(selected=True, reason="selected by `FLG20`")),
        (["FLG2"], ["ALL"], Decision(selected=True, reason="selected by `FLG2`")),
    ],
)
def test_the_most_exact_selector_decides(select: list[str], ignore: list[str], decision: Decision) -> None:
    assert decide(UNDEFINED, enabled=True, select=select, ignore=ignore) == decision


@pytest.mark.parametrize(
    ("code", "select", "runs"),
    [
        ("FLG104", ["FLG1"], False),
        ("FLG104", ["FLG"], False),
        ("FLG104", ["FLG104"], True),
        ("FLG104", ["vague-flag-name"], True),
        ("FLG104", ["ALL"], True),
        ("FLG501", ["FLG0", "FLG1", "FLG2", "FLG3", "FLG4"], False),
        ("FLG501", ["FLG5"], True),
        ("FLG501", ["FLG"], False),
    ],
)
def test_an_opt_in_rule_runs_only_when_it_or_its_band_is_named(code: str, select: list[str], runs: bool) -> None:
    decisions = {entry.code: decision for entry, decision in select_rules(settings(select=tuple(select)))}
    assert decisions[code].selected is runs
    if not runs and code == "FLG104":
        assert decisions[code].reason == "opt-in: select `FLG104` to run it"


def test_extending_the_selection_wins_over_an_ignore_that_is_no_more_exact() -> None:
    chosen = settings(select=("FLG4",), ignore=("FLG2", "FLG202"), extend_select=("FLG2",))
    running = {entry.code for entry, decision in select_rules(chosen) if decision.selected}
    assert "FLG201" in running
    assert "FLG202" not in running
    assert "FLG401" in running


@pytest.mark.parametrize(
    ("option", "values", "message", "advice"),
    [
        ("select", ("FLG9",), "`FLG9` in `select` names no rule", "`flaglint rule` lists the rules"),
        ("select", ("FGL201",), "`FGL201` in `select` names no rule", "did you mean `FLG201`?"),
        ("ignore", ("undefind-flag",), "`undefind-flag` in `ignore` names no rule", "did you mean `undefined-flag`?"),
        ("extend_select", ("zzz",), "`zzz` in `extend-select` names no rule", "`flaglint rule` lists the rules"),
    ],
)
def test_refuses_a_selector_that_names_no_rule(option: str, values: tuple[str, ...], message: str, advice: str) -> None:
    with pytest.raises(ConfigError) as raised:
        select_rules(settings(**{option: values}))
    assert raised.value.message == message
    assert advice in raised.value.help


def test_a_severity_can_be_set_for_a_band_and_for_one_rule_in_it() -> None:
    chosen = severities(settings(severity={"FLG2": Severity.INFORMATION, "undefined-flag": Severity.ERROR}))
    assert chosen["FLG201"] is Severity.ERROR
    assert chosen["FLG202"] is Severity.INFORMATION
    assert "FLG101" not in chosen


def test_refuses_the_severity_of_a_rule_that_does_not_exist() -> None:
    with pytest.raises(ConfigError, match="`FLG999` in `severity` names no rule"):
        severities(settings(severity={"FLG999": Severity.ERROR}))


@pytest.mark.parametrize(
    ("own", "configured", "shown"),
    [
        (Severity.ERROR, Severity.WARNING, Severity.WARNING),
        (Severity.ERROR, None, Severity.ERROR),
        (Severity.INFORMATION, Severity.ERROR, Severity.INFORMATION),
        (Severity.WARNING, Severity.INFORMATION, Severity.INFORMATION),
    ],
)
def test_a_finding_that_was_marked_down_is_not_raised_again(
    own: Severity, configured: Severity | None, shown: Severity
) -> None:
    rule = UNDEFINED.load()
    assert effective(rule, own, {} if configured is None else {"FLG201": configured}) is shown


def test_rules_are_ignored_in_the_files_of_a_glob() -> None:
    ignored = file_ignores(
        settings(per_file_ignores={"migrations/**": ("FLG20",), "**/conftest.py": ("stale-override",)})
    )
    assert {"FLG201", "FLG209"} <= ignored("migrations/0001_first.py")
    assert ignored("tests/conftest.py") == {"FLG209"}
    assert ignored("shop/views.py") == frozenset()


def test_refuses_an_unknown_rule_in_per_file_ignores() -> None:
    with pytest.raises(ConfigError, match="`FLG777` in `per-file-ignores` names no rule"):
        file_ignores(settings(per_file_ignores={"a/**": ("FLG777",)}))


def test_every_rule_file_holds_the_rule_that_its_name_says() -> None:
    for entry in catalogue.entries():
        rule = entry.load()
        assert (rule.code, rule.name) == (entry.code, entry.name)
        assert rule.summary.endswith("."), f"{entry.module} opens with a sentence"


def test_the_catalogue_knows_of_each_rule_what_it_says_of_itself() -> None:
    rules = [entry.load() for entry in catalogue.entries()]
    assert {rule.code for rule in rules if rule.scope == "project"} == catalogue.PROJECT_SCOPED
    assert {rule.code for rule in rules if rule.registry_only} == catalogue.REGISTRY_ONLY
    assert {rule.code for rule in rules if not rule.enabled} == catalogue.OPT_IN


def test_a_hook_on_code_alone_imports_no_rule_that_cannot_speak() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path; from flaglint.config import Settings;"
        "from flaglint.lints.engine import active_rules;"
        "active_rules(Settings(root=Path('.')), 'file', registry=False);"
        "print(*(name.split('.')[-1][:6].upper() for name in sys.modules if '.rules.flg' in name))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = set(ran.stdout.split())
    assert {"FLG101", "FLG201", "FLG410"} <= imported
    assert imported & (catalogue.PROJECT_SCOPED | catalogue.REGISTRY_ONLY | catalogue.OPT_IN) == set()


def test_codes_and_names_are_unique(codes: list[str]) -> None:
    names = [entry.name for entry in catalogue.entries()]
    assert len(set(codes)) == len(codes)
    assert len(set(names)) == len(names)


def test_listing_the_rules_imports_none_of_them() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from flaglint.lints import catalogue; catalogue.find('undefined-flag');"
        "print([name for name in sys.modules if name.startswith('flaglint.lints.rules.')])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
