"""Running the rules: select, run, drop what files ignore, hide what is suppressed, set aside the baseline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from flaglint.lints import catalogue
from flaglint.lints.selection import effective, file_ignores, select_rules, severities
from flaglint.model import CheckResult, FileCounts
from flaglint.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import date

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.lints.baseline import Baseline
    from flaglint.lints.rule import Rule, Scope
    from flaglint.lints.suppressions import Suppression
    from flaglint.model import Finding, Reference, Severity

_MARK = b"flaglint:"
_SUPPRESSIONS = "suppressions"
_NOT_SPELLED_HERE = "spelled-elsewhere"
_COMPARES_WITH_DEFINITIONS = "FLG2"
_NO_DEFINITIONS = "no registry and no declarations in Python: FLG2, the rules that compare code with them, did not run"
_NONE_READ = "nothing could be read of the registry: FLG2, the rules that compare code with it, did not run"


def active_rules(settings: Settings, scope: Scope, *, registry: bool = True) -> tuple[Rule, ...]:
    """Return the rules that a run of this scope will run, by code; raises `ConfigError` for a selector of none.

    Without `registry` no registry file is checked, so what can only be found there is left out.
    """
    rules = []
    for entry, decision in select_rules(settings):
        if not decision.selected or (scope == "file" and entry.code in catalogue.PROJECT_SCOPED):
            continue
        if not registry and entry.code in catalogue.REGISTRY_ONLY:
            continue
        rule = entry.load()
        if scope == "project" or rule.scope == "file":
            rules.append(rule)
    return tuple(rules)


def needs(settings: Settings, scope: Scope) -> frozenset[str]:
    """Return what the pipeline must compute besides references and registry: the union of what the rules need."""
    return frozenset(need for rule in active_rules(settings, scope) for need in rule.needs)


def check(
    graph: FlagGraph,
    settings: Settings,
    *,
    read_text: Callable[[str], bytes | None],
    now: float,
    paths: Collection[str] | None = None,
    commented: Iterable[str] = (),
    files: FileCounts = FileCounts(),  # noqa: B008 - frozen
    baseline: Baseline | None = None,
    provided: Mapping[str, object] | None = None,
) -> CheckResult:
    """Run the selected rules over the graph and return what stands, what was hidden, and what was not looked at.

    `read_text` returns the bytes of a project file, or None. `now` is in UTC seconds. With `paths`, only findings in
    those files are reported. `commented` are the files whose bytes hold `flaglint:`, to judge their suppressions;
    those with findings are looked at in any case. `provided` holds what the pipeline computed for `needs`.
    """
    today = datetime.fromtimestamp(now, UTC).date()
    given: dict[str, object] = {
        "today": today,
        "read_text": read_text,
        "reported": lambda path: paths is None or path in paths,
        **(provided or {}),
    }
    rules = active_rules(
        settings, graph.scope, registry=paths is None or not set(graph.registry.paths).isdisjoint(paths)
    )
    admission = _Admission(paths, file_ignores(settings), severities(settings), graph.is_elsewhere)
    ran = _run(graph, settings, [rule for rule in rules if _SUPPRESSIONS not in rule.needs], given, admission)

    looked_at = {finding.primary.path for finding in ran.findings}
    looked_at.update(path for path in commented if paths is None or path in paths)
    comments = _comments(looked_at, read_text)
    # Without the clock no snooze is over: no commit fails because a date passed.
    clock = today if graph.scope == "project" else None
    found, hidden = _hide(_in_order(ran.findings), comments, clock)

    judged = {"suppressions": comments, "ran": lambda path: ran.codes - admission.ignored(path), "clock": clock}
    verdicts = _run(graph, settings, [rule for rule in rules if _SUPPRESSIONS in rule.needs], judged, admission)
    judgements, forgiven = _hide(verdicts.findings, comments, clock)

    new = _in_order([*found, *judgements])
    known: list[Finding] = []
    stale: tuple[str, ...] = ()
    if baseline:
        from flaglint.lints import baseline as baselines

        new, known = baselines.split(new, baseline)
        gone = baselines.stale(baseline, known, ran.codes | verdicts.codes) if paths is None else {}
        stale = tuple(str(entry) for entry in sorted(gone))
    # A hook is quiet when there is nothing to mend.
    notes = [note for note in ran.notes if note not in {_NO_DEFINITIONS, _NONE_READ} or graph.scope == "project"]
    return CheckResult(
        findings=tuple(new),
        suppressed=tuple(_in_order([*hidden, *forgiven])),
        baselined=tuple(known),
        files=files,
        skipped=graph.skipped,
        notes=tuple(notes),
        stale=stale,
    )


def _comments(paths: Iterable[str], read_text: Callable[[str], bytes | None]) -> list[Suppression]:
    """Return the suppressions in these files; most have none, and then nothing more is imported."""
    found: list[Suppression] = []
    for path in sorted(paths):
        data = read_text(path)
        if data is not None and (_MARK in data or b"\0" in data):  # null bytes: it may be UTF-16
            from flaglint.lints.suppressions import in_file

            found += in_file(path, data)
    return found


def _hide(
    findings: list[Finding], comments: list[Suppression], clock: date | None
) -> tuple[list[Finding], list[Finding]]:
    if not comments:
        return findings, []
    from flaglint.lints.suppressions import split

    return split(findings, comments, clock)


class _Admission(NamedTuple):
    """Which findings are reported at all, and how severe they are."""

    paths: Collection[str] | None
    ignored: Callable[[str], frozenset[str]]
    severities: Mapping[str, Severity]
    is_elsewhere: Callable[[str], bool]

    def admit(self, rule: Rule, findings: Iterable[Finding]) -> Iterator[Finding]:
        for finding in findings:
            path = finding.primary.path
            if self.is_elsewhere(path):
                continue  # what is wrong in another repository, a run there says
            if (self.paths is None or path in self.paths) and rule.code not in self.ignored(path):
                severity = effective(rule, finding.severity, self.severities)
                yield finding if severity == finding.severity else replace(finding, severity=severity)


class _Ran:
    """The rules that really ran, and what they said."""

    def __init__(self) -> None:
        self.codes: set[str] = set()
        self.findings: list[Finding] = []
        self.notes: list[str] = []


def _run(
    graph: FlagGraph, settings: Settings, rules: Iterable[Rule], given: Mapping[str, object], admission: _Admission
) -> _Ran:
    ran = _Ran()
    spelled = _spelled(graph)
    for rule in rules:
        notes: list[str] = []
        if rule.code.startswith(_COMPARES_WITH_DEFINITIONS) and not graph.has_definitions:
            notes.append(_NONE_READ if graph.registry.paths else _NO_DEFINITIONS)
        else:
            handed = {need: given[need] for need in rule.needs if need in given}
            if "notes" in rule.needs:
                handed["notes"] = notes
            looked_at = spelled if rule.scope == "file" else graph
            ran.findings += admission.admit(rule, rule.run(looked_at, settings, **handed))
        if not notes:  # else it withheld its judgement, and its suppressions and baseline entries are not judged
            ran.codes.add(rule.code)
        ran.notes += [note for note in notes if note not in ran.notes]
    return ran


def _spelled(graph: FlagGraph) -> FlagGraph:
    """Return the graph without the calls of wrappers that hold the key themselves.

    Nothing in the file of such a call spells the key, so a run on that file alone does not find it; what is wrong with
    the key is said where the wrapper reads it.
    """

    def kept(references: tuple[Reference, ...]) -> tuple[Reference, ...]:
        return tuple(ref for ref in references if _NOT_SPELLED_HERE not in ref.traits)

    references = kept(graph.references)
    if len(references) == len(graph.references):
        return graph
    return replace(
        graph,
        references=references,
        by_key={key: left for key, found in graph.by_key.items() if (left := kept(found))},
        by_path={path: left for path, found in graph.by_path.items() if (left := kept(found))},
        dynamic=kept(graph.dynamic),
    )


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda one: (one.primary, one.code, one.key, one.message))
