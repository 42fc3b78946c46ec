"""The django-flags pack against django-flags itself."""

import re

import pytest
from django_project import set_up
from real_sdk import RealSdk, installed, pack_called

installed("flags", "django-flags")


@pytest.fixture(autouse=True)
def project() -> None:
    set_up()


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    pack = pack_called("django-flags")
    sdk = RealSdk(pack)
    problems = [
        problem for problem in sdk.problems() if "override_settings" not in problem and "as_view" not in problem
    ]
    assert problems == []


def test_flag_disabled_inverts_and_so_does_a_state_of_false() -> None:
    from django.http import HttpRequest
    from flags.decorators import flag_check
    from flags.state import flag_disabled, flag_enabled

    assert flag_enabled("NEW_CART", request=HttpRequest())
    assert not flag_disabled(flag_name="NEW_CART")
    assert flag_check("NO_SUCH_FLAG", False)(lambda request: "old")(HttpRequest()) == "old"


def test_settings_override_flags() -> None:
    from django.test import override_settings
    from flags.state import flag_enabled

    with override_settings(FLAGS={"NEW_CART": [("boolean", False)]}):
        assert not flag_enabled("NEW_CART")


@pytest.mark.parametrize(("tag", "shown"), [("flag_enabled", "True"), ("flag_disabled", "False")])
def test_the_tags_read_what_the_patterns_find(tag: str, shown: str) -> None:
    from django.template import Context, Template

    source = f"{{% {tag} 'NEW_CART' as state %}}{{{{ state }}}}"
    found = [item for item in pack_called("django-flags").templates if re.search(item.pattern, source)]
    assert [item.inverted for item in found] == [tag == "flag_disabled"]
    assert Template("{% load feature_flags %}" + source).render(Context()) == shown
