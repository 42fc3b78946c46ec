"""A misspelt word is answered with the one that was meant, or with nothing."""

from flaglint.spelling import nearest


def test_finds_the_word_whatever_its_case_and_separators() -> None:
    assert nearest("Soak_Days", ["soak-days", "source"]) == "soak-days"
    assert nearest("chekout", ["checkout", "search"]) == "checkout"


def test_suggests_nothing_that_is_merely_another_word() -> None:
    assert nearest("checkout", ["search", "billing"]) == ""
    assert nearest("checkout", []) == ""
