"""A panel of the admin's user page: the decisions about the user."""

from django.http import HttpRequest

from accounts.journal_entries import UserEntry
from accounts.models import User
from config.admin.links import history_link
from config.admin.panels import Figure, Panel, bounded
from config.admin.permissions import has_permission
from journal.models import Entry

ACCESS = (UserEntry.BLOCKED, UserEntry.UNBLOCKED)
MOST = 100


def decisions_panel(request: HttpRequest, user: User) -> Panel | None:
    """Return how often the user was blocked or unblocked, and the last reason."""
    if not has_permission(request, "journal.view_entry"):
        return None
    found = Entry.objects.filter(subject=user.pk, type__in=ACCESS).order_by("-at")
    made = list(found[:MOST])
    last = f"last: {made[0].data.get('reason') or made[0].type}" if made else ""
    return Panel("Decisions", [Figure("Blocked or unblocked", bounded(len(made), MOST), history_link(user), last)])
