"""The Harness pack against harness-featureflags itself."""

from real_sdk import RealSdk, installed, pack_called

installed("featureflags.client", "harness-featureflags")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    RealSdk(pack_called("harness")).check()
