"""Where the walk over one unit stands, and what it has gathered: scopes, bindings, sites and stores."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from flaglint.refs import ir

if TYPE_CHECKING:
    from collections.abc import Iterator


class Use(NamedTuple):
    """The place that the value of an expression goes to."""

    role: str
    target: str = ""  # the local that it is assigned to
    compared: tuple[bool | int | float | str | None, ...] = ()  # the literals that it is compared with
    negated: bool = False
    awaited: bool = False


class Cursor:
    """Follows a walk in source order, and knows the scope, the blocks, the loops and the guards around it."""

    def __init__(self) -> None:
        self.scopes: list[ir.Scope] = [ir.Scope("unit")]
        self.sites: list[ir.Site] = []
        self.stores: list[ir.Store] = []
        self.changes: list[ir.Store] = []
        self.current = 0
        self.loops = 0
        self.block_path: tuple[int, ...] = ()
        self.guards: tuple[int, ...] = ()
        self.order = 0  # of names and bindings, in the order of the text
        self._blocks = 0

    @property
    def scope(self) -> ir.Scope:
        """The innermost scope."""
        return self.scopes[self.current]

    def function_scope(self) -> ir.Scope:
        """Return the innermost scope that is no comprehension."""
        index = self.current
        while self.scopes[index].kind == "comprehension":
            index = self.scopes[index].parent
        return self.scopes[index]

    def owner_by_first_parameter(self, name: str) -> ir.Scope | None:
        """Return the class around the method here when `name` is the method's first parameter, as `self` is."""
        function = self.scopes[self.current]
        owner = self.scopes[function.parent] if function.parent >= 0 else None
        if owner is None or owner.kind != "class" or function.kind != "function" or not function.parameters:
            return None
        return owner if function.parameters[0].name == name else None

    def change(self, target: ir.Expr) -> None:
        """Note that an attribute or element is set to something that nobody follows, or taken away."""
        if isinstance(target, ir.Subscript | ir.Attribute):
            self.changes.append(ir.Store(target, ir.OPAQUE, 0, 0, self.current))

    def add_binding(self, name: str, binding: ir.Binding) -> None:
        """Note what the innermost scope binds a name to."""
        self.scope.bindings.setdefault(name, []).append(binding)

    @contextmanager
    def inside(self, index: int) -> Iterator[None]:
        """Stand in another scope, outside of the loops and, but for a comprehension, the conditions around it."""
        outer, self.current = self.current, index
        loops, self.loops = self.loops, 0
        guards, path = self.guards, self.block_path
        if self.scopes[index].kind != "comprehension":
            self.guards, self.block_path = (), ()
        yield
        self.current, self.loops, self.guards, self.block_path = outer, loops, guards, path

    @contextmanager
    def guarded(self, since: int) -> Iterator[None]:
        """Stand under a condition whose test holds the sites from number `since` on."""
        outer = self.enter_guard(since)
        yield
        self.guards = outer

    def enter_guard(self, since: int) -> tuple[int, ...]:
        """Stand under a condition from now on; return the `guards` to stand under again behind it."""
        outer = self.guards
        if since < len(self.sites):
            self.guards = (*outer, *range(since, len(self.sites)))
        return outer

    @contextmanager
    def looping(self) -> Iterator[None]:
        """Stand in a loop."""
        self.loops += 1
        yield
        self.loops -= 1

    def name_at(self, name: str) -> ir.Name:
        """Return a use of a name here."""
        self.order += 1
        return ir.Name(name, self.order, self.block_path)

    def moment(self) -> ir.Moment:
        """Return when a binding here takes place."""
        self.order += 1
        return ir.Moment(self.order, self.block_path)

    @contextmanager
    def branch(self, *, loop: bool = False) -> Iterator[None]:
        """Stand in a block that need not run, or that may run again."""
        outer = self.enter_branch(loop=loop)
        yield
        self.block_path = outer

    def enter_branch(self, *, loop: bool = False) -> tuple[int, ...]:
        """Stand in such a block from now on; return the `block_path` to stand in again behind it."""
        self._blocks += 1
        outer = self.block_path
        self.block_path = (*outer, -self._blocks if loop else self._blocks)
        return outer

    def site(self, expr: ir.Call | ir.Subscript | ir.Attribute, head: str, start: int, end: int, use: Use) -> None:
        """Note an expression that may turn out to be a reference, and where it stands."""
        role, target, compared, negated, awaited = use
        traits: tuple[str, ...] = ()
        if negated or awaited or self.loops:
            traits = ("in-loop",) * bool(self.loops) + ("negated",) * negated + ("awaited",) * awaited
        self.sites.append(ir.Site(expr, head, start, end, self.current, role, traits, target, compared, self.guards))
