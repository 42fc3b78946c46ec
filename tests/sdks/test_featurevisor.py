"""The Featurevisor pack against featurevisor itself."""

from real_sdk import RealSdk, installed, pack_called

featurevisor = installed("featurevisor", "featurevisor")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    client = featurevisor.Featurevisor
    names = ("featurevisor.create_featurevisor", "featurevisor.instance.create_featurevisor")
    child = {"featurevisor.Featurevisor.spawn": featurevisor.FeaturevisorChildInstance}
    RealSdk(pack_called("featurevisor"), results={**dict.fromkeys(names, client), **child}).check()


def test_a_feature_that_nobody_knows_is_off() -> None:
    sdk = featurevisor.create_featurevisor({"logLevel": "fatal"})
    assert sdk.is_enabled("newCart") is False
    assert sdk.get_variation(feature_key="newCart") is None
