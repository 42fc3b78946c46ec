"""What is told from the characters of a text is never less than what its tree says, and saves most of the trees."""

import pytest

from flaglint.remove.draft import Parsed
from flaglint.remove.spelled import (
    attribute_roots,
    imported_words,
    may_bind,
    may_name,
    may_read,
    may_take,
    may_use,
    rebinds,
)

BINDING = [
    "x = 1\n",
    "x: int\n",
    "a = x = 1\n",
    "a, x = f()\n",
    "(a, *x) = f()\n",
    "x += 1\n",
    "for x in y: pass\n",
    "for a, x in y:\n    pass\n",
    "with f() as x:\n    pass\n",
    "try:\n    pass\nexcept E as x:\n    pass\n",
    "import x\n",
    "import x.y\n",
    "import a as x\n",
    "from a import (\n    b,\n    x,\n)\n",
    "def x(): pass\n",
    "async def x(): pass\n",
    "class x[T]: pass\n",
    "class x(y): pass\n",
    "@d\ndef x(a): pass\n",
    "print(x := 1)\n",
    "f(y); x = 1\n",
    "def f(a=(x := 1)): pass\n",
    "if y: x = 1\n",
    "match y:\n    case [1, x]:\n        pass\n",
    "type x[T] = list[T]\n",
]
NOT_BINDING = [
    "x()\n",
    "x.y = 1\n",
    "x[0] = 1\n",
    "y.x = 1\n",
    "f(a, x, b)\n",
    "f.g(x, y=1)\n",
    "def f():\n    x = 1\n    return x\n",
    "class A:\n    x = 1\n",
    "y = x\n",
]


@pytest.mark.parametrize("text", BINDING)
def test_what_binds_a_name_may_bind_it(text: str) -> None:
    assert Parsed(text).scope.bindings.get("x")
    assert Parsed(text).may_bind("x")
    assert may_bind(text, "x")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", BINDING)
def test_what_binds_a_name_below_a_comment_may_bind_it(text: str, end: str) -> None:
    below = f"# It is of y.\n\n{text}".replace("\n", end)
    assert Parsed(below).may_bind("x")
    assert may_bind(below, "x")


@pytest.mark.parametrize("text", NOT_BINDING)
def test_what_uses_a_name_is_not_parsed_to_look_for_a_binding(text: str) -> None:
    assert not Parsed(text).scope.bindings.get("x")
    assert not Parsed(text).may_bind("x")


@pytest.mark.parametrize("text", ["f(x)\n", "a = x.y\n", "y: 'x' = 1\n", "y: 'list[a.x]' = 1\n", "@x\ndef f(): pass\n"])
def test_a_name_that_is_read_may_be_named(text: str) -> None:
    assert any(use.name == "x" for scope in Parsed(text).scope.walk() for use in scope.uses)
    assert may_name("x")(text)


def test_an_attribute_is_no_name() -> None:
    assert not may_name("x")("f(a.x, a\n  .x)\n")


def test_a_dot_at_the_end_of_a_comment_makes_no_attribute_and_one_before_a_comment_does() -> None:
    assert may_name("x")("# It is of y.\nx()\n")
    assert may_take("x", "flags", {"g"})("# It is of y.\ng.x()\n")
    for likely in (may_use("x"), may_read("x"), may_take("x", "flags", {"g"})):
        assert likely("(g.  # of y\n  x)()\n")
    assert attribute_roots("(g.  # of y\n  x)()\n", "x") is None


@pytest.mark.parametrize(
    "text",
    [
        "from shop.flags import x\n",
        "from shop.flags import (\n    y,\n    x,\n)\n",
        "import shop.flags\nshop.flags.x()\n",
        "from shop import flags\nf(flags.x)\n",
        "from shop import flags as f\nf.x()\n",
        "from shop import (\n    a,  # of a)\n    flags as f,\n)\nf.x\n",
        "from shop import a, \\\n    flags as f\nf.x\n",
        "import shop\nshop.flags.x\n",
        "from . import flags\n(flags).x\n",
        "from . import flags\n(flags  # of flags\n .x)\n",
        "from . import flags\nflags \\\n  .x\n",
    ],
)
def test_what_takes_a_name_from_a_module_may_do_so(text: str) -> None:
    imported = frozenset().union(*(words for words in imported_words(text) if "flags" in words))
    assert may_take("x", "flags", imported)(text)


@pytest.mark.parametrize(
    "text",
    [
        "from shop import flags\nself.x()\n",
        "from shop import flags\nflags().x\n",
        "from shop import flags\nflags[0].x\n",
        "from shop import flags\n'flags'.x\n",
        "from shop import other\nother.x\n",
        "x = 'x'\n",
    ],
)
def test_what_takes_a_name_from_something_else_does_not(text: str) -> None:
    imported = frozenset().union(*(words for words in imported_words(text) if "flags" in words))
    assert not may_take("x", "flags", imported)(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def any(): pass\n", True),
        ("from a import b, any\n", True),
        ("import a as any\n", True),
        ("any = f\n", True),
        ("def f(any =None): pass\n", True),
        ("any(x)\n", False),
        ("if any == f: pass\n", False),
        ("a.any = f\n", False),
        ("many = f\n", False),
        ("x = any\n", False),
    ],
)
def test_a_builtin_is_rebound_where_a_line_shows_it(text: str, expected: bool) -> None:
    assert rebinds(text, "any") is expected
