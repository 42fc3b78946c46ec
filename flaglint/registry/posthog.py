"""PostHog's formats: the definitions that its SDKs evaluate locally, and the flags of its REST API.

Both list flags with `key`, `active` and `filters`; the API tells more of each. `Flag.payload` is the part of a flag
that decides, for `evaluator.vendors.posthog`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.definition import Flag, Need, Registry, Variant
from flaglint.registry.foreign import ForeignFile, data, items, mapping, text, together
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.timestamps import day_of
from flaglint.registry.variants import value_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree
    from flaglint.registry.shape import Shape

FORMAT = "posthog"
_FLAG: Shape = {
    "key!": "name",
    "active!": "boolean",
    "deleted": "boolean",
    "evaluation_runtime": "text",
    "bucketing_identifier": "text",
    "filters": {
        "groups": [{"properties": ["any"], "rollout_percentage": "number", "variant": "text"}],
        "multivariate": {"variants": [{"key!": "name", "rollout_percentage!": "number"}]},
        "early_exit": "boolean",
        "feature_enrollment": "boolean",
        "holdout": {"exclusion_percentage": "number"},
        "holdout_groups": ["any"],
        "super_groups": ["any"],
    },
}
_DECIDING = (
    "active", "filters", "evaluation_runtime", "evaluation_tags", "evaluation_contexts", "bucketing_identifier",
    "updated_at",
)  # fmt: skip
_PLACES = (("description", "name"), ("owner", "created_by"), ("created", "created_at"), ("tags", "tags"))


def recognise(tree: Tree) -> bool:
    """Whether a file has flags with `filters`: a list of them, under `flags`, under `results`, or one."""
    root = mapping(tree.root)
    lists: list[list[Node]] = [items(root.get("flags")), items(root.get("results")), items(tree.root), [root]]
    return any(_is_flag(mapping(node)) for found in lists for node in found)


def _is_flag(flag: MappingNode) -> bool:
    return (
        flag.get("key") is not None
        and flag.get("active") is not None
        and isinstance(flag.get("filters"), MappingNode)
        and mapping(flag.get("filters")).get("groups") is not None
    )


def read(sources: Sequence[Source]) -> Registry:
    """Return the flags of the files, each of which holds one environment."""
    return together([_File(source) for source in sources])


class _File(ForeignFile):
    """One file, of either kind."""

    def _flags(self) -> Iterator[Flag]:
        root = self.root
        found = [*items(root.get("flags")), *items(root.get("results")), *items(self.tree.root)]
        if not found and root.get("key") is not None:
            found = [root]
        for node in found:
            place = mapping(node).get("key")
            key = text(place)
            self.reader.about(f"`{key}`" if key else "", key)
            broken = self.is_broken(node, _FLAG, "a flag")
            if key and isinstance(place, ScalarNode):
                yield self._flag(key, place, mapping(node), broken=broken)
        self.reader.about("")
        if not found and not any(root.get(name) is not None for name in ("flags", "results")):
            self.reader.report(self.tree.root or root, "there are no `flags` or `results`")
        self._look_for_pages(root, len(found))

    def _look_for_pages(self, root: MappingNode, found: int) -> None:
        """Report an answer of the API that is one page of several: its other flags would be called undefined."""
        following, count = root.get("next"), data(root.get("count"))
        if following is not None and text(following):
            fact = f"it holds {found} of {count} flags" if isinstance(count, int) else "it is one page of several"
            self.reader.report(following, fact, "export the other pages, too: `limit` and `offset`", breaks=False)

    def _flag(self, key: str, place: ScalarNode, node: MappingNode, *, broken: bool) -> Flag:
        variants = self._variants(node, place)
        creator = mapping(node.get("created_by"))
        whole = data(node) if not broken else {}
        return Flag(
            key,
            self.reader.span(node),
            self.reader.span(place),
            format=FORMAT,
            value_type=value_type(variants),
            description=text(node.get("name")),
            type="experiment" if items(node.get("experiment_set")) else "",
            owner=text(creator.get("email")),
            created=day_of(data(node.get("created_at"))),
            tags=tuple(filter(None, map(text, items(node.get("tags"))))),
            variants=variants,
            needs=tuple(self._parents(node)),
            # the server gives nothing out that is deleted; SDKs do not look at it
            archived=self.root.get("flags") is None and data(node.get("deleted")) is True,
            problems=broken,
            environment=self.environment,
            field_spans=self.spans(node, _PLACES),
            payload={name: whole[name] for name in _DECIDING if name in whole},
        )

    def _variants(self, node: MappingNode, place: ScalarNode) -> tuple[Variant, ...]:
        """Return the variants; beside those with a name a flag can be off, or on without one."""
        span = self.reader.span(place)
        filters = mapping(node.get("filters"))
        shares = [mapping(share) for share in items(mapping(filters.get("multivariate")).get("variants"))]
        named = {text(share.get("key")): share for share in shares}
        found = [Variant(name, name, self.reader.span(share)) for name, share in named.items() if name]
        others: list[tuple[str, Any]] = [("false", False)] if covers_everyone(map(_share, shares)) else _BOTH
        return (*found, *(Variant(name, value, span) for name, value in others if name not in named))

    def _parents(self, node: MappingNode) -> Iterator[Need]:
        """Yield the flags that conditions ask about."""
        seen = set()
        for group in items(mapping(node.get("filters")).get("groups")):
            for asked in items(mapping(group).get("properties")):
                place = mapping(asked).get("key")
                if (
                    place is not None
                    and text(mapping(asked).get("type")) == "flag"
                    and (key := text(place)) not in seen
                ):
                    seen.add(key)
                    yield Need(key, (), self.reader.span(place))


_BOTH: list[tuple[str, Any]] = [("true", True), ("false", False)]


def _share(node: MappingNode) -> float:
    share = data(node.get("rollout_percentage"))
    return float(share) if isinstance(share, (int, float)) and not isinstance(share, bool) else 0.0


def covers_everyone(shares: Any) -> bool:
    """Whether percentages leave nobody out, added up as the SDKs do."""
    total = 0.0
    for share in shares:
        total += share / 100
    return total >= 1
