"""What a removal cannot do and a person should look at: mocks of the whole client, names in texts and code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.model import Kind, Pattern, Position, Reference, Span
from flaglint.refs.tests import is_test
from flaglint.remove import cst
from flaglint.remove.changed import is_migration
from flaglint.remove.cst.expressions import evaluated
from flaglint.remove.inside import in_values
from flaglint.remove.outcome import Leftover
from flaglint.remove.tree import dotted, walk
from flaglint.source import is_python

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from flaglint.graph import FlagGraph
    from flaglint.remove.draft import Stretch
    from flaglint.remove.outcome import Change
    from flaglint.remove.project import Project

_PATCHING = frozenset({"patch", "object", "setattr", "multiple", "patch_object"})
_GIVEN = frozenset({"return_value", "side_effect"})  # what a mock is told to give


def client_wide_mocks(project: Project, reads: Iterable[Reference]) -> Iterator[Leftover]:
    """Yield the places in tests that replace the function by which the flag is read, for every flag or for this one.

    `reads` are those that were folded. A mock names the function in a string: `patch("shop.flags.is_enabled")`.
    """
    found = list(reads)
    callees = {_callee(project, read) for read in found} - {""}
    own = {next(_wrappers(read), "") for read in found if "fixed-wrapper" in read.traits} - callees - {""}
    for name in sorted(callees | {name for read in found for name in _wrappers(read)}):
        quoted = re.compile(rf"(?:patch|object|setattr|multiple)\s*\([^()]*[\"'](?:[\w.]*\.)?{re.escape(name)}[\"']")
        for path in project.sources.patching(name):
            text = project.text(path)
            if text is None or quoted.search(text.text) is None:
                continue
            for stretch in project.stretches(path, name, original=True, likely=quoted.search):
                for node in walk(stretch.tree.module):
                    if isinstance(node, cst.Call) and _patches(node, name):
                        yield _mock(project, path, stretch, node, name, is_wrapper=name in own)
    for name in sorted(own):
        yield from _stand_ins(project, name)


def _stand_ins(project: Project, name: str) -> Iterator[Leftover]:
    """Yield where tests tell a mock what to give for a method that read the flag, or have a class with such a one."""
    spelled = re.compile(
        rf"\.{re.escape(name)}\.(?:return_value|side_effect)\b|^\s+(?:async\s+)?def {re.escape(name)}\b", re.MULTILINE
    )
    for path in project.with_word(name):
        text = project.text(path)
        if text is None or spelled.search(text.text) is None or not is_test(path, text.text):
            continue
        for stretch in project.stretches(path, name, original=True, likely=spelled.search):
            for node in walk(stretch.tree.module):
                if _stands_in(stretch, node, name):
                    start, end = stretch.tree.inner(node)
                    span = Span(path, text.position(start + stretch.base), text.position(end + stretch.base))
                    sentence = f"this stands in for `{name}`, which is not asked any more"
                    yield Leftover(span, "wrapper-mock", sentence)


def _stands_in(stretch: Stretch, node: cst.CSTNode, name: str) -> bool:
    if isinstance(node, cst.FunctionDef):
        return node.name.value == name and isinstance(stretch.tree.enclosing(node, cst.ClassDef), cst.ClassDef)
    if not isinstance(node, cst.Attribute) or node.attr.value not in _GIVEN:
        return False
    is_set = isinstance(stretch.tree.parent(node), cst.AssignTarget)
    return is_set and isinstance(node.value, cst.Attribute) and node.value.attr.value == name


def _wrappers(read: Reference) -> Iterator[str]:
    """Yield the last names of the functions of the project through which a read goes."""
    for step in read.via:
        kind, _, name = step.partition(" ")
        if kind == "wrapper" and "." in name:
            yield name.rpartition(".")[2]


def _callee(project: Project, read: Reference) -> str:
    """Return the last name of the function that a read calls, as it is written; nothing for a wrapper's call."""
    draft = project.draft(read.span.path)
    text = project.text(read.span.path)
    if draft is None or text is None or any(step.startswith("wrapper ") for step in read.via):
        return ""
    start, end = text.offset(read.span.start), text.offset(read.span.end)
    stretch = draft.original_at(start)
    node = stretch.tree.at(start - stretch.base, end - stretch.base) if stretch is not None and stretch.parses else None
    while isinstance(node, cst.Await):
        node = node.expression
    if not isinstance(node, cst.Call):
        return ""
    return node.func.attr.value if isinstance(node.func, cst.Attribute) else dotted(node.func)


