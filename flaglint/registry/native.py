"""The native format: one or several YAML files that are read together as one registry."""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING

from flaglint.definition import Flag, Registry, Segment, Tombstone
from flaglint.errors import RegistryError
from flaglint.records import dataclass, field, replace
from flaglint.registry.conditions import ConditionReader
from flaglint.registry.flags import FlagReader
from flaglint.registry.graph import check_needs, check_segments, duplicate_flag
from flaglint.registry.header import FIELDS, Header, read_header
from flaglint.registry.nodes import MappingNode, ScalarNode
from flaglint.registry.reading import Reader
from flaglint.registry.rescue import rescued_flags
from flaglint.registry.rules import UNKNOWN_SEGMENT, RuleReader
from flaglint.registry.scalars import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flaglint.definition import Problem
    from flaglint.registry.formats import Source
    from flaglint.registry.nodes import Node, Tree

_REQUIRED = {"version": "begin the file with `version: 1`"}
_MAPS = ("attributes", "segments", "flags", "removed")
_TOMBSTONE_FIELDS = ("date", "issue")


def recognise(tree: Tree) -> bool:
    """Whether a file says `version: 1`, as every native one must; with `features`, it is that of another system."""
    root = tree.root
    version = root.get("version") if isinstance(root, MappingNode) and root.get("features") is None else None
    return isinstance(version, ScalarNode) and not version.style and version.text == "1"


@dataclass(slots=True)
class _File:
    """One file on its way: the nodes of its top-level fields, then its flags."""

    tree: Tree
    reader: Reader
    fields: dict[str, tuple[ScalarNode, Node]]
    flags: list[Flag] = field(default_factory=list)


def read(sources: Sequence[Source]) -> Registry:
    """Return the registry that the files make together. Raises RegistryError for a file that is no mapping."""
    files = [_open(source.tree) for source in sources]
    header = read_header([(file.reader, file.fields) for file in files])
    segments = tuple(chain.from_iterable(_segments(file, header) for file in files))
    for file in files:
        _read_flags(file, header)
    tombstones = tuple(chain.from_iterable(_tombstones(file) for file in files))
    # What stands behind an error of syntax is not known, so nothing is called unknown that may be defined there.
    is_whole = all(file.tree.stopped_at is None for file in files)
    problems = [
        *check_segments(segments),
        *_duplicates(files),
        *(problem for file in files for problem in _problems(file) if is_whole or problem.code != UNKNOWN_SEGMENT),
    ]
    flags = _marked([flag for file in files for flag in file.flags], problems, segments)
    problems += check_needs(flags, tombstones)
    return Registry(
        flags=flags,
        segments=segments,
        attributes=tuple(header.attributes.values()),
        environments=header.environments,
        critical=header.critical,
        bucketing=header.bucketing,
        tombstones=tombstones,
        problems=tuple(dict.fromkeys(problems)),  # what two passes look at is reported once
        paths=tuple(file.tree.path for file in files),
        declares_attributes=header.declared is not None,
    )


def _open(tree: Tree) -> _File:
    if not isinstance(tree.root, MappingNode):
        raise _no_mapping(tree)
    reader = Reader(tree)
    required = _REQUIRED if tree.stopped_at is None else None  # what is missing may stand behind an error of syntax
    fields = reader.fields(tree.root, "a registry", FIELDS, required=required, may_be_empty=_MAPS)
    if "flags" in fields:
        reader.mapping(fields["flags"][1], "`flags`")
    return _File(tree, reader, fields)


def _no_mapping(tree: Tree) -> RegistryError:
    advice = "begin it with `version: 1` and `flags: {}`"
    if tree.problems:
        first = tree.problems[0]
        place = first.span.start
        return RegistryError(
            f"is no registry: {first.message}",
            path=tree.path,
            line=place.line,
            column=place.column,
            help=first.help or advice,
        )
    if tree.root is None or (isinstance(tree.root, ScalarNode) and tree.root.is_null):
        return RegistryError("is empty", path=tree.path, help=advice)
    return RegistryError("is no registry: a YAML mapping is wanted at its top", path=tree.path, line=1, help=advice)


def _segments(file: _File, header: Header) -> Iterable[Segment]:
    if "segments" not in file.fields:
        return
    reader = file.reader
    conditions = ConditionReader(reader, header.attributes, header.declared)
    rules = RuleReader(reader, conditions, header.segments)
    for name, key, node in reader.entries(file.fields["segments"][1], "`segments`"):
        if header.segments[name] is not key:
            continue  # one of that name stands in an earlier file, which is a problem already
        reader.about(f"segment `{name}`")
        others = node.get("segment") if isinstance(node, MappingNode) else None
        names = rules.segment_names(others) if others is not None else ()
        own = frozenset() if others is None else frozenset({"segment"})
        when = conditions.condition(node, "a segment", without=own)
        yield Segment(name, reader.span(key, node), when, names)
    reader.about("")


