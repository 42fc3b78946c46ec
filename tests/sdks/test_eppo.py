"""The Eppo pack against eppo-server-sdk itself."""

from real_sdk import RealSdk, installed, pack_called

eppo_client = installed("eppo_client", "eppo-server-sdk")


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    factories = ("eppo_client.get_instance", "eppo_client.init")
    RealSdk(pack_called("eppo"), results=dict.fromkeys(factories, eppo_client.EppoClient)).check()


def test_the_key_comes_first_and_the_default_fourth() -> None:
    from eppo_client import ClientConfig, Configuration
    from eppo_client.assignment_logger import AssignmentLogger

    empty = b'{"createdAt": "2026-01-01T00:00:00Z", "environment": {"name": "test"}, "flags": {}, "bandits": {}}'
    client = eppo_client.init(
        ClientConfig(
            api_key="key",
            assignment_logger=AssignmentLogger(),
            initial_configuration=Configuration(flags_configuration=empty),
            poll_interval_seconds=None,
        )
    )
    assert client.get_integer_assignment("no-such-flag", "user", {}, 7) == 7
    assert client.get_string_assignment(flag_key="no-such-flag", subject_key="user", subject_attributes={},
                                        default="red") == "red"  # fmt: skip
