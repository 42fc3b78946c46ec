"""What a local held for a read to be asked of goes with the read, as it does where it stands in the read itself."""

from pathlib import Path
from textwrap import dedent

import pytest
from removal_kit.check import after

from flaglint.refs import find_references
from flaglint.refs.packs import load_packs
from flaglint.remove.kept import Kept
from flaglint.remove.plan import plan

CODE = """
import flags
from growthbook import GrowthBook


def f(user):
    features = GrowthBook(attributes={"id": user})
    return features.is_on("new")
"""


def removed(code: str, pack: str = "growthbook") -> str:
    """Return what is left of code in which the flag `new` of an SDK is removed."""
    contents = {"shop.py": dedent(code).lstrip().encode()}
    packs = load_packs([pack])
    found = find_references(
        Path("/nonexistent"), ["shop.py"], packs=packs, keys=["new"], contents=dict(contents), jobs=1
    )
    made = plan(contents, found.references, {"new": Kept(value=True, variant=None)})
    return after(made) or ""


@pytest.mark.parametrize("asked", ['features.is_on("new")', 'not features.is_off("new") and features.is_on("new")'])
def test_a_local_goes_that_was_only_asked_for_the_flag(asked: str) -> None:
    assert removed(CODE.replace('features.is_on("new")', asked)) == "import flags\n\n\ndef f(user):\n    return True\n"


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ('features.is_on("new")', 'features.is_on("new"), features.is_on("other")'),
        ("return", "features.load_features()\n    return"),
        ("return", "user.ask(features)\n    return"),
        ('"id": user', '"id": user.load()'),
        ("return", "features = features or GrowthBook()\n    return"),
    ],
)
def test_a_local_stays_that_something_else_needs(before: str, then: str) -> None:
    assert "GrowthBook(attributes=" in removed(CODE.replace(before, then))


def test_a_local_stays_whose_read_is_only_likely() -> None:
    code = CODE.replace("GrowthBook(attributes=", "connect(user, attributes=").replace(
        "import flags", "import growthbook"
    )
    assert "features = connect(user, attributes=" in removed(code.replace("from growthbook", "from shop.gates"))


def test_what_is_called_with_the_flag_stays_where_nobody_takes_what_it_gives() -> None:
    code = CODE.replace('return features.is_on("new")', 'sent = user.send(features.is_on("new"))')
    assert "sent = user.send(True)" in removed(code)


MAKERS = """
from functools import lru_cache

from growthbook import GrowthBook

COUNT = []
_features = None


def made(user):
    return GrowthBook(attributes={"id": user})


def begun(user):
    features = GrowthBook(attributes={"id": user})
    features.load_features()
    return features


def kept(user):
    global _features
    if _features is None:
        _features = GrowthBook()
    return _features


@lru_cache
def cached(user):
    return made(user)


class Own(GrowthBook):
    def __init__(self, user):
        self.user = user
        super().__init__()


class Loud(GrowthBook):
    def __init__(self, user):
        print(user)
        super().__init__()


def loud(user):
    print(user)
    return GrowthBook()


def counting(user) -> GrowthBook:
    COUNT.append(user)
    return GrowthBook()


def refusing(user) -> GrowthBook:
    if user is None:
        raise PermissionError
    return GrowthBook()


def setting(user) -> GrowthBook:
    global COUNT
    COUNT = [user]
    return GrowthBook()


def louder(user):
    return loud(user)


def f(user):
    features = made(user)
    return features.is_on("new")
"""


@pytest.mark.parametrize("maker", ["made", "begun", "kept", "cached", "Own"])
def test_what_only_hands_out_a_client_goes_with_its_local(maker: str) -> None:
    left = removed(MAKERS.replace("features = made(user)", f"features = {maker}(user)"))
    assert "def f(user):\n    return True" in left


@pytest.mark.parametrize("maker", ["Loud", "loud", "counting", "refusing", "setting", "louder"])
def test_a_function_that_does_more_than_hand_out_a_client_still_runs(maker: str) -> None:
    left = removed(MAKERS.replace("features = made(user)", f"features = {maker}(user)"))
    assert f"def f(user):\n    features = {maker}(user)\n    return True" in left


def test_calls_of_calls_that_hand_out_a_client_go_with_its_local() -> None:
    code = """
    from flagsmith import Flagsmith


    def client() -> Flagsmith:
        return Flagsmith(environment_key="k")


    def f(user):
        flags = client().get_identity_flags(user)
        return flags.is_feature_enabled("new")
    """
    assert removed(code, "flagsmith") == "def f(user):\n    return True\n"
