"""The OpenFeature pack against openfeature-sdk itself."""

import pytest
from real_sdk import RealSdk, installed, pack_called

installed("openfeature", "openfeature-sdk")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("openfeature")).check()


@pytest.fixture
def client() -> object:
    from openfeature import api
    from openfeature.provider.in_memory_provider import InMemoryFlag, InMemoryProvider

    api.set_provider(InMemoryProvider({"size": InMemoryFlag("large", {"large": 30, "small": 10})}))
    yield api.get_client()
    api.clear_providers()


def test_the_key_comes_first_and_the_default_second(client) -> None:
    assert client.get_integer_value("size", 1) == 30
    assert client.get_integer_value("no-such-flag", 7) == 7
    assert client.get_integer_value(default_value=7, flag_key="size") == 30


def test_the_general_call_takes_the_type_first(client) -> None:
    from openfeature.flag_evaluation import FlagType

    assert client.evaluate_flag_details(FlagType.INTEGER, "size", 1).value == 30
