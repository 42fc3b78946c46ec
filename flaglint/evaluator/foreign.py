"""Who proves the flags of which foreign format: a table of modules, each imported when a flag of its format is met."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.definition import Flag, Registry
    from flaglint.model import Verdict

# Each module has a function `prove` as in `Proof`.
MODULES = {
    "flagd": "flaglint.evaluator.flagd.proof",
    "launchdarkly": "flaglint.evaluator.vendors.launchdarkly",
    "unleash": "flaglint.evaluator.vendors.unleash",
    "waffle": "flaglint.evaluator.vendors.waffle",
    "goff": "flaglint.evaluator.vendors.goff",
    "flipt": "flaglint.evaluator.vendors.flipt",
    "openfeature-manifest": "flaglint.evaluator.vendors.openfeature_manifest",
    "flagpole": "flaglint.evaluator.vendors.flagpole",
    "gitlab": "flaglint.evaluator.vendors.gitlab",
    "growthbook": "flaglint.evaluator.vendors.growthbook",
    "flagsmith": "flaglint.evaluator.vendors.flagsmith",
    "posthog": "flaglint.evaluator.vendors.posthog",
    "configcat": "flaglint.evaluator.vendors.configcat",
    "statsig": "flaglint.evaluator.vendors.statsig",
    "featurevisor": "flaglint.evaluator.vendors.featurevisor",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a flag: what it serves in `environment`, for every context, from `now` (UTC seconds) on.

    `flags` are those of the registry that the environment sees, by key: prerequisites and parents are found there. A
    key that is defined twice is not in it.
    """

    environment: str
    now: float
    flags: Mapping[str, Flag]
    registry: Registry


class Proof(Protocol):
    """What a module in `MODULES` provides."""

    def prove(self, flag: Flag, question: Question) -> Verdict:
        """Return what is proven of a flag; what cannot be read of it is Unknown, and nothing is raised."""


def proof_of(name: str) -> Proof | None:
    """Return the module that proves flags of a format, or None."""
    return cast("Proof", import_module(MODULES[name])) if name in MODULES else None
