"""What `flaglint init` finds that a configuration has to name: files of vendors, and flags declared in Python.

Guesses, for a person to look at: nothing here decides what a reference is.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from itertools import chain
from os.path import commonpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from flaglint.records import dataclass, field
from flaglint.refs.program import module_name
from flaglint.source import decode, is_python, read
from flaglint.source.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

_SUFFIXES: Final = (".json", ".yaml", ".yml")
_LARGEST: Final = 4_000_000  # bytes of a file that is worth a look
_HINT: Final = re.compile(rb"flag|feature|toggle|waffle|segments|rollout|default_enabled|\"f\"\s*:", re.IGNORECASE)
_DECLARING: Final = re.compile(rb"(?i)^(?:class[ \t]+)?\w*(?:feature|flag|toggle)", re.MULTILINE)
_NAMED: Final = re.compile(r"(?i)(?:feature|flag|toggle)s?(?:$|[_A-Z0-9])|(?:features|flags|toggles)$")
_WIDTH: Final = 90  # characters of a list that stays on its line
_FEW: Final = 2  # keys that make a dictionary, an enumeration or a model one of flags
_EXAMPLE: Final = re.compile(
    r"(?i)(?:^|[/_.-])(?:examples?|samples?|fixtures?|tests?|docs?|templates?)(?=[/_.-])"
    r"|(?:^|/)_?(?:vendor(?:ed)?|third_party)/"
)
_STAGES: Final = ("production", "prod", "staging", "stage", "development", "dev", "test", "qa", "live")
_ENUMS: Final = frozenset({"Enum", "StrEnum", "TextChoices"})
_MODELS: Final = frozenset({"BaseModel", "BaseSettings"})


@dataclass(frozen=True, slots=True)
class VendorFile:
    """A file, or a glob of files, that some system of flags wrote; `environment` as its name suggests."""

    path: str
    format: str
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What declares flags in Python: `kind` as in [[declarations]], its qualified name, how many keys it has."""

    kind: str
    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that is proposed; `calls` are the functions that are handed the keys found, with the argument's place.

    `lookups` are the names under which dictionaries are asked for their keys.
    """

    files: tuple[VendorFile, ...] = ()
    declared: tuple[Declared, ...] = ()
    calls: tuple[tuple[str, int], ...] = field(default=())
    lookups: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        """Whether there is anything to propose."""
        return bool(self.files or self.declared)


def propose(
    root: Path, paths: Iterable[str], *, known: Collection[str], asked: AbstractSet[str], registry: Collection[str]
) -> Proposals:
    """Return what a configuration could name, besides the files of the `registry`.

    `known` are the keys that are defined already, and `asked` those that are read: where some are, what declares none
    of them declares something else. What is there for examples and tests is passed over.
    """
    paths = tuple(paths)
    others: list[tuple[str, bytes]] = []
    texts: dict[str, str] = {}
    for path in paths:
        data = read(root, path)
        if not isinstance(data, bytes) or len(data) > _LARGEST:
            continue
        if is_python(path) and not _EXAMPLE.search(path):
            # Where flags are declared already, what else is called so is something else.
            text = decode(path, data) if not known and _DECLARING.search(data) else None
            if isinstance(text, Text):
                texts[path] = text.text
        elif path.endswith(_SUFFIXES) and path not in registry and _HINT.search(data):
            others.append((path, data))
    by_file = [tuple(_declarations(root, path, text)) for path, text in sorted(texts.items())]
    copies = Counter(name for found in by_file for name in {declared.name for declared in found})
    # A module that is here more than once was copied from somebody else.
    single = (found for found in chain.from_iterable(by_file) if copies[found.name] == 1)
    declared = tuple(found for found in single if not asked or not asked.isdisjoint(found.keys))
    calls, lookups = _uses(root, paths, declared)
    return Proposals(tuple(_vendors(others)), declared, calls, lookups)


def configured(found: Proposals, registry: str) -> list[str]:
    """Return the lines of a configuration for what was found; `registry` is a native one, or empty."""
    specs = [json.dumps(registry)] if registry else []
    specs += [_spec(file) for file in found.files]
    lines = []
    if specs:
        inside = ", ".join(specs)
        lines += (
            [f"registry = [{inside}]"] if len(inside) < 90 else ["registry = [", *(f"    {one}," for one in specs), "]"]
        )
    for name, position in found.calls:
        lines += ["", "[[calls]]", f"function = {json.dumps(name)}", f"key = {{position = {position}}}"]
    if found.lookups:
        lines += ["", "[[dictionaries]]", f"name = {json.dumps(list(found.lookups))}"]
    for declaration in found.declared:
        count = f"# {len(declaration.keys)} keys"
        lines += ["", "[[declarations]]", f"{declaration.kind} = {json.dumps(declaration.name)} {count}"]
    return lines


def _spec(file: VendorFile) -> str:
    environment = f", environment = {json.dumps(file.environment)}" if file.environment else ""
    return f"{{path = {json.dumps(file.path)}, format = {json.dumps(file.format)}{environment}}}"


# ------------------------------------------------------------------------------------------------ files of vendors


def _vendors(files: Iterable[tuple[str, bytes]]) -> Iterator[VendorFile]:
    """Yield the files that a foreign format recognises; many of one format below one folder become a glob."""
    from flaglint.errors import RegistryError
    from flaglint.registry.files import File
    from flaglint.registry.formats import NATIVE
    from flaglint.registry.parsing import parsed

    by_format: dict[str, list[str]] = {}
    for path, data in sorted(files):
        try:
            name = parsed(File(path, data)).format
        except RegistryError:
            continue
        if name != NATIVE and not _EXAMPLE.search(path):
            by_format.setdefault(name, []).append(path)
    for name, paths in sorted(by_format.items()):
        folder = commonpath([str(PurePosixPath(path).parent) for path in paths]).replace("\\", "/")
        suffixes = {PurePosixPath(path).suffix for path in paths}
        if len(paths) > len(_STAGES) and folder and len(suffixes) == 1:
            yield VendorFile(f"{folder}/**/*{suffixes.pop()}", name)
            continue
        stages = [_stage(path) for path in paths]
        told = len(set(stages)) == len(paths) > 1  # one file for each environment
        for path, stage in zip(paths, stages, strict=True):
            yield VendorFile(path, name, stage if told else "")


def _stage(path: str) -> str:
    words = re.split(r"[^a-z]+", path.lower())
    return next((stage for stage in _STAGES if stage in words), "")


# ------------------------------------------------------------------------------------------------ flags in Python


def _declarations(root: Path, path: str, text: str) -> Iterator[Declared]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    module, _ = module_name(path, lambda name: (root / name).exists(), ("src/", "lib/", ""))
    for node in tree.body:
        name, value = _bound(node)
        if name and _NAMED.search(name) and isinstance(value, ast.Dict) and len(keys := _keys(value)) >= _FEW:
            yield Declared("dictionary", f"{module}.{name}", keys)
        elif isinstance(node, ast.ClassDef) and _NAMED.search(node.name):
            bases = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
            if bases & _ENUMS and len(keys := _members(node)) >= _FEW:
                yield Declared("enum", f"{module}.{node.name}", keys)
            elif bases & _MODELS and len(keys := _fields(node)) >= _FEW:
                yield Declared("model", f"{module}.{node.name}", keys)


def _bound(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """Return the one name that a statement binds, and its value."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    return "", None


