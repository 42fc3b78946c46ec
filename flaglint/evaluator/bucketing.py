"""Which bucket a key falls into: flagd's MurmurHash3 (x86, 32 bit, seed 0) in its two living generations.

`flagd-v2` hashes salt and key as the UTF-8 bytes of one string, `flagd-v3` as one CBOR text string (RFC 8949, major
type 3), which is flagd's form for an explicit bucketing expression. Both map the hash h to `(h * total) >> 32`.
"""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING, Final

from mmh3 import hash as murmur3

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Hash = Callable[[str], int]

GENERATIONS: Final = ("flagd-v2", "flagd-v3")
MAX_TOTAL_WEIGHT: Final = 2_147_483_647  # flagd's limit on the sum of the weights of a split


def hash_utf8(text: str) -> int:
    """Return the unsigned 32-bit hash of the UTF-8 bytes of `text` (flagd-v2)."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a lone surrogate gets a bucket all the same, for nothing here may raise
        data = text.encode("utf-8", "surrogatepass")
    # bytes and not the text: given a lone surrogate, mmh3 5.3 crashes the interpreter
    return murmur3(data, 0, False)  # noqa: FBT003 - the C function takes `signed` by position at full speed


def hash_cbor(text: str) -> int:
    """Return the unsigned 32-bit hash of `text` as one CBOR text string (flagd-v3)."""
    return murmur3(cbor_text(text), 0, False)  # noqa: FBT003 - as above


def cbor_text(text: str) -> bytes:
    """Return the CBOR encoding of a text string."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    length = len(data)
    return (_SHORT_TEXT[length] if length < 256 else cbor_head(0x60, length)) + data


def cbor_pair(first: str, second: str) -> bytes:
    """Return the CBOR encoding of an array of two text strings, which flagd-v3 hashes for its shorthand."""
    return b"\x82" + cbor_text(first) + cbor_text(second)


def hash_bytes(data: bytes) -> int:
    """Return the unsigned 32-bit hash of `data`."""
    return murmur3(data, 0, False)  # noqa: FBT003 - as above


def hash_for(generation: str) -> Hash:
    """Return the hash of salt + key for one of `GENERATIONS`."""
    return hash_cbor if generation == "flagd-v3" else hash_utf8


def bucket(hashed: int, total: int) -> int:
    """Return the bucket of an unsigned 32-bit hash, in `range(total)`."""
    return (hashed * total) >> 32


def pick(bucket_number: int, weights: Sequence[int]) -> int:
    """Return the index of the entry whose share of the cumulated `weights` holds the bucket."""
    end = 0
    for index, weight in enumerate(weights):
        end += weight
        if bucket_number < end:
            return index
    raise ValueError(f"bucket {bucket_number} lies outside a total weight of {end}")


def ramp_shares(percent: tuple[float, float]) -> tuple[int, int, int]:
    """Return both ends of a ramp as integer shares of a common scale: `(0, 100)` gives `(0, 1, 1)`.

    During the ramp the weight of its variant at second t is `first * (until - t) + last * (t - start)` of
    `scale * (until - start)`: integers all the way, so that every engine finds the same bucket.
    """
    from fractions import Fraction  # brings decimal along, and few registries ramp

    first, last = (min(max(Fraction(str(end)) / 100, Fraction(0)), Fraction(1)) for end in percent)
    scale = lcm(first.denominator, last.denominator)
    return int(first * scale), int(last * scale), scale


def cbor_head(major: int, length: int) -> bytes:
    """Return the shortest head of a CBOR item: its major type, shifted (0x60 is text), and its length or value."""
    if length < 24:
        return bytes((major + length,))
    for code, size in ((24, 1), (25, 2), (26, 4)):
        if length < 1 << (8 * size):
            return bytes((major + code,)) + length.to_bytes(size, "big")
    return bytes((major + 27,)) + length.to_bytes(8, "big")


_SHORT_TEXT: Final = tuple(cbor_head(0x60, length) for length in range(256))
