"""`as name` goes with the last use of the name that a removal took; what is named keeps running."""

from removal_kit.check import after, check_removed, planned


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


def test_what_an_object_kept_for_the_read_goes_with_it() -> None:
    check_removed(
        """
        import flags
        from ldclient import Context


        class Page:
            def __init__(self, user, items):
                self.context = Context.create(user)
                self._items = items
                self.shown = 0

            def show(self):
                if flags.is_enabled("new", self.context):
                    return self._items
                return self.shown
        """,
        """
        class Page:
            def __init__(self, user, items):
                self._items = items

            def show(self):
                return self._items
        """,
    )


def test_what_an_object_keeps_stays_where_someone_else_may_read_it() -> None:
    check_removed(
        """
        import flags
        from views import View


        class Page(View):
            def __init__(self, user):
                self.title = "page"
                self.user = user

            def show(self):
                return self.user if flags.is_enabled("new") else self.title


        class Other:
            def __init__(self, user):
                self.unused = user
                self.made = make(user)
                self.user = user

            def show(self):
                return self.user if flags.is_enabled("new") else self.made


        class Single:
            def __init__(self):
                self.single = 1

            def show(self):
                return 1 if flags.is_enabled("new") else self.single
        """,
        """
        from views import View


        class Page(View):
            def __init__(self, user):
                self.title = "page"
                self.user = user

            def show(self):
                return self.user


        class Other:
            def __init__(self, user):
                self.unused = user
                self.made = make(user)
                self.user = user

            def show(self):
                return self.user


        class Single:
            def __init__(self):
                self.single = 1

            def show(self):
                return 1
        """,
    )


PAGE = """
import flags


class Page:
    def __init__(self, user):
        self.badge = "b"
        self.title = "t"

    def label(self):
        return "l"

    @property
    def mark(self):
        return "m"

    def show(self):
        return self.title if flags.is_enabled("new") else self.badge + self.label() + self.mark
"""


def test_a_member_that_a_template_asks_for_stays() -> None:
    template = "<p>{{ page.badge|upper }} {% if page.label and page.mark %}x{% endif %}</p>\n"
    made = planned({"shop.py": PAGE, "page.html": template})
    kept = after(made) or ""
    assert 'self.badge = "b"' in kept
    assert "def label(self)" in kept
    assert "def mark(self)" in kept
    assert {(item.code, item.sentence) for item in made.leftovers} == {
        ("still-there", "`label` lost its last use and stays: `page.html` names it"),
        ("still-there", "`mark` lost its last use and stays: `page.html` names it"),
    }


def test_a_member_goes_that_templates_only_write_about() -> None:
    template = "<p>{{ badge }} {{ page.labels }} label.badge page.label .mark</p>\n<script>x.badge()</script>\n"
    made = planned({"shop.py": PAGE, "page.html": template})
    assert after(made) == (
        'class Page:\n    def __init__(self, user):\n        self.title = "t"\n\n'
        "    def show(self):\n        return self.title\n"
    )
