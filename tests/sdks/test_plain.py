"""The packs of plain dictionaries and of the environment against Django, Flask and the standard library."""

import os

from django_project import set_up
from real_sdk import RealSdk, installed, pack_called


def test_the_environment_is_read_by_subscript_get_and_getenv(monkeypatch) -> None:
    pack = pack_called("environment")
    assert {name for part in pack.dictionaries for name in (*part.names, *part.functions)} == {
        "os.environ",
        "os.getenv",
        "decouple.config",
    }
    monkeypatch.setenv("FEATURE_NEW_CART", "1")
    assert os.environ["FEATURE_NEW_CART"] == os.environ.get("FEATURE_NEW_CART", "0") == os.getenv("FEATURE_NEW_CART")


def test_a_dictionary_of_the_settings_is_read_and_overridden() -> None:
    set_up()
    installed("django", "django")
    from django.conf import settings
    from django.test import override_settings

    RealSdk(pack_called("dictionary")).check()
    assert settings.FEATURES["ENABLE_LIBRARIES"] is True
    with override_settings(FEATURES={"ENABLE_LIBRARIES": False}):
        assert settings.FEATURES.get("ENABLE_LIBRARIES", True) is False
