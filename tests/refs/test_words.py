"""The words of a run lead to the statements that are worth reading, and to no sentence."""

import pytest

from flaglint.refs.program import ModuleView
from flaglint.refs.words import Words
from flaglint.source import Text


def led_to(code: str, *, words: set[str], keys: frozenset[str] = frozenset()) -> list[str]:
    """Return the statements of `code` that hold one of the words or keys."""
    text = Text("shop.py", code.encode(), code, "utf-8")
    view = ModuleView("shop.py", "shop", text, None, is_package=False)
    return [unit.text for unit in Words(words, keys).units(view)]


@pytest.mark.parametrize(
    "statement",
    [
        "enabled('a')",
        "x = y if enabled else z",
        "x = not enabled and y",
        "x = z or enabled or y",
        "x = lambda: enabled",
        "from gates import enabled as on",
        "from gates import on as enabled",
        "from enabled import on",
        "for x in enabled: pass",
        "assert enabled is y",
        "del enabled",
        "async def enabled(): await enabled ",
        "@enabled\ndef f(): return enabled",
        "match enabled:\n    case enabled: pass",
        "type enabled = int",
        "print enabled",
        "x = 'gates.enabled'",
        "x = getattr(y, 'enabled')",
        "x = f'{enabled} or not'",
        "x = [\nenabled\n, a]",
        "x = 'is' 'enabled'",
    ],
)
def test_a_word_in_code_leads_to_its_statement(statement: str) -> None:
    assert led_to(f"before = 1\n{statement}\nafter = 2\n", words={"enabled"}) == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "x = 1  # the flag enabled here",
        "def f():\n    '''Whether it is enabled by the owner.'''",
        "x = 'you have enabled it'",
        "x = f'{y} has enabled {z}'",
        "x = 'être\tenabled'",
        "x = 'enabled features'",
    ],
)
def test_a_word_in_a_sentence_leads_nowhere(statement: str) -> None:
    assert led_to(f"before = 1\n{statement}\nafter = 2\n", words={"enabled"}) == []


def test_a_key_in_a_sentence_leads_to_its_statement() -> None:
    assert led_to("x = 'you have enabled it'\n", words={"other"}, keys=frozenset({"enabled"})) != []


def test_a_word_far_behind_blanks_is_taken_for_code() -> None:
    assert led_to(f"x = [is_{'y' * 50}{' ' * 39}enabled]\n", words={"enabled"}) != []


def test_a_word_in_a_sentence_hides_none_in_code_beside_it() -> None:
    code = "def f():\n    '''Whether it is enabled by now.'''\n    return enabled()"
    assert led_to(code, words={"enabled"}) == [code]
