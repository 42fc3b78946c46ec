"""The formats that a registry can have: each a module with `recognise` and `read`, imported when it is needed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.definition import Registry
    from flaglint.registry.nodes import Tree

NATIVE = "native"
# In the order in which they are asked whether a file is theirs. The native format, which is asked first, knows its own
# files by `version: 1`; it also takes those that nobody recognises, and says what they lack.
MODULES = {
    NATIVE: "flaglint.registry.native",
    "flagd": "flaglint.registry.flagd",
    "launchdarkly": "flaglint.registry.launchdarkly",
    "unleash": "flaglint.registry.unleash",
    "waffle": "flaglint.registry.waffle",
    "goff": "flaglint.registry.goff",
    "flipt": "flaglint.registry.flipt",
    "openfeature-manifest": "flaglint.registry.openfeature_manifest",
    "flagpole": "flaglint.registry.flagpole",
    "gitlab": "flaglint.registry.gitlab",
    "growthbook": "flaglint.registry.growthbook",
    "flagsmith": "flaglint.registry.flagsmith",
    "posthog": "flaglint.registry.posthog",
    "configcat": "flaglint.registry.configcat",
    "statsig": "flaglint.registry.statsig",
    "featurevisor": "flaglint.registry.featurevisor",
}
CLOCKED: frozenset[str] = frozenset()  # formats whose reader looks at `now`, so that what it says cannot be kept


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `environment` is the one that the configuration says it holds, or empty; `now` is UTC seconds."""

    tree: Tree
    environment: str = ""
    now: float | None = None


class Format(Protocol):
    """What a module in `MODULES` provides."""

    def recognise(self, tree: Tree) -> bool:
        """Whether a file is in this format, by its content alone."""

    def read(self, sources: Sequence[Source]) -> Registry:
        """Return what the files of this format say together; everything wrong is a problem, nothing is raised.

        A format that knows no environments of its own leaves `environments` empty.
        """


def format_named(name: str) -> Format:
    """Return the module of a format; the name is known to be in `MODULES`."""
    return cast("Format", import_module(MODULES[name]))


def format_of(tree: Tree) -> str:
    """Return the name of the format that recognises a file, else that of the native one."""
    return next((name for name in MODULES if format_named(name).recognise(tree)), NATIVE)
