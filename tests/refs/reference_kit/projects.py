"""Small projects whose comments say what is to be found: `# read: cart` at the end of the line where it begins.

Several on a line are separated by `;`, the keys of one of several by `|`, and a pattern is spelled with `*`. A step of
how it was found may follow in brackets. What no comment names must not be found.
"""

import re
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from flaglint.model import Kind, Literal, OneOf, Pattern, Reference
from flaglint.refs import Found, find_references
from flaglint.refs.packs import load_packs

_EXPECTED = re.compile(r"#\s+((?:read|declaration|override): .*)$")
_ONE = re.compile(r"(?P<kind>\w+): (?P<key>\S+)(?: \[(?P<step>[^\]]*)\])?\Z")
CLIENT = "from openfeature import api\n\nclient = api.get_client()\n"


def search(
    files: Mapping[str, str | bytes],
    *,
    keys: Collection[str] = (),
    sdks: Collection[str] | None = None,
    scope: str = "project",
    given: Collection[str] = (),
    jobs: int = 1,
    **entries: object,
) -> Found:
    """Return what is found in a project of these files, written to a folder of its own.

    `entries` are sections of a project's own pack, such as `calls=[{...}]`; `given` are the files of a file run.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        packs = load_packs(None if sdks is None else list(sdks), **entries)
        paths = sorted(given or (path for path in files if path.endswith(".py")))
        return find_references(Path(folder), paths, packs=packs, keys=keys, scope=scope, jobs=jobs)


def spelled(reference: Reference) -> str:
    """Return the key as comments spell it."""
    match reference.key:
        case Literal(key):
            return key
        case OneOf(keys):
            return "|".join(keys)
        case Pattern():
            return reference.key.glob
        case _:
            return "?"


def line(reference: Reference) -> str:
    """Return a reference on one line: its place, kind, key, role and the steps to it."""
    span = reference.span
    via = " < ".join(reference.via)
    return f"{span.path}:{span.start.line} {reference.kind} {spelled(reference)} {reference.role} {via}"


def references(code: str, **settings: object) -> list[str]:
    """Return the references in one module `shop.py`, each on one line."""
    return [line(item).removeprefix("shop.py:") for item in search({"shop.py": code}, **settings).references]


def check(files: Mapping[str, str], **settings: object) -> None:
    """Hold what is found in a project against its comments; settings are those of `search`."""
    found = search(files, **settings).references
    wanted = [
        (path, number, *part)
        for path, code in files.items()
        for number, text in enumerate(code.splitlines(), 1)
        if (comment := _EXPECTED.search(text)) is not None
        for part in map(_expected, comment.group(1).split("; "))
    ]
    got = sorted((item.span.path, item.span.start.line, str(item.kind), spelled(item)) for item in found)
    assert got == sorted(item[:4] for item in wanted)
    for path, number, kind, key, step in wanted:
        steps = {
            step
            for item in found
            if (item.span.path, item.span.start.line, item.kind, spelled(item)) == (path, number, Kind(kind), key)
            for step in item.via
        }
        assert step is None or step in steps, f"{path}:{number}: {step} is not among {sorted(steps)}"


def _expected(text: str) -> tuple[str, str, str | None]:
    found = _ONE.match(text.strip())
    assert found is not None, f"cannot read the expectation {text!r}"
    return found["kind"], "|".join(sorted(found["key"].split("|"))), found["step"]
