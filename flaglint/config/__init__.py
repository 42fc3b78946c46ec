"""The configuration of a project: `[tool.flaglint]` in pyproject.toml, or flaglint.toml, as one `Settings`."""

from flaglint.config.load import find, load, load_around
from flaglint.config.settings import (
    FLAG_TYPES,
    NAME_STYLES,
    SHAPES,
    VENDORS,
    Layout,
    Naming,
    RegistrySpec,
    Settings,
    from_root,
    shown,
)

__all__ = [
    "FLAG_TYPES",
    "NAME_STYLES",
    "SHAPES",
    "VENDORS",
    "Layout",
    "Naming",
    "RegistrySpec",
    "Settings",
    "find",
    "from_root",
    "load",
    "load_around",
    "shown",
]
