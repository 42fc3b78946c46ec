"""The DevCycle pack against devcycle-python-server-sdk itself."""

import pytest
from real_sdk import RealSdk, installed, pack_called

installed("devcycle_python_sdk", "devcycle-python-server-sdk")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("devcycle")).check()


def test_the_user_comes_before_the_key() -> None:
    from devcycle_python_sdk import DevCycleCloudClient, DevCycleCloudOptions
    from devcycle_python_sdk.models.user import DevCycleUser

    client = DevCycleCloudClient("dvc_server_key", DevCycleCloudOptions(retry_delay=0, request_retries=0))
    with pytest.raises(AttributeError, match="user_id"):  # the key, taken for the user
        client.variable_value("new-cart", DevCycleUser(user_id="user"), False)
