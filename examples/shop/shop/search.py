"""Finding things to buy."""

from shop.customer import Customer
from shop.flags import SEARCH_RANKING, client

SALES = {"tea": 90, "teapot": 40, "tee": 10}


def search(words: str, customer: Customer) -> list[str]:
    """Return the names of products that begin with the words, the best first."""
    found = [name for name in SALES if name.startswith(words)]
    match client.string(SEARCH_RANKING, customer.context, "classic"):
        case "popular":
            return sorted(found, key=lambda name: -SALES[name])
        case "personal":
            return sorted(found, key=lambda name: (customer.id not in name, -SALES[name]))
        case _:
            return sorted(found)


def timeout(customer: Customer) -> float:
    """Return how long a search may take, in seconds."""
    return client.integer("ops-search-timeout", customer.context, 2000) / 1000
