"""Flags fixed in the tests of a service: context manager, decorator and fixture."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from evaluation_kit.build import flag, registry, rule, test

from flaglint.errors import UsageError
from flaglint.evaluator import Evaluator, overrides
from flaglint.evaluator.testing import override

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

pytest_plugins = ["pytester"]
FLAGS = registry(
    flag("f", rule("enabled", when=test("country", "equals", "DE"))),
    flag("child", "enabled", needs={"f": "enabled"}),
    flag("killed", "enabled", kill=True),
    flag("theme", "red", variants={"red": "#f00", "green": {"a": 1}}),
    flag("other", "enabled"),
)


@pytest.fixture
def flags() -> Evaluator:
    return Evaluator(FLAGS)


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    yield
    assert overrides._active == []


def test_serves_the_variant_while_it_lasts(flags: Evaluator) -> None:
    with override("f", "enabled"):
        assert flags.boolean("f") is True
        assert flags.evaluate("f").reason == "STATIC"
    assert flags.boolean("f") is False


def test_stands_above_a_kill_and_a_prerequisite(flags: Evaluator) -> None:
    with override("killed", "enabled"), override("child", "enabled"):
        assert flags.boolean("killed") is flags.boolean("child") is True
    assert flags.boolean("killed") is flags.boolean("child") is False


def test_children_follow_and_others_stay(flags: Evaluator) -> None:
    with override("f", "enabled"):
        assert flags.boolean("child") is True
        assert flags.evaluate("other") == Evaluator(FLAGS, environment="default").evaluate("other")


def test_the_innermost_wins(flags: Evaluator) -> None:
    with override("f", "enabled"):
        with override("f", "disabled"):
            assert flags.boolean("f", {"country": "DE"}) is False
        assert flags.boolean("f") is True


def test_a_boolean_finds_the_variant_with_that_value(flags: Evaluator) -> None:
    with override("f", True):
        assert flags.boolean("f") is True
    with override("other", False):
        assert flags.boolean("other") is False


def test_an_object_value_is_still_a_copy(flags: Evaluator) -> None:
    with override("theme", "green"):
        first: Any = flags.evaluate("theme").value
        first["a"] = 2
        assert flags.object("theme") == {"a": 1}


def test_holds_in_every_thread(flags: Evaluator) -> None:
    found: list[bool] = []
    with override("f", "enabled"):
        thread = threading.Thread(target=lambda: found.append(flags.boolean("f")))
        thread.start()
        thread.join()
    assert found == [True]


def test_reaches_evaluators_that_begin_later(flags: Evaluator) -> None:
    with override("f", "enabled"):
        assert Evaluator(FLAGS).boolean("f") is True


def test_one_evaluator_alone_can_be_meant(flags: Evaluator) -> None:
    other = Evaluator(FLAGS)
    with override("f", "enabled", evaluator=flags):
        assert flags.boolean("f") is True
        assert other.boolean("f") is False


def test_survives_a_reload(tmp_path: Path) -> None:
    path = tmp_path / "flags.yaml"
    path.write_text("version: 1\nflags: {f: {}, g: {}}\n")
    flags = Evaluator.from_path(path)
    with override("f", "true"):
        path.write_text("version: 1\nflags: {f: {kill: true}, g: {serve: 'true'}}\n")
        assert flags._live is not None
        flags._live.poll(flags)
        assert flags.boolean("g") is True
        assert flags.boolean("f") is True
    assert flags.evaluate("f").reason == "DISABLED"


def test_an_exception_ends_it(flags: Evaluator) -> None:
    def fail() -> None:
        with override("f", "enabled"):
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert flags.boolean("f") is False


@pytest.mark.parametrize(
    ("key", "variant", "message"),
    [
        ("ff", "enabled", "no evaluator has a flag `ff`; did you mean `f`?"),
        ("f", "on", "`f` has no variant `on`: it has enabled, disabled"),
        ("theme", True, "`theme` has no variant `true`: it has red, green"),
    ],
)
def test_what_is_gone_cannot_be_overridden(flags: Evaluator, key: str, variant: Any, message: str) -> None:
    with pytest.raises(UsageError) as raised, override(key, variant, evaluator=flags):
        pass
    assert raised.value.message == message


@override("f", "enabled")
def decorated(flags: Evaluator, *, country: str = "FR") -> bool:
    """Ask for the flag."""
    return flags.boolean("f", {"country": country})


@override("f", "enabled")
async def decorated_later(flags: Evaluator) -> bool:
    await asyncio.sleep(0)
    return flags.boolean("f")


@override("f", "enabled")
class DecoratedTests:
    def helper(self, flags: Evaluator) -> bool:
        return flags.boolean("f")

    def test_one(self, flags: Evaluator) -> bool:
        return flags.boolean("f")


def test_decorates_functions_coroutines_and_classes(flags: Evaluator) -> None:
    assert decorated(flags, country="FR") is True
    assert decorated.__doc__ == "Ask for the flag."
    assert decorated(flags) is True  # and again
    assert asyncio.run(decorated_later(flags)) is True
    assert DecoratedTests().test_one(flags) is True
    assert DecoratedTests().helper(flags) is False
    assert flags.boolean("f") is False


@override("f", "enabled")
def decorated_steps(flags: Evaluator) -> Iterator[bool]:
    yield flags.boolean("f")
    yield flags.boolean("f")


@override("f", "enabled")
async def decorated_steps_later(flags: Evaluator) -> AsyncIterator[bool]:
    yield flags.boolean("f")
    await asyncio.sleep(0)
    yield flags.boolean("f")


def test_a_generator_is_overridden_from_its_first_step_to_its_end(flags: Evaluator) -> None:
    steps = decorated_steps(flags)
    assert flags.boolean("f") is False
    assert next(steps) is True
    assert flags.boolean("f") is True  # a fixture that yields: the test runs here
    assert list(steps) == [True]
    assert flags.boolean("f") is False


def test_an_asynchronous_generator_is_overridden_to_its_end(flags: Evaluator) -> None:
    async def all_steps() -> list[bool]:
        return [step async for step in decorated_steps_later(flags)]

    assert asyncio.run(all_steps()) == [True, True]
    assert flags.boolean("f") is False


def test_a_coroutine_is_overridden_while_it_runs_and_not_before(flags: Evaluator) -> None:
    waiting = decorated_later(flags)
    assert flags.boolean("f") is False
    assert asyncio.run(waiting) is True


def test_the_fixture_fixes_flags_for_one_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("pytest_plugins = ['flaglint.evaluator.pytest_plugin']")
    pytester.makepyfile(
        """
        from pathlib import Path
        from flaglint.evaluator import Evaluator

        Path("flags.yaml").write_text("version: 1\\nflags: {f: {}, g: {}}\\n")
        flags = Evaluator.from_path("flags.yaml")

        def test_fixed(override_flag):
            override_flag("f", "true")
            override_flag("g", True)
            assert flags.boolean("f") and flags.boolean("g")

        def test_free_again():
            assert not flags.boolean("f") and not flags.boolean("g")
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)
