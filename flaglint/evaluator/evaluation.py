"""What an evaluation answers: the value, the variant, why, and the error if there was one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flaglint.model import JsonValue


class Reason(StrEnum):
    """Why a value was served; the words are OpenFeature's where it has one."""

    STATIC = "STATIC"  # unconditional: neither the context nor the clock nor another flag was asked
    TARGETING_MATCH = "TARGETING_MATCH"
    SPLIT = "SPLIT"
    DEFAULT = "DEFAULT"  # no rule matched, or there was no bucketing key
    DISABLED = "DISABLED"  # killed
    PREREQUISITE_FAILED = "PREREQUISITE_FAILED"
    ERROR = "ERROR"


class ErrorCode(StrEnum):
    """Why the caller's default is served; the words are OpenFeature's."""

    FLAG_NOT_FOUND = "FLAG_NOT_FOUND"
    TYPE_MISMATCH = "TYPE_MISMATCH"
    PARSE_ERROR = "PARSE_ERROR"
    INVALID_CONTEXT = "INVALID_CONTEXT"
    GENERAL = "GENERAL"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer to one evaluation.

    `variant` is None when the caller's default is served; `rule` is the 1-based position of the rule that decided.
    """

    value: Any
    variant: str | None
    reason: Reason
    rule: int | None = None
    error_code: ErrorCode | None = None
    error_message: str | None = None


def failed(default: Any, code: ErrorCode, message: str) -> Evaluation:
    """Return the evaluation that serves the caller's default because of an error."""
    return Evaluation(default, None, Reason.ERROR, None, code, message)


def fresh(value: JsonValue) -> JsonValue:
    """Return a copy of a JSON value, so that a caller who changes it changes nothing for the next one."""
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    if isinstance(value, list):
        return [fresh(item) for item in value]
    return value
