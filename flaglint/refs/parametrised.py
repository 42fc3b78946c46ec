"""What a test runner passes to a parametrised test: the values that stand in its decorators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir

if TYPE_CHECKING:
    from collections.abc import Iterator


def passed(scope: ir.Scope, name: str, *, is_method: bool) -> Iterator[ir.Expr]:
    """Yield the expressions that decorators of a test pass for its parameter `name`.

    `@pytest.mark.parametrize("a, b", [(1, 2), …])` names the parameters; `@ddt.data(…)` fills the first one, or with
    `@ddt.unpack` and tuples all of them; `@parameterized.expand([(…), …])` always takes tuples.
    """
    names = [parameter.name for parameter in scope.parameters][is_method:]
    heads = {_head(decorator) for decorator in scope.decorators}
    for decorator in scope.decorators:
        if not isinstance(decorator, ir.Call) or not decorator.args:
            continue
        head = _head(decorator)
        if head == "parametrize" and len(decorator.args) > 1:
            wanted = _names(decorator.args[0].value)
            if name in wanted:
                yield from _column(_items(decorator.args[1].value), wanted.index(name), single=len(wanted) == 1)
        elif head == "data" and name in names:
            values = [arg.value for arg in decorator.args]
            yield from _column(values, names.index(name), single="unpack" not in heads)
        elif head == "expand" and name in names:
            yield from _column(_items(decorator.args[0].value), names.index(name), single=False)


def _head(decorator: ir.Expr) -> str:
    target = decorator.func if isinstance(decorator, ir.Call) else decorator
    return target.name if isinstance(target, ir.Attribute) else target.id if isinstance(target, ir.Name) else ""


def _names(expr: ir.Expr) -> list[str]:
    if isinstance(expr, ir.Text):
        return [name.strip() for name in expr.value.split(",")]
    return [item.value for item in _items(expr) if isinstance(item, ir.Text)]


def _items(expr: ir.Expr) -> list[ir.Expr]:
    return list(expr.items) if isinstance(expr, ir.Sequence) else []


def _column(rows: list[ir.Expr], index: int, *, single: bool) -> Iterator[ir.Expr]:
    for row in rows:
        value = row
        if isinstance(row, ir.Call) and _head(row) == "param":  # pytest.param(value, …, id="…")
            given = [arg.value for arg in row.args if not arg.keyword]
            value = ir.Sequence(tuple(given)) if not single else given[0] if given else ir.OPAQUE
        if single:
            yield value
        elif isinstance(value, ir.Sequence) and index < len(value.items):
            yield value.items[index]
