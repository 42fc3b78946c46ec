"""The Unleash pack against UnleashClient itself."""

import json

from real_sdk import RealSdk, installed, pack_called

installed("UnleashClient", "UnleashClient")
FEATURES = {
    "version": 2,
    "features": [{"name": "new-cart", "enabled": True, "strategies": [{"name": "default"}], "variants": []}],
}


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("unleash")).check()


def test_the_key_comes_first_and_the_fallback_is_called(tmp_path) -> None:
    from UnleashClient import UnleashClient
    from UnleashClient.cache import FileCache

    cache = FileCache("shop", directory=str(tmp_path))
    cache.bootstrap_from_dict(FEATURES)
    client = UnleashClient(
        url="http://localhost:1/api",
        app_name="shop",
        cache=cache,
        disable_metrics=True,
        disable_registration=True,
        refresh_interval=3600,
    )
    try:
        client.initialize_client(fetch_toggles=False)
        assert client.is_enabled("new-cart", {}) is True
        asked = []
        assert client.is_enabled("no-such-flag", {}, lambda name, context: asked.append(name) or True) is True
        assert asked == ["no-such-flag"]
        assert client.get_variant(feature_name="new-cart")["name"] == "disabled"
    finally:
        client.destroy()
    assert json.dumps(FEATURES)
