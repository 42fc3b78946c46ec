"""What identifies a finding from one run to the next: it stays when lines move, and changes with the flag."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from flaglint.lints.baseline import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.model import Finding

VERSION = "flaglint/v1"
_DIGITS = 32


def fingerprinted(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint, a text of hexadecimal digits that no other finding of the run has.

    It is made of code, key, path and qualified name, which also identify it in the baseline, and of how many of the
    same were there before.
    """
    seen: Counter[Entry] = Counter()
    for finding in findings:
        entry = Entry.of(finding)
        parts = (VERSION, entry.code, entry.key, entry.path, entry.qualname, str(seen[entry]))
        seen[entry] += 1
        yield finding, sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]
