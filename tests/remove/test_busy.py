"""Where nothing is known nothing folds, and a long class is looked at in the methods that say a name."""

from flaglint.remove import cst
from flaglint.remove.busy import Busy
from flaglint.remove.draft import Draft, Parses
from flaglint.remove.rope import Cut, Rope
from flaglint.remove.uses import methods_spelling
from flaglint.remove.values import PREFIX

CODE = """\
class Page:
    @cached
    def first(self):
        if self.x:
            return READ
        return 0

    def second(self):
        for x in self:
            if x:
                return 1
"""


def busy_in(old: str, new: str, *, waiting: tuple[int, ...] = ()) -> tuple[list[bool], list[bool]]:
    """Return in which of the two methods something is known, and which rest, when `old` became `new`."""
    draft = Draft("a.py", CODE)
    start = CODE.index(old)
    draft.cut([Cut(start, start + len(old), new)])
    (stretch,) = draft.stretches()
    busy = Busy(stretch, waiting, draft.rope.is_verbatim)
    methods = stretch.tree.of(cst.FunctionDef)
    return [busy.has(item) for item in methods], [busy.is_idle(item) for item in methods]


def test_a_method_without_a_mark_that_is_as_it_was_rests() -> None:
    assert busy_in("READ", f"{PREFIX}1_") == ([True, False], [False, True])


def test_a_mark_in_a_decorator_is_one_of_its_function() -> None:
    assert busy_in("cached", f"{PREFIX}1_") == ([True, False], [False, True])


def test_a_read_that_waits_keeps_its_function_busy() -> None:
    assert busy_in("READ", "READ", waiting=(CODE.index("return 1"),)) == ([False, True], [True, False])


def test_a_method_that_changed_does_not_rest() -> None:
    assert busy_in("return 1", "return 2") == ([False, False], [True, False])


def test_what_stands_in_one_piece_of_the_original_is_verbatim() -> None:
    rope = Rope("abcdef").cut([Cut(2, 4, "x")])
    assert rope.text == "abxef"
    assert [rope.is_verbatim(*place) for place in ((0, 2), (3, 5), (0, 3), (2, 3), (1, 4))] == [
        True,
        True,
        False,
        False,
        False,
    ]


METHODS = "".join(f"\n    def filler_{number}(self):\n        return {number} + self.size\n" for number in range(50))
NAMING = f"""\
class Page:
    size = 1
{METHODS}
    def here(self):
        from shop import wanted
        return "wanted"

    def there(self):
        return [unwanted(), wanted]
"""


def spelled(text: str, *, is_read: bool = False) -> list[str]:
    parses = Parses()
    draft = Draft("a.py", text, parses)
    if is_read:
        assert [stretch.parses for stretch in draft.stretches()] == [True]
    return [stretch.text for stretch in methods_spelling(draft.stretches(), "wanted", parses)]


def test_only_the_methods_of_a_long_class_that_say_a_name_are_looked_at() -> None:
    found = spelled(NAMING)
    assert [text.splitlines()[:2] for text in found] == [
        ["class _:", "    def here(self):"],
        ["class _:", "    def there(self):"],
    ]


def test_a_class_that_was_parsed_already_stays_whole() -> None:
    assert spelled(NAMING, is_read=True) == [NAMING]


def test_a_class_stays_whole_where_the_name_stands_outside_of_methods() -> None:
    text = NAMING.replace("size = 1", "size = wanted")
    assert spelled(text) == [text]


def test_an_attribute_of_what_no_method_imports_is_looked_at_where_it_is() -> None:
    assert len(spelled(NAMING.replace("[unwanted()", "[other.wanted"))) == 2


def test_a_class_stays_whole_where_the_name_is_an_attribute_of_what_a_method_imports() -> None:
    for read in ("[shop.wanted", "[x.shop.wanted", "[shop . a.wanted", "[(shop).wanted"):
        text = NAMING.replace("[unwanted()", read).replace("return 3 +", "import x.shop as shop, x; return 3 +")
        assert spelled(text) == [text]


def test_what_is_no_long_class_stays_whole() -> None:
    text = "def page():\n    return wanted\n"
    assert spelled(text) == [text]
