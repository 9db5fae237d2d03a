"""Amounts of money as the API writes them."""

from decimal import Decimal


def money(amount: Decimal) -> str:
    """Return an amount with two decimal places.

    >>> money(Decimal("25"))
    '25.00'
    """
    return f"{amount:.2f}"
