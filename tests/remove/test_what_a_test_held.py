"""What goes with a test of the value that nobody gets any more, and what only seemed to belong to it."""

import pytest
from removal_kit.check import after, planned, shown

SHOP = """
import flags

def total():
    if flags.is_enabled("new"):
        return 1
    return 2
"""


def removed(**files: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of the files that change, and the sentences of leftovers by their codes."""
    made = planned({f"{name.replace('__', '/')}.py": text for name, text in {"shop": SHOP, **files}.items()})
    return {change.path: after(made, change.path) or "" for change in made.changes}, {
        item.code: item.sentence for item in made.leftovers
    }


def test_production_code_that_only_a_deleted_test_used_stays_and_is_reported() -> None:
    texts, leftovers = removed(
        legacy="def old_total():\n    return 3\n",
        test_shop="""
        from flags import override_flag
        from legacy import old_total

        def test_old():
            with override_flag("new", False):
                assert old_total() == 3

        def test_other():
            assert 1
        """,
    )
    assert "legacy.py" not in texts
    assert texts["test_shop.py"] == "def test_other():\n    assert 1\n"
    assert leftovers["still-there"].endswith("only a test in `test_shop.py` used it, which went")


def test_a_method_that_only_a_deleted_test_called_stays_and_is_reported() -> None:
    texts, leftovers = removed(
        basket="class Basket:\n    def old_sum(self):\n        return 3\n\n    def sum(self):\n        return 4\n",
        test_shop="""
        from flags import override_flag
        from basket import Basket

        def test_old():
            with override_flag("new", False):
                assert Basket().old_sum() == 3

        def test_new():
            assert Basket().sum() == 4
        """,
    )
    assert "basket.py" not in texts
    assert leftovers["still-there"].startswith("`old_sum` lost its last use and stays: only a test")


def test_a_constant_with_the_key_goes_though_only_tests_used_it() -> None:
    texts, leftovers = removed(
        keys='NEW = "new"\nOTHER = "other"\n',
        test_shop="""
        import keys
        from flags import override_flag

        def test_old():
            with override_flag(keys.NEW, False):
                assert 1

        def test_new():
            assert keys.OTHER
        """,
    )
    assert texts["keys.py"] == 'OTHER = "other"\n'
    assert "still-there" not in leftovers


def test_production_code_that_dead_code_used_as_well_goes() -> None:
    made = planned(
        {
            "shop.py": SHOP.replace("return 2", "return old_total()") + "\ndef old_total():\n    return 3\n",
            "test_shop.py": """
            from flags import override_flag
            from shop import old_total, total

            def test_old():
                with override_flag("new", False):
                    assert old_total() == 3

            def test_new():
                assert total() == 1
            """,
        }
    )
    assert after(made) == "def total():\n    return 1\n"
    assert not made.leftovers


def test_what_tests_share_goes_with_the_only_test_that_used_it() -> None:
    texts, _ = removed(
        tests__kit="def old_basket():\n    return 3\n\ndef basket():\n    return 4\n",
        tests__test_shop="""
        from flags import override_flag
        from tests.kit import old_basket

        def test_old():
            with override_flag("new", False):
                assert old_basket() == 3

        def test_other():
            assert 1
        """,
    )
    assert texts["tests/kit.py"] == "def basket():\n    return 4\n"


def test_a_fixture_in_the_same_file_goes_with_the_only_test_that_asked_for_it() -> None:
    texts, _ = removed(
        test_shop="""
        import pytest
        from flags import override_flag

        @pytest.fixture
        def old_basket():
            return 1

        @pytest.fixture
        def basket():
            return 2

        @pytest.fixture(autouse=True)
        def database():
            yield

        def test_old(old_basket):
            with override_flag("new", False):
                assert old_basket

        @pytest.mark.usefixtures("basket")
        def test_new():
            assert 1
        """
    )
    assert "old_basket" not in texts["test_shop.py"]
    assert "def basket" in texts["test_shop.py"]
    assert "def database" in texts["test_shop.py"]


def test_a_fixture_of_a_conftest_goes_when_no_test_below_asks_for_it_any_more() -> None:
    fixtures = (
        "import pytest\n\n@pytest.fixture\ndef old():\n    return 1\n\n@pytest.fixture\ndef new():\n    return 2\n"
    )
    texts, _ = removed(
        tests__conftest=fixtures,
        tests__test_shop="""
        from flags import override_flag

        def test_old(old):
            with override_flag("new", False):
                assert old

        def test_new(new):
            assert new
        """,
    )
    assert texts["tests/conftest.py"] == "import pytest\n\n@pytest.fixture\ndef new():\n    return 2\n"


def test_an_override_whose_binding_is_read_after_it_stays_and_is_reported() -> None:
    texts, leftovers = removed(
        test_shop="""
        from flags import override_flag

        def test_shop():
            with override_flag("new", False) as handle:
                pass
            assert handle
        """
    )
    assert set(texts) == {"shop.py"}
    assert leftovers["bound-override"] == "`handle`, which is bound in it, is read after it"


def test_an_override_that_binds_what_is_checked_after_it_stays_and_is_reported() -> None:
    texts, leftovers = removed(
        test_shop="""
        from flags import override_flag
        from shop import total

        def test_shop():
            with override_flag("new", False):
                result = total()
            assert result == 2
        """
    )
    assert set(texts) == {"shop.py"}
    assert leftovers["bound-override"] == "`result`, which is bound in it, is read after it"


def test_a_test_case_without_tests_goes_and_a_module_without_tests_is_reported() -> None:
    texts, leftovers = removed(
        test_shop='''
        """Tests of the shop."""
        from unittest import TestCase
        from flags import override_flag

        class OldTotals(TestCase):
            def test_old(self):
                with override_flag("new", False):
                    self.assertEqual(1, 1)
        '''
    )
    assert texts["test_shop.py"] == '"""Tests of the shop."""\n'
    assert leftovers["empty-module"].startswith("nothing is left in it")


def test_a_test_case_that_another_one_inherits_from_keeps_its_place() -> None:
    texts, _ = removed(
        test_shop="""
        from unittest import TestCase
        from flags import override_flag

        class Base(TestCase):
            def test_old(self):
                with override_flag("new", False):
                    self.assertEqual(1, 1)

        class Totals(Base):
            def test_new(self):
                self.assertEqual(1, 1)
        """
    )
    assert shown(texts["test_shop.py"]).startswith("from unittest import TestCase\n\nclass Base(TestCase):\n    pass\n")


NAMED = """
import flags

def old_total():
    return 2

def total():
    if flags.is_enabled("new"):
        return 1
    return old_total()
"""


def test_a_name_in_a_string_of_any_file_keeps_it() -> None:
    for path, text in {
        "conf.py": 'HOOK = "old_total"\n',
        "jobs.py": 'JOBS = ["shop.old_total"]\n',
        "docs/hooks.md": "call `shop.old_total`\n",
        "run.sh": "python -m celery call shop.old_total\n",
    }.items():
        made = planned({"shop.py": NAMED, path: text})
        assert [item.sentence for item in made.leftovers] == [
            f"`old_total` lost its last use and stays: `{path}` names it"
        ]
        assert "def old_total" in (after(made) or "")


def test_a_name_that_is_part_of_another_word_or_sentence_keeps_nothing() -> None:
    for path, text in {
        "conf.py": 'HOOK = "the old_total of before"\n',
        "jobs.py": 'JOBS = ["older.old_totals"]\n',
        "docs/hooks.md": "the old_total is gone\n",
    }.items():
        made = planned({"shop.py": NAMED, path: text})
        assert "old_total" not in (after(made) or "old_total")


@pytest.mark.parametrize("header", ["OldCartTests(Base)", "OldCart(unittest.TestCase)", "TestOld", "OldCart(CartTest)"])
def test_a_class_that_runs_as_tests_goes_with_the_dead_value_whatever_it_is_called(header: str) -> None:
    body = "    def test_none(self):\n        assert cart(1) is None\n\n\n"
    head, rest = "from flags import override_flag\nfrom shop import *\n\n\n", "def test_one():\n    assert cart(1)\n"
    tests = f'{head}@override_flag("new", active=False)\nclass {header}:\n{body}{rest}'
    made = planned({"shop.py": SHOP, "tests/test_shop.py": tests})
    assert after(made, "tests/test_shop.py") == f"from shop import *\n\n\n{rest}"


def test_a_class_that_runs_as_no_test_stays_with_the_dead_value() -> None:
    tests = '@override_flag("new", active=False)\nclass Latest:\n    pass\n'
    made = planned({"shop.py": SHOP, "tests/test_shop.py": f"from flags import override_flag\n\n\n{tests}"})
    assert after(made, "tests/test_shop.py") is None
