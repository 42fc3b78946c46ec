"""Which rules run, where, and how severe they are: one decision per rule, with its reason."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from flaglint.config import from_root
from flaglint.lints import catalogue
from flaglint.source.ignore import matcher
from flaglint.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flaglint.config import Settings
    from flaglint.lints.catalogue import Entry
    from flaglint.lints.rule import Rule
    from flaglint.model import Severity

_WHOLE = 99  # how specific a code or a name is, against the length of a prefix


class Decision(NamedTuple):
    """Whether a rule runs, and why."""

    selected: bool
    reason: str


def specificity(selector: str, entry: Entry) -> int:
    """Return how exactly `selector` names the rule: 0 is not at all, a longer prefix is more, code or name is most."""
    wanted = selector.strip()
    if wanted.lower() in {entry.code.lower(), entry.name}:
        return _WHOLE
    if wanted.upper() == "ALL":
        return 1
    prefix = wanted.upper()
    return len(prefix) if prefix.startswith("FLG") and entry.code.startswith(prefix) else 0


def decide(entry: Entry, *, enabled: bool, select: Iterable[str], ignore: Iterable[str]) -> Decision:
    """Decide on one rule: the most exact selector wins, `ignore` where two are equally exact.

    A rule that is not `enabled` is opt-in: `FLG1` does not select it, its code, its name and `ALL` do, and so does
    the prefix of a band that has no other rules (`FLG5`).
    """
    chosen = _best(select, entry)
    dropped = _best(ignore, entry)
    if not chosen:
        return Decision(selected=False, reason="not selected")
    selector, exact = chosen
    if dropped and dropped[1] >= exact:
        return Decision(selected=False, reason=f"ignored by `{dropped[0]}`")
    if not enabled and exact != _WHOLE and selector.upper() != "ALL" and not _is_opt_in_band(selector):
        return Decision(selected=False, reason=f"opt-in: select `{entry.code}` to run it")
    return Decision(selected=True, reason=f"selected by `{selector}`")


def select_rules(settings: Settings) -> tuple[tuple[Entry, Decision], ...]:
    """Decide on every rule there is, by code.

    Raises `ConfigError` with a suggestion for a selector that names none. `extend-select` wins over `ignore` where it
    is at least as exact.
    """
    for option in ("select", "ignore", "extend-select"):
        for index, selector in enumerate(getattr(settings, option.replace("-", "_"))):
            require_known(settings, selector, option, index)
    chosen = (*settings.select, *settings.extend_select)
    decisions = []
    for entry in catalogue.entries():
        enabled = entry.code not in catalogue.OPT_IN
        extended = _best(settings.extend_select, entry)
        kept = [given for given in settings.ignore if not extended or specificity(given, entry) > extended[1]]
        decisions.append((entry, decide(entry, enabled=enabled, select=chosen, ignore=kept)))
    return tuple(decisions)


def require_known(settings: Settings, selector: str, *keys: str | int) -> None:
    """Raise `ConfigError`, with the place of `keys` in the configuration, when `selector` names no rule."""
    if catalogue.matching(selector):
        return
    raise settings.error(
        f"`{selector}` in `{keys[0]}` names no rule",
        *keys,
        help=did_you_mean(catalogue.suggestion(selector), "`flaglint rule` lists the rules"),
    )


def severities(settings: Settings) -> dict[str, Severity]:
    """Return the severities that the configuration sets, by code; raises `ConfigError` for an unknown rule."""
    found: dict[str, tuple[int, Severity]] = {}
    for selector, severity in settings.severity.items():
        require_known(settings, selector, "severity", selector)
        for entry in catalogue.matching(selector):
            exact = specificity(selector, entry)
            if exact > found.get(entry.code, (0,))[0]:
                found[entry.code] = (exact, severity)
    return {code: severity for code, (_, severity) in found.items()}


def effective(rule: Rule, own: Severity, configured: Mapping[str, Severity]) -> Severity:
    """Return the severity to report: a finding that its rule marked down stays below what is configured."""
    severity = configured.get(rule.code)
    if severity is None:
        return own
    return severity if own == rule.severity else min(own, severity)


def file_ignores(settings: Settings) -> Callable[[str], frozenset[str]]:
    """Return a function from a path to the codes that are ignored in that file."""
    rows = []
    for glob, selectors in settings.per_file_ignores.items():
        for index, selector in enumerate(selectors):
            require_known(settings, selector, "per-file-ignores", glob, index)
        codes = frozenset(entry.code for selector in selectors for entry in catalogue.matching(selector))
        rows.append((matcher([from_root(glob)]), codes))

    @cache
    def ignored(path: str) -> frozenset[str]:
        return frozenset[str]().union(*(codes for matches, codes in rows if matches(path)))

    return ignored


def _best(selectors: Iterable[str], entry: Entry) -> tuple[str, int] | None:
    found = [(selector, exact) for selector in selectors if (exact := specificity(selector, entry))]
    return max(found, key=lambda pair: pair[1], default=None)


def _is_opt_in_band(selector: str) -> bool:
    return all(entry.code in catalogue.OPT_IN for entry in catalogue.matching(selector))
