"""What a project can set, with the values that hold when it sets nothing."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING, TypeAlias

from flaglint.errors import ConfigError
from flaglint.model import Severity
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.model import JsonValue

Shape: TypeAlias = "Mapping[str, JsonValue]"

FLAG_TYPES = ("release", "experiment", "ops", "kill-switch", "permission")
NAME_STYLES = ("kebab-case", "snake_case", "camelCase", "PascalCase", "UPPER_SNAKE", "dotted", "colon-separated")
# Systems whose limits on names are known, so that a key can be held against the ones it must live in.
VENDORS = (
    "appconfig", "datadog", "featurevisor", "flipt", "flagsmith", "gitlab", "growthbook", "launchdarkly", "optimizely",
    "posthog", "unleash", "waffle",
)  # fmt: skip
# The parts of an SDK pack that a project may write in its own configuration, as arrays of tables.
SHAPES = (
    "calls", "objects", "attributes", "decorators", "dictionaries", "declarations", "overrides", "rows", "templates",
    "exports",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RegistrySpec:
    """A file or a glob of files that define flags. An empty `format` is recognised; `optional`: it may be missing."""

    path: str
    format: str = ""
    environment: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The style guide of names. What is empty or 0 is not asked for."""

    style: str = ""
    pattern: str = ""  # a regular expression that must match the whole key
    example: str = ""  # a key that the pattern matches: shown in findings, checked when the configuration is read
    prefixes: Mapping[str, str] = field(default_factory=dict)  # flag type -> prefix
    max_length: int = 0
    min_words: int = 0
    forbidden_words: tuple[str, ...] = ("temp", "tmp", "test", "new", "old", "final", "flag", "feature", "toggle")
    negation: tuple[str, ...] = ("disable", "disabled", "no", "not", "without", "dont")  # a first word that negates
    vendor: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which file of a registry folder a flag belongs in, as globs relative to the root."""

    by_type: Mapping[str, str] = field(default_factory=dict)
    by_owner: Mapping[str, str] = field(default_factory=dict)


def from_root(glob: str) -> str:
    """Return a glob with `./` before it as `.gitignore` writes it, where `./shop` would match nothing at all."""
    return glob[1:] if glob.startswith("./") else glob


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that one run needs to know of its project. Paths and globs are relative to `root`."""

    root: Path
    path: Path | None = None  # the file it was read from
    registry: tuple[RegistrySpec, ...] = (
        RegistrySpec("flags.yaml", optional=True),
        RegistrySpec("flags/**/*.yaml", optional=True),
    )
    source: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    sdks: tuple[str, ...] | None = None  # None: every pack whose package is imported
    extend_sdks: tuple[str, ...] = ()
    sdk_paths: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()  # globs of packages from other repositories of ours; empty: all that are not public
    aliases: tuple[str, ...] = ()  # how files that are not Python spell keys: camelCase, prefix-stripped, ...
    select: tuple[str, ...] = ("FLG0", "FLG1", "FLG2", "FLG3", "FLG4")
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    baseline: str = "flaglint-baseline.txt"  # need not exist; empty: none
    cache_dir: str = ".flaglint_cache"
    environments: tuple[str, ...] = ()  # empty: those that the registry calls critical
    soak_days: int = 14
    expires_soon_days: int = 14
    killed_days: int = 30
    usage: tuple[str, ...] = ()  # folders and files in which services record evaluations; empty: no evidence of them
    unused_days: int = 30  # 0: what is recorded is not judged
    usage_exports: tuple[str, ...] = ()  # files in which a vendor tells when flags were evaluated last, for the report
    budgets: Mapping[str, int] = field(default_factory=dict)  # owner, `*` or `all` -> how many temporary flags
    scattered_reads: int = 10
    severity: Mapping[str, Severity] = field(default_factory=dict)  # rule -> its severity here
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # glob -> rules
    naming: Naming = Naming()
    layout: Layout = Layout()
    lifetimes: Mapping[str, int] = field(default_factory=lambda: {"release": 40, "experiment": 40})  # days; 0 is none
    calls: tuple[Shape, ...] = ()
    objects: tuple[Shape, ...] = ()
    attributes: tuple[Shape, ...] = ()
    decorators: tuple[Shape, ...] = ()
    dictionaries: tuple[Shape, ...] = ()
    declarations: tuple[Shape, ...] = ()
    overrides: tuple[Shape, ...] = ()
    rows: tuple[Shape, ...] = ()
    templates: tuple[Shape, ...] = ()
    exports: tuple[Shape, ...] = ()

    def is_usage(self, path: str) -> bool:
        """Whether a path below the root is recorded usage, which names flags and uses none."""
        places = {normpath(place) for place in (*self.usage, *self.usage_exports)}
        folder, _, name = path.rpartition("/")
        is_record = name.startswith("usage-") and name.endswith(".json")
        return path in places or (is_record and (folder or ".") in places)

    def error(self, message: str, *keys: str | int, help: str = "") -> ConfigError:  # noqa: A002 - the word that users read
        """Return the error to raise about the value at `keys` (`"severity", "FLG999"`), with its line and column."""
        if self.path is None:
            return ConfigError(message, help=help)
        from flaglint.config.places import place_of  # only when something is wrong

        line, column = place_of(self.path, (*self._table, *keys))
        return ConfigError(message, path=shown(self.path), line=line, column=column, help=help)

    def header(self, key: str) -> str:
        """Return a table's name as it is written in the file that these settings came from."""
        return ".".join((*self._table, key))

    @property
    def _table(self) -> tuple[str, ...]:
        return ("tool", "flaglint") if self.path is not None and self.path.name == "pyproject.toml" else ()


def shown(path: Path) -> str:
    """Return a path as messages show it: relative to the working folder when it lies below."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
