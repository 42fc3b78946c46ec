"""A flag of a flagd file, compiled: its state, its default variant and its targeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.evaluator.compiled import Compiled
from flaglint.evaluator.evaluation import ErrorCode, Evaluation, Reason, failed
from flaglint.evaluator.flagd.logic import UnknownOperatorError, compile_logic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.evaluator.compiled import Context, Decide
    from flaglint.evaluator.flagd.logic import Logic


def compile_definition(key: str, definition: Mapping[str, Any], bucketing: str) -> Compiled:
    """Return a flagd definition as a closure.

    A disabled flag and one without a default variant serve the caller's default, without an error; a targeting that
    names no variant is an error, as in flagd.
    """
    variants: dict[str, Any] = definition["variants"]
    copies = any(isinstance(value, (dict, list)) for value in variants.values())
    if definition.get("state") == "DISABLED":
        return Compiled(
            _constant(Evaluation(None, None, Reason.DISABLED)), timed=False, copies=copies, variants=variants
        )
    targeting = definition.get("targeting")
    default = variant_name(definition.get("defaultVariant"))
    if not targeting:
        result = _served(key, variants, default, Reason.STATIC)
        return Compiled(_constant(result), timed=False, copies=copies, variants=variants)
    if not isinstance(targeting, dict):
        broken = failed(None, ErrorCode.PARSE_ERROR, f"the targeting of `{key}` is no rule")
        return Compiled(_constant(broken), timed=False, copies=copies, variants=variants)
    results = {name: _served(key, variants, name, Reason.TARGETING_MATCH) for name in variants}
    unmatched = _served(key, variants, default, Reason.DEFAULT)
    decide = _targeted(key, compile_logic(targeting, bucketing), results, unmatched)
    return Compiled(decide, timed=True, copies=copies, variants=variants)


def variant_name(written: Any) -> str | None:
    """Return the variant that a result of targeting or a default names: `true` for a boolean, None for nothing."""
    if isinstance(written, bool):
        return "true" if written else "false"
    return None if written is None or written == "" else str(written)


def targeting_data(key: str, context: Context, now: float) -> dict[str, Any]:
    """Return what the targeting of a flag reads: the context with flagd's own properties; `now` in UTC seconds."""
    data = dict(context)
    data["$flagd"] = {"flagKey": key, "timestamp": int(now)}
    data["targetingKey"] = context.get("targetingKey")
    return data


def _targeted(key: str, logic: Logic, results: Mapping[str, Evaluation], unmatched: Evaluation) -> Decide:
    def decide(context: Context, now: float) -> Evaluation:
        try:
            found = logic(targeting_data(key, context, now))
        except UnknownOperatorError as error:
            return failed(None, ErrorCode.PARSE_ERROR, f"the targeting of `{key}` cannot be evaluated: {error}")
        if found is None:
            return unmatched
        name = "" if found == "" else variant_name(found) or ""
        return results.get(name) or _no_variant(key, name)

    return decide


def _served(key: str, variants: Mapping[str, Any], name: str | None, reason: Reason) -> Evaluation:
    if name is None:
        return Evaluation(None, None, Reason.DEFAULT)
    value = variants.get(name)
    return _no_variant(key, name) if value is None else Evaluation(value, name, reason)


def _no_variant(key: str, name: str) -> Evaluation:
    return failed(None, ErrorCode.GENERAL, f"`{key}` has no variant `{name}`")


def _constant(result: Evaluation) -> Decide:
    return lambda _context, _now: result
