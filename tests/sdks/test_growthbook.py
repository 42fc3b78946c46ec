"""The GrowthBook pack against growthbook itself."""

from real_sdk import RealSdk, installed, pack_called

installed("growthbook", "growthbook")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("growthbook")).check()


def test_the_key_comes_first_and_is_off_inverts() -> None:
    from growthbook import GrowthBook

    gb = GrowthBook()
    gb.set_features({"new-cart": {"defaultValue": True}})
    assert gb.is_on("new-cart") is True
    assert gb.is_off("new-cart") is False
    assert gb.get_feature_value("no-such-flag", "fallback") == "fallback"
    assert gb.eval_feature("new-cart").value is True
    gb.set_features(features={"new-cart": {"defaultValue": False}})
    assert gb.isOff(key="new-cart") is True
