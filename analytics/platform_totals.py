"""The totals of the whole platform, for staff. They read one roll-up and count keys of indexes."""

from django.conf import settings

from accounts.actors import CUSTOMER, ORGANIZER
from accounts.models import User
from analytics.models import DailySales
from analytics.money import money
from analytics.sales import PLATFORM
from analytics.waitlist_demand import waitlist_demand
from events.models import Event


def platform_totals() -> dict[str, object]:
    sales = DailySales.objects.total_of(PLATFORM)
    by_status = {status: Event.objects.filter(status=status).count() for status in Event.Status.values}
    return {
        "users": user_counts(),
        "events": {"total": sum(by_status.values()), "byStatus": by_status},
        "bookings": {"confirmed": sales.bookings, "cancelled": sales.cancellations, "tickets": sales.tickets},
        "revenue": money(sales.revenue),
        "currency": settings.CURRENCY,
        "waitlist": waitlist_demand(),
    }


def user_counts() -> dict[str, int]:
    """Count users by role; an organizer or customer with staff rights counts as staff only."""
    staff, others = User.objects.filter(is_staff=True).count(), User.objects.filter(is_staff=False)
    by_role = {role: others.filter(role=role).count() for role in User.Role.values}
    return {
        "total": staff + sum(by_role.values()),
        "organizers": by_role[ORGANIZER],
        "customers": by_role[CUSTOMER],
        "staff": staff,
        "blocked": User.objects.filter(is_active=False).count(),
    }
