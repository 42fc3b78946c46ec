"""The way from a full cart to a paid order."""

from shop.customer import Customer
from shop.flags import Flag
from shop.gates import is_on
from shop.legacy import four_pages


def pages(items: list[str], customer: Customer) -> list[str]:
    """Return the pages that a customer goes through."""
    if is_on(Flag.ONE_PAGE_CHECKOUT, customer):
        way = ["cart", "payment"] if items else ["cart"]
    else:
        # The warehouse needs the address before it can name a price.
        way = four_pages(items)
    if items and is_on(Flag.GIFT_CARDS, customer):
        way.insert(1, "gift-card")
    return way


def button(customer: Customer) -> str:
    """Return the words on the button that ends a purchase."""
    one_page = is_on(Flag.ONE_PAGE_CHECKOUT, customer)
    return "Buy now" if one_page else "Continue"


def gift_card_hint(customer: Customer) -> str:
    """Return a line about gift cards, where there are any."""
    if is_on("release-gift-card", customer):
        return "Have a gift card? Enter its number on the next page."
    return ""
