"""The file of known findings: read before a check, written when a team adopts flaglint, shrunk as it mends them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flaglint.cli.saving import save
from flaglint.cli.session import note
from flaglint.errors import BaselineError, UsageError
from flaglint.lints import baseline as baselines
from flaglint.records import replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.lints.baseline import Baseline
    from flaglint.model import CheckResult


def refuse_partial(paths: Sequence[Path], scope: str, stdin_filename: Path | None) -> None:
    """Raise UsageError when only a part of the project is checked: the rest would fall out of the baseline."""
    if paths or stdin_filename or scope == "file":
        raise UsageError(
            "a baseline is of the whole project", help="leave out the paths, --scope file and --stdin-filename"
        )


def read(settings: Settings, *, wanted: bool) -> Baseline | None:
    """Return the baseline, or None when there is none yet.

    Raises BaselineError when it cannot be read, and UsageError when there is none and somebody `wanted` this one.
    """
    if not settings.baseline:
        return None
    path = settings.root / settings.baseline
    try:
        return baselines.parse(path.read_bytes(), settings.baseline)
    except FileNotFoundError:
        if wanted:
            raise _missing(settings) from None
        return None
    except OSError as error:
        raise BaselineError(f"it cannot be read: {(error.strerror or '').lower()}", path=settings.baseline) from error


def write(settings: Settings, result: CheckResult) -> None:
    """Write down all findings of now, whatever was written before; raises UsageError when no file is named."""
    if not settings.baseline:
        raise UsageError("there is no name for the baseline", help="--baseline FILE gives one")
    taken = baselines.take(result.findings)
    _replace(settings, taken)
    note(f"{_findings(taken.total())} in {settings.baseline} now")


def update(settings: Settings, result: CheckResult, old: Baseline | None) -> CheckResult:
    """Take out of the baseline what is not found any more; return the result without stale entries."""
    if old is None:
        raise _missing(settings)
    found = baselines.take(result.baselined)
    stale = set(result.stale)  # entries of rules that did not run are not judged, and stay
    kept = Counter({entry: found[entry] if str(entry) in stale else count for entry, count in old.items()})
    if stale:
        _replace(settings, +kept)
        note(f"{_findings(old.total() - kept.total())} out of {settings.baseline} now, {kept.total()} left")
    return replace(result, stale=())


def _missing(settings: Settings) -> UsageError:
    return UsageError(f"there is no baseline `{settings.baseline}`", help="--write-baseline creates it")


def _findings(number: int) -> str:
    return "1 finding is" if number == 1 else f"{number} findings are"


def _replace(settings: Settings, taken: Baseline) -> None:
    save(settings.root / settings.baseline, baselines.serialise(taken))
