"""The admin's sidebar. Everyone sees what they may open."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static

from config.permissions import has_permission

LISTS = (
    ("Moderation", [("Queue", "inbox", "/admin/moderation/", "events.view_event"),
                    ("Reports", "flag", "/admin/events/report/", "events.view_report")]),
    ("Events", [("Events", "event", "/admin/events/event/", "events.view_event"),
                ("Running jobs", "progress_activity", "/admin/bookings/eventjob/", "bookings.view_eventjob")]),
    ("Bookings", [("Bookings", "confirmation_number", "/admin/bookings/booking/", "bookings.view_booking")]),
    ("Waitlist", [("Waitlist", "hourglass_top", "/admin/bookings/waitlistentry/", "bookings.view_waitlistentry")]),
    ("People", [("Users", "person", "/admin/accounts/user/", "accounts.view_user"),
                ("Groups", "group", "/admin/auth/group/", "auth.view_group")]),
    ("Journal", [("Journal", "history", "/admin/journal/entry/", "journal.view_entry")]),
)  # fmt: skip


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups that have anything for this user, as the theme wants them."""
    today = {"items": [{"title": "Today", "icon": "dashboard", "link": "/admin/", "permission": always}]}
    groups = [{"title": title, "separator": True, "items": items(request, lists)} for title, lists in LISTS]
    return [today, *(group for group in groups if group["items"])]


def items(request: HttpRequest, lists: list[tuple[str, str, str, str]]) -> list[dict[str, Any]]:
    return [
        {"title": title, "icon": icon, "link": link, "permission": always}
        for title, icon, link, permission in lists
        if has_permission(request, permission)
    ]


def always(request: HttpRequest) -> bool:
    return True


def stylesheet(request: HttpRequest) -> str:
    return static("boxoffice/admin.css")


def icon(request: HttpRequest) -> str:
    return static("boxoffice/icon.svg")
