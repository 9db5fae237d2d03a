"""What a user's page in the admin says of their events, or of the events that they reported."""

from django.http import HttpRequest

from accounts.models import User
from config.admin.links import changelist_link
from config.admin.panels import Figure, Panel, bounded, count_up_to
from config.admin.permissions import has_permission
from events.journal_entries import ENTRY_TYPES
from events.models import Event, Report
from journal.models import Entry

DECISIONS = tuple(one.name for one in ENTRY_TYPES if one.staff_decision is not None)
MOST = 10_000
NEWEST = 200  # events of an organizer whose decisions are counted


def events_panel(request: HttpRequest, user: User) -> Panel | None:
    """Say how many events an organizer has, how many are hidden, and what was decided about the newest of them."""
    if user.role != User.Role.ORGANIZER or not has_permission(request, "events.view_event"):
        return None
    own = Event.objects.in_every_state().filter(organizer=user.pk)
    link = changelist_link("events.event", q=user.pk)
    hidden = changelist_link("events.event", q=user.pk, hidden__exact=1)
    newest = list(own.order_by("-starts_at").values_list("pk", "reports")[:NEWEST])
    decided = Entry.objects.filter(subject__in=[pk for pk, _ in newest], type__in=DECISIONS)
    return Panel(
        "Events",
        [
            Figure("Events", count_up_to(MOST, own), link),
            Figure("Hidden", count_up_to(MOST, own.filter(hidden=True)), hidden),
            Figure("Reported by customers", f"{sum(reports or 0 for _, reports in newest):,}", link, "times"),
            Figure("Decisions about them", count_up_to(MOST, decided), link, "on the events' History"),
        ],
    )


def reports_panel(request: HttpRequest, user: User) -> Panel | None:
    """Say how many events a customer reported."""
    made = Report.objects.filter(customer=user.pk)[:MOST].count()
    if not made or not has_permission(request, "events.view_report"):
        return None
    link = changelist_link("events.report", q=user.pk)
    return Panel("Reports", [Figure("Events reported", bounded(made, MOST), link)])
