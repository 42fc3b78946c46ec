"""Folding of `match` on a variation: the cases that can no longer match go, the one that does takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.purity import is_droppable
from flaglint.remove.rope import Cut
from flaglint.remove.step import as_statement
from flaglint.remove.tree import walk
from flaglint.remove.values import literal_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from flaglint.remove.statements import StatementFolder
    from flaglint.remove.values import Known

    Named: TypeAlias = Callable[[cst.BaseExpression], tuple[Any] | None]

_CLASSES: dict[str, type] = {"str": str, "bool": bool, "int": int, "float": float, "dict": dict, "list": list}


@dataclass(frozen=True, slots=True)
class _Case:
    """A case that can still match. `is_sure`: its pattern does; `is_last`: and no guard can send the subject on."""

    node: cst.MatchCase
    is_sure: bool
    is_last: bool
    captured: str = ""


def fold(folder: StatementFolder, node: cst.Match) -> bool:
    """Fold a `match` whose subject is known; return whether a decision was made."""
    subject = folder.evaluator.known(node.subject)
    if subject is None or subject.shape == "details":
        return False
    value = subject.variant if subject.shape == "variant" else subject.value
    left = _remaining(folder, node, value)
    gone = [case for case in node.cases if all(case is not item.node for item in left)]
    if not left:
        return folder.step.remove(node, subject.origins)
    converts = left[-1].is_last or all(item.is_sure for item in left)
    converts = converts and all(item.is_sure and (not item.captured or item.is_last) for item in left)
    if not converts and not gone:
        return False
    if not folder.step.claim(node):
        return True
    for case in gone:
        folder.step.drop(case, subject.origins)
    if not converts:
        drop_cases(folder, node, gone)
    elif left[0].is_last:
        _unwrap(folder, node, left[0], subject)
    else:
        _to_conditional(folder, node, left, subject)
    return True


def _remaining(folder: StatementFolder, node: cst.Match, value: Any) -> list[_Case]:
    left: list[_Case] = []
    for case in node.cases:
        found, captured = _matches(case.pattern, value, folder.evaluator.named)
        if found is False:
            continue
        guard = folder.evaluator.truth(case.guard) if case.guard is not None else None
        if guard is not None and not guard.effects and not guard.is_true:
            continue
        passes = case.guard is None or (guard is not None and not guard.effects and guard.is_true)
        left.append(_Case(case, found is True, found is True and passes, captured))
        if left[-1].is_last:
            break
    return left


def _matches(pattern: cst.MatchPattern, value: Any, named: Named) -> tuple[bool | None, str]:
    """Return whether a pattern matches a value, None when that is not sure, and the name that captures the value."""
    match pattern:
        case cst.MatchValue():
            plain = literal_value(pattern.value) or named(pattern.value)
            return (None, "") if plain is None else (plain[0] == value, "")
        case cst.MatchSingleton():
            plain = literal_value(pattern.value)
            return (None, "") if plain is None else (plain[0] is value, "")
        case cst.MatchOr():
            found = [_matches(item.pattern, value, named) for item in pattern.patterns]
            if any(name for _, name in found):
                return None, ""
            outcomes = [outcome for outcome, _ in found]
            return (True if True in outcomes else None if None in outcomes else False), ""
        case cst.MatchAs():
            name = pattern.name.value if pattern.name is not None else ""
            if pattern.pattern is None:
                return True, name
            found_inside, inner = _matches(pattern.pattern, value, named)
            return (None, "") if inner and name else (found_inside, name or inner)
        case cst.MatchClass(cls=cst.Name(value=name), patterns=[], kwds=[]) if name in _CLASSES:
            return isinstance(value, _CLASSES[name]), ""
        case cst.MatchList() | cst.MatchTuple():
            return (None if isinstance(value, list) else False), ""
        case cst.MatchMapping():
            return (None if isinstance(value, dict) else False), ""
    return None, ""


def _unwrap(folder: StatementFolder, node: cst.Match, case: _Case, subject: Known) -> None:
    before = [f"{case.captured} = {folder.marks.name(subject)}"] if case.captured else []
    folder.step.cuts += folder.layout.unwrap(node, [case.node.body], before=before)


def drop_guarded(folder: StatementFolder, node: cst.Match) -> bool:
    """Take out the cases of an unknown subject that no run reaches, now that guards are known; return whether any were.

    Those are cases whose guard is false, and those behind one with the same pattern, or with one that matches anything,
    whose guard is true.
    """
    left, origins, is_closed = _reached(folder, node)
    gone = [case for case in node.cases if case not in left]
    only = left[0] if len(left) == 1 else None
    if only is not None and _matches_anything(only.pattern) and (is_closed or (gone and only.guard is None)):
        if folder.step.claim(node):
            for case in gone:
                folder.step.drop(case, origins)
            _unwrap_only(folder, node, only)
        return True
    if not gone:
        return False
    if not left:
        if is_droppable(node.subject, folder.evaluator.harmless):
            return folder.step.remove(node, origins)
        if folder.step.claim(node):
            folder.step.drop(node, origins)
            start, end = folder.layout.span(node)
            folder.step.cuts.append(
                Cut(start, end, as_statement(folder.tree.text[slice(*folder.tree.outer(node.subject))]))
            )
        return True
    if folder.step.claim(node):
        for case in gone:
            folder.step.drop(case, origins)
        drop_cases(folder, node, gone)
    return True


def _reached(folder: StatementFolder, node: cst.Match) -> tuple[list[cst.MatchCase], frozenset[int], bool]:
    """Return the cases that a run can reach, the reads that tells, and whether the last of them takes every subject."""
    origins: frozenset[int] = frozenset()
    left: list[cst.MatchCase] = []
    taken: set[str] = set()  # patterns of which no subject gets further
    is_closed = False
    for case in node.cases:
        found = folder.evaluator.truth(case.guard) if case.guard is not None else None
        guard = found if found is not None and not found.effects else None
        source = folder.tree.source(case.pattern)
        if is_closed or source in taken:
            continue
        if guard is not None:
            origins |= guard.origins
            if not guard.is_true and not _captures_escape(folder, case):
                continue
        left.append(case)
        if guard is not None and guard.is_true:
            is_closed = _matches_anything(case.pattern)
            taken.update([source] if _is_literal(case.pattern) else [])
    return left, origins, is_closed


def _matches_anything(pattern: cst.MatchPattern) -> bool:
    """Whether a pattern is `_` or a name that takes the subject."""
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None


def is_decidable(pattern: cst.MatchPattern) -> bool:
    """Whether a pattern matches a literal or does not, whatever else is the case."""
    if isinstance(pattern, cst.MatchOr):
        return all(is_decidable(item.pattern) for item in pattern.patterns)
    if isinstance(pattern, (cst.MatchValue, cst.MatchSingleton)):
        return literal_value(pattern.value) is not None
    return _matches_anything(pattern)


def _is_literal(pattern: cst.MatchPattern) -> bool:
    if isinstance(pattern, cst.MatchOr):
        return all(_is_literal(item.pattern) for item in pattern.patterns)
    return isinstance(pattern, (cst.MatchValue, cst.MatchSingleton))


def _unwrap_only(folder: StatementFolder, node: cst.Match, case: cst.MatchCase) -> None:
    """Leave the body of the only case, which matches anything; the subject is bound by it, or may have to run."""
    assert isinstance(case.pattern, cst.MatchAs)
    subject = folder.tree.text[slice(*folder.tree.outer(node.subject))]
    before = [] if is_droppable(node.subject, folder.evaluator.harmless) else [as_statement(subject)]
    if case.pattern.name is not None:
        before = [f"{case.pattern.name.value} = {subject}"]
    folder.step.cuts += folder.layout.unwrap(node, [case.body], before=before)


def _captures_escape(folder: StatementFolder, case: cst.MatchCase) -> bool:
    """Whether a name that the pattern binds, before the guard is asked, is used outside of the case.

    What another case does with the name that its own pattern binds is no such use.
    """
    names = _bound_by(case.pattern)
    if not names:
        return False
    whole = folder.tree.parent(case)
    inside = set(walk(case))
    own: dict[str, set[cst.CSTNode]] = {name: set() for name in names}
    for other in whole.cases if isinstance(whole, cst.Match) else ():
        for name in names & _bound_by(other.pattern):
            own[name].update(walk(other))
    around = folder.tree.enclosing(case, cst.FunctionDef) or folder.tree.module
    return any(
        isinstance(item, cst.Name) and item.value in names and item not in inside and item not in own[item.value]
        for item in walk(around)
    )


def _bound_by(pattern: cst.MatchPattern) -> set[str]:
    """Return the names that a pattern binds."""
    found = (
        item.rest if isinstance(item, cst.MatchMapping) else item.name
        for item in walk(pattern)
        if isinstance(item, (cst.MatchAs, cst.MatchStar, cst.MatchMapping))
    )
    return {name.value for name in found if name is not None}


def drop_cases(folder: StatementFolder, node: cst.Match, gone: Sequence[cst.MatchCase]) -> None:
    """Take cases out of a `match` that keeps others."""
    left = set(gone)
    for first, case in enumerate(node.cases):
        if case in left and not (first and node.cases[first - 1] in left):
            last = next(
                (index for index in range(first, len(node.cases)) if node.cases[index] not in left), len(node.cases)
            )
            following = node.cases[last] if last < len(node.cases) else None
            folder.step.cuts += folder.step.clause_cuts_to(case, following, last=node.cases[last - 1])


def _to_conditional(folder: StatementFolder, node: cst.Match, left: Sequence[_Case], subject: Known) -> None:
    """Turn cases that surely match but for their guards into `if`, `elif` and `else`."""
    layout, lines = folder.layout, folder.layout.lines
    outer = lines.indent(layout.first_line(node))
    inner = lines.indent(layout.first_line(left[0].node))
    position = lines.start(layout.first_line(node))
    for number, case in enumerate(left):
        first = layout.first_line(case.node)
        top = layout.comments_above(first) if number else first
        last = layout.deeper_comments(lines.number(layout.span(case.node)[1] - 1), len(inner.expandtabs(8)))
        folder.step.cuts.append(Cut(position, lines.start(top)))
        start = layout.span(case.node)[0]
        if case.is_last:
            if case.captured:
                source = f"{case.captured} = {folder.marks.name(subject)}"
                _begin(folder, case.node.body, source, inner, outer)
            end = (
                folder.tree.outer(case.node.guard)[1]
                if case.node.guard is not None
                else _pattern_end(folder, case.node)
            )
            folder.step.cuts.append(Cut(start, end + layout.base, "else"))
        else:
            assert case.node.guard is not None
            word = "elif " if number else "if "
            folder.step.cuts.append(Cut(start, folder.tree.outer(case.node.guard)[0] + layout.base, word))
        folder.step.cuts += layout.shift(top, last, inner, outer)
        position = lines.end(last)
    end = lines.end(layout.last_line(node))
    if position < end:
        folder.step.cuts.append(Cut(position, end))


def _begin(folder: StatementFolder, suite: cst.BaseSuite, source: str, inner: str, outer: str) -> None:
    lines = folder.layout.lines
    if isinstance(suite, cst.IndentedBlock):
        first = lines.start(folder.layout.suite_start(suite))
        indent = lines.indent(folder.layout.first_line(suite.body[0])).removeprefix(inner)
        folder.step.cuts.append(Cut(first, first, f"{outer}{indent}{source}{lines.newline}"))


def _pattern_end(folder: StatementFolder, case: cst.MatchCase) -> int:
    return folder.tree.outer(case.pattern)[1]
