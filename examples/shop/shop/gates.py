"""The shop's own way to ask for a flag."""

from shop.customer import Customer
from shop.flags import client


def is_on(key: str, customer: Customer) -> bool:
    """Return whether a feature is there for a customer."""
    return client.boolean(key, customer.context, default=False)