def _patches(call: cst.Call, name: str) -> bool:
    """Whether a call replaces something called `name`: by its dotted name, or as an attribute of an object."""
    callee = call.func.attr.value if isinstance(call.func, cst.Attribute) else dotted(call.func)
    if callee not in _PATCHING:
        return False
    for arg in call.args[:2]:
        value = evaluated(arg.value) if isinstance(arg.value, cst.SimpleString) else None
        if isinstance(value, str) and (value == name or value.endswith(f".{name}")):
            return True
    return False


def _mock(project: Project, path: str, stretch: Stretch, node: cst.Call, name: str, *, is_wrapper: bool) -> Leftover:
    text = project.text(path)
    assert text is not None  # the stretch comes from it
    start, end = stretch.tree.inner(node)
    span = Span(path, text.position(start + stretch.base), text.position(end + stretch.base))
    function = stretch.tree.enclosing(node, (cst.FunctionDef, cst.ClassDef))
    where = f"`{function.name.value}`" if isinstance(function, cst.FunctionDef | cst.ClassDef) else "this file"
    strings = [arg.value for arg in node.args[:2] if isinstance(arg.value, cst.SimpleString)]
    patched = evaluated(strings[0]) if strings else name
    target = patched if isinstance(patched, str) else name
    if is_wrapper:
        return Leftover(span, "wrapper-mock", f"{where} patches `{target}`, which is not asked any more")
    return Leftover(span, "client-wide-mock", f"{where} patches `{target}` for every flag; it was not rewritten")


def still_named(project: Project, references: Iterable[Reference], keys: frozenset[str]) -> Iterator[Leftover]:
    """Yield the references that are no reads and still name one of the keys when all is done."""
    for reference in references:
        if reference.kind is Kind.TEXT or reference.language != "python":
            what = (
                f"{reference.role} in a file that is no Python" if reference.role == "comment" else "it names the flag"
            )
            yield Leftover(reference.span, "text-reference", f"{what}; it was not rewritten", _key(reference, keys))
            continue
        text = project.text(reference.span.path)
        if text is None or reference.kind is not Kind.MENTION:
            continue
        start, end = text.offset(reference.span.start), text.offset(reference.span.end)
        if project.still_stands(reference.span.path, start, end):
            yield Leftover(reference.span, "named-elsewhere", "the key is still named here", _key(reference, keys))


def _key(reference: Reference, keys: frozenset[str]) -> str:
    names = (getattr(reference.key, "key", ""), *getattr(reference.key, "keys", ()))
    return next((name for name in names if name in keys), "")


def dynamic_reads(patterned: Iterable[Reference], keys: Iterable[str]) -> Iterator[Leftover]:
    """Yield the `patterned` reads, whose key is put together at run time, that may read one of those removed."""
    names = tuple(keys)
    for reference in patterned:
        for key in names:
            if isinstance(reference.key, Pattern) and reference.key.matches(key):
                sentence = f"it reads `{reference.key.glob}`, which can be `{key}`"
                yield Leftover(reference.span, "dynamic-key", sentence, key)


def computed_reads(
    project: Project, computed: Sequence[Reference], leftovers: Iterable[Leftover], unread: Collection[str]
) -> Iterator[Leftover]:
    """Yield the `computed` reads that may be those of flags which nothing else reads, and which code still names.

    A longer string names one in its own file alone: `"old other".split()` beside the read that takes one of the two.
    """
    for reference in computed if unread else ():
        text = None if reference.is_test else project.text(reference.span.path)
        for key in sorted(unread):
            if text is not None and next(in_values(text, key), None) is not None:
                sentence = f"it reads a key that is not known, and a string in this file names `{key}`"
                yield Leftover(reference.span, "dynamic-key", sentence, key)
    named = sorted({item.key for item in leftovers if item.code == "named-elsewhere"} & set(unread))
    for reference in computed if named else ():
        for key in named:
            yield Leftover(
                reference.span, "dynamic-key", f"it reads a key that is not known, which can be `{key}`", key
            )