def _keys(value: ast.Dict) -> tuple[str, ...]:
    """Return the keys of a dictionary of switches: texts with a boolean each; none when it is something else."""
    pairs = [(key, item) for key, item in zip(value.keys, value.values, strict=True) if key is not None]
    switches = [key.value for key, item in pairs if _text(key) and _is_switch(item) and isinstance(key, ast.Constant)]
    return tuple(map(str, switches)) if len(switches) == len(pairs) else ()


def _is_switch(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, bool)


def _text(value: ast.expr | None) -> str:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _members(node: ast.ClassDef) -> tuple[str, ...]:
    return tuple(text for part in node.body if (text := _text(_bound(part)[1])))


def _fields(node: ast.ClassDef) -> tuple[str, ...]:
    """Return the boolean fields of a model."""
    return tuple(
        part.target.id
        for part in node.body
        if isinstance(part, ast.AnnAssign)
        and isinstance(part.target, ast.Name)
        and isinstance(part.annotation, ast.Name)
        and part.annotation.id == "bool"
    )


def _uses(
    root: Path, paths: Iterable[str], declared: Iterable[Declared]
) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    """Return the functions that several places hand a declared key, and the names that dictionaries are asked by.

    With a function stands the position of the argument.
    """
    keys = {key for found in declared for key in found.keys if found.kind != "model"}
    dictionaries = {found.name.rpartition(".")[2] for found in declared if found.kind == "dictionary"}
    if not keys:
        return (), ()
    handed: Counter[tuple[str, int]] = Counter()
    lookups: set[str] = set()
    for node, names in _nodes_beside(root, paths, keys):
        asked = _looked_up(node, keys)
        name = _dotted(asked, names) if asked is not None else ""
        if name and re.split(r"[.\[]", name.rstrip("]"))[-1] in dictionaries:
            lookups.add(name)
        elif isinstance(node, ast.Call) and (name := _dotted(node.func, names)):
            handed.update((name, at) for at, given in enumerate(node.args) if _text(given) in keys)
    calls = _mostly_of(keys, {call for call, count in handed.items() if count >= _FEW}, root, paths)
    return calls, tuple(sorted(lookups))


