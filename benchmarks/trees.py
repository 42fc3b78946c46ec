"""The trees that are measured: wheels of real servers, and made-up ones that can be of any size."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).parent / ".trees"  # git ignores it
# Wheel, the Python that it is for, one key that is read in it, and a call that a pattern matcher looks for.
REAL = {
    "sentry": ("sentry==23.7.1", "3.8", "organizations:discover-basic", "features.has($$$ARGS)"),
    "superset": ("apache-superset==6.1.0", "3.11", "THUMBNAILS", "is_feature_enabled($$$ARGS)"),
}
LINES = 400  # of a made-up file
EVERY = 6  # of so many made-up files one reads flags


def real(name: str, at: Path | None = None) -> Path:
    """Return the folder of an unpacked wheel, fetched with pip when it is not there yet."""
    requirement, python, _, _ = REAL[name]
    folder = at or FOLDER / name
    if not folder.exists():
        wheels = FOLDER / "wheels"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels)]
        subprocess.run([*command, "--only-binary", ":all:", "--python-version", python, requirement], check=True)
        wheel = next(wheels.glob(f"{requirement.partition('==')[0].replace('-', '_')}-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    if not (folder / "flaglint.toml").exists():
        (folder / "flaglint.toml").write_text('source = ["."]\n', encoding="utf-8")
    return folder


def made_up(lines: int, flags: int) -> Path:
    """Return a folder with a program of so many lines, which reads so many flags, each in a few places."""
    folder = FOLDER / f"made-up-{lines}-{flags}"
    done = folder / "done"
    if done.exists():
        return folder
    shop = folder / "shop"
    shop.mkdir(parents=True, exist_ok=True)
    (folder / "flaglint.toml").write_text('registry = ["flags.yaml"]\nsource = ["shop"]\n', encoding="utf-8")
    (folder / "flags.yaml").write_text(registry(flags), encoding="utf-8")
    (shop / "gates.py").write_text(GATES, encoding="utf-8")
    for number in range(max(EVERY, lines // LINES)):
        package = shop / f"part_{number // 200}"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        body = FUNCTIONS * (LINES // FUNCTIONS.count("\n"))
        if number % EVERY == 0:
            body = reads(number, flags) + body
        (package / f"module_{number}.py").write_text(body, encoding="utf-8")
    (shop / "__init__.py").touch()
    done.touch()
    return folder


def registry(flags: int) -> str:
    """Return a registry of so many flags; the first fifty are on for everybody."""
    return registry_of([f"release-feature-{number}" for number in range(flags)], on=50)


def registry_of(keys: Sequence[str], on: int) -> str:
    """Return a registry of some flags, of which the first `on` are on for everybody."""
    head = "version: 1\nenvironments: [development, staging, production]\nflags:\n"
    return head + "".join(
        f"  {json.dumps(key)}:\n    description: Feature number {number}\n    type: release\n    owner: '@shop'\n"
        f"    created: 2026-01-01\n    expires: 2027-12-31\n"
        + (
            "    serve: 'true'\n"
            if number < on
            else "    rules:\n      - when: {country: [DE, FR]}\n        serve: 'true'\n"
        )
        for number, key in enumerate(keys)
    )


def reads(number: int, flags: int) -> str:
    """Return the part of a module that reads flags."""
    first, second = number % flags, (number * 7 + 1) % flags
    return READS.format(first=first, second=second)


GATES = """\
from openfeature import api

client = api.get_client()


def enabled(key, default=False):
    return client.get_boolean_value(key, default)
"""
READS = """\
from shop.gates import client, enabled

KEY = "release-feature-{first}"


class View:
    def get(self, request):
        if client.get_boolean_value(KEY, False):
            return request.basket.total()
        if not enabled("release-feature-{second}"):
            return None
        return request.basket


"""
FUNCTIONS = '''\
def total_of(items, rate, *, rounded=True):
    """Return what some items cost together."""
    total = 0
    for item in items:
        if item.price > 0 and not item.is_free:
            total += item.price * (1 + rate)
        else:
            total -= item.discount.get("amount", 0)
    names = ", ".join(sorted(item.name for item in items if item.name))
    return {"total": round(total, 2) if rounded else total, "names": names}


'''
