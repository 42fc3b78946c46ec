"""The Optimizely pack against optimizely-sdk itself."""

import json

from real_sdk import RealSdk, installed, pack_called

installed("optimizely", "optimizely-sdk")
DATAFILE = {
    "version": "4",
    "accountId": "1",
    "projectId": "1",
    "revision": "1",
    "rollouts": [
        {
            "id": "1",
            "experiments": [
                {
                    "id": "2",
                    "key": "everyone",
                    "status": "Running",
                    "layerId": "1",
                    "audienceIds": [],
                    "forcedVariations": {},
                    "variations": [{"id": "3", "key": "on", "featureEnabled": True, "variables": []}],
                    "trafficAllocation": [{"entityId": "3", "endOfRange": 10000}],
                }
            ],
        }
    ],
    "featureFlags": [{"id": "4", "key": "new_cart", "rolloutId": "1", "experimentIds": [], "variables": []}],
    "experiments": [],
    "groups": [],
    "audiences": [],
    "attributes": [],
    "events": [],
    "variables": [],
}


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    from optimizely.optimizely import Optimizely
    from optimizely.optimizely_factory import OptimizelyFactory
    from optimizely.optimizely_user_context import OptimizelyUserContext

    assert OptimizelyFactory.default_instance
    pack = pack_called("optimizely")
    results = {
        name: OptimizelyUserContext if name.endswith(".create_user_context") else Optimizely
        for name in pack.clients
        if not name.endswith((".Optimizely", ".OptimizelyUserContext"))
    }
    RealSdk(pack, results=results).check()


def test_the_key_comes_first() -> None:
    from optimizely.event_dispatcher import EventDispatcher
    from optimizely.optimizely import Optimizely

    class Nobody(EventDispatcher):
        @staticmethod
        def dispatch_event(event: object) -> None:
            pass

    client = Optimizely(json.dumps(DATAFILE), event_dispatcher=Nobody)
    try:
        user = client.create_user_context("user")
        assert user.decide("new_cart").enabled is True
        assert user.decide_for_keys(["new_cart"])["new_cart"].enabled is True
        assert client.is_feature_enabled("new_cart", "user") is True
        assert client.is_feature_enabled("user", "new_cart") is False
    finally:
        client.close()
