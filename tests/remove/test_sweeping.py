"""What died because of a removal goes with it; what was dead before, or may be reached otherwise, stays."""

import pytest
from removal_kit.check import check_removed, check_unchanged, planned, shown

from flaglint.remove.outcome import Plan


def check_files(before: dict[str, str], expected: dict[str, str], **options: bool) -> Plan:
    made = planned(dict(before), **options)
    changed = {change.path: change.after.decode() for change in made.changes}
    assert changed == {path: shown(text) for path, text in expected.items()}
    return made


def codes(made: Plan) -> set[str]:
    return {item.code for item in made.leftovers}


def test_helpers_go_in_cascade_across_files() -> None:
    check_files(
        {
            "shop.py": "import flags\nfrom legacy import old_cart\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else old_cart(u)\n',
            "legacy.py": "import json\n\nSIZE = 3\n\n\ndef old_cart(u):\n    return _row(u)\n\n\n"
            "def _row(u):\n    return json.dumps(u, indent=SIZE)\n\n\ndef kept():\n    return 1\n",
        },
        {"shop.py": "def f(u):\n    return u\n", "legacy.py": "def kept():\n    return 1\n"},
    )


def test_a_helper_that_has_another_caller_stays() -> None:
    files = {
        "shop.py": "import flags\nfrom legacy import old_cart\n\ndef f(u):\n"
        '    return u if flags.is_enabled("new") else old_cart(u)\n',
        "legacy.py": "def old_cart(u):\n    return u\n",
        "till.py": "import legacy\n\nlegacy.old_cart(1)\n",
    }
    check_files(files, {"shop.py": "def f(u):\n    return u\n"})


def test_a_helper_that_is_called_below_a_comment_stays() -> None:
    call = "\n# It is called here, too.\nold_cart(1)\n"
    files = {
        "shop.py": 'import flags\n\ndef f(u):\n    return u if flags.is_enabled("new") else old_cart(u)\n'
        f"\ndef old_cart(u):\n    return u\n{call}",
    }
    made = check_files(files, {"shop.py": f"def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n{call}"})
    assert not made.refused


def test_public_names_stay_when_asked_to() -> None:
    files = {
        "shop.py": "import flags\n\ndef f(u):\n"
        '    return u if flags.is_enabled("new") else old_cart(u) + _old_row(u)\n\n'
        "def old_cart(u):\n    return u\n\ndef _old_row(u):\n    return u\n",
    }
    check_files(files, {"shop.py": "def f(u):\n    return u\n"})
    made = check_files(
        files, {"shop.py": "def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n"}, keep_public=True
    )
    assert codes(made) == {"still-there"}


def test_a_helper_that_was_dead_before_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return u if flags.is_enabled("new") else None

        def _unused(u):
            return u
        """,
        """
        def f(u):
            return u

        def _unused(u):
            return u
        """,
    )


@pytest.mark.parametrize(
    "statement",
    [
        'LINKS += ["new"]',
        'LINKS.append("new")',
        'LINKS[0]["new"] = 1',
        "del LINKS[0]",
        "LINKS[0].update(new=1)",
        "LINKS = [*LINKS, 1]",
        "LINKS = wrapped(LINKS)",
    ],
)
def test_a_name_stays_that_the_flag_only_changed_because_a_framework_reads_it(statement: str) -> None:
    check_removed(
        "import flags\nfrom web import wrapped\n\nLINKS = [{}]\n\n"
        f"if flags.is_enabled('new'):\n    {statement}\n\nwrapped(1)\n",
        "from web import wrapped\n\nLINKS = [{}]\n\nwrapped(1)\n",
        value=False,
    )


def test_what_is_imported_stays_where_the_flag_only_changed_it() -> None:
    files = {
        "base.py": "APPS = [1]\n",
        "local.py": "import flags\nfrom base import APPS\n\nif flags.is_enabled('new'):\n    APPS += [2]\n",
    }
    made = planned(dict(files), value=False)
    assert {change.path: change.after.decode() for change in made.changes} == {"local.py": "from base import APPS\n"}


def test_a_name_goes_that_the_flag_changed_and_asked_for_or_that_is_private() -> None:
    check_removed(
        """
        import flags

        CACHE = {}
        _SEEN = []
        SIZE = 1


        def f(u):
            if flags.is_enabled("new"):
                CACHE[u] = SIZE
                _SEEN.append(u)
                return CACHE.get(u)
            return u
        """,
        """
        def f(u):
            return u
        """,
        value=False,
    )


def test_a_helper_that_a_string_names_stays_and_is_told() -> None:
    made = check_files(
        {
            "shop.py": "import flags\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else old_cart(u)\n\ndef old_cart(u):\n    return u\n',
            "tasks.py": 'import jobs\n\njobs.add("shop.old_cart")\n',
        },
        {"shop.py": "def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n"},
    )
    assert codes(made) == {"still-there"}


def test_a_helper_that_a_file_of_no_python_names_stays() -> None:
    made = check_files(
        {
            "shop.py": "import flags\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else old_cart(u)\n\ndef old_cart(u):\n    return u\n',
            "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    cart = shop:old_cart\n",
        },
        {"shop.py": "def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n"},
    )
    assert codes(made) == {"still-there"}


def test_a_helper_that_registers_itself_stays() -> None:
    check_removed(
        """
        import flags
        from effects import task

        def f(u):
            return u if flags.is_enabled("new") else old_cart(u)

        @task
        def old_cart(u):
            return u
        """,
        """
        from effects import task

        def f(u):
            return u

        @task
        def old_cart(u):
            return u
        """,
    )


def test_a_function_that_calls_itself_goes_with_its_last_other_call() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return u if flags.is_enabled("new") else _walk(u)

        def _walk(u):
            return _walk(u.next) if u else 0
        """,
        """
        def f(u):
            return u
        """,
    )


def test_a_file_without_the_flag_is_left_alone() -> None:
    check_unchanged("import json\n\n\ndef _unused():\n    return 1\n")
