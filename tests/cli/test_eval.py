"""`flaglint eval`: the whole text for one context, for many, and with the reasons."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Flaglint = Callable[..., object]

REGISTRY = """\
version: 1
environments: [staging, production]
attributes:
  country: string
  plan: {enum: [free, pro]}
  age: integer
  tags: list
flags:
  checkout:
    variants: {enabled: true, disabled: false}
    off_variant: disabled
    rules:
      - when: {country: [DE, FR], age: {gte: 18}}
        serve: enabled
      - when: {tags: {contains: vip}}
        serve: {enabled: 50, disabled: 50}
    environments:
      staging: {kill: true}
  limits: {variants: {small: {cpu: 1}, large: {cpu: 8}}, off_variant: small, serve: large}
"""


@pytest.fixture(autouse=True)
def project(write: Callable[..., None]) -> None:
    write({"flaglint.toml": "", "flags.yaml": REGISTRY})


def test_prints_the_value_the_variant_and_the_reason(flaglint: Flaglint) -> None:
    ran = flaglint("eval", "checkout", "--env", "production", "-c", "country=DE", "-c", "age=20")
    assert (ran.code, ran.out, ran.err) == (0, "true  (enabled, TARGETING_MATCH by rule 1)\n", "")
    ran = flaglint("eval", "limits", "--env", "production")
    assert ran.out == '{"cpu": 8}  (large, STATIC by rule 1)\n'


def test_explains_each_step(flaglint: Flaglint) -> None:
    ran = flaglint("eval", "checkout", "--env", "production", "--explain", "-c", "country=NO", "-c", "tags=vip,new")
    assert ran.out == (
        "checkout in production\n"
        '  rule 1  country is one of DE, FR  no   `country` is "NO"\n'
        "          age >= 18                 no   `age` is missing\n"
        '  rule 2  tags contains vip         yes  `tags` is ["vip", "new"]\n'
        "          split enabled 50, disabled 50: serves disabled  `targetingKey` is missing\n"
        "false  (disabled, DEFAULT by rule 2)\n"
    )
    ran = flaglint("eval", "checkout", "--env", "staging", "--explain")
    assert ran.out == "checkout in staging\n  kill  it is killed: serves disabled\nfalse  (disabled, DISABLED)\n"


FLAGD = """\
flags:
  checkout:
    state: ENABLED
    variants: {on: true, off: false}
    defaultVariant: off
    targeting:
      if:
        - {and: [{ends_with: [{var: email}, "@example.com"]}, {sem_ver: [{var: app}, ">=", "2.0.0"]}]}
        - on
        - {in: [{var: country}, [DE, NO]]}
        - {fractional: [[on, 25], [off, 75]]}
  banner: {state: DISABLED, variants: {on: true}, defaultVariant: on}
  theme: {state: ENABLED, variants: {red: "#f00"}, defaultVariant: red}
