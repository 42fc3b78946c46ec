"""The check of a pack against its SDK notices what a new release may change."""

from dataclasses import replace
from pathlib import Path

import pytest
from real_sdk import RealSdk, pack_called

from flaglint.refs.packs import shipped_names
from flaglint.refs.spec import Argument, Call, Pack


def changed(**fields: object) -> Pack:
    """Return the pack of flaglint's evaluator with another first call."""
    pack = pack_called("flaglint")
    clients = ("flaglint.evaluator.Evaluator",)
    return replace(pack, clients=clients, calls=(replace(pack.calls[0], **fields),), overrides=())


@pytest.mark.parametrize(
    ("pack", "told"),
    [
        (changed(key=Argument(0, "flag_key")), "has no parameter `flag_key`"),
        (changed(key=Argument(1, "key")), "parameter 1 is `context`"),
        (changed(default=Argument(7)), "has no positional parameter 7"),
        (changed(methods=("is_on",)), "no client has a method `is_on`"),
        (changed(coroutine=True), "is no coroutine function"),
        (replace(changed(), clients=("flaglint.evaluator.Client",)), "leads nowhere"),
        (replace(changed(), calls=(Call(Argument(0), functions=("flaglint.gone",)),)), "`flaglint.gone` leads nowhere"),
    ],
)
def test_a_change_is_told(pack: Pack, told: str) -> None:
    sdk = RealSdk(pack)
    problems = []
    try:
        problems += sdk.problems()
    except AttributeError as error:  # what has no class has no methods to look at either
        problems.append(f"leads nowhere: {error}")
    assert any(told in problem for problem in problems), problems


def test_nothing_is_told_of_a_pack_that_is_right() -> None:
    assert list(RealSdk(changed()).problems()) == []


# Whole applications, which are too large to install for a test; their packs were held against their source by hand.
APPLICATIONS = {"commcare", "sentry", "superset"}


def test_every_pack_is_held_against_its_sdk() -> None:
    checked = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    unchecked = {name for name in shipped_names() if f'pack_called("{name}")' not in checked}
    assert unchecked == APPLICATIONS
