"""The Flipper pack against flipper-client itself."""

from real_sdk import RealSdk, installed, pack_called

installed("flipper", "flipper-client")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("flipper")).check()


def test_the_key_comes_first_and_the_default_second() -> None:
    from flipper import FeatureFlagClient, MemoryFeatureFlagStore

    features = FeatureFlagClient(MemoryFeatureFlagStore())
    features.create("gifts", True)
    assert features.is_enabled("gifts") is True
    assert features.is_enabled("no_such_flag", True) is True
    features.disable("gifts")
    assert features.is_enabled(feature_name="gifts") is False
