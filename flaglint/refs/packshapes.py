"""What may stand in an SDK pack: the fields of each kind of entry, and the dataclass of `spec` that it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.refs import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry: how its value is read (a method of `packreader.PackReader`) and where it goes."""

    read: str
    attribute: str = ""  # that of the dataclass; empty: named like the field


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of entry. `exactly_one` and `at_least_one` are groups of fields, `only_with` says what a field needs."""

    article: str  # how messages call it
    make: Callable[..., object]
    fields: Mapping[str, Field]
    required: tuple[str, ...] = ()
    exactly_one: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()
    only_with: tuple[tuple[str, str], ...] = ()


_QUALIFIED = Field("qualified_names")
_ARGUMENT = Field("argument")
_TRUTH = Field("truth")
_RETURNS = Field("value_type")

ARGUMENT = Shape(
    "an argument",
    spec.Argument,
    {
        "position": Field("position"),
        "keyword": Field("identifier"),
        "inside": _ARGUMENT,
        "callable": Field("truth", "is_callable"),
        "many": _TRUTH,
    },
    at_least_one=("position", "keyword"),
)
CALL = Shape(
    "a call",
    spec.Call,
    {
        "method": Field("identifiers", "methods"),
        "function": Field("qualified_names", "functions"),
        "key": _ARGUMENT,
        "default": _ARGUMENT,
        "returns": _RETURNS,
        "inverted": _TRUTH,
        "coroutine": _TRUTH,
        "clients": _QUALIFIED,
    },
    required=("key",),
    exactly_one=("method", "function"),
    only_with=(("clients", "method"),),
)
OBJECT_READ = Shape(
    "a read of a flag object",
    spec.ObjectRead,
    {
        "method": Field("identifiers", "name"),
        "attribute": Field("identifiers", "name"),
        "returns": _RETURNS,
        "inverted": _TRUTH,
        "default": _ARGUMENT,
    },
    exactly_one=("method", "attribute"),
    only_with=(("default", "method"),),
)
OBJECT = Shape(
    "an object",
    spec.FlagObject,
    {
        "constructor": Field("qualified_names", "constructors"),
        "key": _ARGUMENT,
        "reads": Field("object_reads"),
        "default": _ARGUMENT,
        "declares": _TRUTH,
    },
    required=("constructor", "key"),
)
ATTRIBUTE = Shape(
    "an attribute",
    spec.ClassAttribute,
    {
        "base": Field("qualified_names", "bases"),
        "name": Field("identifiers", "names"),
        "inverted_by_prefix": Field("text"),
        "many": _TRUTH,
    },
    required=("base", "name"),
)
DECORATOR = Shape(
    "a decorator",
    spec.Decorator,
    {
        "function": Field("qualified_names", "functions"),
        "key": _ARGUMENT,
        "inverted_by_prefix": Field("text"),
        "inverted": _TRUTH,
        "state": _ARGUMENT,
    },
    required=("function", "key"),
)
DICTIONARY = Shape(
    "a dictionary",
    spec.Dictionary,
    {
        "name": Field("qualified_names", "names"),
        "function": Field("qualified_names", "functions"),
        "prefix": Field("text"),
        "returns": _RETURNS,
    },
    at_least_one=("name", "function"),
)
DECLARATION = Shape(
    "a declaration",
    spec.Declaration,
    {
        "dictionary": Field("qualified_names", "dictionaries"),
        "call": Field("qualified_names", "calls"),
        "enum": Field("qualified_names", "enums"),
        "collection": Field("qualified_names", "collections"),
        "model": Field("qualified_names", "models"),
        "key": _ARGUMENT,
        "default": _ARGUMENT,
    },
    exactly_one=("dictionary", "call", "enum", "collection", "model"),
    only_with=(("key", "call"), ("default", "call"), ("call", "key")),
)
OVERRIDE = Shape(
    "an override",
    spec.Override,
    {
        "function": Field("qualified_names", "functions"),
        "method": Field("identifiers", "methods"),
        "key": _ARGUMENT,
        "value": _ARGUMENT,
        "takes_object": _TRUTH,
        "by_keyword_name": _TRUTH,
        "mapping": _ARGUMENT,
        "sets": _TRUTH,
    },
    exactly_one=("function", "method"),
    at_least_one=("key", "by_keyword_name", "mapping"),
    only_with=(("value", "key"), ("takes_object", "key")),
)
ROW = Shape(
    "a row",
    spec.Row,
    {
        "model": Field("qualified_names", "models"),
        "keyword": Field("identifier"),
        "active": Field("identifier"),
    },
    required=("model",),
)
TEMPLATE = Shape(
    "a template",
    spec.TemplateTag,
    {
        "pattern": Field("pattern"),
        "extensions": Field("extensions"),
        "inverted": _TRUTH,
        "likely": _TRUTH,
    },
    required=("pattern",),
)
EXPORT = Shape(
    "an export",
    spec.Export,
    {
        "method": Field("identifiers", "methods"),
        "function": Field("qualified_names", "functions"),
        "clients": _QUALIFIED,
    },
    exactly_one=("method", "function"),
    only_with=(("clients", "method"),),
)
EXAMPLE = Shape(
    "an example",
    spec.Example,
    {"code": Field("text"), "path": Field("text"), "keys": Field("texts")},
    required=("code",),
)
# What a pack and the configuration of a project share, by the name of the section.
SECTIONS = {
    "calls": CALL,
    "objects": OBJECT,
    "attributes": ATTRIBUTE,
    "decorators": DECORATOR,
    "dictionaries": DICTIONARY,
    "declarations": DECLARATION,
    "overrides": OVERRIDE,
    "rows": ROW,
    "templates": TEMPLATE,
    "exports": EXPORT,
}
PACK = Shape(
    "a pack",
    spec.Pack,
    {
        "name": Field("pack_name"),
        "packages": Field("packages"),
        "clients": _QUALIFIED,
        **{name: Field(f"entries:{name}") for name in SECTIONS},
        "aliases": Field("aliases"),
        "opt_in": _TRUTH,
        "examples": Field("entries:examples"),
    },
    required=("name", "packages"),
    at_least_one=tuple(SECTIONS),
)
ENTRIES = {**SECTIONS, "examples": EXAMPLE}
