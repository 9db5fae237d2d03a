"""Bookings in the admin: search, cancelling for the customer, resending the confirmation, and the page of one."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from bookings.models import Booking
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry
from tests.support import factories
from tests.support.admin_client import browser_of, member_of, messages
from tests.support.seat_ledger import assert_seats_add_up

LIST = "/admin/bookings/booking/"
ASKED = {"confirmed": "1", "reason": "ASKED", "text": "called twice"}
NOT_RECEIVED = {"confirmed": "1", "reason": "NOT_RECEIVED"}


@pytest.fixture
def sue() -> User:
    return member_of("Support")


@pytest.fixture
def support(sue: User) -> Client:
    return browser_of(sue)


@pytest.fixture
def booking(event: Event, customer: User) -> Booking:
    return Booking.objects.get(pk=factories.make_booking(event, customer, qty=2)["id"])


def found(browser: Client, **query: str) -> list[str]:
    return [one.pk for one in browser.get(LIST, query).context["cl"].queryset]


@pytest.mark.parametrize(
    "query", ["{pk}", "{lower}", "{event_id}", "{customer_id}", "carl.cust", "CARL.customer@example"]
)
def test_a_booking_is_found_by_its_ids_and_by_address(
    booking: Booking, other_customer: User, support: Client, query: str
):
    other = factories.make_published_event(factories.make_user("Otto Other", role="ORGANIZER"))
    factories.make_booking(other, other_customer)
    term = query.format(pk=booking.pk, lower=booking.pk.lower(), **vars(booking))

    assert found(support, q=term) == [booking.pk]


@pytest.mark.parametrize(("day", "there"), [("{0:%Y-%m-%d}", True), ("2020-01-01", False)])
def test_a_booking_is_found_by_its_day(booking: Booking, support: Client, day: str, there: bool):
    day = day.format(booking.created_at)
    assert found(support, created_at_from=day, created_at_to=day) == ([booking.pk] if there else [])


def test_cancelling_for_a_customer_records_actor_and_reason(booking: Booking, event: Event, sue: User, support: Client):
    response = support.post(f"{LIST}{booking.pk}/cancel/", ASKED, follow=True)

    entry = Entry.objects.get(type="booking.cancelled")
    assert messages(response) == [f"{booking.pk} is cancelled; the customer is notified."]
    assert (entry.actor, entry.data["reason"], entry.data["note"]) == (
        sue.pk, "staff", "The customer asked for it: called twice",
    )  # fmt: skip
    assert_seats_add_up(event, sold=0)


def test_cancelling_without_a_reason_is_refused(booking: Booking, event: Event, support: Client):
    page = support.post(f"{LIST}{booking.pk}/cancel/", {"confirmed": "1"})

    assert (page.status_code, page.context["form"].errors.keys()) == (400, {"reason"})
    assert_seats_add_up(event, sold=2)


def test_opening_the_cancel_page_cancels_nothing(booking: Booking, event: Event, support: Client):
    assert support.get(f"{LIST}{booking.pk}/cancel/").status_code == 200
    assert_seats_add_up(event, sold=2)


def test_cancelling_twice_is_refused_with_a_message(booking: Booking, event: Event, support: Client):
    for _ in range(2):
        response = support.post(f"{LIST}{booking.pk}/cancel/", ASKED, follow=True)

    assert messages(response) == [f"{booking.pk}: This booking is cancelled already."]
    assert_seats_add_up(event, sold=0)


def test_a_cancelled_booking_offers_no_actions(booking: Booking, support: Client):
    support.post(f"{LIST}{booking.pk}/cancel/", ASKED)

    page = support.get(f"{LIST}{booking.pk}/change/").content.decode()

    assert f"{booking.pk}/cancel/" not in page
    assert f"{booking.pk}/resend/" not in page


def test_staff_with_view_permission_cannot_cancel_or_resend(booking: Booking, event: Event, only_viewing):
    browser = browser_of(only_viewing("booking"))

    answers = [browser.post(f"{LIST}{booking.pk}/{what}/", ASKED).status_code for what in ("cancel", "resend")]

    assert answers == [403, 403]
    assert_seats_add_up(event, sold=2)


def test_resending_sends_the_same_confirmation_as_a_new_mail(
    booking: Booking, customer: User, sue: User, support: Client
):
    dispatch("mail")
    support.post(f"{LIST}{booking.pk}/resend/", NOT_RECEIVED)
    dispatch("mail")

    first, second = mail.outbox
    entry = Entry.objects.get(type="booking.mail_resent")
    assert (entry.actor, entry.subject, entry.data["note"]) == (sue.pk, booking.pk, "The customer did not get it")
    assert (first.to, first.subject, first.body) == (second.to, second.subject, second.body)
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]


def test_resending_has_no_other_effect(booking: Booking, event: Event, support: Client):
    support.post(f"{LIST}{booking.pk}/resend/", NOT_RECEIVED)

    assert Entry.objects.get(type="booking.mail_resent").pending == ["mail"]
    assert_seats_add_up(event, sold=2)


def test_resending_for_a_cancelled_booking_is_refused(booking: Booking, support: Client):
    support.post(f"{LIST}{booking.pk}/cancel/", ASKED)

    response = support.post(f"{LIST}{booking.pk}/resend/", NOT_RECEIVED, follow=True)

    assert messages(response)[-1] == f"{booking.pk}: This booking is cancelled, so its confirmation cannot be sent."
    assert not Entry.objects.filter(type="booking.mail_resent").exists()


def test_the_booking_page_lists_all_that_happened_to_it(
    booking: Booking, event: Event, organizer: User, support: Client
):
    change_title(event, organizer)
    support.post(f"{LIST}{booking.pk}/resend/", NOT_RECEIVED)
    Entry.objects.filter(type="booking.mail_resent").update(
        failures={"mail": {"attempts": 3, "error": "OSError: no route", "retry_at": "2027"}}
    )
    support.post(f"{LIST}{booking.pk}/cancel/", ASKED)

    lines: list[Any] = support.get(f"{LIST}{booking.pk}/change/").context["rows"]

    assert [(line.title, line.actor_name.split(" (")[0]) for line in lines] == [
        ("booking.cancelled", "Mia Support"),
        ("booking.mail_resent", "Mia Support"),
        ("event.updated", "Olga Organizer"),
        ("booking.created", "Carl Customer"),
    ]
    assert ("title", "Jazz Night → Blues Night") in lines[2].details
    assert lines[1].failures == ["mail: 3 times, OSError: no route"]


def change_title(event: Event, organizer: User) -> None:
    from config.core.clock import now
    from events.editing import update_event

    update_event(event_id=event.pk, by=organizer.as_actor(), changes={"title": "Blues Night"}, now=now())
