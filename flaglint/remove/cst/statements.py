"""Statements and the clauses that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove.cst.base import (
    BaseCompoundStatement,
    BaseSmallStatement,
    BaseStatement,
    BaseSuite,
    CSTNode,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.remove.cst.base import (
        Asynchronous,
        BaseAssignTargetExpression,
        BaseDelTargetExpression,
        BaseExpression,
        Header,
    )
    from flaglint.remove.cst.displays import List, Tuple
    from flaglint.remove.cst.expressions import Annotation, Arg, Attribute, From, Name, Parameters
    from flaglint.remove.cst.operators import BaseAugOp, Dot, ImportStar


class Module(CSTNode):
    """A whole text."""

    body: Sequence[SimpleStatementLine | BaseCompoundStatement]


class SimpleStatementLine(BaseStatement):
    """Small statements on a line of their own."""

    body: Sequence[BaseSmallStatement]


class SimpleStatementSuite(BaseSuite):
    """Small statements on the line of a colon."""

    body: Sequence[BaseSmallStatement]


class IndentedBlock(BaseSuite):
    """Statements on lines below a colon."""

    body: Sequence[BaseStatement]
    header: Header


class Del(BaseSmallStatement):
    """`del target`."""

    target: BaseDelTargetExpression


class Pass(BaseSmallStatement):
    """`pass`."""


class Break(BaseSmallStatement):
    """`break`."""


class Continue(BaseSmallStatement):
    """`continue`."""


class Return(BaseSmallStatement):
    """`return value`."""

    value: BaseExpression | None


class Expr(BaseSmallStatement):
    """An expression whose value nobody takes."""

    value: BaseExpression


class AsName(CSTNode):
    """`as name`."""

    name: Name | Tuple | List


class ImportAlias(CSTNode):
    """A name that is imported, and what it is called here."""

    name: Attribute | Name
    asname: AsName | None


class Import(BaseSmallStatement):
    """`import names`."""

    names: Sequence[ImportAlias]


class ImportFrom(BaseSmallStatement):
    """`from module import names`, with the dots before the module; `opening` is where a parenthesis stands."""

    module: Attribute | Name | None
    names: Sequence[ImportAlias] | ImportStar
    relative: Sequence[Dot]
    opening: int | None


class LazyImport(Import):
    """`lazy import names`."""


class LazyImportFrom(ImportFrom):
    """`lazy from module import names`."""


class AssignTarget(CSTNode):
    """A target with its equal sign."""

    target: BaseAssignTargetExpression


class Assign(BaseSmallStatement):
    """`targets = value`."""

    targets: Sequence[AssignTarget]
    value: BaseExpression


class AnnAssign(BaseSmallStatement):
    """`target: annotation = value`."""

    target: BaseAssignTargetExpression
    annotation: Annotation
    value: BaseExpression | None


class AugAssign(BaseSmallStatement):
    """`target += value`."""

    target: BaseAssignTargetExpression
    operator: BaseAugOp
    value: BaseExpression


class Raise(BaseSmallStatement):
    """`raise exc from cause`."""

    exc: BaseExpression | None
    cause: From | None


class Assert(BaseSmallStatement):
    """`assert test, msg`."""

    test: BaseExpression
    msg: BaseExpression | None


class NameItem(CSTNode):
    """A name that `global` or `nonlocal` lists."""

    name: Name


class Global(BaseSmallStatement):
    """`global names`."""

    names: Sequence[NameItem]


class Nonlocal(BaseSmallStatement):
    """`nonlocal names`."""

    names: Sequence[NameItem]


class Else(CSTNode):
    """`else`."""

    body: BaseSuite


class If(BaseCompoundStatement):
    """`if` or `elif`, with the `elif` or `else` that follows."""

    test: BaseExpression
    body: BaseSuite
    orelse: If | Else | None


class ExceptHandler(CSTNode):
    """`except type as name`."""

    body: BaseSuite
    type: BaseExpression | None
    name: AsName | None


class ExceptStarHandler(CSTNode):
    """`except* type as name`."""

    body: BaseSuite
    type: BaseExpression
    name: AsName | None


class Finally(CSTNode):
    """`finally`."""

    body: BaseSuite


class Try(BaseCompoundStatement):
    """`try`."""

    body: BaseSuite
    handlers: Sequence[ExceptHandler]
    orelse: Else | None
    finalbody: Finally | None


class TryStar(BaseCompoundStatement):
    """`try` with `except*`."""

    body: BaseSuite
    handlers: Sequence[ExceptStarHandler]
    orelse: Else | None
    finalbody: Finally | None


class Decorator(CSTNode):
    """`@decorator`."""

    decorator: BaseExpression


class TypeVar(CSTNode):
    """A type parameter and its bound."""

    name: Name
    bound: BaseExpression | None


class TypeVarTuple(CSTNode):
    """`*name` among type parameters."""

    name: Name


class ParamSpec(CSTNode):
    """`**name` among type parameters."""

    name: Name


class TypeParam(CSTNode):
    """A type parameter among others."""

    param: TypeVar | TypeVarTuple | ParamSpec
    default: BaseExpression | None


class TypeParameters(CSTNode):
    """The type parameters of a definition."""

    params: Sequence[TypeParam]


class TypeAlias(BaseSmallStatement):
    """`type name = value`."""

    name: Name
    value: BaseExpression
    type_parameters: TypeParameters | None


class FunctionDef(BaseCompoundStatement):
    """A function."""

    name: Name
    params: Parameters
    body: BaseSuite
    decorators: Sequence[Decorator]
    returns: Annotation | None
    asynchronous: Asynchronous | None
    type_parameters: TypeParameters | None


class ClassDef(BaseCompoundStatement):
    """A class."""

    name: Name
    body: BaseSuite
    bases: Sequence[Arg]
    keywords: Sequence[Arg]
    decorators: Sequence[Decorator]
    type_parameters: TypeParameters | None


class WithItem(CSTNode):
    """`item as asname`."""

    item: BaseExpression
    asname: AsName | None


class With(BaseCompoundStatement):
    """`with items`."""

    items: Sequence[WithItem]
    body: BaseSuite
    asynchronous: Asynchronous | None


class For(BaseCompoundStatement):
    """`for target in iter`."""

    target: BaseAssignTargetExpression
    iter: BaseExpression
    body: BaseSuite
    orelse: Else | None
    asynchronous: Asynchronous | None


class While(BaseCompoundStatement):
    """`while test`."""

    test: BaseExpression
    body: BaseSuite
    orelse: Else | None
