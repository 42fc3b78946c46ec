"""Only what must change changes: bytes of kept code, comments, blank lines and what belongs to a statement."""

import pytest
from removal_kit.check import after, check_removed, planned


def check_bytes(before: str | bytes, expected: str | bytes, *, value: object = True) -> None:
    """Assert that a removal turns the exact bytes of one file into those of the other."""
    made = planned({"shop.py": before if isinstance(before, bytes) else before.encode()}, value=value)
    assert [change.after for change in made.changes] == [
        expected if isinstance(expected, bytes) else expected.encode()
    ], made.reads


# ---------------------------------------------------------------------------------------------------------- bytes


def test_quotes_and_spacing_stay() -> None:
    check_bytes(
        "import flags\n\ndef f( u ) :\n  if flags.is_enabled('new') and u [ 'a' ] :\n    return  { 'a':u }\n",
        "def f( u ) :\n  if u [ 'a' ] :\n    return  { 'a':u }\n",
    )


def test_windows_line_ends_stay() -> None:
    check_bytes(
        'import flags\r\n\r\ndef f(u):\r\n    if flags.is_enabled("new"):\r\n        u()\r\n\r\n        u(1)\r\n',
        "def f(u):\r\n    u()\r\n\r\n    u(1)\r\n",
    )


def test_a_pass_is_written_with_the_line_end_of_the_file() -> None:
    check_bytes(
        'import flags\r\n\r\ndef f(u):\r\n    if flags.is_enabled("new"):\r\n        u()\r\n',
        "def f(u):\r\n    pass\r\n",
        value=False,
    )


def test_tabs_stay() -> None:
    check_bytes(
        'import flags\n\ndef f(u):\n\tif flags.is_enabled("new"):\n\t\tfor x in u:\n\t\t\tx()\n\treturn u\n',
        "def f(u):\n\tfor x in u:\n\t\tx()\n\treturn u\n",
    )


def test_a_missing_final_newline_stays_missing() -> None:
    check_bytes(
        'import flags\n\ndef f(u):\n    if flags.is_enabled("new"):\n        return u', "def f(u):\n    return u"
    )
    check_bytes('import flags\n\ndef f(u):\n    return u if flags.is_enabled("new") else 0', "def f(u):\n    return u")


def test_a_form_feed_stays() -> None:
    check_bytes(
        'import flags\n\ndef f(u):\n    return u if flags.is_enabled("new") else 0\n\n\x0c\ndef g():\n    return 1\n',
        "def f(u):\n    return u\n\n\x0c\ndef g():\n    return 1\n",
    )


def test_a_byte_order_mark_stays() -> None:
    check_bytes(
        b'\xef\xbb\xbfimport flags\n\ndef f(u):\n    return u if flags.is_enabled("new") else 0\n',
        b"\xef\xbb\xbfdef f(u):\n    return u\n",
    )


def test_the_encoding_of_the_file_stays() -> None:
    check_bytes(
        '# coding: latin-1\n\nimport flags\n\ndef f(u):\n    return "é" if flags.is_enabled("new") else "è"\n'.encode(
            "latin-1"
        ),
        '# coding: latin-1\n\ndef f(u):\n    return "é"\n'.encode("latin-1"),
    )


def test_characters_of_many_bytes_do_not_shift_an_edit() -> None:
    check_bytes(
        'import flags\n\ndef f(u):\n    a = "😀é"; b = u if flags.is_enabled("new") else "ü"\n    return a, b, "ß"\n',
        'def f(u):\n    a = "😀é"; b = u\n    return a, b, "ß"\n',
    )


def test_trailing_spaces_of_kept_lines_stay() -> None:
    check_bytes(
        'import flags\n\ndef f(u):   \n    if flags.is_enabled("new"):\n        u()  \n    return u \n',
        "def f(u):   \n    u()  \n    return u \n",
    )


# ------------------------------------------------------------------------------------------------- longer statements


