"""Which rules there are: their codes and names from the file names alone, and each rule loaded when it is wanted."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flaglint.lints.rule import Rule
from flaglint.patterns import late
from flaglint.spelling import nearest

# What has to be known of a rule before its import is paid for, in a commit hook above all. A test holds these against
# the rules themselves.
OPT_IN = frozenset({"FLG104", "FLG501", "FLG502", "FLG503", "FLG504", "FLG505"})
PROJECT_SCOPED = frozenset(
    {"FLG202", "FLG205", "FLG208", "FLG301", "FLG302", "FLG303", "FLG304", "FLG307", "FLG308", "FLG406", "FLG504"}
)
REGISTRY_ONLY = frozenset(
    {"FLG107", "FLG306"}
    | {"FLG401", "FLG402", "FLG403", "FLG404", "FLG405", "FLG406", "FLG407", "FLG408", "FLG409", "FLG411"}
)
_CODE = late(r"[A-Za-z]{0,4}(\d+)$")


class Entry(NamedTuple):
    """A rule that is not loaded yet."""

    code: str
    name: str
    module: str

    def load(self) -> Rule:
        """Import the module and return its rule."""
        found = getattr(importlib.import_module(self.module), self.name.replace("-", "_"))
        assert isinstance(found, Rule), f"{self.module} defines no rule called {self.name}"
        return found


@cache
def entries() -> tuple[Entry, ...]:
    """Return every rule there is, by code. The modules are listed, not imported: a hook pays for what it runs."""
    # In a zip, or frozen, there is no folder to list; flaglint is not run that way.
    folder = Path(__file__).parent / "rules"
    found = []
    for file in folder.iterdir():
        code, _, name = file.stem.partition("_")
        if file.suffix == ".py" and code.startswith("flg"):
            found.append(Entry(code.upper(), name.replace("_", "-"), f"flaglint.lints.rules.{file.stem}"))
    return tuple(sorted(found))


def find(code_or_name: str) -> Entry | None:
    """Return the rule with this code or name, in whatever case, or None."""
    wanted = code_or_name.strip().lower()
    for entry in entries():
        if wanted in {entry.code.lower(), entry.name}:
            return entry
    return None


def matching(selector: str) -> tuple[Entry, ...]:
    """Return the rules that `selector` names: a code, the beginning of one (`FLG3`), a name, or `ALL`."""
    wanted = selector.strip()
    if wanted.upper() == "ALL":
        return entries()
    if (entry := find(wanted)) is not None:
        return (entry,)
    prefix = wanted.upper()
    return tuple(e for e in entries() if e.code.startswith(prefix)) if prefix.startswith("FLG") else ()


def suggestion(code_or_name: str) -> str:
    """Return the code or name that was probably meant, or an empty text."""
    wanted = code_or_name.strip()
    if code := _CODE.match(wanted):  # other digits would be another rule, not a slip of the same one
        return next((entry.code for entry in entries() if entry.code[3:] == code[1]), "")
    return nearest(wanted, [entry.name for entry in entries()])
