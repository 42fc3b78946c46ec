"""Verdicts on waffle's rows against django-waffle, into which the same fixture is loaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django_project import set_up
from proofs import Case, hold
from real_sdk import installed

installed("waffle", "django-waffle")

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

PEOPLE = ["nobody", "plain", "staff", "boss", "member"]
LANGUAGES = ["en", "de", None]
COOKIES = ["", "dwf_{}=True", "dwf_{}=False", "dwft_{}=True"]


def people() -> dict[str, Any]:
    """Return users of each kind, made once."""
    from django.contrib.auth.models import AnonymousUser, Group, User

    found: dict[str, Any] = {"nobody": AnonymousUser()}
    group, _ = Group.objects.get_or_create(pk=1, name="group")
    for number, name in enumerate(PEOPLE[1:], start=1):
        made = {"is_staff": name == "staff", "is_superuser": name == "boss", "username": name}
        found[name], _ = User.objects.get_or_create(pk=number, defaults=made)
    found["member"].groups.add(group)
    return found


def flag(random: Random, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": name, "everyone": random.choice([True, False, None, None, None])}
    for field in ("testing", "superusers", "staff", "authenticated"):
        if random.random() < 0.7:
            fields[field] = random.random() < 0.25
    if random.random() < 0.5:
        fields["percent"] = random.choice([None, None, "0.0", "50.0", "99.9"])
    if random.random() < 0.5:
        fields["languages"] = random.choice(["", "", "de", "de, no"])
    for field in ("groups", "users"):
        if random.random() < 0.5:
            fields[field] = random.choice([[], [], [1]])
    return {"model": "waffle.flag", "pk": 0, "fields": fields}


def rows(random: Random) -> list[dict[str, Any]]:
    found = [flag(random, f"flag-{number}") for number in range(8)]
    for number in range(3):
        active: dict[str, Any] = random.choice([{"active": True}, {"active": False}, {}])
        found.append({"model": "waffle.switch", "fields": {"name": f"switch-{number}", **active}})
        percent = random.choice(["0.0", "50.0", "99.9", "100.0"])
        found.append({"model": "waffle.sample", "fields": {"name": f"sample-{number}", "percent": percent}})
    for number, row in enumerate(found, start=1):
        row["pk"] = number
    return found


def test_nothing_is_served_outside_the_proven_set(tmp_path: Path) -> None:
    set_up()
    import waffle
    from django.core.management import call_command
    from django.test import RequestFactory
    from waffle.models import Flag, Sample, Switch

    users = people()

    def serve(key: str, given: tuple[str, str | None, str]) -> Any:
        if key.startswith("switch"):
            return waffle.switch_is_active(key)
        if key.startswith("sample"):
            return waffle.sample_is_active(key)
        name, language, cookie = given
        request = RequestFactory().get("/")
        if cookie:
            cookie_name, value = cookie.format(key).split("=")
            request.COOKIES[cookie_name] = value
        if language is not None:
            request.LANGUAGE_CODE = language
        request.user = users[name]
        return waffle.flag_is_active(request, key)

    def make(random: Random, number: int) -> Case:
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(rows(random)))
        for model in (Flag, Switch, Sample):
            model.objects.all().delete()
        call_command("loaddata", str(path), verbosity=0)
        contexts = [(random.choice(PEOPLE), random.choice(LANGUAGES), random.choice(COOKIES)) for _ in range(40)]
        return Case(path.name, path.read_text(), serve, contexts)

    hold("waffle", make)
