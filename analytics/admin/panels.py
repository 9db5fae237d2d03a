"""A panel of the admin's page of an organizer: their sales, from one roll-up."""

from django.http import HttpRequest

from accounts.models import User
from analytics.models import DailySales
from config.admin.links import changelist_link
from config.admin.panels import Figure, Panel, in_currency
from config.admin.permissions import has_permission


def sales_panel(request: HttpRequest, user: User) -> Panel | None:
    if user.role != User.Role.ORGANIZER or not has_permission(request, "bookings.view_booking"):
        return None
    sales = DailySales.objects.total_of(user.pk)
    link = changelist_link("events.event", q=user.pk)
    return Panel(
        "Sales",
        [
            Figure("Bookings", f"{sales.bookings:,}", link),
            Figure("Tickets", f"{sales.tickets:,}", link),
            Figure("Revenue", in_currency(sales.revenue), link),
            Figure("Cancelled bookings", f"{sales.cancellations:,}", link),
        ],
    )
