"""A slow interpreter of native registries, written straight from the text of the design: right by reading it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from flaglint.definition import AllOf, AnyOf, Compare, Condition, Flag, Not, Ramp, Registry, Serve, Split

KILLED = "killed"


def murmur3(data: bytes) -> int:
    """MurmurHash3, x86, 32 bits, seed 0, as published."""
    mask = 0xFFFFFFFF

    def rotate(value: int, by: int) -> int:
        return ((value << by) | (value >> (32 - by))) & mask

    hashed = 0
    whole = len(data) // 4 * 4
    for index in range(0, whole, 4):
        block = int.from_bytes(data[index : index + 4], "little")
        hashed ^= rotate(block * 0xCC9E2D51 & mask, 15) * 0x1B873593 & mask
        hashed = (rotate(hashed, 13) * 5 + 0xE6546B64) & mask
    if tail := data[whole:]:
        hashed ^= rotate(int.from_bytes(tail, "little") * 0xCC9E2D51 & mask, 15) * 0x1B873593 & mask
    hashed ^= len(data)
    hashed = (hashed ^ (hashed >> 16)) * 0x85EBCA6B & mask
    hashed = (hashed ^ (hashed >> 13)) * 0xC2B2AE35 & mask
    return hashed ^ (hashed >> 16)


def cbor_text(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    if len(data) < 24:
        return bytes([0x60 + len(data)]) + data
    if len(data) < 256:
        return bytes([0x78, len(data)]) + data
    return bytes([0x79]) + len(data).to_bytes(2, "big") + data


def hashed(registry: Registry, text: str) -> int:
    return murmur3(cbor_text(text) if registry.bucketing == "flagd-v3" else text.encode("utf-8", "surrogatepass"))


def is_number(value: Any) -> bool:
    return type(value) in (int, float)


def same(left: Any, right: Any) -> bool:
    """Equal, and of the same kind: 1 equals 1.0, True does not equal 1."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    return type(left) is type(right) and left == right


def version(text: str) -> tuple[Any, ...] | None:
    text = text[1:] if text[:1] in ("v", "V") else text
    text, _, build = text.partition("+")
    core, dash, prerelease = text.partition("-")
    numbers = core.split(".")
    if not all(part.isascii() and part.isdecimal() and (part == "0" or part[0] != "0") for part in numbers):
        return None
    if len(numbers) > 3 or (len(numbers) < 3 and (dash or build)):
        return None
    numbers += ["0"] * (3 - len(numbers))
    # a release sorts after its prereleases, a numeric identifier before a word
    rank: list[Any] = [(2,)]
    if dash:
        rank = [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in prerelease.split(".")]
    return (*map(int, numbers), rank)


def compare(item: Compare, context: dict[str, Any]) -> bool:
    value, operand = context.get(item.attribute), item.operand
    match item.operator:
        case "not":
            return not same(value, operand)
        case "not_in":
            return not any(same(value, option) for option in operand)
        case "exists":
            return (value is not None) == operand
        case "equals":
            return same(value, operand)
        case "in":
            return any(same(value, option) for option in operand)
        case "starts_with":
            return isinstance(value, str) and value.startswith(operand)
        case "ends_with":
            return isinstance(value, str) and value.endswith(operand)
        case "contains" if isinstance(value, list):
            return any(same(member, operand) for member in value)
        case "contains":
            return isinstance(value, str) and isinstance(operand, str) and operand in value
        case "gt":
            return is_number(value) and value > operand
        case "gte":
            return is_number(value) and value >= operand
        case "lt":
            return is_number(value) and value < operand
        case "lte":
            return is_number(value) and value <= operand
        case "semver":
            return isinstance(value, str) and semver(value, operand)
    raise AssertionError(item.operator)


def semver(text: str, comparator: str) -> bool:
    operator = next(sign for sign in (">=", "<=", "!=", ">", "<", "=", "") if comparator.startswith(sign))
    left, right = version(text), version(comparator.removeprefix(operator))
    if left is None:
        return False
    assert right is not None
    return {
        ">=": left >= right,
        "<=": left <= right,
        "!=": left != right,
        ">": left > right,
        "<": left < right,
        "=": left == right,
        "": left == right,
    }[operator]


