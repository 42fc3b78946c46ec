"""`as name` goes with the last use of the name that a removal took; what is named keeps running."""

from removal_kit.check import check_removed


def test_the_name_of_an_exception_goes_with_its_last_use() -> None:
    check_removed(
        """
        import flags


        def f(page):
            try:
                page.load()
            except (OSError, ValueError) as error:  # gone
                if not flags.is_enabled("new"):
                    page.log(error)
                page.close()
            except KeyError as missing:
                raise RuntimeError from missing
        """,
        """
        def f(page):
            try:
                page.load()
            except (OSError, ValueError):  # gone
                page.close()
            except KeyError as missing:
                raise RuntimeError from missing
        """,
    )


def test_the_name_of_a_context_goes_with_its_last_use() -> None:
    check_removed(
        """
        import flags


        async def f(page):
            with (page.opened() as stream, page.locked() as lock):
                if not flags.is_enabled("new"):
                    stream.flush()
                lock.hold()
            async with page.saved() as saved:
                if not flags.is_enabled("new"):
                    saved.show()
                page.show()
        """,
        """
        async def f(page):
            with (page.opened(), page.locked() as lock):
                lock.hold()
            async with page.saved():
                page.show()
        """,
    )


def test_a_name_stays_that_is_used_elsewhere_or_never_was() -> None:
    check_removed(
        """
        import flags


        def f(page):
            with page.opened() as stream:
                if not flags.is_enabled("new"):
                    stream.flush()
                page.show()
            with page.opened() as unused:
                page.show()
            with page.paired() as (left, right):
                if not flags.is_enabled("new"):
                    left.show()
                right.show()

            def shown():
                return stream

            return shown
        """,
        """
        def f(page):
            with page.opened() as stream:
                page.show()
            with page.opened() as unused:
                page.show()
            with page.paired() as (left, right):
                right.show()

            def shown():
                return stream

            return shown
        """,
    )


def test_a_name_stays_that_is_bound_twice_and_read_or_that_is_of_the_module() -> None:
    check_removed(
        """
        import flags


        def f(page):
            error = None
            try:
                page.load()
            except OSError as error:
                if not flags.is_enabled("new"):
                    page.log(error)
                page.close()
            return error


        def g(page):
            global stream
            with page.opened() as stream:
                if not flags.is_enabled("new"):
                    stream.flush()
                page.show()
        """,
        """
        def f(page):
            error = None
            try:
                page.load()
            except OSError as error:
                page.close()
            return error


        def g(page):
            global stream
            with page.opened() as stream:
                page.show()
        """,
    )
