"""The packs of Statsig's two SDKs against the packages themselves."""

import pytest
from real_sdk import RealSdk, installed, pack_called


@pytest.fixture
def legacy():
    installed("statsig", "statsig")
    from statsig import StatsigOptions, statsig

    statsig.initialize("secret-key", StatsigOptions(local_mode=True))
    yield statsig
    statsig.shutdown()


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    installed("statsig", "statsig")
    from statsig.statsig_server import StatsigServer

    RealSdk(pack_called("statsig"), results={"statsig.statsig.get_instance": StatsigServer}).check()


def test_the_key_comes_after_the_user(legacy) -> None:
    from statsig import StatsigUser

    user = StatsigUser("user")
    legacy.override_gate("new_cart", True)
    assert legacy.check_gate(user, "new_cart") is True
    assert legacy.check_gate(gate="no_such_gate", user=user) is False
    assert legacy.get_instance().check_gate(user, gate_name="new_cart") is True


def test_every_name_and_argument_of_the_new_pack_is_right() -> None:
    installed("statsig_python_core", "statsig-python-core")
    from statsig_python_core import Statsig

    factories = ("statsig_python_core.Statsig.shared", "statsig_python_core.Statsig.new_shared")
    RealSdk(pack_called("statsig-core"), results=dict.fromkeys(factories, Statsig)).check()


def test_the_key_comes_after_the_user_in_the_new_one() -> None:
    installed("statsig_python_core", "statsig-python-core")
    from statsig_python_core import Statsig, StatsigOptions, StatsigUser

    statsig = Statsig("secret-key", StatsigOptions(disable_network=True))
    user = StatsigUser("user")
    statsig.override_gate("new_cart", True)
    assert statsig.check_gate(user, "new_cart") is True
    assert statsig.check_gate(user, name="no_such_gate") is False
