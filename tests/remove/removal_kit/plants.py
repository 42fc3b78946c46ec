"""Plants a synthetic flag in a module, in one of many shapes; removing it must give the module back as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.lines import Lines
from flaglint.remove.rope import Cut, Rope
from flaglint.remove.tree import Tree, flat, walk

if TYPE_CHECKING:
    from random import Random

READ = 'flags.is_enabled("planted")'
OFF = 'flags.is_off("planted")'


@dataclass(frozen=True)
class Plant:
    """A module with a flag in it, the value that gives the original back, and other files that belong to it."""

    shape: str
    text: str
    value: bool
    others: dict[str, str]


class Planter:
    """Chooses a place in one module and plants a flag there."""

    def __init__(self, text: str, random: Random) -> None:
        self.text = text
        self.random = random
        self.tree = Tree(text)
        self.lines = Lines(text)
        self.others: dict[str, str] = {}
        self.module = "flags"

    def plant(self, shape: str) -> Plant | None:
        """Return the planted module, or None when the module has no place for the shape."""
        made = getattr(self, shape)()
        if made is None:
            return None
        cuts, value = made
        start = self._import_line()
        if start is None:
            return None
        newline = self.lines.newline
        text = Rope(self.text).cut([*cuts, Cut(start, start, f"import {self.module}{newline}")]).text
        return Plant(shape, text, value, self.others)

    def _import_line(self) -> int | None:
        """Return where the first import begins that is no `__future__`, at the top of the module."""
        for statement in self.tree.module.body:
            for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(small, (cst.Import, cst.ImportFrom)):
                    source = self.tree.source(small)
                    if "__future__" not in source:
                        return self.lines.start(self.lines.number(self.tree.inner(small)[0]))
        return None

    # ---------------------------------------------------------------------------------------------------- statements

    def _blocks(self) -> list[cst.IndentedBlock]:
        return [
            node
            for node in walk(self.tree.module)
            if isinstance(node, cst.IndentedBlock) and self.tree.enclosing(node, cst.FunctionDef) is not None
        ]

    def _run(self) -> tuple[int, int, str] | None:
        """Return the lines of some statements of a function, and their indentation."""
        blocks = self._blocks()
        for _ in range(20):
            if not blocks:
                return None
            block = self.random.choice(blocks)
            statements = list(block.body)
            first = self.random.randrange(len(statements))
            last = self.random.randrange(first, min(len(statements), first + 4))
            start = self.lines.number(self._start(statements[first]))
            end = self.lines.number(self.tree.inner(statements[last])[1] - 1)
            small = flat(cst.IndentedBlock(cst.NOWHERE, body=statements[first : last + 1]))
            leaves = any(isinstance(item, (cst.Return, cst.Raise, cst.Continue, cst.Break)) for item in small)
            docstring = isinstance(small[0], cst.Expr) and isinstance(small[0].value, cst.BaseString)
            indent = self.lines.indent(start)
            own = self.lines.content(start)[: len(indent)] == indent and indent.strip(" \t") == ""
            idle = all(isinstance(item, cst.Pass) for item in small)
            if own and not docstring and not idle and (not leaves or last == len(statements) - 1):
                return start, end, indent
        return None

    def _start(self, node: cst.CSTNode) -> int:
        decorators = getattr(node, "decorators", ())
        return self.tree.inner(decorators[0] if decorators else node)[0]

    def _unit(self, indent: str) -> str:
        return "\t" if "\t" in indent else "    "

    def _frozen(self) -> set[int]:
        found: set[int] = set()
        for node in walk(self.tree.module):
            if isinstance(node, (cst.SimpleString, cst.FormattedString)):
                start, end = self.tree.inner(node)
                found.update(range(self.lines.number(start) + 1, self.lines.number(end - 1) + 1))
        return found

    def _indented(self, first: int, last: int, indent: str) -> list[Cut]:
        frozen = self._frozen()
        return [
            Cut(self.lines.start(line), self.lines.start(line), self._unit(indent))
            for line in range(first, last + 1)
            if line not in frozen and not self.lines.is_blank(line)
        ]

    def if_else(self) -> tuple[list[Cut], bool] | None:
        return self._wrapped(f"if {READ}:", "else:", value=True)

    def if_not_else(self) -> tuple[list[Cut], bool] | None:
        return self._wrapped(f"if not {READ}:", "else:", value=False)

    def if_off(self) -> tuple[list[Cut], bool] | None:
        return self._wrapped(f"if {OFF}:", "", value=False)

    def through_wrapper(self) -> tuple[list[Cut], bool] | None:
        self.others["gates.py"] = f"import flags\n\n\ndef planted_on(user=None):\n    return {READ}\n"
        self.module = "gates"
        return self._wrapped("if gates.planted_on():", "", value=True)

    def local(self) -> tuple[list[Cut], bool] | None:
        made = self._wrapped("if planted_now:", "else:", value=True)
        if made is None:
            return None
        cuts, value = made
        header = next(cut for cut in cuts if "planted_now" in cut.text)
        indent = header.text[: len(header.text) - len(header.text.lstrip(" \t"))]
        new = Cut(header.start, header.end, f"{indent}planted_now = {READ}{self.lines.newline}{header.text}")
        return [new if cut is header else cut for cut in cuts], value

    def _wrapped(self, header: str, other: str, *, value: bool) -> tuple[list[Cut], bool] | None:
        found = self._run()
        if found is None:
            return None
        first, last, indent = found
        newline, unit = self.lines.newline, self._unit(indent)
        cuts = self._indented(first, last, indent)
        start = self.lines.start(first)
        cuts = [cut for cut in cuts if cut.start != start]
        cuts.append(Cut(start, start, f"{indent}{header}{newline}{unit}"))
        if other:
            end = self.lines.end(last)
            text = f"{indent}{other}{newline}{indent}{unit}planted_legacy()  # old{newline}"
            if not self.text[:end].endswith(("\n", "\r")):
                return None
            cuts.append(Cut(end, end, text))
        return cuts, value

    def guard(self) -> tuple[list[Cut], bool] | None:
        found = self._run()
        if found is None:
            return None
        first, _, indent = found
        while self.lines.is_comment(first - 1):
            first -= 1
        start, newline, unit = self.lines.start(first), self.lines.newline, self._unit(indent)
        return [Cut(start, start, f"{indent}if not {READ}:{newline}{indent}{unit}return None{newline}")], True

    def early_return(self) -> tuple[list[Cut], bool] | None:
        """The old way stands behind a new way that always returns."""
        found = [
            (node, node.body.body[-1])
            for node in walk(self.tree.module)
            if isinstance(node, cst.FunctionDef)
            and isinstance(node.body, cst.IndentedBlock)
            and len(node.body.body) > 1
        ]
        found = [(node, last) for node, last in found if isinstance(flat(node.body)[-1], cst.Return)]
        if not found:
            return None
        _, last = self.random.choice(found)
        first, end = self.lines.number(self.tree.inner(last)[0]), self.lines.number(self.tree.inner(last)[1] - 1)
        indent, newline = self.lines.indent(first), self.lines.newline
        if not self.lines.content(first).lstrip().startswith("return"):
            return None
        cuts = [cut for cut in self._indented(first, end, indent) if cut.start != self.lines.start(first)]
        start, stop = self.lines.start(first), self.lines.end(end)
        if not self.text[:stop].endswith(("\n", "\r")):
            return None
        cuts.append(Cut(start, start, f"{indent}if {READ}:{newline}{self._unit(indent)}"))
        cuts.append(
            Cut(stop, stop, f"{newline}{indent}# the old way{newline}{indent}return planted_legacy(1){newline}")
        )
        return cuts, True

    def elif_arm(self) -> tuple[list[Cut], bool] | None:
        found = [
            node
            for node in walk(self.tree.module)
            if isinstance(node, cst.If) and node.orelse is not None and isinstance(node.body, cst.IndentedBlock)
        ]
        if not found:
            return None
        node = self.random.choice(found)
        assert node.orelse is not None
        line = self.lines.number(self.tree.inner(node.orelse)[0])
        while self.lines.is_comment(line - 1) or self.lines.is_blank(line - 1):
            line -= 1
        indent, newline = self.lines.indent(self.lines.number(self.tree.inner(node.orelse)[0])), self.lines.newline
        text = f"{indent}elif {READ}:{newline}{indent}{self._unit(indent)}planted_legacy(){newline}"
        return [Cut(self.lines.start(line), self.lines.start(line), text)], False

    def decorator(self) -> tuple[list[Cut], bool] | None:
        found = [node for node in walk(self.tree.module) if isinstance(node, cst.FunctionDef)]
        if not found:
            return None
        node = self.random.choice(found)
        line = self.lines.number(self._start(node))
        indent = self.lines.indent(line)
        start = self.lines.start(line)
        return [Cut(start, start, f'{indent}@flags.flag_required("planted"){self.lines.newline}')], True

    # --------------------------------------------------------------------------------------------------- expressions

    def _tests(self) -> list[cst.BaseExpression]:
        return [
            node.test
            for node in walk(self.tree.module)
            if isinstance(node, (cst.If, cst.While))
            and not node.test.lpar  # type: ignore[attr-defined] # every expression has them
            and isinstance(node.test, (cst.Name, cst.Call, cst.Attribute, cst.Comparison, cst.UnaryOperation))
        ]

    def operand(self) -> tuple[list[Cut], bool] | None:
        tests = self._tests()
        if not tests:
            return None
        start, end = self.tree.inner(self.random.choice(tests))
        return self.random.choice(
            [
                ([Cut(start, start, f"{READ} and ")], True),
                ([Cut(end, end, f" and {READ}")], True),
                ([Cut(start, start, f"not {READ} or ")], True),
                ([Cut(end, end, f" or {READ}")], False),
                ([Cut(start, start, f"{OFF} and ")], False),
            ]
        )

    def ternary(self) -> tuple[list[Cut], bool] | None:
        found = [
            node
            for node in walk(self.tree.module)
            if isinstance(node, (cst.Call, cst.Name, cst.SimpleString, cst.List, cst.Dict))
            and isinstance(self.tree.parent(node), (cst.Return, cst.Assign))
        ]
        if not found:
            return None
        start, end = self.tree.inner(self.random.choice(found))
        if self.random.random() < 0.5:
            return [Cut(start, start, f"None if {READ} else ")], False
        return [Cut(end, end, f" if {READ} else planted_legacy()")], True

    def argument(self) -> tuple[list[Cut], bool] | None:
        found = [
            node.value
            for node in walk(self.tree.module)
            if isinstance(node, cst.Arg)
            and not node.star
            and isinstance(node.value, (cst.Call, cst.Name, cst.SimpleString))
        ]
        found = [node for node in found if not node.lpar]
        if not found:
            return None
        start, end = self.tree.inner(self.random.choice(found))
        return [Cut(start, start, "("), Cut(end, end, f" if {READ} else planted_legacy())")], True

    def comprehension(self) -> tuple[list[Cut], bool] | None:
        found = [node for node in walk(self.tree.module) if isinstance(node, cst.CompFor) and node.inner_for_in is None]
        if not found:
            return None
        node = self.random.choice(found)
        end = self.tree.outer(node.ifs[-1].test)[1] if node.ifs else self.tree.outer(node.iter)[1]
        return [Cut(end, end, f" if {READ}")], True


SHAPES = tuple(name for name in vars(Planter) if not name.startswith("_") and name != "plant")
