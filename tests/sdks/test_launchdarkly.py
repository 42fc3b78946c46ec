"""The LaunchDarkly pack against launchdarkly-server-sdk itself."""

import pytest
from real_sdk import RealSdk, installed, pack_called

installed("ldclient", "launchdarkly-server-sdk")


def sdk() -> RealSdk:
    from ldclient.client import LDClient
    from ldclient.integrations.test_data import TestData

    data_source = "ldclient.integrations.test_data.TestData.data_source"
    return RealSdk(pack_called("launchdarkly"), results={"ldclient.get": LDClient, data_source: TestData})


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    sdk().check()


@pytest.fixture
def client():
    from ldclient.client import LDClient
    from ldclient.config import Config
    from ldclient.integrations.test_data import TestData

    data = TestData.data_source()
    data.update(data.flag("new-cart").variation_for_all(True))
    client = LDClient(Config("sdk-key", update_processor_class=data, send_events=False))
    yield client
    client.close()


def test_the_key_comes_first_and_the_default_third(client) -> None:
    from ldclient import Context

    context = Context.create("user")
    assert client.variation("new-cart", context, False) is True
    assert client.variation("no-such-flag", context, "fallback") == "fallback"
    assert client.variation(default=False, context=context, key="new-cart") is True
    assert client.variation_detail("new-cart", context, False).value is True
