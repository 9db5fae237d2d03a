"""Serializer fields that accept the right JSON type only: text is not converted to a number, nor a number to text."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from rest_framework import serializers

from config.core.clock import EARLIEST, LATEST, iso, to_milliseconds

AMOUNT = re.compile(r"-?[0-9]*\.?[0-9]*")


class TextField(serializers.CharField):
    """A JSON string, trimmed, without NUL or lone surrogates (DRF's own validators refuse those)."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumberField(serializers.IntegerField):
    """A JSON integer; neither ``true`` nor ``"2"`` nor ``2.5``."""

    def to_internal_value(self, data: object) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class MoneyField(serializers.DecimalField):
    """An amount in the installation's currency. Reads a decimal string or a number, writes a string with two places."""

    def __init__(self, *, max_digits: int = 10, required: bool | None = None) -> None:
        super().__init__(max_digits=max_digits, decimal_places=2, min_value=Decimal(0), required=required)

    def to_internal_value(self, data: float | str | Decimal) -> Decimal:
        """Refuse what Python's Decimal accepts beyond that: ``1_000``, ``1e3`` and digits of other scripts."""
        if isinstance(data, bool) or (isinstance(data, str) and not AMOUNT.fullmatch(data.strip())):
            self.fail("invalid")
        return super().to_internal_value(data)


class MomentField(serializers.DateTimeField):
    """ISO 8601 between 2000 and 2199, written in UTC with ``Z``; a time without a zone is read as UTC."""

    default_error_messages = {"out_of_range": "The date must be between 2000 and 2199."}

    def to_internal_value(self, value: object) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        try:
            moment = super().to_internal_value(value)
            moment = to_milliseconds(moment.astimezone(UTC))
        except OverflowError:
            self.fail("out_of_range")
        if not EARLIEST <= moment < LATEST:
            self.fail("out_of_range")
        return moment

    def to_representation(self, value: datetime) -> str:
        return iso(value)


class DayField(serializers.DateField):
    """A day between 2000 and 2199 as 2026-11-21; other notations of ISO 8601 are refused."""

    default_error_messages = {"out_of_range": "The date must be between 2000 and 2199."}

    def to_internal_value(self, value: object) -> date:
        if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if not EARLIEST.date() <= day < LATEST.date():
            self.fail("out_of_range")
        return day
