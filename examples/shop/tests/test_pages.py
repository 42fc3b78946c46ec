import unittest

from flaglint.evaluator.testing import override

from shop.customer import Customer
from shop.pages import home, panels, recommendations

ADA = Customer("ada")


class PagesTest(unittest.TestCase):
    def test_panels_are_part_of_the_pro_plan(self) -> None:
        self.assertEqual(panels(ADA), [])
        self.assertEqual(panels(Customer("bob", plan="pro")), ["reviews", "stock"])

    def test_recommendations_can_be_switched_off(self) -> None:
        self.assertEqual(recommendations(ADA), ["teapot"])
        with override("kill-recommendations", False):
            self.assertEqual(recommendations(ADA), [])

    @override("NewsletterPopup", False)
    def test_the_first_page_is_light(self) -> None:
        self.assertIn('class="light"', home(ADA))
        self.assertNotIn("dialog", home(ADA))