def holds(condition: Condition, context: dict[str, Any]) -> bool:
    match condition:
        case AllOf(conditions):
            return all(holds(item, context) for item in conditions)
        case AnyOf(conditions):
            return any(holds(item, context) for item in conditions)
        case Not(inner):
            return not holds(inner, context)
        case Compare():
            return compare(condition, context)
    raise AssertionError(condition)


def in_segment(registry: Registry, name: str, context: dict[str, Any]) -> bool:
    segment = next(item for item in registry.segments if item.name == name)
    if segment.segments and not any(in_segment(registry, inner, context) for inner in segment.segments):
        return False
    return segment.when is None or holds(segment.when, context)


def needs_itself(registry: Registry, key: str) -> bool:
    seen: set[str] = set()
    waiting = [key]
    while waiting:
        for flag in registry.flags:
            if flag.key == waiting[-1]:
                break
        else:
            waiting.pop()
            continue
        waiting.pop()
        for need in flag.needs:
            if need.key == key:
                return True
            if need.key not in seen:
                seen.add(need.key)
                waiting.append(need.key)
    return False


def serve(registry: Registry, key: str, environment: str, context: dict[str, Any], now: float) -> tuple[str, str]:
    """The variant that is served, and the reason."""
    flag = next(item for item in registry.flags if item.key == key)
    entry = next((item for item in flag.environments if item.name == environment), None)
    off = entry.off_variant if entry and entry.off_variant else flag.off_variant
    if flag.kill or (entry and entry.kill):
        return off, "DISABLED"
    if needs_itself(registry, key):
        return off, "PREREQUISITE_FAILED"
    for need in flag.needs:
        if not any(item.key == need.key for item in registry.flags):
            return off, "PREREQUISITE_FAILED"
        variant, reason = serve(registry, need.key, environment, context, now)
        if reason == "DISABLED" or variant not in need.variants:
            return off, "PREREQUISITE_FAILED"
    rules = entry.rules if entry and entry.rules is not None else flag.rules
    for rule in rules:
        if rule.segments and not any(in_segment(registry, name, context) for name in rule.segments):
            continue
        if rule.when is not None and not holds(rule.when, context):
            continue
        if rule.start is not None and now < rule.start:
            continue
        if rule.until is not None and now >= rule.until:
            continue
        return decide(registry, flag, off, rule.outcome, context, now)
    return off, "DEFAULT"


def decide(
    registry: Registry, flag: Flag, off: str, outcome: Any, context: dict[str, Any], now: float
) -> tuple[str, str]:
    key = context.get(flag.bucket_by)
    has_key = isinstance(key, str) and key != ""
    match outcome:
        case Serve(variant):
            return variant, "MATCH"
        case Split(weights):
            positive = [(name, weight) for name, weight in weights if weight > 0]
            if len(positive) == 1:
                return positive[0][0], "MATCH"
            if not positive or not has_key:
                return off, "DEFAULT"
            bucket = hashed(registry, (flag.salt or flag.key) + key) * sum(weight for _, weight in positive) >> 32
            for name, weight in positive:
                if bucket < weight:
                    return name, "SPLIT"
                bucket -= weight
        case Ramp(to, percent, start, until):
            first, last = (Fraction(str(end)) / 100 for end in percent)
            if now >= until and last == 1:
                return to, "MATCH"
            if not has_key:
                return off, "DEFAULT"
            passed = Fraction(min(max(math.floor(now), start), until) - start, until - start)
            share = first + (last - first) * passed
            # the bucket is one of equal parts of a second of a common share: as flagd's integers divide it
            scale = math.lcm(first.denominator, last.denominator) * (until - start)
            bucket = hashed(registry, (flag.salt or flag.key) + key) * scale >> 32
            return (to if bucket < share * scale else off), "SPLIT"
    raise AssertionError(outcome)
