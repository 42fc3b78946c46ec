"""The OpenFeature provider, seen through the real client."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("openfeature", reason="the OpenFeature SDK is not installed: flaglint[openfeature]")

from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.event import ProviderEvent
from openfeature.provider import ProviderStatus

from flaglint.evaluator.openfeature import FlaglintProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from openfeature.client import OpenFeatureClient
    from openfeature.event import EventDetails

REGISTRY = """\
version: 1
flags:
  checkout:
    owner: "@payments"
    type: release
    expires: 2026-12-31
    rules:
      - {when: {country: DE}, serve: "true"}
      - {when: {country: FR}, serve: {"true": 50, "false": 50}}
  always: {serve: "true"}
  killed: {serve: "true", kill: true}
  child: {serve: "true", needs: {killed: "true"}}
  theme: {variants: {red: "#f00", green: "#0f0"}, off_variant: red, serve: green}
  timeout: {variants: {short: 200, long: 2000}, off_variant: long, serve: short}
  ratio: {variants: {low: 0.5, high: 10.0}, off_variant: low, serve: high}
  limits: {variants: {small: {cpu: 1}, large: {cpu: 8}}, off_variant: small, serve: large}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "flags.yaml"
    path.write_text(REGISTRY)
    return path


@pytest.fixture
def provider(path: Path) -> FlaglintProvider:
    return FlaglintProvider.from_path(path)


@pytest.fixture
def client(provider: FlaglintProvider) -> Iterator[OpenFeatureClient]:
    api.set_provider_and_wait(provider)
    yield api.get_client()
    api.shutdown()
    api.clear_providers()


def context(key: str | None = None, **attributes: Any) -> EvaluationContext:
    return EvaluationContext(targeting_key=key, attributes=attributes)


def test_serves_what_the_evaluator_serves(client: OpenFeatureClient) -> None:
    assert client.get_boolean_value("checkout", False, context(country="DE")) is True
    assert client.get_boolean_value("checkout", True, context(country="NO")) is False
    assert client.get_string_value("theme", "") == "#0f0"
    assert client.get_integer_value("timeout", 0) == 200
    assert client.get_float_value("ratio", 0.0) == 10.0
    assert client.get_object_value("limits", {}) == {"cpu": 8}


def test_numbers_are_read_without_loss(client: OpenFeatureClient) -> None:
    assert client.get_integer_value("ratio", 0) == 10
    assert isinstance(client.get_float_value("timeout", 0.0), float)


@pytest.mark.parametrize(
    ("key", "attributes", "reason", "variant"),
    [
        ("always", {}, "STATIC", "true"),
        ("checkout", {"country": "DE"}, "TARGETING_MATCH", "true"),
        ("checkout", {"country": "FR"}, "SPLIT", None),
        ("checkout", {"country": "NO"}, "DEFAULT", "false"),
        ("killed", {}, "DISABLED", "false"),
        ("child", {}, "PREREQUISITE_FAILED", "false"),
    ],
)
def test_reasons(
    client: OpenFeatureClient, key: str, attributes: dict[str, Any], reason: str, variant: str | None
) -> None:
    details = client.get_boolean_details(key, True, context("user-1", **attributes))
    assert details.reason == reason
    assert details.variant == (variant or str(details.value).lower())
    assert details.error_code is None


def test_the_off_value_of_a_killed_flag_is_served_and_not_the_default(client: OpenFeatureClient) -> None:
    assert client.get_boolean_value("killed", True) is False


def test_without_a_targeting_key_a_split_serves_off(client: OpenFeatureClient) -> None:
    details = client.get_boolean_details("checkout", True, context(country="FR"))
    assert (details.value, details.reason) == (False, "DEFAULT")


def test_the_targeting_key_may_be_an_attribute(client: OpenFeatureClient) -> None:
    for number in range(20):
        as_key = client.get_boolean_value("checkout", True, context(f"u{number}", country="FR"))
        as_attribute = client.get_boolean_value("checkout", True, context(country="FR", targetingKey=f"u{number}"))
        assert as_key is as_attribute


