"""The last price that this process read of each event."""

from decimal import Decimal


class KnownPrices:
    """The last price read of each event. An old one costs a second claim, never a wrong booking."""

    LIMIT = 10_000

    def __init__(self) -> None:
        self._prices: dict[str, Decimal] = {}

    def get(self, event_id: str) -> Decimal | None:
        return self._prices.get(event_id)

    def put(self, event_id: str, price: Decimal) -> None:
        if len(self._prices) >= self.LIMIT:
            self.forget()
        self._prices[event_id] = price

    def forget(self) -> None:
        self._prices.clear()


known_prices = KnownPrices()
