"""Roll-ups: what was sold on which day. Reading them costs the same, however many bookings there are."""

from datetime import date
from typing import ClassVar, Self

from django.db import models

from analytics.documents import DailySalesDocument
from analytics.sales import ALL, COUNTERS, NOTHING, Days, Sales
from config.mongo.collections import Documents


class DailySalesQuerySet(models.QuerySet["DailySales"]):
    def of(self, scope: str) -> Self:
        return self.filter(scope=scope)

    def between(self, first: date, last: date) -> Self:
        return self.filter(day__gte=first.isoformat(), day__lte=last.isoformat())

    def total_of(self, scope: str) -> Sales:
        """Return what a scope sold on all days, from its running total."""
        return self.of(scope).filter(day=ALL).by_day().get(ALL, NOTHING)

    def by_day(self) -> Days:
        return {day: Sales(*counters) for day, *counters in self.values_list("day", *COUNTERS)}


class DailySales(models.Model):
    """What one scope sold on one UTC day. Only analytics/rollups.py and analytics/rollup_repair.py write it.

    ``_id`` is ``scope:day``. ``scope`` is ``platform``, an organizer's id or an event's; ``day`` is ``2026-11-21``, or
    ``all`` for the running total. Bookings, tickets and revenue leave out cancelled bookings and count on the day of
    the booking; cancellations count on their own day. ``repairs`` keeps two rebuilds from repairing the same twice.
    """

    id = models.CharField(primary_key=True, db_column="_id", max_length=40)
    scope = models.CharField(max_length=16)
    day = models.CharField(max_length=10)
    bookings = models.BigIntegerField(default=0)
    tickets = models.BigIntegerField(default=0)
    revenue = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    cancellations = models.BigIntegerField(default=0)
    repairs = models.IntegerField(default=0)

    objects: ClassVar["models.Manager[DailySales]"] = DailySalesQuerySet.as_manager()
    documents = Documents[DailySalesDocument]()

    class Meta:
        verbose_name_plural = "daily sales"
        indexes = (models.Index(fields=["scope", "day"], name="sales_of_scope"),)

    def __str__(self) -> str:
        return self.id

    def save(self, *args: object, **kwargs: object) -> None:
        raise TypeError("Roll-ups follow from the journal: see analytics/rollups.py.")
