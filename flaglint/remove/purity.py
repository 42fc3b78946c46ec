"""What may be dropped, and what must still run: which expressions can do something when they are evaluated.

Names, constants and lambdas are pure; attributes, subscripts, comparisons and arithmetic are presumed to be; a call,
an `await`, a `yield` and a walrus do something, but for a short list of calls that are known not to, such as the
methods of texts by which the user of a flag is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.tree import children, dotted

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

# Builtins and constructors that only compute. What they are given is looked at as well.
COMPUTING = frozenset(
    [
        "abs",
        "bool",
        "bytes",
        "chr",
        "complex",
        "dict",
        "divmod",
        "enumerate",
        "float",
        "format",
        "frozenset",
        "getattr",
        "hasattr",
        "hash",
        "hex",
        "id",
        "int",
        "isinstance",
        "issubclass",
        "len",
        "list",
        "max",
        "min",
        "oct",
        "ord",
        "partial",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "slice",
        "sorted",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "zip",
        "os.getenv",
        "functools.partial",
        "logging.getLogger",
        "re.compile",
    ]
)
# Objects that describe who asks for a flag: building one does nothing else, in every SDK that has one.
CONTEXTS = frozenset(
    [
        "EvaluationContext",
        "Context",
        "UserContext",
        "OptimizelyUserContext",
        "StatsigUser",
        "Identity",
        "DevCycleUser",
        "TransientContext",
        "ContextBuilder",
    ]
)
# The same by their qualified names, where their own are those of many other things.
IMPORTED_CONTEXTS = frozenset(
    [
        "configcatclient.user.User",
        "featuremanagement.TargetingContext",
        "featureflags.evaluations.auth_target.Target",
    ]
)
# What hands out the client of an SDK, which is there already.
CLIENTS = frozenset({"ldclient.get", "api.get_client", "openfeature.api.get_client", "statsig.get_instance"})
# Methods of texts and times, by names that few other things have (a token is decoded, too, and that may fail); and
# mappings that a service is handed, which are asked with `get`: `get` of anything else may take out or fetch something.
TEXT_METHODS = frozenset({"casefold", "endswith", "hexdigest", "isoformat", "lower", "lstrip"})
TEXT_METHODS |= {"rstrip", "startswith", "strip", "upper"}
MAPPINGS = frozenset({"COOKIES", "GET", "META", "POST", "cookies", "environ", "headers", "kwargs", "query_params"})
# What raises these on purpose: in a `try` that catches one of them by its name, such an expression does something.
LOOKUP_ERRORS = frozenset({"IndexError", "KeyError", "LookupError", "TypeError"})
ATTRIBUTE_ERRORS = frozenset({"AttributeError"})
VALUE_ERRORS = frozenset({"ArithmeticError", "OverflowError", "TypeError", "ValueError", "ZeroDivisionError"})
CONVERSIONS = frozenset({"float", "int"})
BUILDING = frozenset({"builder", "build", "set", "kind", "key", "create", "create_multi", "name", "anonymous"})


_RAISING = (cst.Subscript, cst.Attribute, cst.BinaryOperation, cst.Call)


def _catches_none(_: cst.CSTNode) -> bool:
    return False


def is_context_call(node: cst.Call) -> bool:
    """Whether a call builds an evaluation context: `Context.builder("u").set("plan", p).build()`."""
    func = node.func
    while isinstance(func, cst.Attribute):
        if isinstance(func.value, cst.Call) and func.attr.value in BUILDING:
            func = func.value.func
            continue
        if func.attr.value in CONTEXTS:
            return True
        func = func.value
    return isinstance(func, cst.Name) and func.value in CONTEXTS


def only_computes(node: cst.Call) -> bool:
    """Whether a call does nothing but give a value; what it is given is another matter."""
    name = dotted(node.func)
    if name in COMPUTING or name in CLIENTS or is_context_call(node):
        return True
    if not isinstance(node.func, cst.Attribute):
        return False
    of, method = node.func.value, node.func.attr.value
    is_text = isinstance(of, (cst.SimpleString, cst.FormattedString))
    if is_text or method in TEXT_METHODS:
        return True
    return method == "get" and dotted(of).rpartition(".")[2] in MAPPINGS


def effects(node: cst.CSTNode, harmless: Container[cst.CSTNode] = ()) -> list[cst.BaseExpression]:
    """Return the outermost expressions below or at `node` that must still run if its value is not needed, in order.

    `harmless` are calls that are known to do nothing but give a value, such as reads of other flags.
    """
    return list(_effects(node, harmless))


def _effects(  # noqa: C901 - one case per kind of node, each of a line or two
    node: cst.CSTNode, harmless: Container[cst.CSTNode]
) -> Iterator[cst.BaseExpression]:
    if isinstance(node, _RAISING) and getattr(harmless, "catches", _catches_none)(node):
        yield node
        return
    match node:
        case cst.Lambda():
            for param in (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params):
                if param.default is not None:
                    yield from _effects(param.default, harmless)
            return
        case cst.Call() if node in harmless or only_computes(node):
            for child in children(node):
                yield from _effects(child, harmless)
            return
        case cst.Call() | cst.Await() | cst.Yield() | cst.NamedExpr():
            assert isinstance(node, cst.BaseExpression)
            yield node
            return
        case cst.GeneratorExp():
            if node.for_in is not None:  # only the first iterable is evaluated before someone asks for an item
                yield from _effects(node.for_in.iter, harmless)
            return
        case cst.ListComp() | cst.SetComp() | cst.DictComp():
            if any(True for child in children(node) for _ in _effects(child, harmless)) or not _is_sized(
                node.for_in.iter
            ):
                yield node  # looping over something unknown may use it up
            return
        case cst.BooleanOperation() | cst.IfExp():
            if any(True for child in children(node) for _ in _effects(child, harmless)):
                conditional = any(True for _ in _effects(_always_first(node), harmless))
                rest = [child for child in children(node) if child is not _always_first(node)]
                if conditional and not any(True for child in rest for _ in _effects(child, harmless)):
                    yield from _effects(_always_first(node), harmless)
                else:
                    yield node
            return
        case cst.StarredElement() | cst.StarredDictElement():
            yield from _effects(node.value, harmless)
            return
    for child in children(node):
        yield from _effects(child, harmless)


def _always_first(node: cst.BooleanOperation | cst.IfExp) -> cst.BaseExpression:
    """Return the part of a conditional evaluation that runs whatever comes out of it."""
    return node.left if isinstance(node, cst.BooleanOperation) else node.test


def _is_sized(node: cst.BaseExpression) -> bool:
    """Whether looping over an expression uses nothing up: a display, or a range."""
    return isinstance(node, (cst.List, cst.Tuple, cst.Set, cst.Dict, cst.SimpleString)) or (
        isinstance(node, cst.Call) and dotted(node.func) == "range"
    )


def is_droppable(node: cst.CSTNode, harmless: Container[cst.CSTNode] = ()) -> bool:
    """Whether nothing is lost when `node` is not evaluated."""
    return next(_effects(node, harmless), None) is None


def read_effects(node: cst.BaseExpression, harmless: Container[cst.CSTNode] = ()) -> list[cst.BaseExpression]:
    """Return the parts of a read that must still run when the read itself is gone, in the order of evaluation.

    The read's own call and its receiver are the SDK's business; what its arguments do is not.
    """
    if isinstance(node, cst.Await):
        node = node.expression
    found: list[cst.BaseExpression] = []
    if isinstance(node, cst.Subscript):
        return [effect for part in (node.value, *node.slice) for effect in effects(part, harmless)]
    while isinstance(node, (cst.Call, cst.Attribute)):
        if isinstance(node, cst.Call):
            found[:0] = [effect for arg in node.args for effect in effects(arg.value, harmless)]
            node = node.func
        else:
            node = node.value
    if not isinstance(node, cst.Name):
        found[:0] = effects(node, harmless)
    return found


def is_unaffected(node: cst.CSTNode) -> bool:
    """Whether evaluating `node` earlier or later gives the same: constants, names, lambdas."""
    if isinstance(node, (cst.Name, cst.BaseNumber, cst.SimpleString, cst.Lambda, cst.Ellipsis)):
        return True
    if isinstance(node, cst.Attribute):
        return False
    if isinstance(node, (cst.Tuple, cst.List, cst.Dict, cst.Set, cst.UnaryOperation)):
        return all(is_unaffected(child) for child in children(node))
    return isinstance(node, (cst.Element, cst.DictElement, cst.Not, cst.Minus, cst.Comma)) and all(
        is_unaffected(child) for child in children(node)
    )


def is_bool(node: cst.BaseExpression) -> bool:
    """Whether an expression is True or False and nothing else, whatever its operands are."""
    match node:
        case cst.Name():
            return node.value in {"True", "False"}
        case cst.UnaryOperation(operator=cst.Not()):
            return True
        case cst.Comparison(comparisons=[single]):
            return isinstance(single.operator, (cst.Is, cst.IsNot, cst.In, cst.NotIn))
        case cst.Call(func=cst.Name(value=name)):
            return name in {"bool", "isinstance", "issubclass", "callable", "hasattr", "any", "all"}
        case cst.BooleanOperation():
            return is_bool(node.left) and is_bool(node.right)
        case cst.IfExp():
            return is_bool(node.body) and is_bool(node.orelse)
    return False
