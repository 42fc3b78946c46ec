"""A class that changed in one method has the tree of its new text, and of the old one what did not change."""

import pytest
from removal_kit.trees import difference

from flaglint.remove.cst import IndentedBlock
from flaglint.remove.cst.base import NOWHERE, CSTNode
from flaglint.remove.cst.parsing import parse_module
from flaglint.remove.draft import Parses
from flaglint.remove.tree import Tree

FILLER = "".join(
    f"\n    def filler_{number}(self, a=(1)):\n        return (a + {number}) * 2\n" for number in range(40)
)
PAGE = f'''\
class Page(Base, kind=1):
    """Docs."""

    size = (3)
{FILLER}
    # why
    @once
    @cached(2)
    def first(self) -> int:  # the first
        if self.size:
            return "ü" if flag else 'no'  # tail
        return (yield)

    class Inner:
        def first(self): pass

    async def second(self, *names): return [n async for n in names]

    other = first
    def last(self):
        return 1
        # below
'''


def node_of(tree: Tree, source: str, text: str) -> CSTNode:
    start = text.index(source)
    found = tree.at(start, start + len(source))
    assert found is not None
    return found


def check_same(tree: Tree, text: str) -> None:
    """Compare a tree with the one that is read from its text alone: nodes, places, what is above, and look-ups."""
    whole = Tree(text)
    twins = dict(zip(tree.nodes, whole.nodes, strict=True))
    for node, twin in twins.items():
        assert type(node) is type(twin)
        assert twin.place == NOWHERE or (tree.inner(node), tree.outer(node)) == (twin.place, whole.outer(twin))
        assert tree.source(node) == whole.source(twin) or twin.place == NOWHERE
        above = tree.parent(node)
        assert (twins[above] if above is not None else None) is whole.parent(twin)
        assert [twins[item] for item in tree.of(type(node))] == whole.of(type(twin))
        if isinstance(node, IndentedBlock) and isinstance(twin, IndentedBlock) and twin.header.comment is not None:
            assert node.header.comment is not None
            assert tree.inner(node.header.comment) == twin.header.comment.place
        found = tree.at(*whole.inner(twin))
        assert (twins[found] if found is not None else None) is whole.at(*whole.inner(twin))
    assert difference(whole.module, parse_module(text)) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return (yield)", "return 0"),
        ('"ü" if flag else', ""),
        ("        return 1\n", "        return 2\n"),
        ("(a + 3) * 2", "3"),
        ("size = (3)", "size = 3, 4"),
        ("    @once\n", ""),
        ("class Page(Base, kind=1)", "class Page"),
        ('    """Docs."""\n\n    size = (3)\n', ""),
        ("    def first(self): pass", "    x = 1"),
        ("    # why\n", "    # because\n    # of that\n"),
        ("\n    other = first\n", "\n"),
    ],
)
def test_what_changed_and_what_stayed_are_one_tree(old: str, new: str) -> None:
    assert PAGE.count(old) == 1
    before = Tree(PAGE)
    text = PAGE.replace(old, new)
    tree = Tree(text, before)
    check_same(tree, text)
    assert node_of(tree, "(a + 7) * 2", text) is node_of(before, "(a + 7) * 2", PAGE)
    again = text.replace("(a + 7) * 2", "a")
    check_same(Tree(again, tree), again)
    check_same(before, PAGE)


def test_a_method_that_is_there_twice_has_two_trees() -> None:
    method = "\n    def twice(self):\n        return [self]\n"
    before = Tree(f"class A:\n    x = 1\n{method}")
    text = f"class A:\n{method}\n    y = 2\n{method}"
    check_same(Tree(text, before), text)


@pytest.mark.parametrize(
    "text", [f"{PAGE}\nclass Page: pass\n", PAGE.replace("class Page(Base", "if f(1"), "x = 1\n", ""]
)
def test_what_is_no_class_with_the_same_methods_is_read_as_a_whole(text: str) -> None:
    before = Tree(PAGE)
    check_same(Tree(text, before), text)


def test_a_draft_takes_methods_over_from_the_class_that_was_parsed_before() -> None:
    parses = Parses()
    text = PAGE.replace("return (yield)", "return 0")
    before, tree = parses.of(PAGE).tree, parses.of(text).tree
    assert node_of(tree, "(a + 7) * 2", text) is node_of(before, "(a + 7) * 2", PAGE)
    other = PAGE.replace("class Page", "class Other")
    assert node_of(parses.of(other).tree, "(a + 7) * 2", other) is not node_of(before, "(a + 7) * 2", PAGE)
