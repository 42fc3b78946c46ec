"""Checks of a plan before anything is written: what a removal promises is held against what came out.

Every new file parses, and compiles where the old one did. Nothing is undefined that was defined before. No read is
left but those that were refused, and a second run changes nothing; these two need the recogniser, which is given.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from flaglint.model import Kind, Literal, OneOf
from flaglint.records import replace
from flaglint.remove.computing import computing_places
from flaglint.remove.cst import SyntaxProblem
from flaglint.remove.cst.parsing import parse_module
from flaglint.remove.lines import Lines
from flaglint.remove.methods import class_in, methods_in
from flaglint.remove.oracle import Pin, disagreements
from flaglint.remove.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from flaglint.model import Reference
    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.outcome import Plan
    from flaglint.remove.sources import Sources

    _Method: TypeAlias = tuple[str, str]  # the name of its class, and its text
    Recognise: TypeAlias = Callable[[Mapping[str, bytes]], Iterable[Reference]]


_IN_LINE = re.compile(r"[^\r\n]+")


def syntax_problem(engine: FileEngine) -> str:
    """Return what is wrong with the new text of a Python file, or nothing."""
    path, before, after = engine.path, engine.draft.rope.original, engine.draft.text
    if _compiles_now(engine):
        return ""
    try:  # perhaps it is for another version of Python
        parse_module(after)
    except SyntaxProblem as problem:
        if isinstance(problem.__cause__, RecursionError):
            return "its expressions nest too deeply to be checked"
        where = f"line {problem.line}" if problem.line is not None else str(problem)
        return f"it does not parse any more: {where}"
    if compiles(path, before):
        return "it does not compile any more"
    return ""


def _compiles_now(engine: FileEngine) -> bool:
    """Whether a file compiles as it is now.

    One that did so before is not compiled as a whole again, but only the top-level statements that are new; each one
    has to end where the next begins: several plans for a large file have it compiled once.
    """
    path, draft = engine.path, engine.draft
    stretches = draft.stretches()
    fresh = [item for item in stretches if item.text not in draft.original_texts]
    are_lines = all(item.text.endswith("\n") for item in stretches[:-1])  # the last of before may stand elsewhere now
    if not are_lines or not compiles(path, draft.rope.original):
        return compiles(path, draft.text)
    return all(compiles(path, item.text) for item in fresh)


def disputed(engine: FileEngine) -> list[str]:
    """Return the functions of a file on whose meaning the second opinion does not agree."""
    places, now = _places(engine.draft.rope.original), _places(engine.draft.text)
    pins = [
        Pin(*places(*place), known.value if known is not None else None, is_opaque=known is None)
        for place, known in engine.facts.items()
    ]
    stand = [place for at in engine.others if (place := engine.draft.rope.stretch(*at)) is not None]
    texts = _differing(engine)
    harmless = (*engine.others, *engine.asked)
    known = frozenset(places(*place) for place in harmless), frozenset(now(*place) for place in stand)
    if not disagreements(*texts, pins, known):
        return []
    # Which functions only compute is asked where it matters: each is read for it, with those that it calls.
    also = (
        frozenset(places(*place) for place in computing_places(engine, original=True)),
        frozenset(now(*place) for place in computing_places(engine, original=False)),
    )
    return disagreements(*texts, pins, (known[0] | also[0], known[1] | also[1])) or []


def _differing(engine: FileEngine) -> tuple[str, str]:
    """Return a file before and after with every statement blank that is the same in both, each on the lines it has.

    Of a long class that changed, the methods that did not are left out. Where the interpreter does not read the file
    as it is now, nothing is.
    """
    draft = engine.draft
    if not _compiles_now(engine):
        return draft.rope.original, draft.text
    now = frozenset(stretch.text for stretch in draft.stretches())
    pinned = sorted(start for start, _ in engine.facts)
    same = now & draft.original_texts
    same -= {stretch.text for start in pinned if (stretch := draft.original_at(start)) is not None}
    methods = _methods_of(draft.original, same, pinned)
    known = _methods_of(draft.stretches(), same)
    methods = Counter({method: count for method, count in methods.items() if known[method] == count})
    return _blanked(draft.original, same, methods), _blanked(draft.stretches(), same, methods)


def _methods_of(stretches: Iterable[Stretch], same: Collection[str], pinned: Sequence[int] = ()) -> Counter[_Method]:
    """Return how often each method stands in the classes among some stretches, those with something pinned left out."""
    found: Counter[_Method] = Counter()
    out: set[_Method] = set()
    for item in stretches:
        name = class_in(item.text) if item.text not in same else ""
        for unit in methods_in(item.text) if name else ():
            method = name, item.text[unit.start : unit.end]
            found[method] += 1
            first = bisect_left(pinned, item.base + unit.start)
            if first < len(pinned) and pinned[first] < item.base + unit.end:
                out.add(method)
    return Counter({method: count for method, count in found.items() if method not in out})


def _blanked(stretches: Iterable[Stretch], same: Collection[str], methods: Container[_Method]) -> str:
    pieces = []
    for item in stretches:
        if item.text in same:
            pieces.append(_IN_LINE.sub("", item.text))
            continue
        position = 0
        name = class_in(item.text)
        for unit in methods_in(item.text) if name else ():
            source = item.text[unit.start : unit.end]
            if (name, source) in methods:
                pieces += [item.text[position : unit.start], f"{unit.indent}pass", _IN_LINE.sub("", source)]
                position = unit.end
        pieces.append(item.text[position:])
    return "".join(pieces)


def _places(text: str) -> Callable[[int, int], tuple[int, int, int, int]]:
    """Return what turns a stretch of a text into the line and column, in UTF-8 bytes, of its two ends."""
    lines = Lines(text)

    def place(offset: int) -> tuple[int, int]:
        number = lines.number(offset)
        return number + 1, len(text[lines.start(number) : offset].encode())

    return lambda start, end: (*place(start), *place(end))


@lru_cache(maxsize=64)
def compiles(path: str, text: str) -> bool:
    """Whether this interpreter compiles a text. Nothing in it is run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def remaining_problems(
    made: Plan, sources: Sources, references: Sequence[Reference], recognise: Recognise, *, keep_public: bool
) -> list[str]:
    """Return what is wrong with a plan as a whole: reads that are left, or changes that a second run would make.

    `references` are those of the files as they were; `recognise` finds them in the changed files, by path.
    """
    from flaglint.remove.plan import plan

    changed = {change.path: change.after for change in made.changes}
    if not changed:
        return []
    now = _as_refused(made, sources, sources.changed(changed), tuple(recognise(changed)))
    left = [item for item in now if _reads(item, made)]
    allowed = [item for item in made.reads if item.status is Status.REFUSED or item.code == "wrapper-kept"]
    allowed = [item for item in allowed if item.reference.span.path in changed]
    problems = []
    if len(left) > len(allowed):
        places = ", ".join(str(item.span) for item in left[:5])
        problems.append(f"{len(left)} reads are left in the changed files, {len(allowed)} were refused: {places}")
    others = tuple(item for item in references if item.span.path not in changed)
    second = plan(sources.changed(changed), (*others, *now), made.pins, keep_public=keep_public)
    if second.changes:
        problems.append(f"a second run would change {second.changes[0].path} again")
    return problems


