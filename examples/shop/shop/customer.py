"""Who buys."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Customer:
    """A customer, as far as flags are concerned."""

    id: str
    email: str = "ada@example.com"
    country: str = "DE"
    plan: str = "free"

    @property
    def context(self) -> dict[str, str]:
        """Return what the rules of a flag can look at."""
        return {"targetingKey": self.id, **asdict(self)}
