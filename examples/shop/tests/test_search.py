import unittest

from flaglint.evaluator.testing import override

from shop.customer import Customer
from shop.search import search, timeout

ADA = Customer("ada")


class SearchTest(unittest.TestCase):
    def test_classic_order(self) -> None:
        with override("exp-search-ranking", "classic"):
            self.assertEqual(search("te", ADA), ["tea", "teapot", "tee"])

    def test_popular_order(self) -> None:
        with override("exp-search-ranking", "popular"):
            self.assertEqual(search("te", ADA)[0], "tea")

    def test_a_search_may_take_two_seconds(self) -> None:
        self.assertEqual(timeout(ADA), 2.0)