"""


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["checkout", "-c", "email=a@example.com", "-c", "app=2.1.0"],
            [
                'if    email ends with @example.com  yes  `email` is "a@example.com"',
                '      app >= 2.0.0                  yes  `app` is "2.1.0"',
                "then  serves on",
            ],
        ),
        (
            ["checkout", "-c", "country=NO", "-c", "targetingKey=ada"],
            [
                "if       email ends with @example.com  no   `email` is missing",
                'else if  country in [DE, NO]           yes  `country` is "NO"',
                'then     split on 25, off 75           bucket 75 of 100 for "ada"',
                "         serves off",
            ],
        ),
        (
            ["checkout", "-c", "country=NO"],
            [
                "if       email ends with @example.com  no   `email` is missing",
                'else if  country in [DE, NO]           yes  `country` is "NO"',
                "then     split on 25, off 75           `targetingKey` is missing",
                "         names no variant: serves off",
            ],
        ),
        (
            ["checkout"],
            [
                "if       email ends with @example.com  no   `email` is missing",
                "else if  country in [DE, NO]           no   `country` is missing",
                "else     names no variant: serves off",
            ],
        ),
        (["banner"], ["state  it is DISABLED: serves the default in the code"]),
        (["theme"], ["default  it has no targeting: serves red"]),
    ],
)
def test_explains_the_branches_of_flagds_targeting(
    flaglint: Flaglint, write: Callable[..., None], arguments: list[str], lines: list[str]
) -> None:
    write({"flags.yaml": FLAGD})
    ran = flaglint("eval", *arguments, "--explain")
    assert ran.out.splitlines()[1:-1] == [f"  {line}" for line in lines]


def test_prints_json(flaglint: Flaglint) -> None:
    ran = flaglint(
        "eval", "checkout", "--env", "production", "--context", '{"country": "DE", "age": 18}', "--format", "json"
    )
    assert json.loads(ran.out) == {
        "version": 1,
        "key": "checkout",
        "environment": "production",
        "value": True,
        "variant": "enabled",
        "reason": "TARGETING_MATCH",
        "rule": 1,
        "error_code": None,
        "error_message": None,
    }
    ran = flaglint("eval", "checkout", "--env", "staging", "--format", "json", "--explain")
    assert json.loads(ran.out)["steps"] == [
        {"label": "kill", "text": "it is killed: serves disabled", "holds": None, "found": ""}
    ]


def test_options_win_over_the_written_context(flaglint: Flaglint) -> None:
    arguments = ["eval", "checkout", "--env", "production", "--context", '{"country": "DE", "age": 18}']
    assert flaglint(*arguments, "-c", "country=NO").out == "false  (disabled, DEFAULT)\n"


def test_a_declared_text_stays_a_text(flaglint: Flaglint, write: Callable[..., None]) -> None:
    flag = "{rules: [{when: {zip: '010'}, serve: 'true'}]}"
    write({"flags.yaml": f"version: 1\nattributes: {{zip: string}}\nflags: {{f: {flag}}}\n"})
    assert flaglint("eval", "f", "-c", "zip=010").out.startswith("true")


def test_a_targeting_key_is_always_a_text(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": "version: 1\nflags: {f: {serve: {'true': 1, 'false': 1}}}\n"})
    assert "SPLIT" in flaglint("eval", "f", "-c", "targetingKey=42").out
    assert "DEFAULT" in flaglint("eval", "f").out


def test_evaluates_at_another_time(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": "version: 1\nflags: {f: {rules: [{from: 2030-01-01T00:00:00Z, serve: 'true'}]}}\n"})
    assert flaglint("eval", "f", "--now", "2029-12-31").out.startswith("false")
    assert flaglint("eval", "f", "--now", "2030-01-01").out.startswith("true")


def test_evaluates_many_contexts(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"users.jsonl": '{"targetingKey": "ada", "country": "DE", "age": 30}\n\n{"country": "NO"}\n'})
    ran = flaglint("eval", "checkout", "--env", "production", "--contexts", "users.jsonl")
    assert ran.out == "ada\ttrue\tenabled\tTARGETING_MATCH\nline 3\tfalse\tdisabled\tDEFAULT\n"
    assert ran.err == "note: 2 contexts: enabled 1 (50.0 %), disabled 1 (50.0 %)\n"
    ran = flaglint("eval", "checkout", "--env", "production", "--contexts", "users.jsonl", "--format", "json")
    assert [json.loads(line)["line"] for line in ran.out.splitlines()] == [1, 3]


@pytest.mark.parametrize("mark", ["", "\N{BYTE ORDER MARK}"])
def test_reads_contexts_from_stdin(flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch, mark: str) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(f'{mark}{{"country": "DE", "age": 30}}\n'.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert flaglint("eval", "checkout", "--env", "production", "--contexts", "-").out.startswith("line 1\ttrue")
    assert not stdin.buffer.closed


@pytest.mark.parametrize(
    ("content", "message"),
    [(b'\n{"a"\n', "<stdin>:2 is no JSON: "), (b"\xff\n", "`<stdin>` cannot be read: it is no UTF-8\n")],
)
def test_calls_stdin_by_its_name(
    flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch, content: bytes, message: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    ran = flaglint("eval", "checkout", "--env", "production", "--contexts", "-")
    assert ran.code == 2
    assert ran.err.startswith(f"error: {message}")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("age=x", 'note: the registry declares `age` as an integer, which "x" is not\n'),
        ("age=1.5", "note: the registry declares `age` as an integer, which 1.5 is not\n"),
        ("age=true", "note: the registry declares `age` as an integer, which true is not\n"),
        ("plan=por", "note: the registry declares no `por` for `plan`\nhelp: did you mean `pro`?\n"),
        ("plan=gold", "note: the registry declares no `gold` for `plan`\nhelp: declared: free, pro\n"),
        ("age=18", ""),
        ("plan=pro", ""),
        ("country=12", ""),
        ("tags=a,b", ""),
    ],
)
def test_a_value_that_is_declared_otherwise_is_told(flaglint: Flaglint, given: str, told: str) -> None:
    ran = flaglint("eval", "checkout", "--env", "production", "-c", given)
    assert (ran.code, ran.err) == (0, told)


def test_a_slip_in_an_attribute_is_told(flaglint: Flaglint) -> None:
    ran = flaglint("eval", "checkout", "--env", "production", "-c", "contry=DE")
    assert ran.code == 0
    assert ran.err == "note: the registry declares no attribute `contry`\nhelp: did you mean `country`?\n"


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        (["chekout", "--env", "staging"], "there is no flag `chekout` in the registry", "did you mean `checkout`?"),
        (["checkout"], "the registry has several environments: name one", "--env staging, or production"),
        (
            ["checkout", "--env", "stagign"],
            "there is no environment `stagign` in the registry",
            "did you mean `staging`?",
        ),
        (
            ["checkout", "--env", "staging", "-c", "country"],
            "`-c country` is no attribute",
            "write it as `-c country=DE`",
        ),
        (["checkout", "--context", "[]"], "`--context` is no JSON object", 'write an object: {"country": "DE"}'),
    ],
)
def test_wrong_usage_exits_2_and_says_what_to_do(
    flaglint: Flaglint, arguments: list[str], message: str, advice: str
) -> None:
    if "--context" in arguments:
        arguments = [*arguments, "--env", "staging"]
    ran = flaglint("eval", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {message}\nhelp: {advice}\n")


@pytest.mark.parametrize("option", [["-c", "country=DE"], ["--context", "{}"], ["--explain"]])
def test_many_contexts_bring_their_own(flaglint: Flaglint, option: list[str]) -> None:
    ran = flaglint("eval", "checkout", "--env", "staging", "--contexts", "users.jsonl", *option)
    assert ran.code == 2
    assert "`--contexts` brings its own contexts" in ran.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": 1}\n{"a"\n', "users.jsonl:2 is no JSON"),
        (b"[]\n", "users.jsonl:1 is no JSON object"),
        (b"\xff\n", "`users.jsonl` cannot be read: it is no UTF-8"),
        (None, "`users.jsonl` cannot be read: no such file or directory"),
    ],
)
def test_a_broken_file_of_contexts_exits_2(
    flaglint: Flaglint, write: Callable[..., None], content: bytes | None, message: str
) -> None:
    if content is not None:
        write({"users.jsonl": content})
    ran = flaglint("eval", "checkout", "--env", "production", "--contexts", "users.jsonl")
    assert ran.code == 2
    assert message in ran.err


def test_a_broken_registry_is_refused_with_the_place(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.yaml": "version: 1\nflags:\n  f: {serve: maybe}\n"})
    ran = flaglint("eval", "f")
    assert ran.code == 2
    assert ran.err.startswith("error: flags.yaml:3:14: ")


def test_a_registry_that_was_read_before_is_not_parsed_again(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"flags.yaml": "version: 1\nflags:\n  release-cart: {serve: 'true'}\n"})
    before = flaglint("eval", "release-cart").out
    code = "import sys\nfrom flaglint.cli import run\nrun(['eval', 'release-cart'])\nprint('yaml' in sys.modules)\n"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout == f"{before}False\n"
    write({"flags.yaml": "version: 1\nflags:\n  release-cart: {serve: 'false'}\n"})
    assert flaglint("eval", "release-cart").out != before
