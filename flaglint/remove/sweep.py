"""Taking away what died because of this removal: names whose last use it took, one after the other, across files.

A name goes when it was used before and is not any more, and nothing else can reach it: no `__all__`, no re-export, no
string that names it, no base class that may call it. A name that nobody used before is not this removal's business.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from flaglint.records import dataclass, field
from flaglint.remove import cst
from flaglint.remove.fields import ENUMS, is_given, is_member, is_taken_by_value, names_key
from flaglint.remove.holding import held, is_for_others, only_tested
from flaglint.remove.imports import is_reexport, without_alias
from flaglint.remove.purity import is_droppable
from flaglint.remove.rope import Cut
from flaglint.remove.stores import (
    drop_overwritten,
    follow_declarations,
    forget_name,
    is_lost_by_own_object,
    leave_value,
    remove_asked,
    remove_described,
)
from flaglint.remove.tree import TRIES, dotted
from flaglint.remove.uses import (
    changed_functions,
    changed_stretches,
    lost_all,
    names_in,
    own_uses,
    scope_binds_global,
    shares_root,
    uses_outside,
    was_used,
)
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding, Scope
    from flaglint.remove.step import Step

_HARMLESS_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "cached_property", "functools.cached_property", "cache", "lru_cache"}
    | {
        "functools.cache",
        "functools.lru_cache",
        "functools.wraps",
        "wraps",
        "contextmanager",
        "contextlib.contextmanager",
    }
    | {"asynccontextmanager", "contextlib.asynccontextmanager", "override", "typing.override", "abstractmethod"}
)
PLAIN_BASES = frozenset(
    {"object", "Exception", "ValueError", "RuntimeError", "Protocol", "NamedTuple", "Generic", "ABC"}
)
_CONSTANTS = frozenset({"True", "False", "None"})  # names to the parser, which nothing can bind


@dataclass(frozen=True, slots=True)
class Kept:
    """A name that this removal left without use and that stays all the same, and why."""

    path: str
    offset: int  # in the original
    name: str
    why: str


@dataclass
class Sweeper:
    """Looks for names that died and takes them away, until there are none."""

    project: Project
    engines: dict[str, FileEngine]
    open_engine: Callable[[str], FileEngine | None]
    declared: Callable[[Step, cst.BaseExpression], bool]
    keep_public: bool = False
    kept: dict[tuple[str, int, str], Kept] = field(default_factory=dict)

    def sweep(self) -> bool:
        """Take away what is dead now; return whether anything changed."""
        changed = False
        for path in sorted(self.engines):
            changed |= self._locals(self.engines[path])
        modules, members = self._candidates()
        for path, name in sorted(modules):
            changed |= self._module_name(path, name)
        for name in sorted(members):
            changed |= self._member(name)
        return changed

    # ------------------------------------------------------------------------------------------------------- locals

    def _locals(self, engine: FileEngine) -> bool:
        for stretch in engine.active():
            step = engine.step(stretch)
            for scope in changed_functions(engine, stretch):
                if not scope.is_dynamic:
                    self._function(engine, stretch, scope, step)
            self._stored_attributes(engine, stretch, step)
            cuts = engine.carry_out(step)
            if cuts and engine.draft.cut(cuts):
                return True
        return False

    def _function(self, engine: FileEngine, stretch: Stretch, scope: Scope, step: Step) -> None:
        assert isinstance(scope.node, cst.FunctionDef)
        original = engine.draft.original_function(stretch, scope.node)
        for name, bindings in scope.bindings.items():
            if scope.owner_of_binding(name) is not scope or uses_outside(stretch, scope, name, bindings):
                continue
            for binding in bindings:
                ours = binding.value is not None and PREFIX in stretch.tree.source(binding.value)
                if not ours and (original is None or not was_used(engine, original, name)):
                    continue
                if self._unbind(stretch, binding, step) or step.is_claimed(binding.owner) or original is None:
                    continue
                went = remove_asked(engine, stretch, binding, original, step)
                went = went or leave_value(stretch, binding, original, step)
                if not went and isinstance(binding.owner, cst.Assign):
                    self._keep(engine.path, stretch, binding, "what it is bound to may have effects")
        drop_overwritten(stretch, scope, step)
        follow_declarations(stretch, scope, original, step)

    def _unbind(self, stretch: Stretch, binding: Binding, step: Step) -> bool:
        """Take one binding away when what it binds has no effects."""
        tree, owner = stretch.tree, binding.owner
        match owner:
            case cst.Assign() | cst.AnnAssign():
                return self._unassign(stretch, binding, step)
            case cst.NamedExpr():
                if step.claim(owner):
                    start, end = tree.outer(owner)
                    inner = tree.outer(owner.value)
                    step.rewrite([Cut(start, inner[0]), Cut(inner[1], end)])
                    return True
            case cst.FunctionDef() | cst.ClassDef():
                if self._is_removable(owner):
                    return step.remove(owner, frozenset())
            case cst.ImportAlias():
                return self._unimport(stretch, owner, step)
            case cst.WithItem() | cst.ExceptHandler() | cst.ExceptStarHandler():
                return forget_name(stretch, owner, step)
        return False

    def _unassign(self, stretch: Stretch, binding: Binding, step: Step) -> bool:
        owner = binding.owner
        assert isinstance(owner, cst.Assign | cst.AnnAssign)
        if binding.value is None:
            return isinstance(owner, cst.AnnAssign) and owner.value is None and step.remove(owner, frozenset())
        if isinstance(owner, cst.Assign) and len(owner.targets) > 1:
            target = next(
                item
                for item in owner.targets
                if isinstance(item.target, cst.Name) and item.target.value == binding.name
            )
            if not step.claim(owner):
                return False
            index = owner.targets.index(target)
            following = owner.targets[index + 1] if index + 1 < len(owner.targets) else owner.value
            step.rewrite([Cut(stretch.tree.inner(target)[0], stretch.tree.outer(following)[0])])
            return True
        if is_droppable(binding.value, step.evaluator.harmless) or self.declared(step, binding.value):
            return remove_described(stretch.tree, owner, step)
        return False

    def _unimport(self, stretch: Stretch, alias: cst.ImportAlias, step: Step) -> bool:
        statement = stretch.tree.parent(alias)
        if not isinstance(statement, (cst.Import, cst.ImportFrom)) or isinstance(statement.names, cst.ImportStar):
            return False
        if len(statement.names) == 1:
            return step.remove(statement, frozenset())
        if not step.claim(statement):
            return False
        step.rewrite(without_alias(stretch.tree, statement, alias))
        return True

    @staticmethod
    def _forget_meaning(engine: FileEngine, stretch: Stretch, node: cst.Assign) -> None:
        """Tell the second opinion that a statement goes which it would miss: its target stands for nothing it knows."""
        target = node.targets[0].target
        engine.note(stretch.tree.inner(target), None, base=stretch.base)

    def _stored_attributes(self, engine: FileEngine, stretch: Stretch, step: Step) -> None:
        """Take `self.x = value` away where nobody reads the attribute any more.

        Where the value does not follow from the flag, only of a class without a base that may read it.
        """
        for node in stretch.tree.of(cst.Assign):
            follows = PREFIX in stretch.tree.source(node.value)
            if len(node.targets) != 1 or not (follows or is_lost_by_own_object(engine, stretch, node, PLAIN_BASES)):
                continue
            target = node.targets[0].target
            if (
                not isinstance(target, cst.Attribute)
                or not isinstance(target.value, cst.Name)
                or not is_droppable(node.value, step.evaluator.harmless)
            ):
                continue
            name = target.attr.value
            if self.keep_public and not name.startswith("_"):
                continue
            if (
                not self.project.has_attribute_uses(name, original=False)
                and self.project.has_attribute_uses(name, original=True)
                and not self.project.sources.template_asking(name)
            ):
                step.remove(node, frozenset())
                self._forget_meaning(engine, stretch, node)

    # ------------------------------------------------------------------------------------------------- module level

    def _candidates(self) -> tuple[set[tuple[str, str]], set[str]]:
        """Return what may have lost its last use: names of modules with their paths, and names of members."""
        modules: set[tuple[str, str]] = set()
        members: set[str] = set()
        for path, engine in self.engines.items():
            now = names_in(changed_stretches(engine, original=False))
            before = names_in(changed_stretches(engine, original=True))
            thinned = {name for name, count in before.items() if now[name] < count} - _CONSTANTS
            members |= {name.removeprefix(".") for name in thinned if name.startswith(".")}
            thinned = {name.removeprefix(".") for name in thinned}
            modules |= {(path, name) for name in thinned}
            modules |= set(self._imported_by(engine, path, thinned))
        return modules, members

    def _imported_by(self, engine: FileEngine, path: str, names: set[str]) -> Iterator[tuple[str, str]]:
        """Yield the names of other modules that a file used under one of `names`."""
        for stretch in engine.draft.original:
            if "import" in stretch.text and stretch.parses:
                for item in self.project.imported(path, stretch):
                    if item.name and item.binding.name in names:
                        yield item.path, item.name
        for stretch in changed_stretches(engine, original=True):
            for name in names & stretch.parsed.attributes.keys():
                for node in stretch.parsed.attributes[name]:
                    target = self.project.module_of(path, stretch, node.value, original=True)
                    if target:
                        yield target, name
        for other in self.project.sources.conftests(path):
            spelled = self.project.files[other]
            yield from ((other, name) for name in names if name.encode() in spelled)

    def _module_name(self, path: str, name: str) -> bool:
        """Take the module-level `name` of a file away when this removal took its last use."""
        bindings = self.project.binding(path, name)
        if not bindings or any(scope_binds_global(stretch, name) for stretch, _ in bindings):
            return False
        is_import = all(isinstance(binding.owner, cst.ImportAlias) for _, binding in bindings)
        if is_import:
            return any(self._import(path, stretch, binding) for stretch, binding in bindings)
        if len(bindings) > 1 and not all(isinstance(item.owner, (cst.Assign, cst.AnnAssign)) for _, item in bindings):
            return False
        reason = held(self.project, path, name, bindings[0], keep_public=self.keep_public)
        if reason is None:
            return False
        stretch, binding = bindings[0]
        if reason:
            self._keep(path, stretch, binding, reason)
            return False
        engine = self.open_engine(path)
        if engine is None:
            return False
        changed = False
        for stretch, binding in bindings:
            step = engine.step(stretch)
            if self._unbind(stretch, binding, step):
                changed |= engine.draft.cut(engine.carry_out(step))
                break
            if isinstance(binding.owner, (cst.Assign, cst.AnnAssign)):
                self._keep(path, stretch, binding, "what it is bound to may have effects")
        return changed

    def _import(self, path: str, stretch: Stretch, binding: Binding) -> bool:
        alias = binding.owner
        assert isinstance(alias, cst.ImportAlias)
        tree = stretch.tree
        statement = tree.parent(alias)
        if tree.enclosing(alias, TRIES) is not None or is_reexport(tree, alias):
            return False
        if (
            isinstance(statement, cst.ImportFrom)
            and statement.module is not None
            and dotted(statement.module) == "__future__"
        ):
            return False
        if path.endswith("__init__.py") and isinstance(statement, cst.ImportFrom):
            own = self.project.name_of(path)
            if statement.relative or (statement.module is not None and dotted(statement.module).startswith(own)):
                return False
        whole = dotted(alias.name) if alias.asname is None and shares_root(self.project, path, binding.name) else ""
        if not lost_all(self.project, path, binding.name, whole) or binding.name in self.project.exported(path):
            return False
        now = self.project.mentions(path, binding.name, original=False)
        uses = sum(
            1
            for other in self.project.stretches(path, binding.name, original=False)
            for _ in own_uses(other, binding.name)
        )
        if now.named or now.count > uses or is_for_others(self.project, path, binding.name):
            return False
        engine = self.open_engine(path)
        if engine is None:
            return False
        step = engine.step(stretch)
        return self._unimport(stretch, alias, step) and engine.draft.cut(engine.carry_out(step))

    def _keep(self, path: str, stretch: Stretch, binding: Binding, why: str) -> None:
        draft = self.project.draft(path)
        assert draft is not None  # the stretch comes from it
        offset = draft.rope.origin(stretch.tree.inner(binding.owner)[0] + stretch.base)
        self.kept.setdefault((path, offset or 0, binding.name), Kept(path, offset or 0, binding.name, why))

    # ------------------------------------------------------------------------------------------------------ members

    def _member(self, name: str) -> bool:
        """Take a member of a class away when it was read as an attribute before and is not any more."""
        if self.project.has_attribute_uses(name, original=False):
            return False
        found = list(islice(self.project.members(name), 2))
        if len(found) != 1:
            return False
        path, stretch, binding, owner = found[0]
        inside = [use for scope in stretch.scope.walk() if scope.node is owner for use in scope.all_uses(name)]
        if inside or not self.project.has_attribute_uses(name, original=True):
            return False
        if not self._owns(owner, binding, name):
            self._keep(path, stretch, binding, "a base class may use it")
            return False
        if self.project.is_stored(name):
            self._keep(path, stretch, binding, "something sets it")
            return False
        if why := only_tested(self.project, path, (stretch, binding), self.project.attribute_users(name)):
            self._keep(path, stretch, binding, why)
            return False
        if is_given(self.project, owner, binding):
            self._keep(path, stretch, binding, "it is a field, which constructors take")
            return False
        if self.keep_public and not name.startswith("_"):
            self._keep(path, stretch, binding, "it is public")
            return False
        if template := self.project.sources.template_asking(name):
            self._keep(path, stretch, binding, f"`{template}` names it")
            return False
        engine = self.open_engine(path)
        if engine is None:
            return False
        if is_member(owner) and not names_key(binding, engine.vocabulary) and is_taken_by_value(self.project, owner):
            self._keep(path, stretch, binding, f"`{owner.name.value}` may be asked for it by its value")
            return False
        step = engine.step(stretch)
        return self._unbind(stretch, binding, step) and engine.draft.cut(engine.carry_out(step))

    def _owns(self, owner: cst.ClassDef, binding: Binding, name: str) -> bool:
        """Whether no base class can be the one that uses a member: none there, an enum, or a private name."""
        bases = {dotted(arg.value).rpartition(".")[2] for arg in owner.bases}
        if name.startswith("__"):
            return False
        if name.startswith("_") or not bases:
            return True
        if isinstance(binding.owner, (cst.Assign, cst.AnnAssign)) and bases & ENUMS:
            return True
        return bases <= PLAIN_BASES

    @staticmethod
    def _is_removable(node: cst.FunctionDef | cst.ClassDef) -> bool:
        for decorator in node.decorators:
            expression = decorator.decorator
            name = dotted(expression.func if isinstance(expression, cst.Call) else expression)
            if name not in _HARMLESS_DECORATORS and not name.endswith((".setter", ".fixture")) and name != "fixture":
                return False
        if isinstance(node, cst.ClassDef):
            bases = {dotted(arg.value).rpartition(".")[2] for arg in node.bases}
            return bases <= PLAIN_BASES | ENUMS | {"str", "int"} and not node.keywords
        return True
