"""Every example of every SDK pack gives the references that the comments on its lines announce, and no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from flaglint.model import Default, Key, Kind, Literal, OneOf, Pattern, Reference, Skipped
from flaglint.refs import find_in_source
from flaglint.refs.packs import read_pack
from flaglint.refs.spec import Example, Pack
from flaglint.refs.textual import TextSearch
from flaglint.rulesdata import rules_folder

KINDS = "|".join(kind.value for kind in Kind)
COMMENT = re.compile(rf"(?:#|//|<!--|\{{#)\s*(?P<said>(?:{KINDS}|nothing)\b.*?)\s*(?:#\}}|-->)?\s*$")
ONE = re.compile(rf"(?P<kind>{KINDS}): (?P<key>.*?)(?: \((?P<facts>[^()]*)\))?$")


@dataclass(frozen=True)
class Expected:
    """One reference that a comment asks for."""

    line: int
    kind: str
    key: str
    facts: frozenset[str]


def all_packs() -> list[Pack]:
    return [read_pack(path) for path in sorted((rules_folder() / "sdks").glob("*.yaml"))]


def expected_in(code: str) -> list[Expected]:
    """Return what the comments ask for: `# read: key (fact, fact); override: other`, or `# nothing` with a reason."""
    found = []
    for number, line in enumerate(code.splitlines(), start=1):
        comment = COMMENT.search(line)
        if comment is None or comment["said"].startswith("nothing"):
            continue
        for said in comment["said"].split("; "):
            one = ONE.fullmatch(said)
            assert one is not None, f"line {number}: `{said}` is no expectation"
            facts = frozenset(one["facts"].split(", ")) if one["facts"] else frozenset()
            found.append(Expected(number, one["kind"], one["key"], facts))
    return found


def references_in(pack: Pack, example: Example) -> list[Reference]:
    """Return what flaglint finds in an example; a mention asks for nothing, so it is left out."""
    if Path(example.path).suffix in {".py", ".pyi"}:
        found = find_in_source(example.code, packs=[pack], keys=example.keys, path=example.path)
    else:
        code = re.sub(COMMENT.pattern, "", example.code, flags=re.MULTILINE)
        text = TextSearch(example.keys, [pack]).file(example.path, code.encode())
        found = tuple(item for item in text.found if not isinstance(item, Skipped))
    return [item for item in found if item.kind is not Kind.MENTION]


def spelled(key: Key) -> str:
    match key:
        case Literal():
            return key.key
        case OneOf():
            return ", ".join(key.keys)
        case Pattern():
            return key.glob
    return "?"


def facts_of(reference: Reference) -> frozenset[str]:
    """Return all that the brackets of a comment may say about a reference."""
    default = reference.default
    said = [f"default {default.text}"] if isinstance(default, Default) else []
    return frozenset({reference.value_type.value, reference.confidence.value, *reference.traits, *said})


def differences(pack: Pack, example: Example) -> list[str]:
    """Return a line for each reference that is missing, that nobody asked for, or that lacks a fact."""
    wrong = []
    found = references_in(pack, example)
    for want in expected_in(example.code):
        here = [
            item
            for item in found
            if item.span.start.line == want.line and item.kind.value == want.kind and spelled(item.key) == want.key
        ]
        if not here:
            wrong.append(f"line {want.line}: no {want.kind} of {want.key}")
            continue
        found.remove(here[0])
        if missing := want.facts - facts_of(here[0]):
            wrong.append(f"line {want.line}: {want.key} is not {', '.join(missing)}: {sorted(facts_of(here[0]))}")
    for item in found:
        line = item.span.start.line
        wrong.append(f"line {line}: an unexpected {item.kind.value} of {spelled(item.key)} ({', '.join(item.via)})")
    return wrong


EXAMPLES = [
    pytest.param(pack, example, id=f"{pack.name}-{number}-{example.path}")
    for pack in all_packs()
    for number, example in enumerate(pack.examples)
]


@pytest.mark.parametrize(("pack", "example"), EXAMPLES)
def test_the_example_gives_what_its_comments_say(pack: Pack, example: Example) -> None:
    assert differences(pack, example) == []


@pytest.mark.parametrize("pack", all_packs(), ids=lambda pack: pack.name)
def test_a_pack_shows_reads_and_look_alikes(pack: Pack) -> None:
    code = "\n".join(example.code for example in pack.examples)
    assert any(want.kind == "read" for want in expected_in(code))
    assert "# nothing" in code


@pytest.mark.parametrize("pack", all_packs(), ids=lambda pack: pack.name)
def test_each_call_of_a_pack_is_shown(pack: Pack) -> None:
    code = "\n".join(example.code for example in pack.examples)
    for call in pack.calls:
        names = call.methods or tuple(name.rpartition(".")[2] for name in call.functions)
        assert any(name in code for name in names), f"no example calls {names}"


def test_an_example_fails_when_its_pack_says_something_else() -> None:
    pack = next(pack for pack in all_packs() if pack.name == "unleash")
    wrong = Example(code="x = 1  # read: new-cart")
    assert differences(pack, wrong) == ["line 1: no read of new-cart"]
