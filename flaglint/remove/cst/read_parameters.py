"""The parameters of a function from the interpreter's own tree, with the stars and the slash between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs.ast_places import UnsureError
from flaglint.remove import cst
from flaglint.remove.cst.base import NOWHERE, outer

if TYPE_CHECKING:
    import _ast as ast

    from flaglint.remove.cst.read_expressions import ExpressionReader


def read_parameters(reader: ExpressionReader, node: ast.arguments, start: int) -> cst.Parameters:
    """Return the parameters that follow from `start` on."""
    return _Parameters(reader, start).read(node)


class _Parameters:
    def __init__(self, reader: ExpressionReader, start: int) -> None:
        self.reader = reader
        self.text = reader.text
        self.end = start  # of what was read last

    def read(self, node: ast.arguments) -> cst.Parameters:
        defaults: list[ast.expr | None] = [None] * (len(node.posonlyargs) + len(node.args) - len(node.defaults))
        defaults += node.defaults
        own = len(node.posonlyargs)
        positional = [self.one(item, value) for item, value in zip(node.posonlyargs, defaults[:own], strict=True)]
        slash = None
        if positional:
            at = self.next_to(",")
            slash = cst.ParamSlash((at, at + 1))
            self.end = at + 1
        plain = [self.one(item, value) for item, value in zip(node.args, defaults[own:], strict=True)]
        star: cst.Param | cst.ParamStar | None = None
        if node.vararg is not None:
            star = self.one(node.vararg, None, "*")
        elif node.kwonlyargs:
            at = self.next_to(",")
            if self.text[at : at + 1] != "*":
                raise UnsureError
            star = cst.ParamStar((at, self.reader.places.span(node.kwonlyargs[0])[0]))
            self.end = at + 1
        named = [self.one(item, value) for item, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        return cst.Parameters(
            NOWHERE,
            params=tuple(plain),
            star_arg=star,
            kwonly_params=tuple(named),
            star_kwarg=self.one(node.kwarg, None, "**") if node.kwarg is not None else None,
            posonly_params=tuple(positional),
            posonly_ind=slash,
        )

    def one(self, node: ast.arg, value: ast.expr | None, star: str = "") -> cst.Param:
        reader = self.reader
        start = reader.places.span(node)[0]
        name = reader.word(start, node.arg)
        if star:
            start = self.next_to(",")
            if not self.text.startswith(star, start):
                raise UnsureError
        self.end = name.place[1]
        annotation = None
        if node.annotation is not None:
            annotation = annotated(reader, node.annotation)
            self.end = annotation.place[1]
        default = reader.optional(value)
        if default is not None:
            self.end = outer(default)[1]
        return cst.Param((start, name.place[1]), name=name, annotation=annotation, default=default, star=star)

    def next_to(self, separator: str) -> int:
        """Return where the next token stands, behind a separator if there is one."""
        at = self.reader.tokens.after(self.end)
        return self.reader.tokens.after(at + 1) if self.text[at : at + 1] == separator else at


def annotated(reader: ExpressionReader, node: ast.expr) -> cst.Annotation:
    """Return an annotation."""
    found = reader.read(node)
    return cst.Annotation(outer(found), annotation=found)