def handed_on(
    project: Project, mentions: Iterable[Reference], read: Collection[str], keys: frozenset[str]
) -> Iterator[Leftover]:
    """Yield the places where code that is no test hands a call one of the keys that nothing is known to read.

    What is called may be how flags are read there: `self._flags.is_on("new")`, and nobody knows what `_flags` is.
    """
    for mention in mentions:
        key = _key(mention, keys)
        if mention.kind is not Kind.MENTION or mention.is_test or not key or key in read:
            continue
        path = mention.span.path
        text, draft = project.text(path), project.draft(path)
        if text is None or draft is None or is_migration(path):
            continue
        start, end = text.offset(mention.span.start), text.offset(mention.span.end)
        stretch = draft.original_at(start)
        if stretch is None or not stretch.parses or not project.still_stands(path, start, end):
            continue
        node = stretch.tree.at(start - stretch.base, end - stretch.base)
        argument = stretch.tree.parent(node) if node is not None else None
        call = stretch.tree.parent(argument) if isinstance(argument, cst.Arg) else None
        if isinstance(call, cst.Call):
            name = f"`{dotted(call.func)}`" if dotted(call.func) else "what is called here"
            advice = "if that is how flags are read here, name it under [[calls]]"
            sentence = f"{name} is handed the key, and may read it; {advice}"
            yield Leftover(mention.span, "uncertain-read", sentence, key)


def unread(graph: FlagGraph, keys: Iterable[str], files: Mapping[str, bytes]) -> Iterator[Leftover]:
    """Yield the statements and Python files that could not be read, and name one of the keys or may do so."""
    for key in keys:
        for failure in graph.failures:
            if key in failure.mentions:
                sentence = "the statement that names it cannot be parsed"
                yield Leftover(failure.span, "unparsable-file", sentence, key)
        for skipped in graph.skipped:
            if not is_python(skipped.path):
                continue
            span = Span(skipped.path, Position(1, 1), Position(1, 1))
            if skipped.unreadable:
                yield Leftover(span, "unparsable-file", f"it may read the flag: {skipped.reason}", key)
            elif key.encode("utf-8", "surrogateescape") in files.get(skipped.path, b""):
                yield Leftover(span, "unparsable-file", f"it names the flag: {skipped.reason}", key)


def _has_more_than_comments(data: bytes) -> bool:
    return any(line.strip() and not line.lstrip().startswith(b"#") for line in data.splitlines())


def emptied(project: Project, changes: Iterable[Change]) -> Iterator[Leftover]:
    """Yield the modules in which nothing is left, and those of tests with nothing but imports and a docstring."""
    for change in changes:
        text = project.text(change.path)
        draft = project.draft(change.path)
        if text is None or draft is None or _is_idle(draft.original):
            continue
        if _has_more_than_comments(change.after) and not is_test(change.path, text.text):
            continue
        if not change.path.endswith(("__init__.py", "conftest.py")) and _is_idle(draft.stretches()):
            span = Span(change.path, text.position(0), text.position(0))
            yield Leftover(
                span,
                "empty-module",
                "nothing is left in it but imports and comments, if that: delete it unless something needs the file",
            )


def _is_idle(stretches: Iterable[Stretch]) -> bool:
    """Whether stretches hold nothing but imports and strings."""
    for stretch in stretches:
        for line in stretch.tree.module.body if stretch.parses else ():
            for small in line.body if isinstance(line, cst.SimpleStatementLine) else (line,):
                is_text = isinstance(small, cst.Expr) and isinstance(small.value, cst.BaseString)
                if not is_text and not isinstance(small, (cst.Import, cst.ImportFrom)):
                    return False
    return True
