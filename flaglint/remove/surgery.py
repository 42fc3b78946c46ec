"""Cuts that replace an expression by one of its parts, or take operands out of a chain, and leave good layout behind.

Parentheses go when they have become pointless and stay when they are needed: to bind, or to join lines. A comment that
belongs to what is kept stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.remove import cst
from flaglint.remove.cst.parsing import parse_expression
from flaglint.remove.cst.tokens import goes_over_lines
from flaglint.remove.evaluate import chain
from flaglint.remove.lines import Lines
from flaglint.remove.precedence import takes_bare
from flaglint.remove.rope import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.remove.tree import Tree

_BRACKETED = (cst.Call, cst.Subscript, cst.List, cst.Set, cst.Dict, cst.ListComp, cst.SetComp, cst.DictComp)
_COMMENT_LINE = late(r"[ \t\f]*#[^\r\n]*(?:\r\n|\r|\n)")
_WORDY = late(r"[\w\"']")


def replace_by_text(tree: Tree, node: cst.BaseExpression, source: str, *, atom: bool = True) -> list[Cut]:
    """Return the cuts that put `source` in the place of `node` and its parentheses."""
    start, end = tree.outer(node)
    if not atom and not takes_bare(tree, node, parse_expression(source)):
        source = f"({source})"
    return [Cut(start, end, _spaced(tree, start, end, source))]


def _spaced(tree: Tree, start: int, end: int, source: str) -> str:
    """Add blanks where `source` would otherwise run into the words around `[start, end)`."""
    text = tree.text
    before = " " if start and text[start - 1].isidentifier() and _WORDY.match(source) else ""
    after = (
        " " if end < len(text) and re.match(r"\w", text[end]) and source and re.match(r"[\w\"']", source[-1]) else ""
    )
    return before + source + after


def has_bare_newline(source: str) -> bool:
    """Whether an expression goes over a line end outside of all brackets and strings."""
    return ("\n" in source or "\r" in source) and goes_over_lines(source)


def is_bracketed(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether lines may end anywhere around `node`, because something above it opens a bracket."""
    below = node
    for above in tree.ancestors(node):
        if isinstance(above, cst.BaseStatement | cst.BaseSmallStatement):
            return isinstance(above, (cst.ImportFrom, cst.ClassDef))
        if getattr(above, "lpar", ()):
            return True
        opens = isinstance(above, _BRACKETED)
        if (
            opens
            and not (isinstance(above, cst.Call) and above.func is below)
            and getattr(above, "value", 0) is not below
        ):
            return True
        if isinstance(above, cst.FormattedStringExpression):
            return True
        below = above
    return False


def replace_by_part(tree: Tree, node: cst.BaseExpression, part: cst.BaseExpression) -> list[Cut]:
    """Return the cuts that leave of `node` only `part`, an expression in it."""
    start, end = tree.outer(node)
    inner_start, inner_end = tree.inner(part)
    outer_start, outer_end = tree.outer(part)
    source = tree.text[inner_start:inner_end]
    joined = has_bare_newline(source) and not is_bracketed(tree, node)
    joined = joined or _is_too_long(tree, node, source)
    moved = _moved_lines(tree, start, part)
    spread = bool(getattr(part, "lpar", ())) and has_bare_newline(source)
    if not joined and not spread and _takes_bare(tree, node, part):
        return _around(tree, (start, end), (inner_start, inner_end)) + moved
    if getattr(part, "lpar", ()):
        return _around(tree, (start, end), (outer_start, outer_end)) + moved
    if getattr(node, "lpar", ()):
        whole = tree.inner(node)
        return _around(tree, whole, (outer_start, outer_end)) + _moved_lines(tree, whole[0], part)
    return [Cut(start, inner_start, "("), Cut(inner_end, end, ")"), *moved]


