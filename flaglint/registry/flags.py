"""Reading one flag's entry in the native format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import EnvironmentRules, FieldSpans, Flag, Kill, Need
from flaglint.registry.conditions import TARGETING_KEY, UNKNOWN_ATTRIBUTE
from flaglint.registry.nodes import AliasNode, MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import nearest_or_all, shown
from flaglint.registry.scalars import BOOLEANS, YAML_1_1_BOOLEANS, day
from flaglint.registry.variants import boolean_variants, read_variants, value_type

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from flaglint.definition import Attribute, Rule
    from flaglint.registry.nodes import Node
    from flaglint.registry.reading import Reader
    from flaglint.registry.rules import RuleReader

TYPES = ("release", "experiment", "ops", "kill-switch", "permission")
FIELDS = (
    "description", "type", "owner", "created", "expires", "permanent", "links", "tags", "release_note", "variants",
    "off_variant", "needs", "bucket_by", "salt", "kill", "serve", "rules", "environments",
)  # fmt: skip
ENVIRONMENT_FIELDS = ("serve", "rules", "kill", "off_variant")
KILL_FIELDS = ("since", "by", "reason")

Fields = dict[str, tuple[ScalarNode, "Node"]]


class FlagReader:
    """Reads the flags of one file, one after the other."""

    def __init__(
        self, reader: Reader, rules: RuleReader, environments: Collection[str], attributes: Mapping[str, Attribute]
    ) -> None:
        self.reader = reader
        self.rules = rules
        self.environments = environments
        self.attributes = attributes
        self.places: list[tuple[str, Node]] = []

    def flag(self, key: ScalarNode, node: Node) -> Flag:
        """Return the flag of an entry; what is broken is a problem and has its default."""
        reader = self.reader
        reader.about(f"`{key.text}`", key.text)
        self.places = self.rules.places = []
        fields = reader.fields(node, "a flag", FIELDS)
        self.places += [(name, value) for name, (_, value) in fields.items()]
        key_span = reader.span(key)
        variants = read_variants(reader, fields["variants"][1]) if "variants" in fields else ()
        if not variants:
            variants = boolean_variants(key_span)
        self.rules.variants = names = {variant.name: None for variant in variants}
        off_variant = self.off_variant(fields, is_boolean="variants" not in fields)
        permanent, is_permanent = self.permanent(fields)
        place = reader.tree.text.line_and_column
        return Flag(
            key=key.text,
            span=reader.span(key, node if not isinstance(node, ScalarNode) or node.end > key.end else key),
            key_span=key_span,
            value_type=value_type(variants),
            description=self.text(fields, "description"),
            type=reader.choice(fields["type"][1], "the type", TYPES) if "type" in fields else "",
            owner=self.text(fields, "owner"),
            created=self.day(fields, "created"),
            expires=self.day(fields, "expires"),
            permanent=permanent,
            is_permanent=is_permanent,
            links=self.links(fields),
            release_note=self.text(fields, "release_note"),
            tags=reader.texts(fields["tags"][1], "`tags`") if "tags" in fields else (),
            variants=variants,
            off_variant=off_variant if off_variant in names else "",
            needs=self.needs(fields["needs"][1]) if "needs" in fields else (),
            bucket_by=self.bucket_by(fields),
            salt=self.text(fields, "salt") or key.text,
            kill=self.kill(fields, "kill"),
            rules=self.rules_of(fields, "") or (),
            environments=self.environment_rules(fields["environments"][1]) if "environments" in fields else (),
            field_spans=FieldSpans.of(
                reader.tree.path, ((field, place(value.start), place(value.end)) for field, value in self.places)
            ),
        )

    def text(self, fields: Fields, name: str) -> str:
        return self.reader.text(fields[name][1], f"`{name}`") if name in fields else ""

    def day(self, fields: Fields, name: str) -> date | None:
        return self.reader.parsed(fields[name][1], f"`{name}`", "a date", day) if name in fields else None

    def off_variant(self, fields: Fields, *, is_boolean: bool) -> str:
        if "off_variant" in fields:
            return self.rules.variant(fields["off_variant"][1], "`off_variant`")
        if is_boolean:
            return "false"
        self.reader.report(
            fields["variants"][0],
            "a flag with `variants` needs `off_variant`",
            "name the variant to serve when the flag is killed and when no rule matches",
        )
        return ""

    def permanent(self, fields: Fields) -> tuple[str, bool]:
        """Return the reason and whether the flag is marked permanent; `true` marks it without a reason."""
        if "permanent" not in fields:
            return "", False
        node = fields["permanent"][1]
        if isinstance(node, ScalarNode) and not node.style and node.text in BOOLEANS:
            return "", BOOLEANS[node.text]
        if isinstance(node, ScalarNode) and node.text in YAML_1_1_BOOLEANS:
            self.reader.report(node, f"`permanent` must be a reason, not {shown(node)}", "write why it is permanent")
            return "", True
        return self.reader.text(node, "`permanent`"), True

    def links(self, fields: Fields) -> tuple[tuple[str, str], ...]:
        if "links" not in fields:
            return ()
        reader = self.reader
        entries = reader.entries(fields["links"][1], "`links`")
        return tuple((name, reader.text(value, f"the link `{name}`")) for name, _, value in entries)

    def needs(self, node: Node) -> tuple[Need, ...]:
        """Return the prerequisites; whether the parents exist is seen when all flags are known."""
        reader = self.reader
        found = []
        for name, key, value in reader.entries(node, "`needs`"):
            self.places.append((f"needs.{name}", value))
            if isinstance(value, SequenceNode):
                variants = reader.texts(value, f"`{name}`")
                if not value.items:
                    reader.report(value, f"`needs` wants no variant of `{name}`", "name one")
            else:
                variant = reader.text(value, f"`{name}`")
                variants = (variant,) if variant else ()
            found.append(Need(name, variants, reader.span(key, value)))
        if isinstance(node, MappingNode) and not node.pairs:
            reader.report(node, "`needs` names no flag", "leave it out")
        return tuple(found)

    def bucket_by(self, fields: Fields) -> str:
        name = self.text(fields, "bucket_by") or TARGETING_KEY
        if name == TARGETING_KEY:
            return name
        node = fields["bucket_by"][1]
        known = self.rules.conditions.known(name, fields["bucket_by"][0])
        attribute = self.attributes.get(name)
        if known and attribute is not None and attribute.kind not in {"string", "enum"}:
            fact = f"`bucket_by` needs a text, and `{name}` is declared as {attribute.kind}"
            self.reader.report(node, fact, code=UNKNOWN_ATTRIBUTE, breaks=False)
        return name

    def kill(self, fields: Fields, field: str) -> Kill | None:
        """Return the kill switch when it is pulled: `true`, or a mapping that says since when, by whom and why."""
        if "kill" not in fields:
            return None
        reader, node = self.reader, fields["kill"][1]
        if isinstance(node, AliasNode):
            return None
        if not isinstance(node, MappingNode):
            return Kill(reader.span(node)) if reader.boolean(node, "`kill`") else None
        inner = reader.fields(node, "`kill`", KILL_FIELDS)
        if not node.pairs:
            reader.report(node, "`kill` is empty", "write `true`")
        self.places += [(f"{field}.{name}", value) for name, (_, value) in inner.items()]
        return Kill(reader.span(node), self.day(inner, "since"), self.text(inner, "by"), self.text(inner, "reason"))

    def rules_of(self, fields: Fields, prefix: str) -> tuple[Rule, ...] | None:
        """Return the rules of a flag or of an environment, or None where none are written."""
        if "serve" in fields and "rules" in fields:
            self.reader.report(fields["serve"][0], "a flag has `serve` or `rules`, not both")
        if "rules" in fields:
            return self.rules.rules(fields["rules"][1], f"{prefix}rules")
        if "serve" in fields:
            return self.rules.shorthand(*fields["serve"])
        return None

    def environment_rules(self, node: Node) -> tuple[EnvironmentRules, ...]:
        reader = self.reader
        found = []
        for name, key, value in reader.entries(node, "`environments`"):
            if name not in self.environments:
                advice = nearest_or_all(name, self.environments, "environment")
                reader.report(key, f"there is no environment `{name}`", advice)
            fields = reader.fields(value, f"`{name}`", ENVIRONMENT_FIELDS)
            if isinstance(value, MappingNode) and not value.pairs:
                reader.report(value, f"`{name}` changes nothing", "leave it out")
            prefix = f"environments.{name}."
            self.places.append((prefix[:-1], value))
            self.places += [(prefix + field, inner) for field, (_, inner) in fields.items()]
            off_variant = ""
            if "off_variant" in fields:
                off_variant = self.rules.variant(fields["off_variant"][1], "`off_variant`")
            rules = self.rules_of(fields, prefix)
            kill = self.kill(fields, f"{prefix}kill")
            found.append(EnvironmentRules(name, reader.span(key, value), rules, kill, off_variant or None))
        return tuple(found)
