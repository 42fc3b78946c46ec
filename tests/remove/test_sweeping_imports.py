"""Imports go with their last use; those that were unused before, or that somebody else needs, stay."""

import pytest
from removal_kit.check import after, check_removed, planned, shown


def check_files(before: dict[str, str], expected: dict[str, str]) -> None:
    made = planned(dict(before))
    changed = {change.path: change.after.decode() for change in made.changes}
    assert changed == {path: shown(text) for path, text in expected.items()}


def test_an_import_goes_with_its_last_use() -> None:
    check_removed(
        """
        import json
        from decimal import Decimal, localcontext

        import flags

        def f(u):
            if flags.is_enabled("new"):
                return Decimal(u)
            with localcontext():
                return json.dumps(u)
        """,
        """
        from decimal import Decimal

        def f(u):
            return Decimal(u)
        """,
    )


def test_an_import_that_nobody_used_before_stays() -> None:
    check_removed(
        """
        import json
        import plugins  # registers itself

        import flags

        def f(u):
            return u if flags.is_enabled("new") else None
        """,
        """
        import json
        import plugins  # registers itself

        def f(u):
            return u
        """,
    )


def test_an_import_that_is_used_elsewhere_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return u if flags.is_enabled("new") else None

        def g():
            return flags.is_enabled("other")
        """,
        """
        import flags

        def f(u):
            return u

        def g():
            return flags.is_enabled("other")
        """,
    )


def test_an_import_that_all_lists_stays() -> None:
    check_removed(
        """
        import flags
        from effects import load

        __all__ = ["f", "load"]

        def f(u):
            return u if flags.is_enabled("new") else load()
        """,
        """
        from effects import load

        __all__ = ["f", "load"]

        def f(u):
            return u
        """,
    )


def test_a_re_export_stays() -> None:
    check_removed(
        """
        import flags
        from effects import load as load

        def f(u):
            return u if flags.is_enabled("new") else load()
        """,
        """
        from effects import load as load

        def f(u):
            return u
        """,
    )


def test_an_import_of_the_package_itself_stays_in_its_init() -> None:
    check_files(
        {
            "pkg/__init__.py": "import flags\nfrom pkg.b import load\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else load()\n',
            "pkg/b.py": "def load():\n    return 1\n",
        },
        {"pkg/__init__.py": "from pkg.b import load\n\ndef f(u):\n    return u\n"},
    )


def test_an_import_that_another_file_takes_from_here_stays() -> None:
    check_files(
        {
            "shop.py": "import flags\nfrom effects import load\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else load()\n',
            "till.py": "from shop import load\n\nload()\n",
        },
        {"shop.py": "from effects import load\n\ndef f(u):\n    return u\n"},
    )


def test_an_import_in_a_try_stays() -> None:
    check_removed(
        """
        import flags

        try:
            import ujson as json
        except ImportError:
            import json

        def f(u):
            return u if flags.is_enabled("new") else json.dumps(u)
        """,
        """
        try:
            import ujson as json
        except ImportError:
            import json

        def f(u):
            return u
        """,
    )


def test_an_import_for_type_checkers_goes_and_its_empty_block_too() -> None:
    check_removed(
        """
        from __future__ import annotations

        from typing import TYPE_CHECKING

        import flags

        if TYPE_CHECKING:
            from effects import Row

        def f(u):
            if flags.is_enabled("new"):
                return u
            row: Row = u.row
            return row
        """,
        """
        from __future__ import annotations

        def f(u):
            return u
        """,
    )


def test_an_import_that_a_string_annotation_names_stays() -> None:
    check_removed(
        """
        import flags
        from effects import Row

        def f(u: "Row"):
            return u if flags.is_enabled("new") else Row()
        """,
        """
        from effects import Row

        def f(u: "Row"):
            return u
        """,
    )


def test_an_import_goes_that_a_star_import_does_not_take_along() -> None:
    files = {
        "gates.py": "import flags\n\n__all__ = ['asks']\n\n\ndef asks():\n    return flags.is_enabled('new')\n",
        "shop.py": "from gates import *\n\nprint(asks())\n",
    }
    made = planned(dict(files))
    assert after(made, "gates.py") == "__all__ = ['asks']\n\n\ndef asks():\n    return True\n"


@pytest.mark.parametrize("listed", ["", "__all__ = ['asks', 'flags']\n", "__all__ = ['asks']\n__all__ += more\n"])
def test_an_import_stays_that_a_star_import_may_take_along(listed: str) -> None:
    files = {
        "gates.py": f"import flags\n\n{listed}\n\ndef asks():\n    return flags.is_enabled('new')\n",
        "shop.py": "from gates import *\n\nprint(asks())\n",
    }
    made = planned(dict(files))
    assert (after(made, "gates.py") or "import flags").startswith("import flags\n")
