"""GET /api/analytics/overview."""

import pytest
from django.db import connection

from accounts.models import User
from events.models import Event
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.dated_bookings import book, cancel, deliver

URL = "/api/analytics/overview"


def wait_for_seats(*entries: tuple[str, int]) -> None:
    documents = [
        {"_id": f"WL-{number}", "event_id": f"EVT-{number}", "customer_id": "USR-1", "status": status, "qty": qty}
        for number, (status, qty) in enumerate(entries)
    ]
    connection.database["bookings_waitlistentry"].insert_many(documents)


def test_totals_are_summed_over_the_whole_platform(
    event: Event, draft: Event, customer: User, stranger: User, as_staff
):
    book(event, customer, day="2026-03-01", qty=2)
    cancel(book(event, customer, day="2026-03-01", qty=3), day="2026-03-02")
    book(factories.make_published_event(stranger, price="1.50"), customer, day="2026-03-02")
    deliver()
    wait_for_seats(("WAITING", 2), ("WAITING", 3), ("LEFT", 5))

    assert as_staff.get(URL).json() == {
        "users": {"total": 4, "organizers": 2, "customers": 1, "staff": 1, "blocked": 0},
        "events": {"total": 3, "byStatus": {"DRAFT": 1, "PUBLISHED": 2, "CANCELLED": 0}},
        "bookings": {"confirmed": 2, "cancelled": 1, "tickets": 3},
        "revenue": "51.50",
        "currency": "EUR",
        "waitlist": {"parties": 2, "seats": 5},
    }


def test_an_empty_database_gives_zeros(as_staff):
    figures = as_staff.get(URL).json()

    assert figures["users"] == {"total": 1, "organizers": 0, "customers": 0, "staff": 1, "blocked": 0}
    assert figures["events"] == {"total": 0, "byStatus": {"DRAFT": 0, "PUBLISHED": 0, "CANCELLED": 0}}
    assert (figures["bookings"], figures["revenue"]) == ({"confirmed": 0, "cancelled": 0, "tickets": 0}, "0.00")
    assert figures["waitlist"] == {"parties": 0, "seats": 0}


def test_blocked_users_are_counted_in_their_role_too(customer: User, stranger: User, as_staff):
    User.objects.filter(pk__in=[customer.pk, stranger.pk]).update(is_active=False)

    users = as_staff.get(URL).json()["users"]

    assert users == {"total": 3, "organizers": 1, "customers": 1, "staff": 1, "blocked": 2}


def test_an_organizer_who_became_staff_counts_as_staff(organizer: User, as_staff):
    User.objects.filter(pk=organizer.pk).update(is_staff=True)

    users = as_staff.get(URL).json()["users"]

    assert users == {"total": 2, "organizers": 0, "customers": 0, "staff": 2, "blocked": 0}


def test_the_overview_is_for_staff_only(anonymous, as_customer, as_organizer):
    assert is_problem(anonymous.get(URL), 401, "unauthorized")
    assert is_problem(as_customer.get(URL), 403, "forbidden")
    assert is_problem(as_organizer.get(URL), 403, "forbidden")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_methods_are_answered_405(as_staff, method: str):
    assert is_problem(getattr(as_staff, method)(URL), 405, "method_not_allowed")
