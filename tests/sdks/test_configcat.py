"""The ConfigCat pack against configcat-client itself."""

from real_sdk import RealSdk, installed, pack_called

configcatclient = installed("configcatclient", "configcat-client")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    from configcatclient import ConfigCatClient

    pack = pack_called("configcat")
    RealSdk(pack, results={name: ConfigCatClient for name in pack.clients if name.endswith(".get")}).check()


def test_the_key_comes_first_and_the_default_second() -> None:
    from configcatclient.configcatoptions import ConfigCatOptions
    from configcatclient.localdictionarydatasource import LocalDictionaryFlagOverrides
    from configcatclient.overridedatasource import OverrideBehaviour

    overrides = LocalDictionaryFlagOverrides({"newCart": True}, OverrideBehaviour.LocalOnly)
    client = configcatclient.get("configcat-sdk-1/0000000000000000000000/0000000000000000000000",
                                 ConfigCatOptions(flag_overrides=overrides))  # fmt: skip
    try:
        assert client.get_value("newCart", False) is True
        assert client.get_value("noSuchFlag", "fallback") == "fallback"
        assert client.get_value_details(default_value=False, key="newCart").value is True
    finally:
        client.close()
