"""The PostHog pack against posthog itself."""

import pytest
from real_sdk import RealSdk, installed, pack_called

posthog = installed("posthog", "posthog")
EVALUATIONS = "posthog.feature_flag_evaluations.FeatureFlagEvaluations"


def sdk() -> RealSdk:
    from posthog.feature_flag_evaluations import FeatureFlagEvaluations

    pack = pack_called("posthog")
    results = {name: FeatureFlagEvaluations for name in pack.clients if name.endswith(".evaluate_flags")}
    named = (*pack.clients, *(name for part in (*pack.calls, *pack.exports) for name in part.functions))
    return RealSdk(
        pack, results=results, absent=frozenset(name for name in named if name.startswith("posthoganalytics."))
    )


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    sdk().check()


def test_the_evaluations_read_the_key_first() -> None:
    from posthog.client import Client

    client = Client("key", host="http://localhost:1", disabled=True, sync_mode=True)
    flags = client.evaluate_flags("user")
    assert flags.is_enabled("no-such-flag", True) is True
    assert flags.get_flag("no-such-flag") is None
    with pytest.raises(TypeError):
        client.feature_enabled("new-cart")
