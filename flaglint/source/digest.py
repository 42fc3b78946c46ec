"""Digests of what is remembered, without `hashlib`, which loads OpenSSL: 7 ms that a hook does not have."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # an interpreter that has it elsewhere
    from hashlib import blake2b


MARK = 16  # characters of a mark


def mark(data: bytes) -> str:
    """Return a short digest of some bytes, to tell whether they are those of before; not for what others choose."""
    return blake2b(data, digest_size=MARK // 2).hexdigest()


def digest(data: bytes, *more: bytes) -> str:
    """Return a digest of some bytes, in hexadecimal: equal for no two texts that differ, as far as anybody knows."""
    made = blake2b(data, digest_size=20)
    for piece in more:
        made.update(b"%d\0" % len(piece))
        made.update(piece)
    return made.hexdigest()
