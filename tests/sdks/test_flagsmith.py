"""The Flagsmith pack against flagsmith itself."""

from real_sdk import RealSdk, installed, pack_called

installed("flagsmith", "flagsmith")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("flagsmith")).check()


def test_the_key_is_the_only_argument() -> None:
    from flagsmith.models import DefaultFlag, Flags

    flags = Flags(flags={}, default_flag_handler=lambda name: DefaultFlag(enabled=True, value=name))
    assert flags.is_feature_enabled("new_cart") is True
    assert flags.get_feature_value(feature_name="cart_colour") == "cart_colour"
    assert flags.get_flag("cart_size").value == "cart_size"
