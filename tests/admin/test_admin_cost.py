"""Pages of the admin stay quick on large collections."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import User
from config.admin import model_admin
from config.core.clock import now
from tests.conftest import empty_collections
from tests.support import factories
from tests.support.admin_client import browser_of
from tests.support.event_documents import event_document
from tests.support.mongodb_profiler import ProfiledCommand, profiled

pytestmark = pytest.mark.no_database  # cleans up for itself: the documents are inserted once for all tests here
EVENTS = 12_000
RARE = 3_000  # one in so many is in a rare state, and the newest of them is not on the first pages


@pytest.fixture(scope="module")
def superuser(migrated: None, django_db_blocker: Any) -> Iterator[User]:
    """A superuser, beside many users, events, bookings, waitlist entries and journal entries."""
    with django_db_blocker.unblock():
        empty_collections()
        superuser = factories.make_user("Mona Moderator", role="STAFF", is_staff=True, is_superuser=True)
        events = [event_document(number, superuser, now()) for number in range(EVENTS)]
        made = {
            "accounts_user": [user(number) for number in range(EVENTS)],
            "events_event": events,
            "bookings_booking": [booking(number, event, superuser) for number, event in enumerate(events)],
            "bookings_waitlistentry": [waitlist_entry(number, event, superuser) for number, event in enumerate(events)],
            "journal_entry": [entry(number, event) for number, event in enumerate(events)],
            "events_report": [report(number, event) for number, event in enumerate(events)],
            "django_admin_log": [logged(number, superuser) for number in range(EVENTS)],
        }
        for name, documents in made.items():
            connection.database[name].insert_many(documents, ordered=False)
        yield superuser
        empty_collections()
        connection.database["system.profile"].drop()


def is_rare(number: int) -> bool:
    return number % RARE == RARE - 1


def moment_of(number: int) -> datetime:
    return now() - timedelta(minutes=number)


def user(number: int) -> dict[str, Any]:
    fields: dict[str, Any] = {field.column: None for field in User._meta.local_fields}
    return fields | {
        "_id": f"USR-{number:08d}", "email": f"user{number}@example.com", "name": f"User {number}",
        "role": "ORGANIZER" if is_rare(number) else "CUSTOMER", "is_active": not is_rare(number),
        "is_staff": False, "is_superuser": False, "password": "!", "created_at": moment_of(number),
    }  # fmt: skip


def booking(number: int, event: dict[str, Any], customer: User) -> dict[str, Any]:
    return {
        "_id": event["_id"].replace("EVT", "BK"), "event_id": event["_id"], "customer_id": f"USR-{number:08d}",
        "qty": 1, "unit_price": event["price"], "amount": event["price"],
        "status": "CANCELLED" if is_rare(number) else "CONFIRMED", "created_at": event["created_at"],
    }  # fmt: skip


def waitlist_entry(number: int, event: dict[str, Any], customer: User) -> dict[str, Any]:
    status = "OFFERED" if is_rare(number) else "LEFT"
    return {
        "_id": event["_id"].replace("EVT", "WL"), "event_id": event["_id"], "customer_id": f"USR-{number:08d}",
        "customer_name": "x", "qty": 1, "status": status, "open": is_rare(number), "place": number,
        "created_at": event["created_at"],
    }  # fmt: skip


def report(number: int, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "_id": event["_id"].replace("EVT", "RPT"), "event_id": event["_id"], "customer_id": f"USR-{number:08d}",
        "reason": "FRAUD", "text": "", "created_at": event["created_at"],
    }  # fmt: skip


def entry(number: int, event: dict[str, Any]) -> dict[str, Any]:
    """Return a journal entry: nearly all are of bookings cancelled with their event, a few are decisions or stuck."""
    kind = ("event.hidden", "booking.cancelled", "booking.cancelled")[number // RARE % 3]
    return {
        "_id": event["_id"], "type": kind if is_rare(number) else "booking.cancelled", "at": event["created_at"],
        "actor": "", "request_id": "", "subject": event["_id"], "delivered": {},
        "data": {"reason": "staff" if is_rare(number) else "event_cancelled"},
        "pending": ["mail"] if is_rare(number) else [], "failures": {},
    }  # fmt: skip


def logged(number: int, superuser: User) -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(User).pk
    return {
        "action_time": moment_of(number), "user_id": superuser.pk, "content_type_id": kind, "object_repr": "x",
        "object_id": f"USR-{number:08d}", "action_flag": 2, "change_message": "",
    }  # fmt: skip


def commands_of(superuser: User, path: str) -> list[ProfiledCommand]:
    """Return the commands for a page, without those for sessions and permissions."""
    browser = browser_of(superuser)
    with profiled() as commands:
        response = browser.get(f"/admin/{path}")
        assert response.status_code == 200
        if response.streaming:
            list(response.streaming_content)
    return [one for one in commands if one.collection.split("_", maxsplit=1)[0] not in ("django_session", "auth")]


@pytest.mark.parametrize(
    "path",
    ["events/event/", "events/event/?o=4", "events/event/?o=-7", "events/event/?o=-9", "events/event/?o=4.-7",
     "events/event/?q=word149", "events/event/?q=USR-00000007", "events/event/?status__exact=DRAFT",
     "events/event/?hidden__exact=1", "events/event/?starts_at_from=2001-01-01", "events/event/?p=3",
     "bookings/booking/", "bookings/booking/?q=EVT-00000007", "bookings/booking/?q=USR-00000007",
     "bookings/booking/?q=user77", "bookings/booking/?status__exact=CONFIRMED",
     "bookings/booking/?created_at_from=2001-01-01", "bookings/booking/?o=6",
     "bookings/waitlistentry/", "bookings/waitlistentry/?status__exact=LEFT", "bookings/waitlistentry/?q=user77",
     "bookings/eventjob/?finished_at__isempty=1", "events/report/", "events/report/?q=EVT-00000007",
     "events/report/?created_at_from=2001-01-01",
     "journal/entry/", "journal/entry/?q=EVT-00000007", "journal/entry/?type=booking.cancelled",
     "journal/entry/?at_to=2999-01-01",
     "accounts/user/", "accounts/user/?q=mona", "accounts/user/?role__exact=CUSTOMER", "accounts/user/?o=1",
     "accounts/user/?is_active__exact=1", "accounts/user/?is_staff__exact=0"],
)  # fmt: skip
def test_a_list_reads_one_page_and_counts_to_ten_thousand(superuser: User, path: str):
    commands = commands_of(superuser, path)

    documents = sorted((command.documents for command in commands), reverse=True)
    assert documents[0] <= model_admin.LONGEST_COUNT + EVENTS // RARE
    assert all(looked_at <= 400 for looked_at in documents[1:]), commands
    assert not [command for command in commands if "COLLSCAN" in command.plan and command.documents > 20], commands
    assert not [command for command in commands if command.sorts_in_memory and command.documents > 150], commands


@pytest.mark.parametrize(
    "path",
    ["bookings/booking/?status__exact=CANCELLED", "bookings/waitlistentry/?status__exact=OFFERED",
     "accounts/user/?role__exact=ORGANIZER", "accounts/user/?is_active__exact=0", "accounts/user/?is_staff__exact=1",
     "accounts/user/?role__exact=ORGANIZER&is_active__exact=0", "events/event/?status__exact=CANCELLED",
     "journal/entry/?delivery=stuck", "journal/entry/?delivery=waiting", "journal/entry/?delivery=given_up",
     "journal/entry/?type=event.hidden", "bookings/booking/?created_at_to=2001-01-01",
     "journal/entry/decisions/?csv=1", "",
     "accounts/user/USR-00000007/history/", "events/event/EVT-00000007/history/",
     "accounts/user/USR-00000007/change/", "bookings/booking/BK-00000007/change/"],
)  # fmt: skip
def test_rare_documents_are_found_without_examining_the_rest(superuser: User, path: str):
    assert sum(command.documents for command in commands_of(superuser, path)) <= 150, commands_of(superuser, path)


def test_the_page_of_an_organizer_counts_to_ten_thousand(superuser: User):
    User.objects.filter(pk=superuser.pk).update(role="ORGANIZER")
    try:
        commands = commands_of(superuser, f"accounts/user/{superuser.pk}/change/")
    finally:
        User.objects.filter(pk=superuser.pk).update(role="STAFF")

    assert max(command.documents or 0 for command in commands) <= model_admin.LONGEST_COUNT


def test_the_count_of_a_long_list_stops_at_ten_thousand(superuser: User):
    page = browser_of(superuser).get("/admin/bookings/booking/")

    assert page.context["cl"].result_count == model_admin.LONGEST_COUNT


def test_asking_for_facets_adds_no_queries(superuser: User):
    """Facets are Django's counts for every choice of every filter."""
    with profiled() as plain:
        browser_of(superuser).get("/admin/events/event/")
    with profiled() as asked:
        browser_of(superuser).get("/admin/events/event/?_facets=1")

    assert len(asked) == len(plain)
