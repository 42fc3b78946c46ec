"""Reading the configuration: found upwards, checked to the last key, with the line of whatever is wrong."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, cast

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
from flaglint.config.table import Table
from flaglint.errors import ConfigError
from flaglint.model import Severity
from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SEVERITIES = tuple(severity.word for severity in reversed(Severity))
# The characters that a prefix may have where names are of a style.
_PREFIX_OF_STYLE = {
    "kebab-case": r"[a-z0-9-]*",
    "snake_case": r"[a-z0-9_]*",
    "camelCase": r"[A-Za-z0-9]*",
    "PascalCase": r"[A-Za-z0-9]*",
    "UPPER_SNAKE": r"[A-Z0-9_]*",
    "dotted": r"[a-z0-9._-]*",
    "colon-separated": r"[a-z0-9:_-]*",
}
_SLIP = 0.8  # how like our name another table's is that was meant to be ours; that of flake8 is not
_TABLE_LIKE_OURS = late(rb"^\[+tool\.(fl[\w-]+)", re.MULTILINE)
_TOML_PLACE = late(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


def find(start: Path) -> Path | None:
    """Return the nearest configuration in `start` or above: flaglint.toml, or a pyproject.toml with [tool.flaglint].

    Raises ConfigError when one folder holds both.
    """
    nearest = _nearest(start)
    return nearest[0] if nearest else None


def load(start: Path, *, config: Path | None = None) -> Settings:
    """Return the settings of the project around the folder `start`, or those in the file `config`.

    The root of the project is the folder of that file; `start`, when there is no file. Raises ConfigError, with the
    line, for a file that cannot be read, an unknown key (with a suggestion) and a value of the wrong type.
    """
    if config is None:
        nearest = _nearest(start)
    elif config.is_file():
        path = config.resolve()
        nearest = path, _tool(path).get("flaglint", {}) if path.name == "pyproject.toml" else _parse(path)
    else:
        fact = "is no file" if config.exists() else "does not exist"
        advice = "name a flaglint.toml or a pyproject.toml; flaglint init writes a first one"
        raise ConfigError(f"the configuration {fact}", path=str(config), help=advice)
    if nearest is None:
        return Settings(root=start.resolve())
    default = Settings(root=nearest[0].parent, path=nearest[0])
    if not isinstance(nearest[1], dict):
        raise default.error("`tool.flaglint` must be a table")
    return _settings(Table(default, nearest[1]), default)


def load_around(start: Path, paths: Sequence[Path]) -> Settings:
    """Return the settings of the project around the folder `start`, or else of the one that the paths lead to.

    Raises ConfigError as `load` does.
    """
    settings = load(start)
    places = [path.resolve() for path in paths if path.exists()]
    if not places:
        return settings
    is_inside = all(place.is_relative_to(settings.root) for place in places)
    if is_inside and settings.path is not None:
        return settings
    try:
        common = Path(os.path.commonpath(places))
    except ValueError:  # they are on several drives
        return settings
    other = load(common if common.is_dir() else common.parent)
    return settings if is_inside and other.path is None else other


def _nearest(start: Path) -> tuple[Path, object] | None:
    start = start.resolve()
    for folder in (start, *start.parents):
        own, shared = folder / "flaglint.toml", folder / "pyproject.toml"
        # The word is looked for first: other people's pyproject.toml need not be parsed, nor be valid.
        data = _bytes(shared) if shared.is_file() else b""
        tool = _tool(shared) if b"flaglint" in data else {}
        if b"tool.fl" in data and "flaglint" not in tool:
            _refuse_misspelt(shared, data)
        if own.is_file() and "flaglint" in tool:
            raise ConfigError(
                "the configuration stands in two files, flaglint.toml and pyproject.toml",
                path=shown(own),
                help="keep one of them: [tool.flaglint] in pyproject.toml, or flaglint.toml",
            )
        if own.is_file():
            return own, _parse(own)
        if "flaglint" in tool:
            return shared, tool["flaglint"]
    return None


def _refuse_misspelt(pyproject: Path, data: bytes) -> None:
    """Raise ConfigError for a table that is a slip of `[tool.flaglint]`: what it sets would not count."""
    from flaglint.spelling import did_you_mean, nearest

    for table in _TABLE_LIKE_OURS.finditer(data):
        name = table[1].decode()
        if nearest(name, ["flaglint"], cutoff=_SLIP):
            line = data.count(b"\n", 0, table.start(1)) + 1
            column = table.start(1) - data.rfind(b"\n", 0, table.start(1))
            raise ConfigError(
                f"unknown table `tool.{name}`",
                path=shown(pyproject),
                line=line,
                column=column,
                help=did_you_mean("tool.flaglint"),
            )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"the configuration cannot be read: {reason}", path=shown(path)) from error


def _parse(path: Path) -> dict[str, object]:
    import tomllib  # most runs outside a configured project never need it

    try:
        return tomllib.loads(_bytes(path).decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise ConfigError("it is not valid UTF-8, as TOML has to be", path=shown(path)) from error
    except RecursionError as error:
        raise ConfigError("it is nested too deeply to be read", path=shown(path)) from error
    except ValueError as error:  # TOMLDecodeError, and an integer of thousands of digits
        found = _TOML_PLACE.match(str(error))
        message, line, column = found.groups() if found else (str(error), None, None)
        where = ", where the file ends" if found and line is None else ""
        raise ConfigError(
            f"not valid TOML: {message[:1].lower()}{message[1:]}{where}",
            path=shown(path),
            line=int(line or 0),
            column=int(column or 0),
        ) from error


def _tool(pyproject: Path) -> dict[str, object]:
    tool = _parse(pyproject).get("tool", {})
    return cast("dict[str, object]", tool) if isinstance(tool, dict) else {}


def _settings(table: Table, default: Settings) -> Settings:
    """Read every key that there is; what was not asked for by then is unknown."""
    settings = Settings(
        root=default.root,
        path=default.path,
        registry=_registry(table, default),
        source=table.texts("source", default.source),
        exclude=tuple(map(from_root, table.texts("exclude", default.exclude))),
        sdks=table.texts("sdks", ()) if "sdks" in table else None,
        extend_sdks=table.texts("extend-sdks", ()),
        sdk_paths=table.texts("sdk-paths", ()),
        shared=table.texts("shared", ()),
        aliases=table.texts("aliases", ()),
        select=table.texts("select", default.select),
        extend_select=table.texts("extend-select", ()),
        ignore=table.texts("ignore", default.ignore),
        fail_on=_severity(table.choice("fail-on", default.fail_on.word, _SEVERITIES)),
        baseline=table.text("baseline", default.baseline),
        cache_dir=_cache_dir(table, default),
        environments=table.texts("environments", ()),
        soak_days=table.number("soak-days", default.soak_days),
        expires_soon_days=table.number("expires-soon-days", default.expires_soon_days),
        killed_days=table.number("killed-days", default.killed_days),
        usage=table.texts("usage", default.usage),
        unused_days=table.number("unused-days", default.unused_days),
        usage_exports=table.texts("usage-exports", default.usage_exports),
        budgets=_budgets(table.table("budgets")),
        scattered_reads=table.number("scattered-reads", default.scattered_reads),
        severity={rule: _severity(word) for rule, word in _each_choice(table.table("severity"), _SEVERITIES).items()},
        per_file_ignores=_each_texts(table.table("per-file-ignores")),
        naming=_naming(table.table("naming"), default),
        layout=_layout(table.table("layout")),
        lifetimes={**default.lifetimes, **_lifetimes(table.table("lifetimes"))},
        **{shape: table.tables(shape) for shape in SHAPES},
    )
    table.refuse_rest()
    return settings


def _severity(word: str) -> Severity:
    return Severity[word.upper()]


def _cache_dir(table: Table, default: Settings) -> str:
    """Return the folder of caches, which `flaglint clean` deletes: none in which the project lies."""
    if "cache-dir" not in table:
        return default.cache_dir
    given = table.text("cache-dir", default.cache_dir)
    root = default.root.resolve()
    if not given or root.is_relative_to((root / given).resolve()):
        fact = f"`cache-dir` is `{given}`, in which the project lies" if given else "`cache-dir` is empty"
        raise table.error(fact, "cache-dir", help=f'name a folder of its own, such as "{default.cache_dir}"')
    return given


def _registry(table: Table, default: Settings) -> tuple[RegistrySpec, ...]:
    if "registry" not in table:
        return default.registry
    specs = []
    for place, item in table.items("registry"):
        if isinstance(item, str) and item:
            specs.append(RegistrySpec(item))
        elif isinstance(item, dict):
            entry = table.inner(item, *place)
            path = entry.text("path", "")
            if not path:
                raise table.error("a registry entry needs a `path`", *place)
            specs.append(RegistrySpec(path, entry.text("format", ""), entry.text("environment", "")))
            entry.refuse_rest()
        else:
            raise table.error("`registry` takes paths, or tables with `path`, `format` and `environment`", *place)
    named = tuple(specs)
    # What `config --show` prints where nothing is set means the same when it is pasted into a file.
    shown_as = tuple(RegistrySpec(spec.path, spec.format, spec.environment) for spec in default.registry)
    return default.registry if named == shown_as else named


def _naming(table: Table, default: Settings) -> Naming:
    known = default.naming
    naming = Naming(
        style=table.choice("style", known.style, NAME_STYLES),
        pattern=table.text("pattern", known.pattern),
        example=table.text("example", known.example),
        prefixes=_prefixes(table.table("prefixes"), table.choice("style", known.style, NAME_STYLES)),
        max_length=table.number("max-length", known.max_length),
        min_words=table.number("min-words", known.min_words),
        forbidden_words=table.texts("forbidden-words", known.forbidden_words),
        negation=table.texts("negation", known.negation),
        vendor=table.texts("vendor", known.vendor, choices=VENDORS),
    )
    table.refuse_rest()
    if not naming.pattern:
        return naming
    try:
        with warnings.catch_warnings(action="ignore"):  # what a future Python may read otherwise is still a pattern
            matches = re.fullmatch(naming.pattern, naming.example)
    except (re.error, RecursionError, OverflowError) as error:
        raise table.error(f"`pattern` is not a regular expression: {error}", "pattern") from error
    if not naming.example:
        raise table.error(
            "`pattern` needs an `example`, a key that it matches",
            "pattern",
            help='for instance: example = "checkout-v2"',
        )
    if not matches:
        raise table.error(f"`example` is `{naming.example}`, which `pattern` does not match", "example")
    return naming


def _prefixes(table: Table, style: str) -> Mapping[str, str]:
    prefixes = {kind: table.text(kind, "") for kind in FLAG_TYPES if kind in table}
    table.refuse_rest()
    for kind, prefix in prefixes.items():
        if not re.fullmatch(_PREFIX_OF_STYLE.get(style, ".*"), prefix):
            raise table.error(
                f"no {style} name begins with `{prefix}`", kind, help="each flag of that type would break a rule"
            )
    return prefixes


def _layout(table: Table) -> Layout:
    by_type, by_owner = table.table("by-type"), table.table("by-owner")
    layout = Layout(
        by_type={kind: by_type.text(kind, "") for kind in FLAG_TYPES if kind in by_type},
        by_owner={owner: by_owner.text(owner, "") for owner in by_owner},
    )
    by_type.refuse_rest(known=FLAG_TYPES)
    table.refuse_rest()
    return layout


def _lifetimes(table: Table) -> Mapping[str, int]:
    lifetimes = {kind: table.number(kind, 0) for kind in FLAG_TYPES if kind in table}
    table.refuse_rest(known=FLAG_TYPES)
    return lifetimes


def _budgets(table: Table) -> Mapping[str, int]:
    return {owner: table.number(owner, 0) for owner in table}


def _each_choice(table: Table, choices: tuple[str, ...]) -> Mapping[str, str]:
    return {name: table.choice(name, "", choices) for name in table}


def _each_texts(table: Table) -> Mapping[str, tuple[str, ...]]:
    return {name: table.texts(name, ()) for name in table}
