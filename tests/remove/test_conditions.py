"""Folding of conditions: `not`, `and`, `or`, comparisons, choices, and what must still run of them."""

import pytest
from removal_kit.check import check_removed, check_unchanged

HEAD = "import flags\nfrom effects import a, audit, b, c, load\n\n\n"


def in_function(body: str) -> str:
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.strip("\n").split("\n"))
    return f"{HEAD}def f(u, v, xs):\n{lines}    return a, b, c, audit, load\n"


def check_body(before: str, expected: str, *, value: object = True, variant: str | None = None) -> None:
    whole = in_function(expected)
    kept = whole if "flags." in expected else whole.replace("import flags\n", "")
    check_removed(in_function(before), kept, value=value, variant=variant)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ('if flags.is_enabled("new"):\n    a()', "a()"),
        ('if not flags.is_off("new"):\n    a()', "a()"),
        ('if flags.is_enabled("new") and u:\n    a()', "if u:\n    a()"),
        ('if u and flags.is_enabled("new") and v:\n    a()', "if u and v:\n    a()"),
        ('if flags.is_enabled("new") and (u or v):\n    a()', "if u or v:\n    a()"),
        ('if flags.is_enabled("new") and (u or v) and xs:\n    a()', "if (u or v) and xs:\n    a()"),
        ('if not flags.is_enabled("new") or u:\n    a()', "if u:\n    a()"),
        ('if not (u and flags.is_enabled("new")):\n    a()', "if not u:\n    a()"),
        ('if flags.is_enabled("new") is True and u:\n    a()', "if u:\n    a()"),
        ('if bool(flags.is_enabled("new")):\n    a()', "a()"),
        ('if flags.is_enabled("new") == False:\n    b()\nelse:\n    a()', "a()"),
        ('x = u or flags.is_enabled("new") and v\na(x)', "x = u or v\na(x)"),
        ('a(b if flags.is_enabled("new") else c)', "a(b)"),
        ('(a if flags.is_enabled("new") else b)(u)', "a(u)"),
        ('return (u, v) if flags.is_enabled("new") else None', "return u, v"),
        ('a([u if flags.is_enabled("new") else v])', "a([u])"),
        ('a(lambda: u and flags.is_enabled("new") and v)', "a(lambda: u and v)"),
        ('if any([u, not flags.is_enabled("new")]):\n    a()', "if u:\n    a()"),
        ('x = any([u, not flags.is_enabled("new")])\na(x)', "x = bool(u)\na(x)"),
        ('if all([u, flags.is_enabled("new"), v]):\n    a()', "if all([u, v]):\n    a()"),
        ('x = all((u, flags.is_enabled("new"), v))\na(x)', "x = all((u, v))\na(x)"),
        ('x = all((u, flags.is_enabled("new")))\na(x)', "x = bool(u)\na(x)"),
        ('if all((flags.is_enabled("new"), a())):\n    a()', "if a():\n    a()"),
        (
            'x = all([u, v, flags.is_enabled("new"), flags.is_enabled("new")])\na(x)',
            "x = all([u, v])\na(x)",
        ),
        (
            'x = all((\n    u,  # one\n    flags.is_enabled("new"),  # two\n))\na(x)',
            "x = all((\n    u,  # one\n))\na(x)",
        ),
        ('a([x for x in xs if flags.is_enabled("new")])', "a([x for x in xs])"),
        ('a([x for x in xs if x and flags.is_enabled("new")])', "a([x for x in xs if x])"),
        ("a(f\"{u if flags.is_enabled('new') else v} x\")", 'a(f"{u} x")'),
        ("a(f\"{'n' if flags.is_enabled('new') else 'o'} {u}\")", 'a(f"n {u}")'),
    ],
)
def test_folds_a_condition_where_the_flag_is_on(before: str, expected: str) -> None:
    check_body(before, expected)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ('if flags.is_enabled("new") or u:\n    a()', "if u:\n    a()"),
        ('if u or flags.is_enabled("new"):\n    a()', "if u:\n    a()"),
        ('if u and not flags.is_enabled("new"):\n    a()', "if u:\n    a()"),
        ('if u and flags.is_enabled("new"):\n    a()\nb()', "b()"),
        ('if u.x > 1 and flags.is_enabled("new"):\n    a()\nb()', "b()"),
        ('x = flags.is_enabled("new") and u\na(x)', "a(False)"),
        ('x = u is None and flags.is_enabled("new")\na(x)', "a(False)"),
        ('a(u if flags.is_enabled("new") else v)', "a(v)"),
        ('flags.is_enabled("new") and a()\nb()', "b()"),
    ],
)
def test_folds_a_condition_where_the_flag_is_off(before: str, expected: str) -> None:
    check_body(before, expected, value=False)


