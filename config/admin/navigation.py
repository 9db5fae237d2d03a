"""The admin's sidebar: each user sees the lists that they may open."""

from collections.abc import Callable, Sequence
from typing import TypedDict

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from config.admin.permissions import has_permission

LISTS = (  # of each entry: title, icon, name of its URL, permission
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


class Item(TypedDict):
    """A link of the sidebar, in the format of the theme."""

    title: str
    icon: str
    link: str
    permission: Callable[[HttpRequest], bool]


class Group(TypedDict, total=False):
    title: str
    separator: bool
    items: Sequence[Item]


def sidebar(request: HttpRequest) -> list[Group]:
    """Return the groups that have a link for this user."""
    today: Group = {"items": [make_item("Today", "dashboard", "admin:index")]}
    groups: list[Group] = [
        {"title": title, "separator": True, "items": allowed_items(request, lists)} for title, lists in LISTS
    ]
    return [today, *(group for group in groups if group["items"])]


def allowed_items(request: HttpRequest, lists: Sequence[tuple[str, str, str, str]]) -> list[Item]:
    return [
        make_item(title, icon_name, url_name)
        for title, icon_name, url_name, permission in lists
        if has_permission(request, permission)
    ]


def make_item(title: str, icon_name: str, url_name: str) -> Item:
    return {"title": title, "icon": icon_name, "link": reverse(url_name), "permission": always}


def always(request: HttpRequest) -> bool:
    return True


def stylesheet(request: HttpRequest) -> str:
    return static("boxoffice/admin.css")


def icon(request: HttpRequest) -> str:
    return static("boxoffice/icon.svg")
