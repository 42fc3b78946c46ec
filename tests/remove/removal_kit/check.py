"""Before-and-after checks of removals, with a small client called `flags`."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from flaglint.model import ValueType
from flaglint.refs import find_references
from flaglint.refs.spec import Argument, Call, Decorator, Override, Pack
from flaglint.remove.kept import Kept
from flaglint.remove.plan import plan

if TYPE_CHECKING:
    from flaglint.remove.outcome import Plan

KEY = Argument(0, "key")
PACK = Pack(
    name="flags",
    packages=("flags",),
    calls=(
        Call(key=KEY, functions=("flags.is_enabled",), default=Argument(None, "default")),
        Call(key=KEY, functions=("flags.is_off",), inverted=True),
        Call(key=KEY, functions=("flags.is_enabled_async",), default=Argument(None, "default"), coroutine=True),
        Call(key=KEY, functions=("flags.variation",), default=Argument(None, "default"), returns=ValueType.VALUE),
        Call(key=KEY, functions=("flags.text",), default=Argument(1, "default"), returns=ValueType.STRING),
        Call(key=KEY, functions=("flags.details",), returns=ValueType.DETAILS),
        Call(key=KEY, functions=("flags.variant",), returns=ValueType.VARIANT),
    ),
    decorators=(Decorator(("flags.flag_required",), KEY, "!"),),
    overrides=(
        Override(functions=("flags.override_flag",), key=KEY, value=Argument(1, "active")),
        Override(functions=("flags.override_flags",), mapping=Argument(0, "values"), by_keyword_name=True),
    ),
)


def planned(
    files: dict[str, str | bytes],
    *,
    key: str = "new",
    value: object = True,
    variant: str | None = None,
    **options: bool,
) -> Plan:
    """Return the plan that removes `key` from files that are given by path."""
    contents = {
        path: (dedent(text).lstrip("\n").encode() if isinstance(text, str) else text) for path, text in files.items()
    }
    python = [path for path in contents if path.endswith(".py")]
    found = find_references(Path("/nonexistent"), python, packs=[PACK], keys=[key], contents=dict(contents), jobs=1)
    kept = Kept(value, variant if variant is not None else value if isinstance(value, str) else None)  # type: ignore[arg-type]
    return plan(contents, found.references, {key: kept}, **options)


def after(made: Plan, path: str = "shop.py") -> str | None:
    """Return the new text of a file, or None when the plan leaves it alone."""
    return next((change.after.decode() for change in made.changes if change.path == path), None)


def shown(code: str) -> str:
    """Return code that a test gives indented, as a file."""
    return dedent(code).lstrip("\n")


def check_removed(before: str, expected: str, *, value: object = True, variant: str | None = None) -> Plan:
    """Assert that removing the flag `new` turns one text into the other, which must parse and is final."""
    made = planned({"shop.py": before}, value=value, variant=variant)
    found = after(made)
    assert found == shown(expected), f"\n{found}\n{[(str(i.reference.span), i.code, i.sentence) for i in made.reads]}"
    compile(found, "shop.py", "exec")
    assert after(planned({"shop.py": found}, value=value, variant=variant)) is None, "a second run changes more"
    return made


def check_unchanged(before: str, code: str = "", *, value: object = True, variant: str | None = None) -> Plan:
    """Assert that nothing is changed, and with `code` that the only read is refused for that reason."""
    made = planned({"shop.py": before}, value=value, variant=variant)
    assert after(made) is None, after(made)
    if code:
        assert {item.code for item in made.reads} == {code}, made.reads
    return made