def test_metadata_says_whose_flag_it_is(client: OpenFeatureClient) -> None:
    details = client.get_boolean_details("checkout", True)
    assert details.flag_metadata == {"owner": "@payments", "type": "release", "expires": "2026-12-31"}


@pytest.mark.parametrize(
    ("read", "key", "default", "code"),
    [
        ("get_boolean_details", "unknown", True, "FLAG_NOT_FOUND"),
        ("get_boolean_details", "theme", True, "TYPE_MISMATCH"),
        ("get_integer_details", "always", 7, "TYPE_MISMATCH"),
        ("get_string_details", "timeout", "x", "TYPE_MISMATCH"),
        ("get_float_details", "theme", 1.5, "TYPE_MISMATCH"),
        ("get_object_details", "theme", {"a": 1}, "TYPE_MISMATCH"),
    ],
)
def test_errors_serve_the_default(client: OpenFeatureClient, read: str, key: str, default: Any, code: str) -> None:
    details = getattr(client, read)(key, default)
    assert (details.value, details.error_code, details.reason) == (default, code, "ERROR")
    assert key in details.error_message
    details = asyncio.run(getattr(client, f"{read}_async")(key, default))
    assert (details.value, details.error_code) == (default, code)


def test_async_reads(client: OpenFeatureClient) -> None:
    async def read() -> list[Any]:
        return [
            await client.get_boolean_value_async("checkout", False, context(country="DE")),
            await client.get_string_value_async("theme", ""),
            await client.get_integer_value_async("timeout", 0),
            await client.get_float_value_async("ratio", 0.0),
            await client.get_object_value_async("limits", {}),
        ]

    assert asyncio.run(read()) == [True, "#0f0", 200, 10.0, {"cpu": 8}]


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait for the client, which calls its handlers in a thread of their own."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.005)


def poll(provider: FlaglintProvider) -> None:
    evaluator = provider._evaluator
    assert evaluator._live is not None
    evaluator._live.poll(evaluator)


def test_a_reload_is_a_configuration_change(client: OpenFeatureClient, provider: FlaglintProvider, path: Path) -> None:
    events: list[EventDetails] = []
    client.add_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, events.append)
    path.write_text(REGISTRY.replace('{serve: "true"}', '{serve: "true", kill: true}'))
    poll(provider)
    wait_for(lambda: bool(events))
    assert [event.flags_changed for event in events] == [["always"]]
    assert client.get_boolean_value("always", True) is False


def test_a_broken_edit_is_an_error_until_it_is_mended(
    client: OpenFeatureClient, provider: FlaglintProvider, path: Path
) -> None:
    errors: list[EventDetails] = []
    client.add_handler(ProviderEvent.PROVIDER_ERROR, errors.append)
    path.write_text(REGISTRY + "  broken: {serve: maybe}\n")
    poll(provider)
    wait_for(lambda: bool(errors))
    assert len(errors) == 1
    assert "maybe" in (errors[0].message or "")
    assert client.get_provider_status() == ProviderStatus.ERROR
    assert client.get_boolean_value("always", False) is True
    path.write_text(REGISTRY)
    poll(provider)
    assert client.get_provider_status() == ProviderStatus.READY


def test_after_a_shutdown_nothing_is_told(client: OpenFeatureClient, provider: FlaglintProvider, path: Path) -> None:
    events: list[EventDetails] = []
    client.add_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, events.append)
    provider.shutdown()
    path.write_text("version: 1\nflags: {}\n")
    poll(provider)
    assert events == []


def test_a_provider_that_is_registered_again_follows_the_registry_again(path: Path) -> None:
    provider = FlaglintProvider.from_path(path, watch=True, interval=0.01)
    api.set_provider_and_wait(provider)
    api.shutdown()
    path.write_text(REGISTRY.replace('{serve: "true"}', '{serve: "true", kill: true}'))
    api.set_provider_and_wait(provider)
    try:
        client = api.get_client()
        wait_for(lambda: client.get_boolean_value("always", True) is False)
    finally:
        api.shutdown()
        api.clear_providers()


def test_the_name_of_the_provider(provider: FlaglintProvider) -> None:
    assert provider.get_metadata().name == "flaglint"
