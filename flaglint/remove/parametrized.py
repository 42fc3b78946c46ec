"""Parametrized tests that set a removed flag from a parameter: cases of the other value go, and the parameter too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.elements import without_element
from flaglint.remove.rope import Cut
from flaglint.remove.tree import dotted, walk
from flaglint.remove.values import Known, literal_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.tree import Node

    SetsKept = Callable[[object], bool | None]


@dataclass(frozen=True, slots=True)
class _Table:
    """A `parametrize` decorator: its call, the names of its columns, and its cases with the cells of each."""

    decorator: cst.Decorator
    call: cst.Call
    names: tuple[str, ...]
    rows: tuple[cst.BaseElement, ...]
    cells: tuple[tuple[cst.BaseExpression, ...], ...]


def thin_out(engine: FileEngine, stretch: Stretch, override: Node, kept: object, sets_kept: SetsKept) -> bool:
    """Fold the parameter that an override takes its value from; return whether it was one, and its cases are known."""
    test = stretch.tree.enclosing(override, cst.FunctionDef)
    if test is None:
        return False
    params = [*test.params.params, *test.params.kwonly_params]
    used = {node.value for node in walk(override) if isinstance(node, cst.Name)}
    for param in params:
        table = _table(test, param.name.value) if param.name.value in used else None
        if table is None:
            continue
        column = table.names.index(param.name.value)
        known = [literal_value(cells[column]) for cells in table.cells]
        verdicts = [sets_kept(value[0]) if value is not None else None for value in known]
        if any(verdict is None for verdict in verdicts):
            return False
        cuts = _cuts(engine, stretch, test, param, table, column, [bool(verdict) for verdict in verdicts], kept)
        if cuts is None:
            return False
        return engine.draft.cut([Cut(cut.start + stretch.base, cut.end + stretch.base, cut.text) for cut in cuts])
    return False


def _table(test: cst.FunctionDef, name: str) -> _Table | None:
    for decorator in test.decorators:
        call = decorator.decorator
        if not isinstance(call, cst.Call) or not dotted(call.func).endswith("parametrize") or len(call.args) != 2:
            continue
        names, rows = _names(call.args[0].value), call.args[1].value
        if names is None or name not in names or not isinstance(rows, (cst.List, cst.Tuple)):
            continue
        cells = [_cells(row.value, len(names)) for row in rows.elements]
        if all(found is not None for found in cells):
            return _Table(decorator, call, names, tuple(rows.elements), tuple(found for found in cells if found))
    return None


def _names(node: cst.BaseExpression) -> tuple[str, ...] | None:
    plain = literal_value(node)
    if plain is not None and isinstance(plain[0], str):
        return tuple(name.strip() for name in plain[0].split(","))
    if plain is not None and isinstance(plain[0], tuple):
        return plain[0]
    if isinstance(node, cst.List):
        found = [literal_value(element.value) for element in node.elements]
        return tuple(str(item[0]) for item in found if item is not None) if all(found) else None
    return None


def _cells(row: cst.BaseExpression, count: int) -> tuple[cst.BaseExpression, ...] | None:
    if isinstance(row, cst.Call) and dotted(row.func).endswith("param"):
        values = tuple(arg.value for arg in row.args if arg.keyword is None and not arg.star)
    elif count == 1:
        values = (row,)
    elif isinstance(row, (cst.Tuple, cst.List)):
        values = tuple(element.value for element in row.elements)
    else:
        return None
    return values if len(values) == count else None


def _cuts(
    engine: FileEngine,
    stretch: Stretch,
    test: cst.FunctionDef,
    param: cst.Param,
    table: _Table,
    column: int,
    stays: Sequence[bool],
    kept: object,
) -> list[Cut] | None:
    """Return the cuts that leave the cases of the kept value, without the column, and put the value in the test."""
    tree = stretch.tree
    scope = next((scope for scope in stretch.scope.walk() if scope.node is test), None)
    if scope is None or len(scope.all_bindings(param.name.value)) != 1:
        return None
    if not any(stays):
        step = engine.step(stretch)
        step.remove(test, frozenset())
        return [Cut(cut.start - stretch.base, cut.end - stretch.base, cut.text) for cut in engine.carry_out(step)]
    known = Known(kept, frozenset())
    cuts = [Cut(*tree.inner(use.node), engine.marks.name(known)) for use in scope.all_uses(param.name.value)]
    cuts += without_element(tree, [*test.params.params, *test.params.kwonly_params], param)
    if len(table.names) == 1:
        lines = engine.step(stretch).layout.lines
        start, end = (offset + stretch.base for offset in tree.inner(table.decorator))
        first, last = lines.number(start), lines.number(end - 1)
        return [*cuts, Cut(lines.start(first) - stretch.base, lines.end(last) - stretch.base)]
    return [*cuts, *_thinned(stretch, table, column, stays)]


def _thinned(stretch: Stretch, table: _Table, column: int, stays: Sequence[bool]) -> list[Cut]:
    tree = stretch.tree
    left = [name for index, name in enumerate(table.names) if index != column]
    names = table.call.args[0].value
    cuts = [Cut(*tree.outer(names), _renamed(stretch, names, left))]
    display = table.call.args[1].value
    kept = [row for row, stay in zip(table.rows, stays, strict=True) if stay]
    if "\n" not in tree.source(display):
        rows = ", ".join(_row(stretch, row, column, len(left)) for row in kept)
        opening, closing = tree.source(display)[0], tree.source(display)[-1]
        return [*cuts, Cut(*tree.outer(display), f"{opening}{rows}{closing}")]
    for row, stay in zip(table.rows, stays, strict=True):
        if stay:
            cuts.append(Cut(*tree.outer(row.value), _row(stretch, row, column, len(left))))
        else:
            cuts += without_element(tree, list(table.rows), row)
    return cuts


def _renamed(stretch: Stretch, names: cst.BaseExpression, left: Sequence[str]) -> str:
    """Return the first argument of `parametrize` with the names that are left, written as it was."""
    source = stretch.tree.source(names)
    quote = source.lstrip("([")[:1]
    if isinstance(names, (cst.Tuple, cst.List)) and len(left) > 1:
        opening, closing = ("(", ")") if isinstance(names, cst.Tuple) else ("[", "]")
        return f"{opening}{', '.join(f'{quote}{name}{quote}' for name in left)}{closing}"
    joined = ", " if "," not in source or ", " in source else ","
    return f"{quote}{joined.join(left)}{quote}"


def _row(stretch: Stretch, row: cst.BaseElement, column: int, count: int) -> str:
    """Return the source of a case without one of its cells."""
    value, tree = row.value, stretch.tree
    if isinstance(value, cst.Call):
        positional = [arg for arg in value.args if arg.keyword is None]
        gone = positional[column]
        sources = [stretch.text[slice(*_argument_place(stretch, arg))] for arg in value.args if arg is not gone]
        return f"{tree.source(value.func)}({', '.join(sources)})"
    assert isinstance(value, (cst.Tuple, cst.List))
    cells = [
        stretch.text[slice(*tree.outer(item.value))] for index, item in enumerate(value.elements) if index != column
    ]
    opening, closing = ("(", ")") if isinstance(value, cst.Tuple) else ("[", "]")
    return cells[0] if count == 1 else f"{opening}{', '.join(cells)}{closing}"


def _argument_place(stretch: Stretch, arg: cst.Arg) -> tuple[int, int]:
    start = stretch.tree.inner(arg.keyword)[0] if arg.keyword is not None else stretch.tree.outer(arg.value)[0]
    return start, stretch.tree.outer(arg.value)[1]
