"""The baseline: findings that are known and wait, one sorted, tab-separated line each, without line numbers."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from flaglint.errors import BaselineError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from flaglint.model import Finding

_CODE = r"FLG\d{3}"
_COUNT = r"[1-9][0-9]{0,8}"
_FIELDS = 5
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_HELP = "`flaglint check --write-baseline` writes one"


class Entry(NamedTuple):
    """What identifies a finding while lines move: how many of the same kind there are is its count."""

    code: str
    key: str
    path: str
    qualname: str

    @classmethod
    def of(cls, finding: Finding) -> Entry:
        """Return the entry under which a finding is written down."""
        return cls(finding.code, finding.key, finding.primary.path, finding.qualname)

    def __str__(self) -> str:
        """Return the entry as it is listed for people."""
        place = f"{self.path} ({self.qualname})" if self.qualname else self.path
        return f"{self.code} {self.key} {place}" if self.key else f"{self.code} {place}"


Baseline = Counter[Entry]


def take(findings: Iterable[Finding]) -> Baseline:
    """Return the baseline that holds just these findings."""
    return Counter(Entry.of(finding) for finding in findings)


def parse(data: bytes, path: str) -> Baseline:
    """Return the baseline in the bytes of a file; raises `BaselineError` with the line that is not one of its lines."""
    baseline: Baseline = Counter()
    lines = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        fields = line.split("\t")
        if len(fields) != _FIELDS or not re.fullmatch(_CODE, fields[0]) or not re.fullmatch(_COUNT, fields[4]):
            raise BaselineError(
                "this is no baseline: a line is `code`, `key`, `path`, `qualname` and `count` with tabs between",
                path=path,
                line=number,
                help=_HELP,
            )
        code, key, where, qualname = (_unescaped(field) for field in fields[:4])
        baseline[Entry(code, key, where, qualname)] += int(fields[4])
    return baseline


def serialise(baseline: Mapping[Entry, int]) -> bytes:
    """Return the bytes of the file: the same findings give the same bytes, and so does a path that is not UTF-8."""
    rows = []
    for entry, count in sorted(baseline.items()):
        fields = (entry.code, entry.key, entry.path, entry.qualname, str(count))
        rows.append("\t".join(_escaped(field) for field in fields) + "\n")
    return "".join(rows).encode("utf-8", "surrogateescape")


def split(findings: Iterable[Finding], baseline: Mapping[Entry, int]) -> tuple[list[Finding], list[Finding]]:
    """Return (findings that are new, findings that are written down). Of more than are written, the last are new."""
    left = Counter(baseline)
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        entry = Entry.of(finding)
        if left[entry] > 0:
            left[entry] -= 1
            known.append(finding)
        else:
            new.append(finding)
    return new, known


def stale(baseline: Baseline, known: Iterable[Finding], judged: Collection[str]) -> Baseline:
    """Return what is written down and no longer found, among the rules with the codes `judged`, which all ran."""
    rest = Counter({entry: count for entry, count in baseline.items() if entry.code in judged})
    return rest - take(known)


def _escaped(field: str) -> str:
    return "".join(_ESCAPES.get(letter, letter) for letter in field)


def _unescaped(field: str) -> str:
    if "\\" not in field:
        return field
    return re.sub(r"\\([\\tnr])", lambda found: {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}[found[1]], field)
