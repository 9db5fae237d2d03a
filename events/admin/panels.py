"""The panels of events on a user's page in the admin: an organizer's events, a customer's reports."""

from django.http import HttpRequest

from accounts.models import User
from config.admin.links import changelist_link
from config.admin.panels import Figure, Panel, bounded, count_up_to
from config.admin.permissions import has_permission
from events.journal_entries import ENTRY_TYPES
from events.models import Event, Report
from journal.models import Entry

DECISION_TYPES = tuple(each.name for each in ENTRY_TYPES if each.staff_decision is not None)
LARGEST_COUNT = 10_000
NEWEST = 200  # only the decisions about an organizer's newest events are counted


def events_panel(request: HttpRequest, user: User) -> Panel | None:
    """Count an organizer's events, the hidden ones, and the reports and decisions about the newest."""
    if user.role != User.Role.ORGANIZER or not has_permission(request, "events.view_event"):
        return None
    own = Event.objects.in_every_state().filter(organizer=user.pk)
    link = changelist_link("events.event", q=user.pk)
    hidden = changelist_link("events.event", q=user.pk, hidden__exact=1)
    newest = list(own.order_by("-starts_at").values_list("pk", "reports")[:NEWEST])
    decisions = Entry.objects.filter(subject__in=[pk for pk, _ in newest], type__in=DECISION_TYPES)
    return Panel(
        "Events",
        [
            Figure("Events", count_up_to(LARGEST_COUNT, own), link),
            Figure("Hidden", count_up_to(LARGEST_COUNT, own.filter(hidden=True)), hidden),
            Figure("Reported by customers", f"{sum(reports or 0 for _, reports in newest):,}", link, "times"),
            Figure("Decisions about them", count_up_to(LARGEST_COUNT, decisions), link, "on the events' History"),
        ],
    )


def reports_panel(request: HttpRequest, user: User) -> Panel | None:
    """Count the events that a customer reported."""
    count = Report.objects.filter(customer=user.pk)[:LARGEST_COUNT].count()
    if not count or not has_permission(request, "events.view_report"):
        return None
    link = changelist_link("events.report", q=user.pk)
    return Panel("Reports", [Figure("Events reported", bounded(count, LARGEST_COUNT), link)])