def _mostly_of(
    keys: AbstractSet[str], calls: AbstractSet[tuple[str, int]], root: Path, paths: Iterable[str]
) -> tuple[tuple[str, int], ...]:
    """Return those of some functions that are not handed more other texts than keys: these ask for something else."""
    handed: dict[tuple[str, int], set[str]] = {call: set() for call in sorted(calls)}
    for node, names in _nodes_beside(root, paths, {name.rpartition(".")[2] for name, _ in calls}):
        if not isinstance(node, ast.Call):
            continue
        name = _dotted(node.func, names)
        local = f".{node.func.id}" if isinstance(node.func, ast.Name) and not name else "\n"  # of this module
        for (asked, at), texts in handed.items():
            if (asked == name or asked.endswith(local)) and at < len(node.args) and (text := _text(node.args[at])):
                texts.add(text)
    return tuple(call for call, texts in handed.items() if len(texts - keys) <= len(texts & keys))


def _nodes_beside(root: Path, paths: Iterable[str], words: Collection[str]) -> Iterator[tuple[ast.AST, dict[str, str]]]:
    """Yield the nodes of the Python files that hold one of some words, each with what its module imports."""
    if not words:
        return
    wanted = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)).encode())
    for path in paths:
        data = read(root, path) if is_python(path) else b""
        if not isinstance(data, bytes) or not wanted.search(data):
            continue
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError, RecursionError):
            continue
        names = dict(_imported(tree))
        yield from ((node, names) for node in ast.walk(tree))


def _looked_up(node: ast.AST, keys: Collection[str]) -> ast.expr | None:
    """Return what is asked for one of the keys: `d[key]`, `d.get(key)`."""
    match node:
        case ast.Subscript(value=asked, slice=key) if _text(key) in keys:
            return asked
        case ast.Call(func=ast.Attribute(value=asked, attr="get"), args=[key, *_]) if _text(key) in keys:
            return asked
    return None


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that a module imports with an absolute path, and what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    (alias.asname and alias.name) or alias.name.partition(".")[0],
                )


def _dotted(expr: ast.expr, names: dict[str, str]) -> str:
    """Return the qualified name of an expression, as packs spell it; empty for what was not imported."""
    parts: list[str] = []
    while isinstance(expr, ast.Attribute | ast.Subscript):
        parts.append(f".{expr.attr}" if isinstance(expr, ast.Attribute) else f"[{_text(expr.slice)}]")
        expr = expr.value
    if not isinstance(expr, ast.Name) or expr.id not in names or "[]" in parts:
        return ""
    return "".join([names[expr.id], *reversed(parts)])
