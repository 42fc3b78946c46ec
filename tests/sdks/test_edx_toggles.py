"""The edx-toggles pack against edx-toggles itself."""

import pytest
from django_project import set_up
from real_sdk import RealSdk, installed, pack_called

installed("edx_toggles", "edx-toggles")


@pytest.fixture(autouse=True)
def project() -> None:
    set_up()


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    pack = pack_called("edx-toggles")
    named = (name for part in pack.objects for name in part.constructors)
    overriding = (name for part in pack.overrides for name in part.functions)
    platform = frozenset(name for name in (*named, *overriding) if name.startswith("openedx."))
    RealSdk(pack, absent=platform).check()


def test_the_key_of_a_setting_is_its_name_and_that_of_a_dictionary_the_second_argument() -> None:
    from edx_toggles.toggles import SettingDictToggle, SettingToggle

    assert SettingDictToggle("FEATURES", "ENABLE_LIBRARIES", False, __name__).is_enabled() is True
    assert SettingToggle("NO_SUCH_SETTING", True, __name__).is_enabled() is True


def test_a_waffle_object_is_overridden_by_the_object() -> None:
    from edx_toggles.toggles import WaffleSwitch
    from edx_toggles.toggles.testutils import override_waffle_switch

    switch = WaffleSwitch("course.new_upload", __name__)
    with override_waffle_switch(switch, active=True):
        assert switch.is_enabled() is True
