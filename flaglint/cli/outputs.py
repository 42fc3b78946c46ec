"""`--output-format FORMAT[:FILE]`: which formats go where."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.cli.saving import save
from flaglint.cli.session import out, use_color
from flaglint.errors import UsageError
from flaglint.records import dataclass, replace
from flaglint.render import FORMATS, render
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flaglint.config import Settings
    from flaglint.model import CheckResult
    from flaglint.pipeline import Analysis

_DEFAULT = "full"
_ESCAPED, _BACKSLASHED = re.compile(r"([\\\s*?\[\]!#])"), r"\\\1"


@dataclass(frozen=True, slots=True)
class Target:
    """A format, and the file that it goes to; None is stdout."""

    form: str
    file: Path | None = None


def parse(given: Sequence[str]) -> tuple[Target, ...]:
    """Return what `FORMAT[:FILE]` options ask for; raises UsageError for an unknown format or two on stdout."""
    targets = []
    for text in given or (_DEFAULT,):
        form, _, file = text.partition(":")
        if form not in FORMATS:
            raise UsageError(
                f"no output format `{form}`",
                help=did_you_mean(nearest(form, FORMATS), f"one of {', '.join(FORMATS)}"),
            )
        targets.append(Target(form, Path(file) if file not in {"", "-"} else None))
    if sum(target.file is None for target in targets) > 1:
        raise UsageError("two output formats cannot share stdout", help="give one a file, such as sarif:flaglint.sarif")
    paths = [target.file for target in targets if target.file is not None and not _is_device(target.file)]
    for index, path in enumerate(paths):
        if path.resolve() in {other.resolve() for other in paths[:index]}:
            raise UsageError(f"two output formats cannot share {path}", help="give each a file of its own")
    return tuple(targets)


def _is_device(file: Path) -> bool:
    """Whether it is no regular file, such as /dev/stderr: what is written there takes the place of nothing."""
    return file.exists() and not file.is_file()


def left_out(settings: Settings, targets: Sequence[Target]) -> Settings:
    """Return the settings with the files that are about to be written excluded."""
    return without(settings, [target.file for target in targets if target.file is not None])


def without(settings: Settings, paths: Iterable[Path]) -> Settings:
    """Return the settings with some files and folders excluded.

    A report of the run before names flags, and so does what a vendor exports: that is no use of them.
    """
    files = [path.resolve() for path in paths]
    inside = [file.relative_to(settings.root).as_posix() for file in files if file.is_relative_to(settings.root)]
    return replace(settings, exclude=(*settings.exclude, *(f"/{_ESCAPED.sub(_BACKSLASHED, path)}" for path in inside)))


def write(targets: Sequence[Target], result: CheckResult, analysis: Analysis, *, statistics: bool) -> None:
    """Write the findings in each format; the files first, so that a closed pipe does not lose them.

    Raises OutputError when a file cannot be written.
    """
    for target in sorted(targets, key=lambda target: target.file is None):
        if target.file is None and statistics:
            out(_statistics(result), newline=False)
        elif target.file is None:
            out(_rendered(target.form, result, analysis, color=use_color(sys.stdout)), newline=False)
        else:
            save(target.file, _rendered(target.form, result, analysis, color=False))


def _rendered(form: str, result: CheckResult, analysis: Analysis, *, color: bool) -> str:
    return render(form, result, analysis.settings, analysis.read_text, color=color)


def _statistics(result: CheckResult) -> str:
    from flaglint.lints import catalogue

    counts = Counter(finding.code for finding in result.findings)
    names = {entry.code: entry.name for entry in catalogue.entries()}
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:6}  {code}  {names[code]}\n" for code, count in ordered)
