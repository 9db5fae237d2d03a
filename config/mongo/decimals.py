"""Decimal128 values of MongoDB as Python decimals."""

from decimal import Decimal

from bson.decimal128 import Decimal128


def to_decimal(value: Decimal128 | int) -> Decimal:
    return value.to_decimal() if isinstance(value, Decimal128) else Decimal(value)