def _as_refused(made: Plan, before: Sources, after: Sources, now: tuple[Reference, ...]) -> tuple[Reference, ...]:
    """Give reads that were refused, as one of several keys, the keys that they had: a file alone may tell of one only.

    Which keys subclasses set for what a class reads, say, is known when the whole project is read.
    """
    unsure: dict[tuple[str, str], list[Reference]] = {}
    for item in made.reads:
        if item.status is Status.REFUSED and isinstance(item.reference.key, OneOf):
            unsure.setdefault((item.reference.span.path, _spelled(before, item.reference)), []).append(item.reference)
    if not unsure:
        return now
    seen = []
    for reference in now:
        is_sure = reference.kind is Kind.READ and isinstance(reference.key, Literal)
        known = unsure.get((reference.span.path, _spelled(after, reference))) if is_sure else None
        seen.append(replace(known.pop(0), span=reference.span) if known else reference)
    return tuple(seen)


def _spelled(sources: Sources, reference: Reference) -> str:
    text = sources.text(reference.span.path)
    return text.text[text.offset(reference.span.start) : text.offset(reference.span.end)] if text is not None else ""


def _reads(reference: Reference, made: Plan) -> bool:
    return reference.kind is Kind.READ and isinstance(reference.key, Literal) and reference.key.key in made.pins
