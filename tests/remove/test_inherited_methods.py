"""A call of a method that some subclass overrides stays; what opens a file stays above a first import that goes."""

from removal_kit.check import check_removed


def test_leaves_a_call_of_a_method_that_a_subclass_overrides() -> None:
    check_removed(
        """
        import flags

        class Cart:
            def total(self):
                return 1 if self._fast() else 2

            def _fast(self):
                return flags.is_enabled("new")

        class Slow(Cart):
            def _fast(self):
                return False
        """,
        """
        class Cart:
            def total(self):
                return 1 if self._fast() else 2

            def _fast(self):
                return True

        class Slow(Cart):
            def _fast(self):
                return False
        """,
    )


def test_folds_a_call_of_a_method_of_which_an_unrelated_class_has_the_like() -> None:
    check_removed(
        """
        import flags

        class Cart:
            def total(self):
                return 1 if self._fast() else 2

            def _fast(self):
                return flags.is_enabled("new")

        class Basket:
            def _fast(self):
                return False
        """,
        """
        class Cart:
            def total(self):
                return 1

            def _fast(self):
                return True

        class Basket:
            def _fast(self):
                return False
        """,
    )


def test_keeps_what_opens_a_file_above_an_import_that_goes() -> None:
    check_removed(
        """\
        #!/usr/bin/env python
        # coding: utf-8
        # Copyright the shop
        import flags

        def cart():
            return 1 if flags.is_enabled("new") else 2
        """,
        """\
        #!/usr/bin/env python
        # coding: utf-8
        # Copyright the shop

        def cart():
            return 1
        """,
    )