def test_a_value_is_not_a_truth() -> None:
    check_body('x = u and flags.is_enabled("new")\na(x)', "x = u and True\na(x)")
    check_body('return u or flags.is_enabled("new")', "return u or False", value=False)
    check_body('x = isinstance(u, int) and flags.is_enabled("new")\na(x)', "x = isinstance(u, int)\na(x)")


def test_an_operand_with_effects_becomes_a_statement() -> None:
    check_body('if audit(u) or flags.is_enabled("new"):\n    a()', "audit(u)\na()")
    check_body('if audit(u) and flags.is_enabled("new"):\n    a()', "audit(u)", value=False)
    check_body('audit(u) and flags.is_enabled("new") and a()', "audit(u)", value=False)


def test_an_operand_with_effects_runs_only_where_it_ran_before() -> None:
    check_body(
        'if u:\n    a()\nelif audit(u) or flags.is_enabled("new"):\n    b()',
        "if u:\n    a()\nelse:\n    audit(u)\n    b()",
    )
    check_body(
        'if u:\n    a()\nelif audit(u) and flags.is_enabled("new"):\n    b()\nelif v:\n    c()\nelse:\n    a(1)',
        "if u:\n    a()\nelse:\n    audit(u)\n    if v:\n        c()\n    else:\n        a(1)",
        value=False,
    )
    check_body('if u and (audit(u) or flags.is_enabled("new")):\n    a()', "if u:\n    audit(u)\n    a()")
    check_body(
        'while audit(u) or flags.is_enabled("new"):\n    if a():\n        break',
        "while True:\n    audit(u)\n    if a():\n        break",
    )


def test_operands_before_the_one_that_decides_run_as_they_did() -> None:
    check_body('if u and audit(u) and flags.is_enabled("new"):\n    a()', "u and audit(u)", value=False)


def test_an_argument_with_effects_still_runs() -> None:
    check_body('if flags.is_enabled("new", load()):\n    a()', "load()\na()")
    check_body('x = flags.is_enabled("new", load()) and u\na(x)', "load()\nx = u\na(x)")
    check_body('return flags.is_enabled("new", u.id, [v], str(u))', "return True")


def test_an_argument_that_would_run_too_early_keeps_the_read() -> None:
    code = in_function('a(load(), flags.is_enabled("new", load()))')
    made = check_unchanged(code, "impure-argument")
    assert made.reads[0].sentence


def test_an_argument_in_a_comprehension_keeps_the_read() -> None:
    check_unchanged(in_function('a([flags.is_enabled("new", load(x)) for x in xs])'), "impure-in-comprehension")


def test_where_only_truth_matters_the_argument_stays_as_an_operand() -> None:
    check_body('a([x for x in xs if flags.is_enabled("new", load(x))])', "a([x for x in xs if load(x) or True])")


def test_a_filter_that_lets_nothing_pass_still_uses_its_iterable_up() -> None:
    check_body('a([x for x in xs if flags.is_enabled("new")])', "a([x for x in xs if False])", value=False)


def test_variations_are_compared_with_literals() -> None:
    for condition in ('== "dense"', '!= "wide"', 'in ("dense", "wide")', "is not None", 'not in ["wide"]'):
        check_body(f'if flags.variation("new") {condition}:\n    a()\nelse:\n    b()', "a()", value="dense")
    check_body('if flags.variation("new") in u:\n    a()', 'if "dense" in u:\n    a()', value="dense")
    check_body('a(flags.variation("new").startswith("d"))', "a(True)", value="dense")


def test_a_display_gives_the_entry_that_is_looked_up() -> None:
    check_body('a({"dense": b, "wide": c}[flags.variation("new")](u))', "a(b(u))", value="dense")
    check_body('a({"wide": b}.get(flags.variation("new"), c)(u))', "a(c(u))", value="dense")
    check_body('a([b, c][flags.is_enabled("new")](u))', "a(c(u))")


