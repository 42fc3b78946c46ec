"""Edits of one flag: its kill switch and its fields. What is served to whom is edited in `outcome`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import EnvironmentRules, Kill
from flaglint.errors import UsageError
from flaglint.records import replace
from flaglint.registry.edit.draft import all_or_nothing, refusal
from flaglint.registry.edit.splice import delete_pair, indentation, insert_pair, line_break, replace_value
from flaglint.registry.edit.writing import Name, name, written
from flaglint.registry.flags import ENVIRONMENT_FIELDS, FIELDS, TYPES
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.reading import nearest_or_all
from flaglint.registry.unknown import unknown_environment

if TYPE_CHECKING:
    from datetime import date

    from flaglint.definition import Flag, Registry
    from flaglint.registry.edit.draft import Draft, Entry
    from flaglint.registry.edit.writing import Value
    from flaglint.registry.nodes import Node

TEXT_FIELDS = frozenset(
    {"description", "type", "owner", "permanent", "release_note", "bucket_by", "salt", "off_variant"}
)
_NAMES = frozenset({"type", "off_variant", "bucket_by"})
DATE_FIELDS = frozenset({"created", "expires"})


@all_or_nothing
def kill(
    draft: Draft, key: str, *, environment: str = "", since: date | None = None, by: str = "", reason: str = ""
) -> None:
    """Switch a flag off, everywhere or in one environment. Without `since`, `by` and `reason` it is `kill: true`.

    Raises UsageError for an unknown key or environment, EditError when the file cannot be edited so.
    """
    flag = flag_named(draft, key)
    check_environment(draft.registry, environment)
    details = {field: value for field, value in (("since", since), ("by", by), ("reason", reason)) if value}
    put(draft, key, "kill", details or True, environment=environment)
    pulled = Kill(flag.key_span, since, by, reason)
    draft.check({key: with_environment(flag, environment, kill=pulled) if environment else replace(flag, kill=pulled)})


@all_or_nothing
def unkill(draft: Draft, key: str, *, environment: str = "") -> None:
    """Take the kill switch of a flag, or of one of its environments, out again.

    An environment that says nothing else is left out, too. Raises UsageError when it is not killed there.
    """
    flag = flag_named(draft, key)
    check_environment(draft.registry, environment)
    entry = draft.entry(key)
    if not environment:
        if flag.kill is None:
            killed = [scope.name for scope in flag.environments if scope.kill is not None]
            advice = f"it is killed in {', '.join(killed)}: name the environment" if killed else ""
            raise UsageError(f"`{key}` is not killed", help=advice)
        take(draft, entry, ["kill"])
        draft.check({key: replace(flag, kill=None)})
        return
    scope = environment_of(flag, environment)
    if scope is None or scope.kill is None:
        advice = "it is killed everywhere: name no environment" if flag.kill is not None else ""
        raise UsageError(f"`{key}` is not killed in {environment}", help=advice)
    take(draft, entry, ["environments", environment, "kill"])
    if scope.rules is None and scope.off_variant is None:
        left = tuple(other for other in flag.environments if other is not scope)
        draft.check({key: replace(flag, environments=left)})
    else:
        draft.check({key: with_environment(flag, environment, kill=None)})


@all_or_nothing
def set_field(draft: Draft, key: str, field: str, value: str | date | None) -> None:
    """Write one of a flag's fields of text or date, or take it out with None.

    Raises UsageError for an unknown field or a value that it cannot have.
    """
    flag = flag_named(draft, key)
    if field not in TEXT_FIELDS | DATE_FIELDS:
        raise UsageError(f"`{field}` cannot be set", help=nearest_or_all(field, TEXT_FIELDS | DATE_FIELDS, "field"))
    if field == "type" and value is not None and value not in TYPES:
        raise UsageError(f"`{value}` is no type of flag", help=nearest_or_all(str(value), TYPES, "type"))
    if isinstance(value, str) and not value.strip():
        raise UsageError(f"`{field}` is empty", help="take a field out with --unset")
    entry = draft.entry(key)
    if value is not None:
        put(draft, key, field, Name(value) if field in _NAMES and isinstance(value, str) else value)
    elif entry.value.get(field) is not None:
        take(draft, entry, [field])
    draft.check({key: with_field(flag, field, value)})


def with_field(flag: Flag, field: str, value: str | date | None) -> Flag:
    """Return the flag as it is with another value of a field."""
    defaults = {"salt": flag.key, "bucket_by": "targetingKey", "off_variant": "false"}
    if field in DATE_FIELDS:
        return replace(flag, **{field: value})  # type: ignore[arg-type] # a field of its type, by name
    if field == "permanent":
        return replace(flag, permanent=str(value or ""), is_permanent=value is not None)
    text = str(value) if value is not None else defaults.get(field, "")
    return replace(flag, **{field: text})  # type: ignore[arg-type] # a field of its type, by name


# ------------------------------------------------------------------------------------------------- flags and scopes


def flag_named(draft: Draft, key: str) -> Flag:
    """Return the flag as it is now; raises UsageError or EditError when there is none to edit."""
    place = draft.entry(key).path
    return next(flag for flag in draft.registry.flags if flag.key == key and flag.span.path == place)


def check_environment(registry: Registry, environment: str) -> None:
    """Raise UsageError for an environment that the registry does not have; the empty name is the flag itself."""
    if environment and environment not in registry.environments:
        raise unknown_environment(environment, registry.environments)


def environment_of(flag: Flag, environment: str) -> EnvironmentRules | None:
    """Return what a flag says of an environment, if anything."""
    return next((scope for scope in flag.environments if scope.name == environment), None)


def with_environment(flag: Flag, environment: str, **changes: object) -> Flag:
    """Return the flag with changes to one environment, which is new when the flag says nothing of it yet."""
    scope = environment_of(flag, environment)
    if scope is not None:
        changed = replace(scope, **changes)  # type: ignore[arg-type] # a field of its type, by name
        return replace(flag, environments=tuple(changed if other is scope else other for other in flag.environments))
    added = replace(EnvironmentRules(environment, flag.key_span), **changes)  # type: ignore[arg-type] # a field of its type, by name
    return replace(flag, environments=(*flag.environments, added))


# ------------------------------------------------------------------------------------------------------- the writing


def put(draft: Draft, key: str, field: str, value: Value, *, environment: str = "") -> None:
    """Write a field of a flag, or of one of its environments, where it stands or where it belongs."""
    entry = draft.entry(key)
    path = ["environments", environment, field] if environment else [field]
    mapping: MappingNode = entry.value
    opening: Node = entry.key
    text = entry.text
    for depth, step in enumerate(path):
        index = index_of(mapping, step)
        if index is None:
            missing = path[depth:]
            pair = _nested(entry, mapping, missing, value)
            draft.splice(entry.path, insert_pair(text, mapping, pair, _place(mapping, step, depth), opening))
            return
        name_node, node = mapping.pairs[index]
        if depth == len(path) - 1:
            draft.splice(entry.path, replace_value(text, name_node, node, _value(entry, value, node)))
            return
        if not isinstance(node, MappingNode):
            raise refusal(f"`{step}` of `{key}` is no mapping", entry.tree.span(node))
        mapping, opening = node, name_node


def take(draft: Draft, entry: Entry, path: list[str]) -> None:
    """Take a field out; what would be an empty mapping goes with it, up to the flag itself, which becomes `{}`."""
    mappings = [entry.value]
    for step in path[:-1]:
        node = mappings[-1].get(step)
        if not isinstance(node, MappingNode):
            raise refusal(f"`{step}` of `{entry.key.text}` cannot be found", entry.tree.span(entry.key))
        mappings.append(node)
    while len(mappings) > 1 and len(mappings[-1].pairs) == 1:
        mappings.pop()
    mapping = mappings[-1]
    index = index_of(mapping, path[len(mappings) - 1])
    assert index is not None
    if len(mapping.pairs) == 1:
        splices = replace_value(entry.text, entry.key, mapping, "{}")
    else:
        splices = delete_pair(entry.text, mapping, index)
    draft.splice(entry.path, splices)


def index_of(mapping: MappingNode, field: str) -> int | None:
    """Return the index of the first pair with this key."""
    for index, (key, _) in enumerate(mapping.pairs):
        if isinstance(key, ScalarNode) and key.text == field:
            return index
    return None


def _place(mapping: MappingNode, field: str, depth: int) -> int:
    """Return the index behind which a new field belongs: the last of those before it in the order of the format."""
    order = FIELDS if depth == 0 else ENVIRONMENT_FIELDS
    if field not in order:
        return len(mapping.pairs) - 1
    before = frozenset(order[: order.index(field)])
    found = [i for i, (key, _) in enumerate(mapping.pairs) if isinstance(key, ScalarNode) and key.text in before]
    return max(found, default=-1)


def _nested(entry: Entry, mapping: MappingNode, path: list[str], value: Value) -> str:
    """Return a pair whose value is at the end of a path: `environments` on lines of its own, the rest in brackets."""
    first, *rest = path
    language = entry.language
    if first == "environments" and not mapping.flow:
        step = indentation(entry.text, mapping) - indentation(entry.text, entry.flags)
        indent = " " * (indentation(entry.text, mapping) + (step if step > 0 else 2))
        inner = written(_wrapped(rest[1:], value), language=language)
        return f"environments:{line_break(entry.text)}{indent}{name(rest[0])}: {inner}"
    return f"{name(first, language=language)}: {written(_wrapped(rest, value), language=language)}"


def _wrapped(path: list[str], value: Value) -> Value:
    for step in reversed(path):
        value = {step: value}
    return value


def _value(entry: Entry, value: Value, old: Node) -> str:
    quote = old.style if isinstance(old, ScalarNode) and old.style in {"'", '"'} else ""
    return written(value, language=entry.language, quote=quote)
