"""The Split pack against splitio_client itself."""

from real_sdk import RealSdk, installed, pack_called

installed("splitio", "splitio_client")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    from splitio.client.client import Client, ClientAsync
    from splitio.client.factory import SplitFactory, SplitFactoryAsync

    results = {"splitio.client.factory.SplitFactory.client": Client}
    for module in ("splitio", "splitio.client.factory"):
        results[f"{module}.get_factory"] = SplitFactory
        results[f"{module}.get_factory_async"] = SplitFactoryAsync
        results[f"{module}.get_factory.client"] = Client
        results[f"{module}.get_factory_async.client"] = ClientAsync
    RealSdk(pack_called("split"), results=results).check()


def test_the_user_comes_before_the_flag(tmp_path) -> None:
    from splitio import get_factory

    flags = tmp_path / "flags.yaml"
    flags.write_text('- new_cart:\n    treatment: "on"\n', encoding="utf-8")
    factory = get_factory("localhost", config={"splitFile": str(flags)})
    try:
        factory.block_until_ready(5)
        client = factory.client()
        assert client.get_treatment("user", "new_cart") == "on"
        assert client.get_treatment("new_cart", "user") == "control"
        assert client.get_treatments("user", ["new_cart", "gifts"]) == {"new_cart": "on", "gifts": "control"}
    finally:
        factory.destroy()
