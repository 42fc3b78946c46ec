"""The canonical CBOR encoding (RFC 8949, section 4.2.1) of JSON values, which flagd-v3 hashes for its buckets."""

from __future__ import annotations

import struct
from math import isnan
from typing import Any, Final

from flaglint.evaluator.bucketing import cbor_head, cbor_text

_FALSE, _TRUE, _NULL, _NAN = b"\xf4", b"\xf5", b"\xf6", b"\xf9\x7e\x00"
_FLOATS: Final = ((b"\xf9", ">e"), (b"\xfa", ">f"), (b"\xfb", ">d"))


def encode(value: Any) -> bytes:
    """Return the encoding of a JSON value; a whole float that 64 bits can hold is encoded as the integer.

    Raises TypeError for what JSON does not have.
    """
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, str):
        return cbor_text(value)
    if isinstance(value, float) and value.is_integer() and -(2**63) <= value < 2**64:
        value = int(value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, (list, tuple)):
        return cbor_head(0x80, len(value)) + b"".join(encode(item) for item in value)
    if isinstance(value, dict):
        # shorter keys first, then bytewise
        items = sorted(((encode(key), encode(item)) for key, item in value.items()), key=lambda pair: _order(pair[0]))
        return cbor_head(0xA0, len(items)) + b"".join(key + item for key, item in items)
    raise TypeError(f"{type(value).__name__} is no JSON type")


def _order(key: bytes) -> tuple[int, bytes]:
    return len(key), key


def _integer(value: int) -> bytes:
    magnitude = value if value >= 0 else -1 - value
    if magnitude < 2**64:
        return cbor_head(0x00 if value >= 0 else 0x20, magnitude)
    data = magnitude.to_bytes((magnitude.bit_length() + 7) // 8, "big")
    return (b"\xc2" if value >= 0 else b"\xc3") + cbor_head(0x40, len(data)) + data


def _float(value: float) -> bytes:
    """Return the shortest of the three widths that keeps the value."""
    if isnan(value):
        return _NAN
    for head, form in _FLOATS:
        try:
            data = struct.pack(form, value)
        except OverflowError:
            continue
        if struct.unpack(form, data)[0] == value:
            return head + data
    raise AssertionError("a float keeps its value in 64 bits")
