"""Findings in the formats that people, editors and services read: one module per format, none of them prints."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from flaglint.render.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.config import Settings
    from flaglint.model import CheckResult

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit")


class Format(Protocol):
    """What the module of a format provides."""

    def render(self, result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:
        """Return the whole output, which ends in a line end unless it is empty."""


def render(
    form: str,
    result: CheckResult,
    settings: Settings,
    read_text: Callable[[str], bytes | None],
    *,
    color: bool = False,
) -> str:
    """Return the findings of a check in one of `FORMATS`; the same findings give the same bytes.

    `read_text` returns the bytes of a project file, for the lines that are shown. Colour is for `full` and `concise`.
    """
    return module_of(form).render(result, settings, Sources(read_text), color=color)


def module_of(form: str) -> Format:
    """Return the module of one of `FORMATS`, imported when it is first asked for."""
    return cast("Format", import_module(f"flaglint.render.{form}_format"))
