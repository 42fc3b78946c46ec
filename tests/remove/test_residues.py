"""Nothing is left over: no suite of nothing, no statement without an effect, no test of a constant."""

from removal_kit.check import check_removed, check_unchanged


def test_an_if_whose_body_died_leaves_what_its_test_does() -> None:
    check_removed(
        """
        import flags
        def f():
            if audit():
                if not flags.is_enabled("new"):
                    old()
            if not check() and ready:
                if not flags.is_enabled("new"):
                    old()
            if (found := look()):
                if not flags.is_enabled("new"):
                    old()
            return found
        """,
        """
        def f():
            audit()
            check()
            found = look()
            return found
        """,
    )


def test_a_loop_and_a_with_whose_body_died_keep_running() -> None:
    check_removed(
        """
        import flags
        def f(items, lock):
            for item in items:
                if not flags.is_enabled("new"):
                    old(item)
            with lock:
                if not flags.is_enabled("new"):
                    old()
        """,
        """
        def f(items, lock):
            for item in items:
                pass
            with lock:
                pass
        """,
    )


def test_a_finally_whose_body_died_goes_and_takes_a_try_without_handlers_along() -> None:
    check_removed(
        """
        import flags
        def f():
            try:
                work()
            finally:
                if not flags.is_enabled("new"):
                    old()
            try:
                work()
            except ValueError:
                log()
            finally:
                if not flags.is_enabled("new"):
                    old()
        """,
        """
        def f():
            work()
            try:
                work()
            except ValueError:
                log()
        """,
    )


def test_a_statement_of_which_only_a_name_is_left_goes() -> None:
    check_removed(
        """
        import flags
        def f(user):
            user and flags.is_enabled("new")
            user and flags.is_enabled("new") or audit(user)
            work()
        """,
        """
        def f(user):
            user or audit(user)
            work()
        """,
    )


def test_statements_that_never_did_anything_stay() -> None:
    check_removed(
        """
        import flags
        def f(user):
            user
            user.name
            if flags.is_enabled("new"):
                work()
        """,
        """
        def f(user):
            user
            user.name
            work()
        """,
    )


def test_a_constant_beside_the_flag_is_folded_with_it() -> None:
    check_removed(
        """
        import flags
        def f():
            if flags.is_enabled("new") and True:
                work()
            while not flags.is_enabled("new") or False:
                old()
        """,
        """
        def f():
            work()
        """,
    )


def test_constants_away_from_the_flag_stay() -> None:
    check_unchanged(
        """
        def f():
            if True and x:
                work()
            while False:
                old()
        """
    )


def test_a_case_whose_guard_is_on_loses_it_and_one_whose_guard_is_off_goes() -> None:
    check_removed(
        """
        import flags
        def f(x):
            match x:
                case 1 if flags.is_enabled("new"):
                    return one()

                case 2 if not flags.is_enabled("new"):
                    return two()

                case 3 if not flags.is_enabled("new"):
                    return three()
        """,
        """
        def f(x):
            match x:
                case 1:
                    return one()
        """,
    )


def test_a_match_of_which_no_case_is_left_leaves_what_its_subject_does() -> None:
    check_removed(
        """
        import flags
        def f(x):
            match x:
                case 1 if not flags.is_enabled("new"):
                    return one()
            match load(x):
                case 1 if not flags.is_enabled("new"):
                    return one()
        """,
        """
        def f(x):
            load(x)
        """,
    )


def test_a_case_whose_pattern_binds_what_is_read_later_stays() -> None:
    check_removed(
        """
        import flags
        def f(x):
            y = 0
            match x:
                case [y] if not flags.is_enabled("new"):
                    return one()
                case _:
                    work()
            return y
        """,
        """
        def f(x):
            y = 0
            match x:
                case [y] if False:
                    return one()
                case _:
                    work()
            return y
        """,
    )


def test_a_generator_whose_last_statement_is_the_dead_yield_stays_one() -> None:
    check_removed(
        """
        import flags
        def f():
            work()
            if not flags.is_enabled("new"):
                yield 1

        async def g():
            yield 1
            if not flags.is_enabled("new"):
                yield 2
        """,
        """
        def f():
            work()
            return
            yield

        async def g():
            yield 1
        """,
    )


def test_an_endless_generator_needs_no_return_before_the_yield_that_keeps_it_one() -> None:
    check_removed(
        """
        import flags
        def f():
            while flags.is_enabled("new"):
                work()
            yield 1
        """,
        """
        def f():
            while True:
                work()
            yield
        """,
    )


def test_arguments_that_must_run_stay_where_truth_alone_matters() -> None:
    check_removed(
        """
        import flags
        def f(user):
            return all([check(user), flags.is_enabled("new", load(user))])
        """,
        """
        def f(user):
            return all([check(user), load(user) or True])
        """,
    )


def test_arguments_that_must_run_are_refused_where_the_value_matters() -> None:
    check_unchanged(
        """
        import flags
        def f(user):
            return [check(user), flags.is_enabled("new", load(user))]
        """,
        "impure-argument",
    )


def test_what_only_names_the_user_leaves_nothing_behind() -> None:
    check_removed(
        """
        import os

        import flags


        def cart(request, user):
            if flags.is_enabled("new", user.email.lower(), request.headers.get(user), ",".join(user)):
                return os.environ
            return user


        def page(user):
            return flags.is_enabled("new", os.getenv("REGION")) and user
        """,
        """
        import os


        def cart(request, user):
            return os.environ


        def page(user):
            return user
        """,
    )


def test_what_may_reach_out_still_runs() -> None:
    check_removed(
        """
        import flags


        def cart(user, session):
            if flags.is_enabled("new", session.get("https://example.com"), user.path.replace("there"), user.join()):
                return 1
            return 2
        """,
        """
        def cart(user, session):
            session.get("https://example.com")
            user.path.replace("there")
            user.join()
            return 1
        """,
    )


def test_a_call_that_may_do_more_than_name_the_user_stays() -> None:
    check_removed(
        """
        import flags


        def cart(tokens, queue):
            if flags.is_enabled("new", tokens.decode("key")["sub"]) and flags.is_enabled("new", queue.get("id")):
                return 1
            return 2
        """,
        """
        def cart(tokens, queue):
            tokens.decode("key")
            queue.get("id")
            return 1
        """,
    )
