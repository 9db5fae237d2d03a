"""Offers expire, and waitlists of events that have begun are closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings

from accounts.models import User
from bookings.models import WaitlistEntry
from bookings.waitlist import closing, offers
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.seat_ledger import assert_seats_add_up
from tests.support.waitlists import add_seats, join, sizes_and_states

URL = "/api/waitlist"


def test_seats_of_an_expired_offer_are_offered_to_the_next_entry(
    full: Event, customer: User, other_customer: User, as_customer
):
    join(full, customer)
    join(full, other_customer)
    add_seats(full, 5)

    expired = list(offers.expire_offers(now=now() + settings.WAITLIST_OFFER + timedelta(seconds=1)))

    assert (expired, sizes_and_states()) == ([1], [(1, "EXPIRED"), (1, "OFFERED")])
    assert as_customer.get(f"{URL}/position/{full.id}").json()["status"] == "EXPIRED"
    assert_seats_add_up(full)


def test_offers_that_are_not_due_do_not_expire(full: Event, customer: User):
    join(full, customer)
    add_seats(full, 5)

    assert list(offers.expire_offers(now=now())) == []
    assert sizes_and_states() == [(1, "OFFERED")]


def test_4_threads_at_once_expire_an_offer_once(full: Event, customer: User, other_customer: User):
    join(full, customer)
    join(full, other_customer)
    add_seats(full, 5)
    later = now() + settings.WAITLIST_OFFER + timedelta(seconds=1)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: list(offers.expire_offers(now=later)), range(4)))

    assert Entry.objects.filter(type="waitlist.expired").count() == 1
    assert sizes_and_states()[0] == (1, "EXPIRED")
    assert_seats_add_up(full)


def test_an_event_that_fails_does_not_stop_the_expiry_of_others(full: Event, customer: User, organizer: User):
    other = factories.make_published_event(organizer, total_seats=1)
    factories.make_booking(other, customer)
    for one, seats in ((full, 5), (other, 2)):
        join(one, customer)
        add_seats(one, seats)
    broken = min(full.id, other.id)
    Event.documents.update_one({"_id": broken}, {"$unset": {"price": ""}})

    expired = list(offers.expire_offers(now=now() + settings.WAITLIST_OFFER + timedelta(seconds=1)))

    assert expired == [1]
    assert WaitlistEntry.objects.get(event=broken).status == "OFFERED"


def test_entries_expire_when_the_event_has_begun(full: Event, customer: User, other_customer: User, as_customer):
    join(full, customer)
    join(full, other_customer)
    began = full.starts_at + timedelta(seconds=1)

    closed = list(closing.close_past_waitlists(now=began))

    assert (closed, list(closing.close_past_waitlists(now=began))) == ([2], [])
    assert sizes_and_states() == [(1, "EXPIRED"), (1, "EXPIRED")]
    assert as_customer.get(f"{URL}/position/{full.id}").json()["position"] is None
    assert "notify" not in Entry.objects.filter(type="waitlist.expired").first().pending
    assert_seats_add_up(full)


def test_entries_of_future_events_do_not_expire(full: Event, customer: User):
    join(full, customer)

    assert list(closing.close_past_waitlists(now=now())) == []
    assert sizes_and_states() == [(1, "WAITING")]