def test_a_display_that_does_something_stays() -> None:
    check_body(
        'a({"dense": load(), "wide": audit()}[flags.variation("new")])',
        'a({"dense": load(), "wide": audit()}["dense"])',
        value="dense",
    )


def test_details_and_variant_objects_are_taken_apart() -> None:
    check_body('if flags.details("new").value:\n    a(flags.details("new").variant)', 'a("on")', variant="on")
    check_body('d = flags.details("new")\nif d.value:\n    a()', "a()", variant="on")
    check_body(
        'if flags.variant("new")["enabled"] and flags.variant("new")["name"] == "on":\n    a()', "a()", variant="on"
    )


def test_a_dictionary_finds_the_flag_below_the_number_that_equals_it() -> None:
    check_body('a({1: b, 0: c}.get(flags.is_enabled("new")))', "a(b)")
    check_body('a({1: b, 0: c}.get(flags.is_enabled("new"), u))', "a(c)", value=False)
    check_body('a({True: b, 1: c, 0: u}[flags.is_enabled("new")])', "a(c)")
    check_body('a({"1": b}.get(flags.variation("new"), c))', "a(c)", value=1)


def test_the_reason_of_an_evaluation_is_never_folded() -> None:
    check_unchanged(in_function('a(flags.details("new").reason)'), "value-escapes", variant="on")


def test_a_builtin_that_the_file_redefines_is_no_builtin() -> None:
    code = HEAD + 'def any(x):\n    return a(x)\n\n\ndef f(u):\n    return any([u, flags.is_enabled("new")])\n'
    check_removed(code, code.replace("import flags\n", "").replace('flags.is_enabled("new")', "True"))


def test_a_constant_that_was_there_before_is_left_alone() -> None:
    check_unchanged(HEAD + "def f(u):\n    if True and u:\n        return a()\n    return b() if False else c()\n")


def test_a_wrong_type_gets_the_default_of_its_call() -> None:
    check_body('a(flags.text("new", "fallback"))', 'a("fallback")')
    check_unchanged(in_function('a(flags.text("new", u))'), "wrong-value-type")


def test_a_coroutine_that_is_not_awaited_is_left() -> None:
    code = HEAD + 'async def f(u):\n    later = flags.is_enabled_async("new")\n    return await later\n'
    check_unchanged(code, "not-awaited")


def test_an_await_goes_with_its_read() -> None:
    check_removed(
        HEAD + 'async def f(u):\n    if await flags.is_enabled_async("new", u):\n        return a()\n    return b()\n',
        "from effects import a, audit, c, load\n\n\nasync def f(u):\n    return a()\n",
    )


def test_what_an_except_catches_is_folded() -> None:
    check_removed(
        """
        import flags

        def f(u):
            try:
                return u()
            except (KeyError if flags.is_enabled("new") else ValueError) as error:
                return error
            except (OSError, TypeError if not flags.is_enabled("new") else IndexError):
                return None
        """,
        """
        def f(u):
            try:
                return u()
            except KeyError as error:
                return error
            except (OSError, IndexError):
                return None
        """,
    )


def test_what_an_except_catches_by_another_flag_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            try:
                return u(flags.is_enabled("new"))
            except (KeyError if flags.is_enabled("other") else ValueError):
                raise u from (u if flags.is_enabled("new") else None)
        """,
        """
        import flags

        def f(u):
            try:
                return u(True)
            except (KeyError if flags.is_enabled("other") else ValueError):
                raise u from u
        """,
    )


@pytest.mark.parametrize(
    "entered",
    [
        'with flags.is_enabled("new"):\n    a()',
        'with flags.is_enabled("new") as on:\n    a(on)',
        'with b(), flags.is_enabled("new"):\n    a()',
    ],
)
def test_a_read_that_is_entered_by_with_is_left(entered: str) -> None:
    check_unchanged(in_function(entered), "unknown-shape")


def test_a_read_that_chooses_what_is_entered_by_with_is_none_that_is_entered() -> None:
    check_body('with b() if flags.is_enabled("new") else c():\n    a()', "with b():\n    a()")
