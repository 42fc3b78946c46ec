"""When flags were last evaluated: what services recorded with our own evaluator, and what vendors export.

A vendor's file is JSON or CSV with the key of each flag and the time of its last evaluation. The names of the two
fields are those that vendors use; a flag without a time was never evaluated as far as the vendor knows.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flaglint.errors import UsageError
from flaglint.evaluator.usage import Usage, read_usage
from flaglint.lints.traffic import Traffic
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# Compared without case, `_`, `-` and blanks. The order tells which field is meant where a record has several.
_KEYS = ("flagkey", "featurekey", "key", "flag", "flagname", "featurename", "feature", "name")
_TIMES = (
    "lastevaluated", "lastevaluatedat", "lastevaluation", "lastrequested", "lastrequestedat", "lastseenat", "lastseen",
    "lastusedat", "lastused", "lastcalledat",
)  # fmt: skip
_LISTS = ("items", "flags", "features", "data", "results", "toggles")
_MILLISECONDS = 10_000_000_000  # seconds would be after the year 2286
_EXAMPLE = '[{"key": "release-checkout", "last_evaluated": "2026-11-01T09:00:00Z"}]'


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of evaluations: of our own recorders, and by key what vendors say (None: never)."""

    traffic: Traffic | None = None
    vendors: Mapping[str, datetime | None] = field(default_factory=dict)
    days: int = 30

    def last(self, key: str) -> date | None:
        """Return the day of the last evaluation that anybody knows of."""
        recorded = self.traffic.usage.last_evaluated(key) if self.traffic is not None else None
        days = [datetime.fromtimestamp(recorded, UTC)] if recorded is not None else []
        if (told := self.vendors.get(key)) is not None:
            days.append(told)
        return max(days).date() if days else None

    def words(self, key: str) -> str:
        """Return the evidence in words; empty where nobody recorded anything that tells."""
        last = self.last(key)
        if last is not None:
            return f"last evaluated on {last}"
        if self.traffic is not None and (silence := self.traffic.silence(key)):
            return silence.removeprefix("; ")
        return "never evaluated, says the usage file" if key in self.vendors else ""

    def is_quiet(self, key: str, today: date) -> bool:
        """Whether the flag was not evaluated for as many days as count."""
        last = self.last(key)
        if last is not None:
            is_told = key in self.vendors or (self.traffic is not None and bool(self.traffic.silence(key)))
            return is_told and (today - last).days >= self.days
        return key in self.vendors or (self.traffic is not None and bool(self.traffic.silence(key)))


def read_evidence(places: Sequence[Path], now: float, days: int) -> Evidence:
    """Return what folders of records and files of vendors tell; `now` is in UTC seconds.

    Raises UsageError, with the line where there is one, for a file that is neither.
    """
    own = [place for place in places if place.is_dir() or _is_record(place)]
    vendors: dict[str, datetime | None] = {}
    for place in places:
        if place in own:
            continue
        for key, moment in _vendor_file(place):
            before = vendors.get(key)
            vendors[key] = max(before, moment) if before is not None and moment is not None else before or moment
    usage = read_usage(*own) if own else Usage({})
    return Evidence(Traffic(usage, now, days) if own else None, vendors, days)


def _is_record(place: Path) -> bool:
    """Whether a file was written by our own recorder."""
    if place.suffix.lower() != ".json":
        return False
    try:
        data = json.loads(place.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and {"version", "started", "written", "flags"} <= data.keys()


def _vendor_file(place: Path) -> Iterator[tuple[str, datetime | None]]:
    try:
        text = place.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"the usage file cannot be read: {reason}", path=str(place)) from error
    except UnicodeDecodeError as error:
        raise UsageError("the usage file is not valid UTF-8", path=str(place)) from error
    yield from _from_csv(text, place) if place.suffix.lower() in {".csv", ".tsv"} else _from_json(text, place)


def _from_csv(text: str, place: Path) -> Iterator[tuple[str, datetime | None]]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    try:
        for row in rows:
            # What stands beyond the last column has no name.
            yield _pair({str(name): value for name, value in row.items() if name}, place, line=rows.line_num)
    except csv.Error as error:
        raise UsageError(f"not valid CSV: {error}", path=str(place), line=rows.line_num) from error


def _from_json(text: str, place: Path) -> Iterator[tuple[str, datetime | None]]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"not valid JSON: {error.msg.lower()}", path=str(place), line=error.lineno, column=error.colno
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError("not valid JSON", path=str(place)) from error
    yield from (_pair(record, place) for record in _records(data, place))


def _records(data: Any, place: Path) -> Iterable[Mapping[str, Any]]:
    if isinstance(data, dict):
        inner = next((data[name] for name in _LISTS if isinstance(data.get(name), list | dict)), None)
        if inner is not None:
            return _records(inner, place)
        return [
            {**value, "flagkey": key} if isinstance(value, dict) else {"flagkey": key, "lastevaluated": value}
            for key, value in data.items()
        ]
    if isinstance(data, list) and all(isinstance(item, dict) for item in data):
        return data
    raise UsageError("the usage file is no list of flags", path=str(place), help=f"write it as {_EXAMPLE}")


def _pair(record: Mapping[str, Any], place: Path, *, line: int = 0) -> tuple[str, datetime | None]:
    """Return the key and the last evaluation that a record tells."""
    fields = {_folded(name): value for name, value in record.items()}
    key = _launchdarkly_key(record) or next((fields[name] for name in _KEYS if fields.get(name)), None)
    has_time = any(name in fields for name in _TIMES)
    if not isinstance(key, str) or not has_time:
        missing = "the time of the last evaluation" if isinstance(key, str) else "the key of the flag"
        raise UsageError(
            f"a record of the usage file lacks {missing}",
            path=str(place),
            line=line,
            help=f"write it as {_EXAMPLE}, or as CSV with the columns key and last_evaluated",
        )
    times = [moment for name in _TIMES if (moment := _moment(fields.get(name), place, line)) is not None]
    environments = record.get("environments")
    for inner in environments if isinstance(environments, list) else ():
        if isinstance(inner, dict):  # Unleash tells it for each environment, too
            found = (_moment(value, place, line) for name, value in inner.items() if _folded(name) in _TIMES)
            times += [moment for moment in found if moment is not None]
    return key, max(times, default=None)


def _launchdarkly_key(record: Mapping[str, Any]) -> str:
    """Return the key of an entry of LaunchDarkly's flag statuses: `name` is its status, its link ends in the key."""
    links = record.get("_links")
    target = links.get("self") if isinstance(links, dict) else None
    address = str(target.get("href", "")) if isinstance(target, dict) else ""
    return address.rstrip("/").rpartition("/")[2] if "/flag-statuses/" in address else ""


def _folded(name: object) -> str:
    return "".join(letter for letter in str(name).lower() if letter.isalnum())


def _moment(value: Any, place: Path, line: int) -> datetime | None:
    """Return a time in UTC: ISO 8601 (UTC without an offset), or seconds or milliseconds since the epoch."""
    if value is None or (isinstance(value, str) and value.strip().lower() in {"", "null", "none", "never", "n/a", "-"}):
        return None
    try:
        text = value.strip() if isinstance(value, str) else value
        if isinstance(text, str) and not text.replace(".", "", 1).isdigit():
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        number = float("no time" if isinstance(value, bool) else text)
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise UsageError(
            f"`{value}` is no time", path=str(place), line=line, help="write it as 2026-11-01T09:00:00Z"
        ) from error
