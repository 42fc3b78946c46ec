"""`flaglint config`: which configuration counts here, and what it comes to with the defaults."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, cast

import click

from flaglint.cli.session import load_settings, out
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings

_NOT_KEYS = frozenset({"root", "path"})


@click.command("config", epilog="Example: flaglint config --show")
@click.option("--show", is_flag=True, help="Print every key with the value that counts, as TOML.")
def command(*, show: bool) -> int:
    """Show the configuration that counts here: the file it comes from and, with --show, every value."""
    settings = load_settings()
    out(f"# root: {settings.root}")
    out(f"# configuration: {settings.path or 'none found, so every value is the default'}")
    if show:
        out(as_toml(settings))
    return 0


def as_toml(settings: Settings) -> str:
    """Return every key and value as a flaglint.toml would hold it; a key without a value stands in a comment."""
    plain: list[str] = []
    tables: list[str] = []
    for field in dataclasses.fields(settings):
        if field.name in _NOT_KEYS:
            continue
        key, value = field.name.replace("_", "-"), _plain(getattr(settings, field.name))
        if value is None:
            plain.append(f"# {key} is not set")
        elif isinstance(value, dict):
            tables += _table(key, value)
        elif isinstance(value, list) and value and isinstance(value[0], dict) and field.name != "registry":
            for item in value:
                tables += ["", f"[[{key}]]", *(f"{_key(name)} = {_value(inner)}" for name, inner in item.items())]
        else:
            plain.append(f"{key} = {_value(value)}")
    return "\n".join([*plain, *tables])


def _table(key: str, content: dict[str, object]) -> Iterator[str]:
    yield ""
    yield f"[{key}]"
    for name, value in content.items():
        yield f"{_key(name)} = {_value(value)}"


def _plain(value: object) -> object:
    """Return a setting as TOML's own types: underscores are hyphens, severities words, a plain registry its path."""
    if isinstance(value, Severity):
        return value.word
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        inner = {name.replace("_", "-"): _plain(getattr(value, name)) for name in names}
        if "path" not in names:
            return inner
        told = {name: part for name, part in inner.items() if part and name != "optional"}
        return told if len(told) > 1 else inner["path"]
    return value


def _key(name: str) -> str:
    return (
        name if name and all(letter.isalnum() or letter in "-_" for letter in name) and name.isascii() else _value(name)
    )


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {_value(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in cast("list[object]", value)) + "]"
    if isinstance(value, str | bool | int | float):
        return json.dumps(value, ensure_ascii=False)  # a JSON scalar is a TOML scalar
    return str(value)  # a date or time