def _takes_bare(tree: Tree, node: cst.BaseExpression, part: cst.BaseExpression) -> bool:
    """Whether `part` needs no parentheses in the place of `node`; an operand of a chain may be a chain of its kind."""
    above = tree.parent(node)
    if isinstance(above, cst.BooleanOperation) and isinstance(part, cst.BooleanOperation):
        return type(above.operator) is type(part.operator) or takes_bare(tree, node, part)
    return takes_bare(tree, node, part)


def _moved_lines(tree: Tree, place: int, part: cst.BaseExpression) -> list[Cut]:
    return moved_lines(tree, place, tree.outer(part))


def moved_lines(tree: Tree, place: int, part: tuple[int, int]) -> list[Cut]:
    """Return the cuts that move the later lines of `part` as far as its first line moves when it begins at `place`."""
    lines = Lines(tree.text)
    start, end = part
    home, first, last = lines.number(place), lines.number(start), lines.number(end - 1)
    if home == first or first == last:
        return []
    shift = len(lines.indent(home)) - len(lines.indent(first))
    strings = [
        tree.inner(item)
        for item in (*tree.of(cst.SimpleString), *tree.of(cst.FormattedString))
        if start <= tree.inner(item)[0] < end
    ]
    frozen = {line for begin, stop in strings for line in range(lines.number(begin) + 1, lines.number(stop - 1) + 1)}
    cuts = []
    for line in range(first + 1, last + 1):
        if line in frozen or lines.is_blank(line) or lines.start(line) >= end:
            continue
        begin = lines.start(line)
        if shift < 0:
            cuts.append(Cut(begin, begin + min(-shift, len(lines.indent(line)))))
        elif shift:
            cuts.append(Cut(begin, begin, lines.indent(line)[:1] * shift or " " * shift))
    return cuts


def _is_too_long(tree: Tree, node: cst.BaseExpression, source: str) -> bool:
    """Whether parentheses spread `node` over lines because it is too long for one, and would still be needed."""
    start, end = tree.outer(node)
    whole = tree.text[start:end]
    if not getattr(node, "lpar", ()) or "\n" not in whole or "\n" in source:
        return False
    lines = Lines(tree.text)
    before = tree.text[lines.start(lines.number(start)) : start]
    after = tree.text[end : lines.content_end(lines.number(end - 1))]
    own = range(lines.number(start), lines.number(end - 1) + 1)
    others = [len(lines.content(number)) for number in range(len(lines)) if number not in own]
    limit = min(max([79, *others]), 120)  # how long lines may be here, as far as the others tell
    return len(before) + len(source) + len(after) > limit


def _around(tree: Tree, whole: tuple[int, int], part: tuple[int, int]) -> list[Cut]:
    source = tree.text[slice(*part)]
    spaced = _spaced(tree, *whole, source)
    before = " " if spaced.startswith(" ") and not source.startswith(" ") else ""
    after = " " if spaced.endswith(" ") and not source.endswith(" ") else ""
    return [
        cut
        for cut in (Cut(whole[0], part[0], before), Cut(part[1], whole[1], after))
        if cut.start < cut.end or cut.text
    ]


def keep_operands(tree: Tree, node: cst.BooleanOperation, kept: Sequence[int]) -> list[Cut]:
    """Return the cuts that leave of the chain `node` the operands with the numbers in `kept`, at least one."""
    operands = chain(node)
    if len(kept) == 1 and not _comments_near(tree, operands, kept[0]):
        return replace_by_part(tree, node, operands[kept[0]])
    cuts: list[Cut] = []
    index = 0
    while index < len(operands):
        if index in kept:
            index += 1
            continue
        last = index
        while last + 1 < len(operands) and last + 1 not in kept:
            last += 1
        cuts += _without(tree, operands, index, last)
        index = last + 1
    return cuts


