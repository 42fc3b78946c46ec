"""Calls that only read a list or dictionary that they are given: builtins, methods, well-known functions, SDKs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.values import Known, Nothing, Result, Str, options

if TYPE_CHECKING:
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Frame

BUILTINS = (
    "all|any|ascii|bool|dict|enumerate|filter|format|frozenset|hasattr|hash|id|isinstance|iter|len|list|map|max|min"
    "|print|range|repr|reversed|set|sorted|str|sum|tuple|type|zip"
)
_BUILTINS = frozenset(f"builtins.{name}" for name in BUILTINS.split("|"))
# Methods that only read what they are given, whatever they are called on.
_READING = (
    "join|update|extend|union|intersection|difference|symmetric_difference|issubset|issuperset|isdisjoint|fromkeys"
    "|format|debug|info|warning|warn|error|exception|critical|log|write|writelines|dumps|dump|assertEqual|assertIn"
    "|assertNotIn|get|getlist|index|count|startswith|endswith|remove|discard|filter|exclude"
)
_METHODS = frozenset(_READING.split("|"))
_UNBOUND = frozenset({"fromkeys", "get", "keys", "values", "items", "copy", "index", "count", "join"})
_KINDS = frozenset({"dict", "list", "set", "frozenset", "tuple", "object", "str"})
_FUNCTIONS = frozenset(
    {"types.MappingProxyType", "copy.copy", "copy.deepcopy", "json.dumps", "json.dump", "pprint.pprint"}
    | {"pprint.pformat", "random.choice", "random.choices", "random.sample", "collections.Counter"}
    | {"collections.OrderedDict", "collections.deque", "operator.contains", "yaml.dump", "yaml.safe_dump"}
)
_PACKAGES = ("itertools.", "logging.", "warnings.", "pytest.", "reprlib.")
# Arguments by name of forms, models and command lines that offer what they are given.
_OFFERED = frozenset({"choices"})


def only_reads(call: ir.Call, arg: ir.Arg, resolver: Resolver, frame: Frame) -> bool:
    """Whether a call leaves a list or dictionary as it is that an argument of it gives, and hands it to nobody."""
    if arg.keyword in _OFFERED:
        return True
    func = call.func
    callees = options(resolver.value(func, frame))
    if isinstance(func, ir.Attribute):
        if _is_kind(func.base, resolver, frame):  # `dict.update(keys, ...)`
            return func.name in _UNBOUND
        is_reading = func.name in _METHODS or func.name in resolver.calls.index.methods
        if is_reading and all(isinstance(item, Nothing | Str | Known | Result) for item in callees):
            return True
    return all(isinstance(item, Known) and _is_known(item.name, resolver) for item in callees)


def _is_known(name: str, resolver: Resolver) -> bool:
    index = resolver.calls.index
    owner, _, method = name.rpartition(".")
    if name in _BUILTINS or name in _FUNCTIONS or name.startswith(_PACKAGES):
        return True
    return name in index.functions or bool(index.method_calls(owner, method)) or name in index.constructors


def _is_kind(base: ir.Expr, resolver: Resolver, frame: Frame) -> bool:
    """Whether an expression is a builtin type, on which a method is called as on no object of it."""
    if not isinstance(base, ir.Name) or base.id not in _KINDS:
        return False
    found = resolver.value(base, frame)
    return isinstance(found, Known) and found.name == f"builtins.{base.id}"
