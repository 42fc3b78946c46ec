"""Jumps that lead to where control goes anyway go when a removal has made them so."""

from removal_kit.check import check_removed


def test_a_continue_that_ends_the_body_of_its_loop_goes() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            for item in items:
                if flags.is_enabled("new"):
                    item.add()
                    continue
                item.drop()
            while items:
                if items.pop():
                    items.clear()
                    if not flags.is_enabled("new"):
                        return
                    continue
                elif flags.is_enabled("new"):
                    continue
                items.sort()
        """,
        """
        def cart(items):
            for item in items:
                item.add()
            while items:
                if items.pop():
                    items.clear()
        """,
    )


def test_a_bare_return_that_ends_its_function_goes() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            if flags.is_enabled("new"):
                items.add()
                return
            items.drop()


        def empty(items):
            with items:
                if flags.is_enabled("new"):
                    return
            items.drop()
        """,
        """
        def cart(items):
            items.add()


        def empty(items):
            with items:
                return
            items.drop()
        """,
    )


def test_a_jump_over_something_stays() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            for item in items:
                if item:
                    if flags.is_enabled("new"):
                        item.add()
                        continue
                    item.drop()
                item.count()
            for item in items:
                if flags.is_enabled("new"):
                    continue
                item.drop()
            else:
                return None
        """,
        """
        def cart(items):
            for item in items:
                if item:
                    item.add()
                    continue
                item.count()
            for item in items:
                continue
            else:
                return None
        """,
    )


def test_a_jump_that_did_nothing_before_stays() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            for item in items:
                if flags.is_enabled("new"):
                    item.add()
                continue
            return
        """,
        """
        def cart(items):
            for item in items:
                item.add()
                continue
            return
        """,
    )


def test_a_return_of_none_stays_beside_returns_of_values() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            if not items:
                return 1
            if flags.is_enabled("new"):
                items.add()
                return None
            return 2
        """,
        """
        def cart(items):
            if not items:
                return 1
            items.add()
            return None
        """,
    )


def test_an_arm_that_does_nothing_leaves_no_else() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            if items:
                items.add()
            elif flags.is_enabled("new"):
                pass
            else:
                items.drop()
            return items
        """,
        """
        def cart(items):
            if items:
                items.add()
            return items
        """,
    )


def test_the_else_of_a_loop_that_nothing_breaks_out_of_runs_after_it() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            for item in items:
                if item and flags.is_enabled("new"):
                    break
                item.drop()
            else:
                # none was new
                items.clear()
                return None
            return items


        def page(items):
            while items:
                if not flags.is_enabled("new"):
                    continue
                break
            else:
                return 1
            return 2
        """,
        """
        def cart(items):
            for item in items:
                item.drop()
            # none was new
            items.clear()
            return None


        def page(items):
            while items:
                continue
            return 1
        """,
        value=False,
    )


def test_the_else_of_a_loop_that_nothing_broke_out_of_stays() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            for item in items:
                if flags.is_enabled("new"):
                    item.add()
            else:
                items.clear()
            for item in items:
                for other in item:
                    if flags.is_enabled("new"):
                        break
                else:
                    break
            else:
                items.drop()
        """,
        """
        def cart(items):
            for item in items:
                item.add()
            else:
                items.clear()
            for item in items:
                for other in item:
                    break
                else:
                    break
            else:
                items.drop()
        """,
    )
