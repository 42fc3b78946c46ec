"""The Powertools pack against aws-lambda-powertools itself."""

import pytest
from real_sdk import RealSdk, installed, pack_called

installed("aws_lambda_powertools.utilities.feature_flags", "aws-lambda-powertools[aws-sdk]")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("powertools")).check()


def test_all_arguments_are_keywords() -> None:
    from aws_lambda_powertools.utilities.feature_flags import FeatureFlags, StoreProvider

    class Fixed(StoreProvider):
        def get_configuration(self) -> dict[str, object]:
            return {"new_cart": {"default": True}}

        @property
        def get_raw_configuration(self) -> dict[str, object]:
            return self.get_configuration()

    features = FeatureFlags(store=Fixed())
    assert features.evaluate(name="new_cart", default=False) is True
    assert features.evaluate(name="no_such_flag", default="red") == "red"
    with pytest.raises(TypeError):
        features.evaluate("new_cart", {}, False)
