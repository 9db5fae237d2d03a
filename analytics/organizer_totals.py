"""The totals of an organizer, from the counters of their events: the cost grows with the events, not the bookings."""

from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Sum

from accounts.actors import Actor
from analytics.money import money
from events.models import Event
from events.querysets import EventQuerySet


def organizer_totals(organizer: Actor) -> dict[str, object]:
    """Return the totals of an organizer's events. The counters do not include cancelled bookings."""
    own = Event.objects.of(organizer)
    rows = list(
        own.order_by().values("status").annotate(events=Count("pk"), sold=Sum("tickets_sold"), money=Sum("revenue"))
    )
    by_status = dict.fromkeys(Event.Status.values, 0) | {row["status"]: row["events"] for row in rows}
    return {
        "totalEvents": sum(by_status.values()),
        "eventsByStatus": by_status,
        "ticketsSold": sum(row["sold"] for row in rows),
        "totalRevenue": money(sum((row["money"] for row in rows), Decimal(0))),
        "currency": settings.CURRENCY,
        "topSellingEvent": top_selling(own),
    }


def top_selling(events: EventQuerySet) -> dict[str, object] | None:
    """Return the event with the most tickets sold, the smaller id among equals; None before the first sale."""
    event = events.filter(tickets_sold__gt=0).order_by("-tickets_sold", "id").first()
    if event is None:
        return None
    return {"id": event.id, "title": event.title, "ticketsSold": event.tickets_sold, "revenue": money(event.revenue)}
