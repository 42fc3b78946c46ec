"""Reading the rules of a flag: what they ask for, when they are in force, and what they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Ramp, Rule, Serve, Split
from flaglint.registry.nodes import AliasNode, MappingNode, ScalarNode
from flaglint.registry.reading import first_key, nearest_or_all, shown
from flaglint.registry.scalars import YAML_1_1_BOOLEANS, UnfitScalarError, core_value, moment

if TYPE_CHECKING:
    from collections.abc import Collection

    from flaglint.definition import Outcome
    from flaglint.registry.conditions import ConditionReader
    from flaglint.registry.nodes import Node
    from flaglint.registry.reading import Reader

UNKNOWN_SEGMENT = "FLG407"
BAD_WEIGHTS = "FLG408"
MAX_WEIGHTS = 2**31 - 1  # flagd's limit for the sum of the weights of one split
FULL = 100
_RULE_FIELDS = ("segment", "when", "from", "until", "serve", "ramp")
_RAMP_FIELDS = ("to", "percent", "from", "until")
_RAMP_EXAMPLE = "`{to: …, percent: [0, 100], from: 2026-10-01T00:00:00Z, until: 2026-10-08T00:00:00Z}`"


class RuleReader:
    """Reads the rules of one file; `variants` are those of the flag that is being read."""

    def __init__(self, reader: Reader, conditions: ConditionReader, segments: Collection[str]) -> None:
        self.reader = reader
        self.conditions = conditions
        self.segments = segments
        self.variants: Collection[str] = ()
        self.places: list[tuple[str, Node]] = []  # (dotted field, node) of what was read, for the flag's field_spans

    def rules(self, node: Node, field: str) -> tuple[Rule, ...]:
        """Return the rules of a list, in order, less those that are broken."""
        found = []
        for index, item in enumerate(self.reader.items(node, "`rules`")):
            self.places.append((f"{field}.{index}", item))
            if (rule := self.rule(item, f"{field}.{index}")) is not None:
                found.append(rule)
        return tuple(found)

    def shorthand(self, key: ScalarNode, node: Node) -> tuple[Rule, ...]:
        """Return the one unconditional rule that `serve:` beside a flag's other fields stands for."""
        outcome = self.serve(node)
        return () if outcome is None else (Rule(outcome, self.reader.span(key, node)),)

    def rule(self, node: Node, field: str) -> Rule | None:
        reader = self.reader
        fields = reader.fields(node, "a rule", _RULE_FIELDS)
        self.places += [(f"{field}.{name}", value) for name, (_, value) in fields.items()]
        if isinstance(node, MappingNode) and not {"serve", "ramp"} & {name for name, _, _ in node.texts()}:
            reader.report(first_key(node), "a rule needs `serve` or `ramp`")
        if "serve" in fields and "ramp" in fields:
            reader.report(fields["ramp"][0], "a rule has `serve` or `ramp`, not both")
        segments = self.segment_names(fields["segment"][1]) if "segment" in fields else ()
        when = self.conditions.condition(fields["when"][1], "`when`") if "when" in fields else None
        start, until = self.window(fields.get("from"), fields.get("until"))
        outcome: Outcome | None = None
        if "serve" in fields:
            outcome = self.serve(fields["serve"][1])
        elif "ramp" in fields:
            outcome = self.ramp(fields["ramp"][1], f"{field}.ramp")
        if outcome is None:
            return None
        return Rule(outcome, reader.span(node), segments, when, start, until)

    def segment_names(self, node: Node) -> tuple[str, ...]:
        """Return the names of one segment or of a list, of which any is enough."""
        reader = self.reader
        if isinstance(node, ScalarNode):
            nodes: list[Node] = [node]
        else:
            nodes = reader.items(node, "`segment`")
            if not nodes and not isinstance(node, AliasNode | MappingNode):
                reader.report(node, "`segment` names no segment", "leave it out to match everyone")
        names = []
        for item in nodes:
            name = reader.text(item, "`segment`")
            if name and name not in self.segments:
                advice = nearest_or_all(name, self.segments, "segment")
                reader.report(item, f"there is no segment `{name}`", advice, code=UNKNOWN_SEGMENT)
            if name:
                names.append(name)
        return tuple(names)

    def window(
        self, start: tuple[ScalarNode, Node] | None, until: tuple[ScalarNode, Node] | None
    ) -> tuple[int | None, int | None]:
        """Return `from` and `until` as UTC seconds."""
        begin = self.reader.parsed(start[1], "`from`", "a time", moment) if start else None
        end = self.reader.parsed(until[1], "`until`", "a time", moment) if until else None
        if begin is not None and end is not None and until and begin >= end:
            self.reader.report(until[1], "`until` is not after `from`", "the window is half open: `until` is excluded")
        return begin, end

    def serve(self, node: Node) -> Serve | Split | None:
        """Return the outcome of `serve`: a variant, or weights of several."""
        if isinstance(node, MappingNode):
            return self.split(node)
        variant = self.variant(node, "`serve`")
        return Serve(variant) if variant else None

    def variant(self, node: Node, what: str) -> str:
        """Return the name of one of the flag's variants."""
        scalar = self.reader.scalar(node, what, "the name of a variant")
        if scalar is None:
            return ""
        if scalar.text not in self.variants:
            advice = nearest_or_all(scalar.text, self.variants, "variant")
            if not scalar.style and scalar.text in YAML_1_1_BOOLEANS and "true" in self.variants:
                advice = f"write `{'true' if scalar.text[0] in 'yY' or scalar.text.lower() == 'on' else 'false'}`"
            self.reader.report(node, f"{what} names {shown(node)}, which is no variant", advice)
            return ""
        return scalar.text

    def split(self, node: MappingNode) -> Split | None:
        reader = self.reader
        weights: list[tuple[str, int]] = []
        for name, key, value in reader.entries(node, "`serve`"):
            known = self.variant(key, "`serve`")
            weight = self.weight(value, f"the weight of `{name}`")
            if known and weight is not None:
                weights.append((known, weight))
        total = sum(weight for _, weight in weights)
        if not node.pairs:
            reader.report(node, "`serve` names no variant")
        elif total > MAX_WEIGHTS:
            reader.report(node, f"the weights sum up to more than {MAX_WEIGHTS:,}", code=BAD_WEIGHTS)
        elif not total and len(weights) == len(node.pairs):
            reader.report(
                node,
                "every weight is 0, so `off_variant` is served",
                "name the variant that is meant: `serve: …`",
                code=BAD_WEIGHTS,
                breaks=False,
            )
        return Split(tuple(weights)) if weights and len(weights) == len(node.pairs) else None

    def weight(self, node: Node, what: str) -> int | None:
        reader = self.reader
        scalar = reader.scalar(node, what, "a whole number")
        if scalar is None:
            return None
        try:
            value = core_value(scalar)
        except UnfitScalarError:
            value = MAX_WEIGHTS + 1
        if isinstance(value, bool) or not isinstance(value, int | float):
            reader.report(node, f"{what} must be a whole number, not {shown(node)}")
        elif not float(value).is_integer():
            advice = "weights are relative: 12.5 and 87.5 are 1 and 7"
            reader.report(node, f"{what} must be a whole number, not {shown(node)}", advice, code=BAD_WEIGHTS)
        elif value < 0:
            reader.report(node, f"{what} is negative", "weights are 0 or more", code=BAD_WEIGHTS)
        else:
            return int(value)
        return None

    def ramp(self, node: Node, field: str) -> Ramp | None:
        reader = self.reader
        fields = reader.fields(node, "`ramp`", _RAMP_FIELDS, required=dict.fromkeys(_RAMP_FIELDS, _RAMP_EXAMPLE))
        self.places += [(f"{field}.{name}", value) for name, (_, value) in fields.items()]
        to = self.variant(fields["to"][1], "`to`") if "to" in fields else ""
        percent = self.percent(fields["percent"][1]) if "percent" in fields else None
        start, until = self.window(fields.get("from"), fields.get("until"))
        if not to or percent is None or start is None or until is None:
            return None
        return Ramp(to, percent, start, until)

    def percent(self, node: Node) -> tuple[float, float] | None:
        reader = self.reader
        items = reader.items(node, "`percent`")
        numbers = [number for item in items if (number := self.percentage(item)) is not None]
        if len(items) != 2 and not isinstance(node, AliasNode | MappingNode | ScalarNode):
            reader.report(node, "`percent` must hold two numbers, where the ramp begins and where it ends", "[0, 100]")
        if len(numbers) != 2 or len(items) != 2:
            return None
        return numbers[0], numbers[1]

    def percentage(self, node: Node) -> float | None:
        value = self.reader.value(node, "`percent`")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= FULL:
            self.reader.report(node, f"`percent` must be a number from 0 to 100, not {shown(node)}")
            return None
        return float(value)