def _read_flags(file: _File, header: Header) -> None:
    reader = file.reader
    conditions = ConditionReader(reader, header.attributes, header.declared)
    rules = RuleReader(reader, conditions, header.segments)
    flags = FlagReader(reader, rules, header.environments, header.attributes)
    for count, section in enumerate(_sections(file.tree)):
        for key, node in section.pairs:
            if not isinstance(key, ScalarNode) or (key.text == "<<" and not key.style):
                continue
            flag = flags.flag(key, node)
            if not key.text.strip() or not key.text.isprintable():
                reader.report(key, "the key of a flag is a line of printable text")
            if key.text:
                file.flags.append(replace(flag, problems=True) if count else flag)
    reader.about("")
    if file.tree.stopped_at is not None:
        root = file.tree.root
        if file.flags and isinstance(root, MappingNode) and root.pairs[-1][1] in _sections(file.tree):
            # The last entry is cut off: what it lacks may stand behind the place where reading stopped.
            cut = file.flags[-1] = replace(file.flags[-1], problems=True)
            reader.problems = [problem for problem in reader.problems if problem.key != cut.key]
        file.flags += rescued_flags(file.tree, file.flags)


def _sections(tree: Tree) -> list[MappingNode]:
    """Return the mappings under `flags`: one, or several by mistake, and then all of their keys are defined."""
    root = tree.root
    found = root.texts() if isinstance(root, MappingNode) else ()
    return [node for name, _, node in found if name == "flags" and isinstance(node, MappingNode)]


def _tombstones(file: _File) -> Iterable[Tombstone]:
    if "removed" not in file.fields:
        return
    reader = file.reader
    for name, key, node in reader.entries(file.fields["removed"][1], "`removed`"):
        reader.about(f"`{name}`", name)
        fields = reader.fields(node, "a removed flag", _TOMBSTONE_FIELDS)
        date = reader.parsed(fields["date"][1], "`date`", "a date", day) if "date" in fields else None
        issue = reader.text(fields["issue"][1], "`issue`") if "issue" in fields else ""
        yield Tombstone(name, reader.span(key, node), date, issue)
    reader.about("")


def _problems(file: _File) -> Iterable[Problem]:
    yield from file.tree.problems
    yield from file.reader.problems
    yield from file.tree.duplicate_problems(skip={id(section) for section in _sections(file.tree)})


def _duplicates(files: list[_File]) -> Iterable[Problem]:
    """Find keys that are defined again, in one file or in two; both entries are broken then."""
    first: dict[str, tuple[list[Flag], int]] = {}
    for file in files:
        for index, flag in enumerate(file.flags):
            flags, place = first.setdefault(flag.key, (file.flags, index))
            if flags[place] is flag:
                continue
            yield duplicate_flag(flags[place], flag)
            flags[place] = replace(flags[place], problems=True)
            file.flags[index] = replace(flag, problems=True)


def _marked(flags: list[Flag], problems: list[Problem], segments: tuple[Segment, ...]) -> tuple[Flag, ...]:
    """Mark the flags that hold a problem which breaks them, or that ask for a segment which holds one."""
    by_path: dict[str, list[tuple[int, int]]] = {}
    for problem in problems:
        if problem.breaks:
            start = problem.span.start
            by_path.setdefault(problem.span.path, []).append((start.line, start.column))
    for places in by_path.values():
        places.sort()

    def holds_problem(entry: Flag | Segment) -> bool:
        places = by_path.get(entry.span.path, [])
        start, end = entry.span.start, entry.span.end
        index = bisect_right(places, (start.line, start.column - 1))
        return index < len(places) and places[index] < (end.line, end.column)

    broken = {segment.name for segment in segments if holds_problem(segment)}
    while further := {
        segment.name for segment in segments if segment.name not in broken and broken.intersection(segment.segments)
    }:
        broken |= further

    def is_broken(flag: Flag) -> bool:
        rules = chain(flag.rules, *(environment.rules or () for environment in flag.environments))
        return holds_problem(flag) or any(not broken.isdisjoint(rule.segments) for rule in rules)

    return tuple(replace(flag, problems=True) if not flag.problems and is_broken(flag) else flag for flag in flags)
