"""A misspelt word is answered with the one that was meant, or with nothing."""

from flaglint.spelling import did_you_mean, nearest, nearest_few


def test_finds_the_word_whatever_its_case_and_separators() -> None:
    assert nearest("Soak_Days", ["soak-days", "source"]) == "soak-days"
    assert nearest("chekout", ["checkout", "search"]) == "checkout"


def test_suggests_nothing_that_is_merely_another_word() -> None:
    assert nearest("checkout", ["search", "billing"]) == ""
    assert nearest("checkout", []) == ""


def test_a_part_of_a_word_stands_for_the_words_that_hold_it_the_shortest_first() -> None:
    known = ["release-one-page-checkout", "checkout-v2", "release-search"]
    assert nearest_few("checkout", known) == ("checkout-v2", "release-one-page-checkout")
    assert nearest_few("release_page", known)[0] == "release-one-page-checkout"


def test_of_many_words_no_more_than_three_and_slips_before_parts() -> None:
    known = ["release-search-22", "release-search-2", "serch", "release-search"]
    assert nearest_few("search", known) == ("serch", "release-search", "release-search-2")


def test_what_was_merely_written_in_another_way_is_one_word() -> None:
    assert nearest_few("'Gift_Card' ", ["gift-card", "gift-cards"]) == ("gift-card",)


def test_two_letters_are_no_part_that_tells_anything() -> None:
    assert nearest_few("on", ["release-one", "kill-on"]) == ()


def test_asks_for_one_word_or_for_several() -> None:
    assert did_you_mean("a") == "did you mean `a`?"
    assert did_you_mean(("a", "b", "c")) == "did you mean `a`, `b` or `c`?"
    assert did_you_mean((), "look there") == "look there"
    assert did_you_mean("", "look there") == "look there"
