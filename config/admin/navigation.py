"""The admin's sidebar. Everyone sees what they may open."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from config.admin.permissions import has_permission

LISTS = (  # of each entry: title, icon, name of its address, permission
    ("Moderation", [("Queue", "inbox", "moderation:queue", "events.view_event"),
                    ("Reports", "flag", "admin:events_report_changelist", "events.view_report")]),
    ("Events", [("Events", "event", "admin:events_event_changelist", "events.view_event"),
                ("Running jobs", "progress_activity", "admin:bookings_eventjob_changelist", "bookings.view_eventjob")]),
    ("Bookings", [("Bookings", "confirmation_number", "admin:bookings_booking_changelist", "bookings.view_booking")]),
    ("Waitlist", [("Waitlist", "hourglass_top", "admin:bookings_waitlistentry_changelist",
                   "bookings.view_waitlistentry")]),
    ("People", [("Users", "person", "admin:accounts_user_changelist", "accounts.view_user"),
                ("Groups", "group", "admin:auth_group_changelist", "auth.view_group")]),
    ("Journal", [("Journal", "history", "admin:journal_entry_changelist", "journal.view_entry")]),
)  # fmt: skip


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups that have anything for this user, as the theme wants them."""
    today = {"items": [{"title": "Today", "icon": "dashboard", "link": reverse("admin:index"), "permission": always}]}
    groups = [{"title": title, "separator": True, "items": items(request, lists)} for title, lists in LISTS]
    return [today, *(group for group in groups if group["items"])]


def items(request: HttpRequest, lists: list[tuple[str, str, str, str]]) -> list[dict[str, Any]]:
    return [
        {"title": title, "icon": icon, "link": reverse(page), "permission": always}
        for title, icon, page, permission in lists
        if has_permission(request, permission)
    ]


def always(request: HttpRequest) -> bool:
    return True


def stylesheet(request: HttpRequest) -> str:
    return static("boxoffice/admin.css")


def icon(request: HttpRequest) -> str:
    return static("boxoffice/icon.svg")
