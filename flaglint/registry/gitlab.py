"""GitLab's definitions of feature flags: one YAML file for each, as in `config/feature_flags/beta/fast_diffs.yml`.

A file tells the default of a flag and who answers for it; who gets the flag is decided at run time. The fields are
those of GitLab's development documentation, "Feature flag definition and validation".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Flag, Registry
from flaglint.model import ValueType
from flaglint.registry.foreign import fields_of, read_each, text
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.scalars import UnfitScalarError, day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.reading import Reader

FORMAT = "gitlab"
_LINKS = ("feature_issue_url", "introduced_by_url", "rollout_issue_url")
_FIELDS = (
    "name",
    "description",
    *_LINKS,
    "milestone",
    "log_state_changes",
    "type",
    "group",
    "default_enabled",
    "intended_to_rollout_by",
)
_SIGNS = frozenset({"type", "group", "milestone", "introduced_by_url", "rollout_issue_url"})
# Their types by what flaglint calls them; the word itself is kept as a tag.
_TYPES = {
    "gitlab_com_derisk": "release",
    "wip": "release",
    "beta": "release",
    "development": "release",
    "experiment": "experiment",
    "ops": "ops",
    "worker": "ops",
    "markdown_cache": "ops",
}
_SUFFIXES = (".yml", ".yaml", ".json")


def recognise(tree: Tree) -> bool:
    """Whether a file is one flag with a name, its default, and something about its origin."""
    root = tree.root
    if not isinstance(root, MappingNode):
        return False
    names = {name for name, _, value in root.texts() if isinstance(value, ScalarNode)}
    return {"name", "default_enabled"} <= names and bool(names & _SIGNS)


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags of the files, one of each."""
    return read_each(sources, _flags)


def _flags(source: Source, reader: Reader) -> Iterator[Flag]:
    root = source.tree.root
    if root is None:
        return
    mapping = reader.mapping(root, "the definition of a flag")
    if mapping is None:
        return
    name = mapping.get("name")
    if not isinstance(name, ScalarNode) or name.is_null or not name.text.strip():
        reader.report(name or mapping, "the definition of a flag needs `name`", "it is that of the file")
        return
    key = name.text
    reader.about(f"`{key}`", key)
    fields = fields_of(reader, mapping, _FIELDS, "a definition")
    default = fields.get("default_enabled")
    enabled = reader.boolean(default, "`default_enabled`") if default is not None else None
    if default is None:
        reader.report(name, "it needs `default_enabled`", "write `true` or `false`")
    told = {field: text(fields.get(field)) for field in _FIELDS}
    file_name = source.tree.path.rpartition("/")[2]
    if file_name.endswith(_SUFFIXES) and file_name.rpartition(".")[0] != key:
        reader.report(name, f"the file is called `{file_name}`", f"name it `{key}.yml`", breaks=False)
    yield Flag(
        key,
        reader.span(mapping),
        reader.span(name),
        format=FORMAT,
        value_type=ValueType.BOOLEAN,
        description=told["description"],
        type=_TYPES.get(told["type"], ""),
        owner=told["group"].removeprefix("group::"),
        expires=_day(fields.get("intended_to_rollout_by")),
        links=tuple((field.removesuffix("_url"), told[field]) for field in _LINKS if told[field]),
        tags=(told["type"],) if told["type"] else (),
        salt=key,
        problems=any(problem.breaks for problem in reader.problems),
        environment=source.environment,
        field_spans=tuple((_OURS.get(field, field), reader.span(value)) for field, value in fields.items()),
        payload={"defaultValue": enabled, "milestone": told["milestone"]},
    )


_OURS: Mapping[str, str] = {"group": "owner", "intended_to_rollout_by": "expires"}


def _day(node: Node | None) -> date | None:
    """Return a date; GitLab itself writes a milestone there, which is none."""
    try:
        return day(text(node))
    except UnfitScalarError:
        return None