def _comments_near(tree: Tree, operands: Sequence[cst.BaseExpression], number: int) -> bool:
    """Whether a comment beside the operand, or on lines of its own right above it, speaks of it."""
    start, end = tree.outer(operands[number])
    lines = Lines(tree.text)
    first, last = lines.number(start), lines.number(end - 1)
    beside = lines.text[end : lines.content_end(last)].lstrip(" \t)")
    above = (first > 0 and lines.is_comment(first - 1) and number > 0) or (
        number == 0 and first > 0 and lines.is_comment(first - 1) and is_bracketed_chain(tree, operands[0])
    )
    alone = not lines.text[lines.start(first) : start].strip(" \t\f(andor")
    return above or (beside.startswith("#") and alone and is_bracketed_chain(tree, operands[0]))


def is_bracketed_chain(tree: Tree, operand: cst.CSTNode) -> bool:
    """Whether the chain of `operand` stands in parentheses of its own or in brackets, so that comments can be in it."""
    return is_bracketed(tree, operand)


def _without(tree: Tree, operands: Sequence[cst.BaseExpression], first: int, last: int) -> list[Cut]:
    """Take the operands `first` to `last` out, with the operators that joined them to the others."""
    text = tree.text
    start, end = tree.outer(operands[first])[0], tree.outer(operands[last])[1]
    if first == 0:
        return _up_to(text, start, end, tree.outer(operands[last + 1])[0])
    before = tree.outer(operands[first - 1])[1]
    gap = text[before:start]
    word = re.search(r"(?<!\w)(?:and|or)(?!\w)(?![^\r\n]*#[^\r\n]*\b(?:and|or)\b)", _without_comments(gap))
    assert word is not None  # two operands are always joined by a word
    leads = "\n" in gap[: word.start()] or "\r" in gap[: word.start()]
    trails = not leads and ("\n" in gap or "\r" in gap)
    if trails and last + 1 < len(operands):
        return _up_to(text, start, end, tree.outer(operands[last + 1])[0])
    if trails:
        blank = len(gap[: word.start()]) - len(gap[: word.start()].rstrip())
        line_end = re.search(r"\r\n|\r|\n", gap)
        assert line_end is not None
        return [Cut(before + word.start() - blank, before + word.end()), Cut(before + line_end.start(), end)]
    if leads:
        lines = Lines(text)
        line_end = re.search(r"[ \t]*(?:\r\n|\r|\n)(?=[ \t]*(?:and|or)\b)", gap)
        rest = text[end : lines.content_end(lines.number(end - 1))]
        stop = end + len(rest) if rest.lstrip().startswith("#") else end
        return [Cut(before + (line_end.start() if line_end else 0), stop)]
    return [Cut(before, end)]


def _without_comments(text: str) -> str:
    return re.sub(r"#[^\r\n]*", lambda found: " " * len(found.group()), text)


def _up_to(text: str, start: int, end: int, following: int) -> list[Cut]:
    """Cut `[start, following)` but for comment lines in between, which belong to what follows."""
    gap = text[end:following]
    comments = [
        found for found in _COMMENT_LINE.finditer(gap) if "\n" in gap[: found.start()] or "\r" in gap[: found.start()]
    ]
    if not comments:
        return [Cut(start, following)]
    start = _with_comments_above(text, start)
    first = end + comments[0].start() + len(comments[0].group()) - len(comments[0].group().lstrip())
    *_, word = re.finditer(r"(?<!\w)(?:and|or)(?!\w)\s*", _without_comments(gap))  # two operands: there is one
    if word.start() > comments[0].start():
        return [Cut(start, first), Cut(end + word.start(), end + word.end())]
    return [Cut(start, first)]


def _with_comments_above(text: str, start: int) -> int:
    """Return where the comment lines begin that stand right above an operand, if it begins its line, else `start`."""
    lines = Lines(text)
    line = top = lines.number(start)
    while top > 0 and lines.is_comment(top - 1) and not text[lines.start(line) : start].strip():
        top -= 1
    return lines.start(top) + len(lines.indent(top)) if top < line else start
