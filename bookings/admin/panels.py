"""The panel about bookings on a customer's page in the admin."""

from decimal import Decimal
from functools import partial

from django.http import HttpRequest

from accounts.models import User
from bookings.models import Booking, WaitlistEntry
from config.admin.links import changelist_link
from config.admin.panels import Figure, Panel, bounded, count_up_to, in_currency
from config.admin.permissions import has_permission
from config.mongo.collections import Stage, aggregate
from config.mongo.decimals import to_decimal

MOST = 1_000  # bookings of one customer that are summed, newest first


def bookings_panel(request: HttpRequest, user: User) -> Panel | None:
    """Show how much a customer booked and spent; the index booking_of_customer serves it."""
    if user.role != User.Role.CUSTOMER or not has_permission(request, "bookings.view_booking"):
        return None
    by_status = sums(user)
    confirmed, cancelled = (by_status.get(status, (0, Decimal(0))) for status in ("CONFIRMED", "CANCELLED"))
    link = partial(changelist_link, "bookings.booking", q=user.pk)
    waiting = count_up_to(MOST, WaitlistEntry.objects.of(user.as_actor()).open())
    return Panel(
        "Bookings",
        [
            Figure("Bookings", bounded(confirmed[0], MOST), link(status__exact=Booking.Status.CONFIRMED)),
            Figure("Spent", in_currency(confirmed[1]), link()),
            Figure("Cancelled", bounded(cancelled[0], MOST), link(status__exact=Booking.Status.CANCELLED)),
            Figure("On waitlists", waiting, changelist_link("bookings.waitlistentry", q=user.pk)),
        ],
    )


def sums(user: User) -> dict[str, tuple[int, Decimal]]:
    """Return count and amount of a customer's newest bookings, by status."""
    stages: list[Stage] = [
        {"$match": {"customer_id": user.pk}},
        {"$sort": {"created_at": -1, "_id": -1}},
        {"$limit": MOST},
        {"$group": {"_id": "$status", "count": {"$sum": 1}, "amount": {"$sum": "$amount"}}},
    ]
    rows = aggregate(Booking.documents, stages)
    return {row["_id"]: (row["count"], to_decimal(row["amount"])) for row in rows}
