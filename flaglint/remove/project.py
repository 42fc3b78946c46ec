"""The files of a removal together: who imports what from whom, and where a name that a module defines is still used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.errors import UsageError
from flaglint.records import dataclass, field
from flaglint.remove import cst
from flaglint.remove.cst.expressions import evaluated
from flaglint.remove.draft import Draft
from flaglint.remove.spelled import may_name, may_read, may_take, may_use
from flaglint.remove.tree import dotted, walk
from flaglint.remove.uses import methods_spelling, own_uses
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flaglint.remove.draft import Parsed, Stretch
    from flaglint.remove.scopes import Binding
    from flaglint.remove.sources import Sources

_BY_NAME = frozenset({"getattr", "setattr", "hasattr", "delattr", "object", "methodcaller", "attrgetter", "patch"})


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that an import statement binds: the module's path and, unless it is the module itself, the name in it."""

    binding: Binding
    path: str
    name: str = ""


@dataclass(slots=True)
class Mentions:
    """How often a name that a module defines is used, and what forbids to take it away."""

    count: int = 0
    named: list[str] = field(default_factory=list)  # places that name it in a string or in a file that is no Python


class Project:
    """The files that a removal may look at, and drafts of those that it reads."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.files = sources.files
        self.text = sources.text
        self.name_of = sources.name_of
        self.with_word, self.holding = sources.with_word, sources.holding
        self.readers_of = sources.readers_of
        self.resolve = sources.resolve
        self.stars_of = sources.stars_of
        self._drafts: dict[str, Draft | None] = {}
        self._imports: dict[tuple[str, Parsed], tuple[Imported, ...]] = {}

    @property
    def python(self) -> tuple[str, ...]:
        """The Python files, sorted."""
        return self.sources.python

    @property
    def modules(self) -> dict[str, str]:
        """The path of each module of the project, by its dotted name."""
        return self.sources.modules

    def draft(self, path: str) -> Draft | None:
        """Return the draft of a Python file, or None when it cannot be decoded."""
        if path not in self._drafts:
            text = self.text(path)
            if text is not None and PREFIX in text.text:
                raise UsageError(f"it uses a name that begins with `{PREFIX}`, which flaglint needs", path=path)
            self._drafts[path] = Draft(path, text.text, self.sources.parses) if text is not None else None
        return self._drafts[path]

    def still_stands(self, path: str, start: int, end: int) -> bool:
        """Whether what stood at `[start, end)` of a file is in it now; a file that nobody opened did not change."""
        draft = self._drafts.get(path)
        return draft is None or draft.rope.stretch(start, end) is not None

    def opened(self, path: str) -> tuple[Stretch, ...]:
        """Return the original stretches of a file that was read already."""
        draft = self._drafts.get(path)
        return draft.original if draft is not None else ()

    def stretches(
        self, path: str, word: str, *, original: bool, likely: Callable[[str], object] | None = None
    ) -> Iterator[Stretch]:
        """Yield the stretches of a file that hold `word` and parse, as they were or as they are now.

        Those of which `likely` says no are left out without being parsed.
        """
        return (item for item in self._spelling(path, word, original=original, likely=likely) if item.parses)

    def _spelling(
        self, path: str, word: str, *, original: bool, likely: Callable[[str], object] | None = None
    ) -> Iterator[Stretch]:
        draft = self.draft(path)
        if draft is None:
            return
        for stretch in draft.original if original else draft.stretches():
            if word in stretch.text and (likely is None or likely(stretch.text)):
                yield stretch

    def defining(self, path: str, name: str) -> Iterator[Stretch]:
        """Yield the stretches of a file that define a function `name` and parse, in the text as it is now."""
        for stretch in self._spelling(path, name, original=False):
            if name in stretch.parsed.function_names and stretch.parses:
                yield stretch

    def binding(self, path: str, name: str) -> list[tuple[Stretch, Binding]]:
        """Return what binds `name` at the top level of a file, in the text as it is now."""
        return [
            (stretch, binding)
            for stretch in self._spelling(path, name, original=False)
            if stretch.parsed.may_bind(name) and stretch.parses
            for binding in stretch.scope.bindings.get(name, ())
        ]

    # --------------------------------------------------------------------------------------------- imports of a file

    def imported(self, path: str, stretch: Stretch) -> Iterator[Imported]:
        """Yield what the import statements in a stretch bind, as far as it is a module of the project or in one."""
        if "import" not in stretch.text:
            return
        key = path, stretch.parsed
        if key not in self._imports:
            self._imports[key] = tuple(self._imported_in(path, stretch))
        yield from self._imports[key]

    def _imported_in(self, path: str, stretch: Stretch) -> Iterator[Imported]:
        for inner in stretch.scope.walk():
            for bindings in inner.bindings.values():
                for binding in bindings:
                    if type(binding.owner) is cst.ImportAlias:
                        found = self._imported(path, binding, stretch)
                        if found is not None:
                            yield found

    def _imported(self, path: str, binding: Binding, stretch: Stretch) -> Imported | None:
        alias = binding.owner
        assert isinstance(alias, cst.ImportAlias)
        statement = stretch.tree.parent(alias)
        if isinstance(statement, cst.ImportFrom):
            module = dotted(statement.module) if statement.module is not None else ""
            level = len(statement.relative)
            inner = self.resolve(path, f"{module}.{dotted(alias.name)}" if module else dotted(alias.name), level)
            if inner:
                return Imported(binding, inner)
            outer = self.resolve(path, module, level)
            return Imported(binding, outer, dotted(alias.name)) if outer else None
        whole = dotted(alias.name)
        target = self.resolve(path, whole, 0)
        return Imported(binding, target) if target else None

    # -------------------------------------------------------------------------------------------------------- uses

    def users(self, target: str, name: str) -> list[str]:
        """Return the files that used the module-level `name` of the module `target`, as they were."""
        found = (
            path
            for path, stretches in self._naming(self.with_word(name, passing_over=True), target, name, original=True)
            for stretch in stretches
            if stretch.parses and self._uses_in(path, stretch, target, name, original=True)
        )
        return sorted(set(found))

    def mentions(self, target: str, name: str, *, original: bool, plainly: bool = False) -> Mentions:
        """Return how the module-level `name` of the module `target` is used in the whole project.

        With `plainly`, a string that is the name and nothing else counts, wherever it stands.
        """
        found = Mentions()
        paths = sorted(self.with_word(name, passing_over=True), key=lambda path: (path != target, path))
        for path, stretches in self._naming(paths, target, name, original=original):
            for stretch in stretches if path == target else methods_spelling(stretches, name, self.sources.parses):
                if stretch.parses:
                    found.count += self._uses_in(path, stretch, target, name, original=original)
                    found.named += self._named(path, stretch, target, name)
        found.named += self.sources.naming(target, name)
        if plainly and not found.named:
            quoted = re.compile(rf"([\"']){re.escape(name)}\1")
            for path in self.with_word(name):
                for stretch in self.stretches(path, name, original=original, likely=quoted.search):
                    found.named += [path for node in stretch.parsed.strings if node.raw_value == name]
        return found

    def is_used(self, target: str, name: str, *, original: bool) -> bool:
        """Whether anything in the project uses the module-level `name` of the module `target`."""
        paths = self.holding(name, (target, *self._drafts), passing_over=True)  # what was read already costs least
        return any(
            self._uses_in(path, stretch, target, name, original=original)
            for path, stretches in self._naming(paths, target, name, original=original, in_strings=False)
            for stretch in _cheapest_first(stretches)
        )

    def _naming(
        self, paths: Iterable[str], target: str, name: str, *, original: bool, in_strings: bool = True
    ) -> Iterator[tuple[str, Iterator[Stretch]]]:
        """Yield the stretches of each of the files that may name what a module defines; none is parsed yet."""
        last = self.name_of(target).rpartition(".")[2]
        dotted_name, spelled = f"{last}.{name}", f"{last}:{name}"
        needles = dotted_name.encode(), spelled.encode()
        self.sources.note_module(target)
        for path in paths:
            if path != target and path not in self._drafts:  # so that most files need not be decoded
                is_spelled = self.sources.spells(path, last, needles)
                if not is_spelled and not self.sources.is_importer(path, target):
                    continue
            text = self._now(path, original=original)
            if text is None:
                continue
            if path == target:
                likely = None if in_strings else may_name(name)
            else:
                is_spelled = dotted_name in text or spelled in text
                if not is_spelled and not self.sources.is_importer(path, target):
                    continue
                imported = frozenset[str]() if in_strings else self.sources.imported_with(path, last)
                likely = may_use(name) if in_strings else may_take(name, last, imported)
                if (not is_spelled or self.sources.is_importer(path, target)) and not likely(text):
                    continue
            yield path, self._spelling(path, name, original=original, likely=likely)

    def _uses_in(self, path: str, stretch: Stretch, target: str, name: str, *, original: bool) -> int:
        if path == target:
            return sum(1 for _ in own_uses(stretch, name))
        return self._foreign_uses(path, stretch, target, name, original=original)

    def _foreign_uses(self, path: str, stretch: Stretch, target: str, name: str, *, original: bool) -> int:
        count = 0
        for item in self.imported(path, stretch):
            if item.path == target and item.name == name:
                count += 1
        for node in stretch.parsed.attributes.get(name, ()):
            if dotted(node.value):
                count += self.module_of(path, stretch, node.value, original=original) == target
        return count

    def module_of(self, path: str, stretch: Stretch, node: cst.BaseExpression, *, original: bool) -> str:
        """Return the path of the module that a dotted expression stands for, or an empty text."""
        chain = dotted(node)
        root = chain.partition(".")[0]
        draft = self.draft(path)
        assert draft is not None  # the stretch comes from it
        for other in draft.original if original else draft.stretches():
            if root not in other.text or not other.parsed.may_import(root) or not other.parses:
                continue
            if other.base != stretch.base and root not in other.scope.bindings:
                continue
            for item in self.imported(path, other):
                if item.name or item.binding.name != root:
                    continue
                alias = item.binding.owner
                assert isinstance(alias, cst.ImportAlias)
                whole = dotted(alias.name) if alias.asname is None and "." in dotted(alias.name) else root
                if chain == whole or (
                    chain.startswith(f"{root}.") and self._submodule(item.path, chain[len(root) + 1 :])
                ):
                    return item.path if chain == whole else self._submodule(item.path, chain[len(root) + 1 :])
        return ""

    def _submodule(self, package: str, rest: str) -> str:
        base = package.removesuffix("/__init__.py")
        inner = rest.replace(".", "/")
        return next((path for path in (f"{base}/{inner}.py", f"{base}/{inner}/__init__.py") if path in self.files), "")

    def _named(self, path: str, stretch: Stretch, target: str, name: str) -> list[str]:
        """Return the places in a stretch where a string names what a module defines."""
        last = self.name_of(target).rpartition(".")[2]
        found = []
        for node in stretch.parsed.strings:
            if name not in node.value:
                continue
            value = evaluated(node)
            if not isinstance(value, str):
                continue
            qualified = value.endswith((f"{last}.{name}", f"{last}:{name}")) or f"{last}.{name}." in value
            if qualified or (value == name and _is_by_name(stretch, node)):
                found.append(path)
        return found

    def _attribute_uses(self, name: str, *, original: bool) -> Iterator[str]:
        """Yield the path of each stretch that reads `name` as an attribute, or names it to `getattr` or its like."""
        likely = may_read(name)
        for path in self.holding(name, tuple(self._drafts)):
            text = self._now(path, original=original)
            if text is None or not likely(text):
                continue
            for stretch in _cheapest_first(self._spelling(path, name, original=original, likely=likely)):
                if self._attributes_in(path, stretch, name, original=original):
                    yield path

    def has_attribute_uses(self, name: str, *, original: bool) -> bool:
        """Whether `name` is read as an attribute anywhere, or named to `getattr` or its like."""
        return next(self._attribute_uses(name, original=original), None) is not None

    def is_stored(self, name: str) -> bool:
        """Whether something gives an attribute `name` a value, in the text as it is now."""
        return any(
            isinstance(stretch.tree.parent(node), cst.AssignTarget)
            for path in self.holding(name)
            for stretch in self.stretches(path, name, original=False)
            for node in stretch.parsed.attributes.get(name, ())
        )

    def attribute_users(self, name: str) -> list[str]:
        """Return the files that read `name` as an attribute, as they were."""
        return sorted(set(self._attribute_uses(name, original=True)))

    def _now(self, path: str, *, original: bool) -> str | None:
        """Return the text of a file without cutting it into stretches when nobody did before."""
        draft = self._drafts.get(path)
        if draft is not None and not original:
            return draft.text
        text = self.text(path)
        return text.text if text is not None else None

    def _attributes_in(self, path: str, stretch: Stretch, name: str, *, original: bool) -> int:
        read = stretch.parsed.attributes.get(name, ())
        count = sum(
            not isinstance(stretch.tree.parent(node), cst.AssignTarget)
            and not (original and self.is_of_library(path, node.value))
            for node in read
        )
        for node in stretch.parsed.strings:
            if name in node.value and _is_by_name(stretch, node):
                count += evaluated(node) == name
        return count

    def is_of_library(self, path: str, node: cst.BaseExpression) -> bool:
        """Whether what an attribute is read from was imported, as the file was, from outside of the project.

        `flags.is_enabled` of a library is no use of the `is_enabled` of a class of the project.
        """
        root = dotted(node).partition(".")[0]
        if not root:
            return False
        resolved: list[Binding] = []
        bound: list[Binding] = []
        for stretch in self.stretches(path, root, original=True):
            bound += (binding for scope in stretch.scope.walk() for binding in scope.bindings.get(root, ()))
            resolved += (item.binding for item in self.imported(path, stretch) if item.binding.name == root)
        return bool(bound) and not resolved and all(isinstance(item.owner, cst.ImportAlias) for item in bound)

    def members(self, name: str) -> Iterator[tuple[str, Stretch, Binding, cst.ClassDef]]:
        """Yield where classes define a member `name`, in the text as it is now."""
        defines = re.compile(
            rf"^[ \t]+(?:(?:async[ \t]+)?(?:def|class)[ \t]+{re.escape(name)}\b|{re.escape(name)}[ \t]*[:=])",
            re.MULTILINE,
        )
        for path in self.holding(name):
            text = self._now(path, original=False)
            if text is None or defines.search(text) is None:
                continue
            for stretch in self.stretches(path, name, original=False, likely=defines.search):
                for scope in stretch.scope.walk():
                    if scope.kind == "class" and isinstance(scope.node, cst.ClassDef):
                        for binding in scope.bindings.get(name, ()):
                            yield path, stretch, binding, scope.node

    def exported(self, path: str) -> frozenset[str]:
        """Return the names that the module's `__all__` lists."""
        names: set[str] = set()
        for stretch in self.stretches(path, "__all__", original=False):
            for node in walk(stretch.tree.module):
                if isinstance(
                    node, (cst.Assign, cst.AugAssign, cst.AnnAssign, cst.Call)
                ) and "__all__" in stretch.tree.source(node):
                    names.update(
                        value
                        for string in walk(node)
                        if isinstance(string, cst.SimpleString) and isinstance(value := evaluated(string), str)
                    )
        return frozenset(names)


def _cheapest_first(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches that parse, those that were read already and the short ones first: one may be enough."""
    ordered = sorted(stretches, key=lambda item: (not item.parsed.is_read, len(item.text)))
    return (stretch for stretch in ordered if stretch.parses)


def _is_by_name(stretch: Stretch, node: cst.CSTNode) -> bool:
    """Whether a string is an argument of something that looks a name up."""
    call = stretch.tree.enclosing(node, cst.Call)
    if call is None:
        return False
    callee = call.func.attr.value if isinstance(call.func, cst.Attribute) else dotted(call.func)
    return callee in _BY_NAME
