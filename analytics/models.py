"""Roll-ups: what was sold on which day, so that figures cost the same however many bookings there are."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models

from analytics.documents import DailySalesDocument
from analytics.sales import ALL, COUNTERS, NOTHING, Days, Sales
from config.mongo.collections import Documents


class DailySalesQuerySet(models.QuerySet["DailySales"]):
    """The vocabulary of reads."""

    def of(self, scope: str) -> Self:
        return self.filter(scope=scope)

    def between(self, first: date, last: date) -> Self:
        return self.filter(day__gte=first.isoformat(), day__lte=last.isoformat())

    def total_of(self, scope: str) -> Sales:
        """Return what a scope sold in all its days, from its running total."""
        return self.of(scope).filter(day=ALL).by_day().get(ALL, NOTHING)

    def by_day(self) -> Days:
        rows: Iterable[dict[str, Any]] = self.values("day", *COUNTERS)
        return {row.pop("day"): Sales(**row) for row in rows}


class DailySales(models.Model):
    """What one scope sold on one UTC day. Written by analytics/rollups.py and analytics/rollup_repair.py only.

    ``_id`` is ``scope:day``. ``scope`` is ``house``, an organizer's id or an event's; ``day`` is ``2026-11-21``, or
    ``all`` for the running total. Bookings, tickets and revenue are those that stand, on the day they were made;
    cancellations count on the day of the cancellation. ``repairs`` keeps two rebuilds from repairing the same twice.
    """

    id = models.CharField(primary_key=True, db_column="_id", max_length=40)
    scope = models.CharField(max_length=16)
    day = models.CharField(max_length=10)
    bookings = models.BigIntegerField(default=0)
    tickets = models.BigIntegerField(default=0)
    revenue = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    cancellations = models.BigIntegerField(default=0)
    repairs = models.IntegerField(default=0)

    objects: ClassVar[Any] = DailySalesQuerySet.as_manager()
    documents = Documents[DailySalesDocument]()

    class Meta:
        verbose_name_plural = "daily sales"
        indexes = (models.Index(fields=["scope", "day"], name="sales_of_scope"),)

    def __str__(self) -> str:
        return self.id

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Figures follow from the journal: see analytics/rollups.py.")
