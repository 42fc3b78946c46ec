"""Reading conditions: tests on attributes of the context, as they stand in `when` and in segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flaglint.definition import AllOf, AnyOf, Attribute, Compare, Not
from flaglint.patterns import late
from flaglint.registry.nodes import AliasNode, MappingNode, ScalarNode, SequenceNode
from flaglint.registry.reading import nearest_or_all, shown
from flaglint.registry.scalars import UnfitScalarError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from flaglint.definition import Condition
    from flaglint.registry.nodes import Node
    from flaglint.registry.reading import Reader

UNKNOWN_ATTRIBUTE = "FLG409"
TARGETING_KEY = "targetingKey"
COMBINATORS = frozenset({"all", "any", "not"})
RESERVED = COMBINATORS | {"segment"}
NUMERIC = frozenset({"gt", "gte", "lt", "lte"})
_OF_TEXTS = frozenset({"starts_with", "ends_with", "semver"})
OPERATORS = NUMERIC | _OF_TEXTS | {"in", "not_in", "not", "contains", "exists"}
_SEMVER = late(
    r"(?:=|!=|<=|>=|<|>|\^|~)\s*[vV]?(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){0,2}"
    r"(?:-(?!0[0-9]+(?![0-9A-Za-z-]))[0-9A-Za-z-]+(?:\.(?!0[0-9]+(?![0-9A-Za-z-]))[0-9A-Za-z-]+)*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_LONGEST_COMPARISON = 250  # engines refuse versions of more than 256 characters, with zeros filled in
_WORDS_FOR = {
    "eq": "a plain value", "equals": "a plain value", "==": "a plain value", "ne": "not", "neq": "not", "!=": "not",
    "nin": "not_in", "notin": "not_in", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "ge": "gte", "le": "lte",
    "prefix": "starts_with", "startswith": "starts_with", "suffix": "ends_with", "endswith": "ends_with",
    "sem_ver": "semver", "version": "semver", "has": "contains", "present": "exists",
}  # fmt: skip

Scalar: TypeAlias = "bool | int | float | str"
# Which operators make sense on an attribute of a declared kind; `exists` always does.
_FITTING = {
    "string": {"equals", "in", "not_in", "not", "starts_with", "ends_with", "contains", "semver"},
    "enum": {"equals", "in", "not_in", "not", "starts_with", "ends_with", "contains"},
    "integer": {"equals", "in", "not_in", "not", *NUMERIC},
    "number": {"equals", "in", "not_in", "not", *NUMERIC},
    "boolean": {"equals", "in", "not_in", "not"},
    "list": {"contains"},
}
KINDS = frozenset(_FITTING)


class ConditionReader:
    """Reads conditions of one file against the declared attributes of the registry."""

    def __init__(self, reader: Reader, attributes: Mapping[str, Attribute], declared: Collection[str] | None) -> None:
        self.reader = reader
        self.attributes = attributes
        self.declared = declared

    def condition(self, node: Node, what: str, *, without: frozenset[str] = frozenset()) -> Condition | None:
        """Return the condition in a mapping, or None with a problem. The keys in `without` are not its own."""
        parts: list[Condition] = []
        entries = [entry for entry in self.reader.entries(node, what) if entry[0] not in without]
        if not entries and isinstance(node, MappingNode) and not without:
            self.reader.report(node, f"{what} holds no condition", "leave it out to match everyone")
        for name, key, value in entries:
            part = self.combined(name, value) if name in COMBINATORS else self.attribute(name, key, value)
            if part is not None:
                parts.append(part)
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def combined(self, name: str, node: Node) -> Condition | None:
        if name == "not":
            inner = self.condition(node, "`not`")
            return None if inner is None else Not(inner)
        items = self.reader.items(node, f"`{name}`")
        if isinstance(node, SequenceNode) and not items:
            self.reader.report(node, f"`{name}` holds no condition")
        conditions = [self.condition(item, f"an item of `{name}`") for item in items]
        parts = tuple(condition for condition in conditions if condition is not None)
        if not parts:
            return None
        return AnyOf(parts) if name == "any" else AllOf(parts)

    def attribute(self, name: str, key: ScalarNode, node: Node) -> Condition | None:
        """Return the tests on one attribute."""
        if name == "segment":
            self.reader.report(key, "`segment` stands beside `when`, not inside of it", "move it one level up")
            return None
        if not self.known(name, key):
            return None
        if isinstance(node, ScalarNode):
            return self.test(name, "equals", key, node)
        if isinstance(node, SequenceNode):
            return self.test(name, "in", key, node)
        if not isinstance(node, MappingNode):
            return None
        tests: list[Condition] = []
        for operator, operator_key, operand in self.reader.entries(node, f"`{name}`"):
            if operator not in OPERATORS:
                advice = f"write {_word(operator)}" if operator.lower() in _WORDS_FOR else ""
                self.reader.report(
                    operator_key,
                    f"`{name}` has no operator `{operator}`",
                    advice or nearest_or_all(operator, OPERATORS, "operator"),
                )
            elif (test := self.test(name, operator, operator_key, operand)) is not None:
                tests.append(test)
        if not node.pairs:
            self.reader.report(node, f"`{name}` is compared with nothing", "write a value, a list or an operator")
        if not tests:
            return None
        return tests[0] if len(tests) == 1 else AllOf(tuple(tests))

    def known(self, name: str, key: ScalarNode) -> bool:
        """Whether a name can be that of an attribute; one that is not declared is a problem that breaks nothing."""
        if "." in name:
            self.reader.report(key, f"the attribute `{name}` has a dot in its name", "nested attributes are not read")
            return False
        if self.declared is not None and name not in self.declared:
            advice = nearest_or_all(name, self.declared, "attribute")
            self.reader.report(
                key, f"the attribute `{name}` is not declared", advice, code=UNKNOWN_ATTRIBUTE, breaks=False
            )
        return True

    def test(self, name: str, operator: str, key: ScalarNode, node: Node) -> Compare | None:
        """Return one comparison, its operand read as the operator and the declared kind want it."""
        attribute = self.attributes.get(name)
        if attribute is not None and operator != "exists" and operator not in _FITTING[attribute.kind]:
            fact = f"`{operator}` never matches `{name}`, which is {_a(attribute.kind)}"
            self.mistyped(key, fact, _instead(attribute))
            attribute = None
        operand: Scalar | tuple[Scalar, ...] | None
        if operator in {"in", "not_in"}:
            items = self.reader.items(node, f"`{operator}`")
            values = [self.operand(name, operator, item, attribute) for item in items]
            if None in values or isinstance(node, AliasNode | MappingNode | ScalarNode):
                return None
            operand = tuple(value for value in values if value is not None)
        else:
            operand = self.operand(name, operator, node, attribute)
            if operand is None:
                return None
        place = node if isinstance(node, ScalarNode | SequenceNode) else key
        return Compare(name, operator, operand, self.reader.span(key, place))

    def operand(self, name: str, operator: str, node: Node, attribute: Attribute | None) -> Scalar | None:
        """Return one operand, or None with a problem."""
        what = f"`{name}`" if operator in {"equals", "in"} else f"`{operator}` of `{name}`"
        if operator == "exists":
            return self.reader.boolean(node, what)
        if operator == "semver":
            return self.reader.parsed(node, what, "a comparison of versions", _comparator)
        if operator in _OF_TEXTS or (attribute is not None and attribute.kind in {"string", "enum"}):
            scalar = self.reader.scalar(node, what, "a text")
            if scalar is None:
                return None
            if attribute is not None:
                self.check_value(name, operator, node, scalar.text, attribute)
            return scalar.text
        if operator == "not" and isinstance(node, SequenceNode):
            self.reader.report(node, f"{what} takes one value, not a list", "write `not_in`")
            return None
        value = self.reader.value(node, what)
        if value is None:
            return None
        if operator in NUMERIC and (isinstance(value, bool) or not isinstance(value, int | float)):
            self.reader.report(node, f"{what} must be a number, not {shown(node)}", _unquote(node))
            return None
        if attribute is not None:
            self.check_value(name, operator, node, value, attribute)
        return value

    def check_value(self, name: str, operator: str, node: Node, value: Scalar, attribute: Attribute) -> None:
        """Report an operand that an attribute of the declared kind can never equal."""
        kind = attribute.kind
        if kind == "enum" and operator in {"equals", "in", "not_in", "not"} and value not in attribute.values:
            advice = nearest_or_all(str(value), attribute.values, "value")
            self.mistyped(node, f"`{name}` is never {shown(node)}", advice)
        elif kind == "boolean" and not isinstance(value, bool):
            self.mistyped(node, f"`{name}` is boolean and never {shown(node)}", "write `true` or `false`")
        elif kind in {"integer", "number"} and (isinstance(value, bool) or not isinstance(value, int | float)):
            self.mistyped(node, f"`{name}` is {_a(kind)} and never {shown(node)}", _unquote(node))
        elif kind == "integer" and isinstance(value, float) and not value.is_integer() and operator not in NUMERIC:
            self.mistyped(node, f"`{name}` is an integer and never {shown(node)}", "")

    def mistyped(self, node: Node, fact: str, advice: str) -> None:
        self.reader.report(node, fact, advice, code=UNKNOWN_ATTRIBUTE, breaks=False)


def _comparator(text: str) -> str:
    if not _SEMVER.fullmatch(text) or len(text) > _LONGEST_COMPARISON:
        raise UnfitScalarError("is no comparison of versions", 'write one operator and a version: `">=2.1.0"`')
    return text


def _unquote(node: Node) -> str:
    return "take the quotes off" if isinstance(node, ScalarNode) and node.style else ""


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _word(operator: str) -> str:
    word = _WORDS_FOR[operator.lower()]
    return word if " " in word else f"`{word}`"


def _instead(attribute: Attribute) -> str:
    operators = sorted(_FITTING[attribute.kind] - {"equals"})
    return "of use here: " + ", ".join(f"`{operator}`" for operator in operators) + ", `exists`"
