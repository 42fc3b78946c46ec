"""The waffle pack against django-waffle itself: its functions, decorators, mixins, tags and overrides."""

import pytest
from django_project import set_up
from real_sdk import RealSdk, installed, pack_called

installed("waffle", "django-waffle")


@pytest.fixture(autouse=True)
def project() -> None:
    set_up()


def request():
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    made = RequestFactory().get("/")
    made.user = AnonymousUser()
    return made


def test_every_name_and_argument_of_the_pack_is_right() -> None:
    from waffle import models

    results = {
        "waffle.get_waffle_flag_model": models.Flag,
        "waffle.get_waffle_switch_model": models.Switch,
        "waffle.get_waffle_sample_model": models.Sample,
        "waffle.get_waffle_flag_model.get": models.Flag,
        "waffle.get_waffle_switch_model.get": models.Switch,
        "waffle.get_waffle_sample_model.get": models.Sample,
        "waffle.models.Flag.get": models.Flag,
        "waffle.models.Switch.get": models.Switch,
        "waffle.models.Sample.get": models.Sample,
    }
    RealSdk(pack_called("waffle"), results=results).check()


def test_the_key_of_a_flag_comes_after_the_request_and_that_of_a_switch_first() -> None:
    import waffle
    from waffle.testutils import override_flag, override_sample, override_switch

    with override_flag("new-cart", True), override_switch("fast-cart", True), override_sample("trial", True):
        assert waffle.flag_is_active(request(), "new-cart")
        assert waffle.switch_is_active("fast-cart")
        assert waffle.sample_is_active("trial")
        assert waffle.get_waffle_flag_model().get("new-cart").is_active(request())
    assert not waffle.flag_is_active(flag_name="new-cart", request=request())


def test_an_exclamation_mark_inverts_a_decorator_and_a_mixin() -> None:
    from django.http import HttpResponse
    from django.views.generic import View
    from waffle.decorators import waffle_flag
    from waffle.mixins import WaffleSwitchMixin

    class Order(WaffleSwitchMixin, View):
        waffle_switch = "!read-only"

        def get(self, request):
            return HttpResponse("order")

    assert waffle_flag("!new-cart")(lambda request: "old")(request()) == "old"
    assert Order.as_view()(request()).content == b"order"


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ('{% flag "new-cart" %}on{% endflag %}', "new-cart"),
        ("{%flag 'new-cart'%}on{%endflag%}", "new-cart"),
        ("{% flag new_cart %}on{% endflag %}", "new_cart"),  # no variable of that name: the name itself
    ],
)
def test_the_tag_reads_what_the_pattern_finds(source: str, key: str) -> None:
    import re

    from django.template import Context, Template
    from waffle.testutils import override_flag

    patterns = [re.compile(tag.pattern) for tag in pack_called("waffle").templates]
    found = next(match for pattern in patterns if (match := pattern.search(source)))
    assert found["key"] == key
    with override_flag(key, True):
        assert Template("{% load waffle_tags %}" + source).render(Context({"request": request()})) == "on"
