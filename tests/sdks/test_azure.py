"""The Azure pack against featuremanagement itself."""

from real_sdk import RealSdk, installed, pack_called

installed("featuremanagement", "featuremanagement")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("azure")).check()


def test_the_key_comes_first() -> None:
    from featuremanagement import FeatureManager

    flags = {"feature_management": {"feature_flags": [{"id": "NewCart", "enabled": "true"}]}}
    features = FeatureManager(flags)
    assert features.is_enabled("NewCart") is True
    assert features.is_enabled(feature_flag_id="NoSuchFlag") is False
