"""Constants that held the key, enum members, methods, locals and parameters that died with a flag."""

import pytest
from removal_kit.check import check_removed, planned


def test_the_constant_that_held_the_key_goes() -> None:
    check_removed(
        """
        import flags

        NEW_CART = "new"
        OTHER = "other"

        def f(u):
            return u if flags.is_enabled(NEW_CART) else None

        def g():
            return flags.is_enabled(OTHER)
        """,
        """
        import flags

        OTHER = "other"

        def f(u):
            return u

        def g():
            return flags.is_enabled(OTHER)
        """,
    )


def test_the_constant_that_something_else_uses_stays() -> None:
    check_removed(
        """
        import flags

        NEW_CART = "new"

        def f(u):
            return u if flags.is_enabled(NEW_CART) else None

        def g(log):
            log(NEW_CART)
        """,
        """
        NEW_CART = "new"

        def f(u):
            return u

        def g(log):
            log(NEW_CART)
        """,
    )


def test_the_enum_member_that_held_the_key_goes() -> None:
    check_removed(
        """
        import enum

        import flags

        class Flag(str, enum.Enum):
            NEW_CART = "new"
            OTHER = "other"

        def f(u):
            return u if flags.is_enabled(Flag.NEW_CART) else None

        def g():
            return flags.is_enabled(Flag.OTHER)
        """,
        """
        import enum

        import flags

        class Flag(str, enum.Enum):
            OTHER = "other"

        def f(u):
            return u

        def g():
            return flags.is_enabled(Flag.OTHER)
        """,
    )


def test_an_enum_member_that_nobody_used_before_stays() -> None:
    check_removed(
        """
        import enum

        import flags

        class Size(enum.Enum):
            SMALL = 1
            LARGE = 2

        def f(u):
            return Size.SMALL if flags.is_enabled("new") else None
        """,
        """
        import enum

        class Size(enum.Enum):
            SMALL = 1
            LARGE = 2

        def f(u):
            return Size.SMALL
        """,
    )


def test_a_private_method_goes_with_its_last_call() -> None:
    check_removed(
        """
        import flags

        class Cart:
            def total(self):
                if flags.is_enabled("new"):
                    return 1
                return self._legacy_total()

            def _legacy_total(self):
                return 2
        """,
        """
        class Cart:
            def total(self):
                return 1
        """,
    )


def test_a_method_that_a_framework_may_call_stays() -> None:
    check_removed(
        """
        import flags
        from framework import View

        class CartView(View):
            def get(self):
                if flags.is_enabled("new"):
                    return 1
                return self.get_legacy()

            def get_legacy(self):
                return 2
        """,
        """
        from framework import View

        class CartView(View):
            def get(self):
                return 1

            def get_legacy(self):
                return 2
        """,
    )


def test_a_method_of_the_same_name_that_something_calls_keeps_it() -> None:
    check_removed(
        """
        import flags

        class Cart:
            def total(self, other):
                if flags.is_enabled("new"):
                    return other._size()
                return self._size()

            def _size(self):
                return 2
        """,
        """
        class Cart:
            def total(self, other):
                return other._size()

            def _size(self):
                return 2
        """,
    )


def test_a_local_that_only_the_dead_branch_used_goes_when_its_value_is_pure() -> None:
    check_removed(
        """
        import flags
        from effects import load

        def f(u):
            size = len(u)
            row = load(u)
            if flags.is_enabled("new"):
                return u
            return row, size
        """,
        """
        from effects import load

        def f(u):
            row = load(u)
            return u
        """,
    )


def test_a_local_that_nobody_used_before_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            size = len(u)
            return u if flags.is_enabled("new") else None
        """,
        """
        def f(u):
            size = len(u)
            return u
        """,
    )


def test_a_migration_is_never_edited() -> None:
    made = planned({"app/migrations/0002_cart.py": 'import flags\n\nif flags.is_enabled("new"):\n    SIZE = 3\n'})
    assert made.changes == ()
    assert {item.code for item in made.refused} == {"migration"}


def test_a_method_stays_that_only_shares_its_name_with_the_call_of_the_library() -> None:
    check_removed(
        """
        import flags

        class Rule:
            def is_enabled(self):
                return True

            def option(self, key):
                if flags.is_enabled("new"):
                    return self.data[key]
                return None
        """,
        """
        class Rule:
            def is_enabled(self):
                return True

            def option(self, key):
                return self.data[key]
        """,
    )


def test_a_method_goes_when_its_last_call_was_on_an_object_of_the_project() -> None:
    made = planned(
        {
            "gates.py": """
            import flags

            class Gates:
                def on(self):
                    return flags.is_enabled("new")

            GATES = Gates()
            """,
            "shop.py": """
            from gates import GATES

            def total(user):
                return 1 if GATES.on() else 2
            """,
        }
    )
    assert {change.path for change in made.changes} == {"gates.py", "shop.py"}
    assert b"def on" not in next(change.after for change in made.changes if change.path == "gates.py")


def test_a_class_attribute_that_a_method_still_sets_stays_declared() -> None:
    made = check_removed(
        """
        import flags

        class Export:
            _with_tags: bool = True

            def without_tags(self):
                self._with_tags = False

            def run(self, tags):
                if flags.is_enabled("new") and self._with_tags:
                    tags.write()
                tags.close()
        """,
        """
        class Export:
            _with_tags: bool = True

            def without_tags(self):
                self._with_tags = False

            def run(self, tags):
                tags.close()
        """,
        value=False,
    )
    assert [(item.code, item.sentence) for item in made.leftovers] == [
        ("still-there", "`_with_tags` lost its last use and stays: something sets it")
    ]


@pytest.mark.parametrize(
    ("head", "made"),
    [
        ("@dataclass(frozen=True)\nclass Keys:\n    cart: str\n    size: int = 1", "Keys(cart='new')"),
        ("@dataclass\nclass Keys:\n    cart: str = 'new'\n    size: int = 1", "Keys(size=2)"),
        ("class Keys(NamedTuple):\n    cart: str = 'new'\n    size: int = 1", "Keys()"),
    ],
)
def test_a_field_that_constructors_take_stays(head: str, made: str) -> None:
    code = (
        f"import flags\nfrom dataclasses import dataclass\nfrom typing import NamedTuple\n\n{head}\n\nKEYS = {made}\n"
    )
    read = "\ndef f(u):\n    print(KEYS.size)\n    return u if flags.is_enabled(KEYS.cart) else None\n"
    left = "\ndef f(u):\n    print(KEYS.size)\n    return u\n"
    after = (code + left).replace("import flags\n", "")
    check_removed(code + read, after)


@pytest.mark.parametrize(
    "head",
    [
        "@dataclass\nclass Keys:\n    cart: str = 'new'\n    size: int = 1",
        "@dataclass\nclass Keys:\n    cart: ClassVar[str] = 'new'\n    size: int = 1",
        "class Keys:\n    cart: str = 'new'\n    size: int = 1",
    ],
)
def test_a_field_that_no_constructor_is_given_goes(head: str) -> None:
    imports = "from dataclasses import dataclass\nfrom typing import ClassVar\n"
    made = "Keys(2)" if "ClassVar[" in head else "Keys()"
    rest = f"\nKEYS = {made}\nprint(dataclass, ClassVar)\n\ndef f(u):\n    print(KEYS.size)\n"
    before = f"import flags\n{imports}\n{head}\n{rest}    return u if flags.is_enabled(KEYS.cart) else None\n"
    kept = "".join(line for line in head.splitlines(keepends=True) if "cart" not in line)
    check_removed(before, f"{imports}\n{kept}\n{rest}    return u\n")
