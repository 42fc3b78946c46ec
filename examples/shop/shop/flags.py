"""The client that answers for flags, and the keys that several modules read."""

from enum import StrEnum
from pathlib import Path

from flaglint.evaluator import Evaluator

client = Evaluator.from_path(Path(__file__).parent.parent / "flags.yaml", environment="production")

SEARCH_RANKING = "exp-search-ranking"


class Flag(StrEnum):
    """Flags of the checkout."""

    ONE_PAGE_CHECKOUT = "release-one-page-checkout"
    GIFT_CARDS = "release-gift-cards"