def test_a_triple_quoted_string_is_not_indented_anew() -> None:
    check_removed(
        '''
        import flags

        def f(u):
            if flags.is_enabled("new"):
                u("""first
            second
                    third""")
                return u
            return 0
        ''',
        '''
        def f(u):
            u("""first
            second
                    third""")
            return u
        ''',
    )


def test_an_f_string_of_several_lines_is_not_indented_anew() -> None:
    check_removed(
        '''
        import flags

        def f(u):
            if flags.is_enabled("new"):
                return f"""
                  {u}
                end"""
            return 0
        ''',
        '''
        def f(u):
            return f"""
                  {u}
                end"""
        ''',
    )


def test_continuation_lines_move_with_their_statement() -> None:
    check_removed(
        """
        import flags

        def f(u):
            if flags.is_enabled("new"):
                total = u(1,
                          2,
                    3)
                rest = total + \\
                    1
                return rest
            return 0
        """,
        """
        def f(u):
            total = u(1,
                      2,
                3)
            rest = total + \\
                1
            return rest
        """,
    )


def test_a_condition_of_several_lines_loses_the_line_of_the_flag() -> None:
    check_removed(
        """
        import flags

        def f(u, v):
            if (
                u.ready
                and flags.is_enabled("new")
                and v.ready
            ):
                return u
            return v
        """,
        """
        def f(u, v):
            if (
                u.ready
                and v.ready
            ):
                return u
            return v
        """,
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("x = (u if NEW else v)", "x = u"),
        ("x = (u + 1 if NEW else v) * 2", "x = (u + 1) * 2"),
        ("x = (u if NEW else v).y", "x = u.y"),
        ("x = -(u if NEW else v)", "x = -u"),
        ("x = (yield) if NEW else v", "x = yield"),
        ("x = (lambda: 1) if NEW else v", "x = lambda: 1"),
        ("x = [*(u if NEW else v)]", "x = [*u]"),
        ("x = (u, v) if NEW else ()", "x = (u, v)"),
        ("x = not (NEW and u)", "x = not u"),
        ("x = not (NEW and u == v)", "x = not u == v"),
        ("x = (u == v if NEW else u) == v", "x = (u == v) == v"),
        ("x = (u or v if NEW else u) and v", "x = (u or v) and v"),
        ("x = (await u if NEW else v).y", "x = (await u).y"),
    ],
)
def test_parentheses_stay_where_they_are_needed(before: str, expected: str) -> None:
    kind = "async def" if "await" in before else "def"
    read = before.replace("NEW", 'flags.is_enabled("new")')
    check_removed(
        f"import flags\n\n{kind} f(u, v):\n    {read}\n    u(x)\n", f"{kind} f(u, v):\n    {expected}\n    u(x)\n"
    )


def test_semicolons_and_suites_of_one_line() -> None:
    start = "import flags\n\ndef f(u):\n"
    read = 'flags.is_enabled("new")'
    check_bytes(f"{start}    if {read}: u(); u(1)\n    u(2)\n", "def f(u):\n    u(); u(1)\n    u(2)\n")
    check_bytes(f"{start}    a = 1; b = {read}; u(a)\n    u(b and a)\n", "def f(u):\n    a = 1; u(a)\n    u(a)\n")
    check_bytes(f"{start}    if not {read}: u()\n    else: u(1)\n", "def f(u):\n    u(1)\n")
    check_bytes(f"{start}    for x in u: x() if {read} else u()\n", "def f(u):\n    for x in u: x()\n")
    check_bytes("import flags\n\n" + f"def f(u): return u if {read} else 0\n", "def f(u): return u\n")


def test_a_file_that_another_import_shares_a_line_with() -> None:
    check_bytes(
        'import json, flags; import os\n\ndef f(u):\n    return u if flags.is_enabled("new") else json\n',
        "import os\n\ndef f(u):\n    return u\n",
    )


def test_a_place_that_does_not_parse_is_left_and_told() -> None:
    made = planned({"shop.py": 'import flags\n\ndef f(u):\n    if flags.is_enabled("new"):\n        return (u\n'})
    assert after(made) is None
    assert {item.code for item in made.reads} <= {"unparsable-file"}
