import unittest

from flaglint.evaluator.testing import override

from shop.checkout import button, gift_card_hint, pages
from shop.customer import Customer

ADA = Customer("ada")


class CheckoutTest(unittest.TestCase):
    def test_one_page_for_everybody(self) -> None:
        self.assertEqual(pages(["tea"], ADA), ["cart", "payment"])
        self.assertEqual(button(ADA), "Buy now")

    def test_nothing_to_pay_for(self) -> None:
        with override("release-one-page-checkout", "enabled"):
            self.assertEqual(pages([], ADA), ["cart"])

    @override("release-one-page-checkout", "disabled")
    def test_four_pages_while_the_flag_is_off(self) -> None:
        self.assertEqual(pages(["tea"], ADA), ["cart", "address", "shipping", "payment"])
        self.assertEqual(button(ADA), "Continue")

    def test_gift_cards_for_staff(self) -> None:
        self.assertIn("gift-card", pages(["tea"], Customer("grace", email="grace@shop.example")))
        self.assertNotIn("gift-card", pages(["tea"], ADA))

    def test_no_hint_without_gift_cards(self) -> None:
        self.assertEqual(gift_card_hint(ADA), "")
