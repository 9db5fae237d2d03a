"""/api/waitlist: joining, the position, offers, accepting, leaving."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from bookings.cancellation import cancel_booking
from bookings.models import Booking, WaitlistEntry
from bookings.seats import transactions
from bookings.waitlist import closing, joining, offers
from config.core.clock import iso, now
from config.core.errors import Unavailable
from events.editing import update_event
from events.models import Event
from journal.models import Entry
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import BROKEN_BODIES, NOT_A_NUMBER, faulty_fields, is_problem
from tests.support.seat_ledger import assert_seats_add_up

URL = "/api/waitlist"


@pytest.fixture
def full(organizer: User, buyer: User) -> Event:
    """Four seats, all of them sold to the buyer."""
    event = factories.make_published_event(organizer, total_seats=4)
    factories.make_booking(event, buyer, qty=4)
    return factories.reload(event)


@pytest.fixture
def buyer() -> User:
    return factories.make_user("Bea Buyer", role="CUSTOMER")


def join(event: Event, user: User, qty: int = 1) -> WaitlistEntry:
    entry, _ = joining.join_waitlist(event_id=event.id, customer=user.as_actor(), qty=qty, now=now())
    return entry


def add_seats(event: Event, total: int) -> None:
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": total}, now=now())


def states() -> list[tuple[int, str]]:
    """Return size and state of everybody in the line, in its order."""
    return list(WaitlistEntry.objects.order_by("place").values_list("qty", "status"))


def people(count: int) -> list[User]:
    return [factories.make_user(f"Guest {number}", role="CUSTOMER") for number in range(count)]


def test_joining_answers_with_the_place_in_line(full: Event, as_customer, as_other_customer):
    first = as_customer.post(URL, {"eventId": full.id, "qty": 2})
    second = as_other_customer.post(URL, {"eventId": full.id, "qty": 1})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"].startswith("WL-")
    shown = {name: first.json()[name] for name in ("eventId", "qty", "position", "status", "offerExpiresAt")}
    assert shown == {"eventId": full.id, "qty": 2, "position": 1, "status": "WAITING", "offerExpiresAt": None}
    assert second.json()["position"] == 2


def test_one_seat_is_what_who_says_nothing_waits_for(full: Event, as_customer):
    assert as_customer.post(URL, {"eventId": full.id}).json()["qty"] == 1


def test_while_there_are_seats_enough_one_books(event: Event, as_customer):
    response = as_customer.post(URL, {"eventId": event.id, "qty": 10})

    assert is_problem(response, 409, "seats_available")
    assert response.json()["availableSeats"] == 10


def test_a_party_larger_than_what_is_left_may_wait(event: Event, customer: User, as_other_customer):
    factories.make_booking(event, customer, qty=8)

    assert as_other_customer.post(URL, {"eventId": event.id, "qty": 3}).status_code == 201


def test_a_party_larger_than_the_house_is_refused(full: Event, as_customer):
    assert is_problem(as_customer.post(URL, {"eventId": full.id, "qty": 5}), 409, "too_many_seats")


def test_nobody_waits_twice(full: Event, customer: User, as_customer):
    join(full, customer)

    assert is_problem(as_customer.post(URL, {"eventId": full.id}), 409, "already_waiting")


def test_8_requests_at_once_make_one_entry(full: Event, customer: User):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client_of(customer).post(URL, {"eventId": full.id}), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert (WaitlistEntry.objects.count(), factories.reload(full).waitlist_length) == (1, 1)


def test_what_cannot_be_booked_cannot_be_waited_for(
    draft: Event, full: Event, organizer: User, as_customer, as_organizer
):
    past = factories.make_past_event(organizer)
    as_organizer.post(f"/api/events/{full.id}/cancel")

    for event_id in (draft.id, "EVT-00000000", "$ne"):
        assert is_problem(as_customer.post(URL, {"eventId": event_id}), 404, "not_found")
    assert is_problem(as_customer.post(URL, {"eventId": past.id}), 409, "event_past")
    assert is_problem(as_customer.post(URL, {"eventId": full.id}), 409, "event_cancelled")


@pytest.mark.parametrize("qty", [*NOT_A_NUMBER, 0, -1, 21, 10**30])
def test_refuses_a_bad_quantity(full: Event, as_customer, qty: object):
    assert faulty_fields(as_customer.post(URL, {"eventId": full.id, "qty": qty})) == {"qty"}


@pytest.mark.parametrize("name", sorted(BROKEN_BODIES))
def test_refuses_a_broken_body(as_customer, name: str):
    response = as_customer.generic("POST", URL, BROKEN_BODIES[name], "application/json")

    assert is_problem(response, 400, "invalid")


def test_is_for_signed_in_customers(full: Event, anonymous, as_organizer, as_staff):
    for client, status in ((anonymous, 401), (as_organizer, 403), (as_staff, 403)):
        assert is_problem(client.post(URL, {"eventId": full.id}), status)
        assert is_problem(client.get(f"{URL}/me"), status)
        assert is_problem(client.get(f"{URL}/position/{full.id}"), status)
        assert is_problem(client.post(f"{URL}/{full.id}/accept"), status)
        assert is_problem(client.delete(f"{URL}/{full.id}"), status)


def test_the_length_of_the_line_is_public(full: Event, customer: User, anonymous):
    join(full, customer)

    assert anonymous.get(f"/api/events/{full.id}/availability").json()["waitlistLength"] == 1


def test_the_position_moves_up_when_somebody_leaves(full: Event, as_other_customer):
    first, second = people(2)
    join(full, first)
    join(full, second)
    client = client_of(second)
    assert client.get(f"{URL}/position/{full.id}").json()["position"] == 2

    assert client_of(first).delete(f"{URL}/{full.id}").status_code == 204

    assert client.get(f"{URL}/position/{full.id}").json()["position"] == 1
    assert is_problem(client_of(first).get(f"{URL}/position/{full.id}"), 404)


def test_who_is_not_in_the_line_has_no_position_and_cannot_leave(full: Event, customer: User, as_other_customer):
    join(full, customer)

    for event_id in (full.id, "EVT-00000000", "$ne"):
        assert is_problem(as_other_customer.get(f"{URL}/position/{event_id}"), 404, "not_found")
        assert is_problem(as_other_customer.delete(f"{URL}/{event_id}"), 404, "not_found")
        assert is_problem(as_other_customer.post(f"{URL}/{event_id}/accept"), 404, "not_found")
    assert as_other_customer.get(f"{URL}/me").json()["count"] == 0


def test_a_cancelled_booking_feeds_the_line(full: Event, buyer: User, customer: User, as_customer):
    join(full, customer, 3)
    (booking,) = client_of(buyer).get("/api/bookings").json()["results"]

    client_of(buyer).delete(f"/api/bookings/{booking['id']}")

    offer = as_customer.get(f"{URL}/position/{full.id}").json()
    assert (offer["status"], offer["position"]) == ("OFFERED", None)
    after = factories.reload(full)
    assert (after.held_seats, after.available_seats, after.waitlist_length) == (3, 1, 0)
    assert_seats_add_up(full)


@pytest.mark.parametrize(
    "closed", [{"hidden": True}, {"status": "CANCELLED"}, {"starts_at": now()}], ids=["hidden", "cancelled", "begun"]
)
def test_seats_that_cannot_be_booked_are_offered_to_nobody(full: Event, customer: User, staff: User, closed):
    join(full, customer)
    Event.objects.filter(pk=full.pk).update(**closed)

    cancel_booking(booking_id=Booking.objects.get().pk, by=staff.as_actor(), now=now())

    assert (states(), factories.reload(full).available_seats) == ([(1, "WAITING")], 4)


def test_held_seats_cannot_be_booked_by_a_newcomer(full: Event, customer: User, as_other_customer):
    join(full, customer, 2)
    add_seats(full, 6)

    response = as_other_customer.post("/api/bookings", {"eventId": full.id, "qty": 1})

    assert is_problem(response, 409, "sold_out")
    assert response.json()["availableSeats"] == 0


def test_the_offer_holds_for_the_time_that_it_says(full: Event, customer: User, as_customer):
    before = now()
    join(full, customer)
    add_seats(full, 5)

    expires_at = as_customer.get(f"{URL}/position/{full.id}").json()["offerExpiresAt"]

    assert iso(before + settings.WAITLIST_OFFER) <= expires_at <= iso(now() + settings.WAITLIST_OFFER)


def test_the_first_party_that_fits_whole_gets_the_seats(full: Event):
    for guest, qty in zip(people(5), (3, 2, 1, 2, 1), strict=True):
        join(full, guest, qty)

    add_seats(full, 4 + 4)

    assert states() == [(3, "OFFERED"), (2, "WAITING"), (1, "OFFERED"), (2, "WAITING"), (1, "WAITING")]
    assert_seats_add_up(full)


def test_who_was_passed_over_keeps_the_place(full: Event):
    large, small, next_one = people(3)
    join(full, large, 3)
    join(full, small, 1)
    join(full, next_one, 2)
    add_seats(full, 4 + 2)  # the small party fits, the large one does not; then nobody fits into what is left

    add_seats(full, 4 + 2 + 2)

    assert states() == [(3, "OFFERED"), (1, "OFFERED"), (2, "WAITING")]
    assert_seats_add_up(full)


def test_seats_that_nobody_in_line_fits_into_can_be_booked(full: Event, customer: User, as_other_customer):
    join(full, customer, 3)
    add_seats(full, 5)

    assert as_other_customer.post("/api/bookings", {"eventId": full.id, "qty": 1}).status_code == 201
    assert_seats_add_up(full)


def test_accepting_makes_the_booking(full: Event, customer: User, as_customer):
    join(full, customer, 2)
    add_seats(full, 6)

    response = as_customer.post(f"{URL}/{full.id}/accept")

    booking = response.json()
    assert (response.status_code, booking["qty"], booking["amount"], booking["status"]) == (
        201,
        2,
        "50.00",
        "CONFIRMED",
    )
    assert booking == as_customer.get(f"/api/bookings/{booking['id']}").json()
    entry = as_customer.get(f"{URL}/position/{full.id}").json()
    assert (entry["status"], entry["bookingId"]) == ("CONVERTED", booking["id"])
    assert Entry.objects.filter(type="booking.created", subject=booking["id"]).count() == 1
    assert_seats_add_up(full, sold=6)


def test_accepting_twice_at_once_books_once(full: Event, customer: User):
    join(full, customer, 2)
    add_seats(full, 6)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client_of(customer).post(f"{URL}/{full.id}/accept"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 7
    assert_seats_add_up(full, sold=6)


def test_without_an_offer_there_is_nothing_to_accept(full: Event, customer: User, as_customer):
    join(full, customer)

    assert is_problem(as_customer.post(f"{URL}/{full.id}/accept"), 409, "no_offer")


def test_accepting_charges_the_price_of_today(full: Event, customer: User, as_customer):
    join(full, customer)
    add_seats(full, 5)
    Event.objects.filter(pk=full.pk).update(price="30.00")

    assert as_customer.post(f"{URL}/{full.id}/accept").json()["amount"] == "30.00"
    assert_seats_add_up(full, sold=5)


def test_declining_passes_the_seats_on(full: Event, as_customer, customer: User, other_customer: User):
    join(full, customer)
    join(full, other_customer)
    add_seats(full, 5)

    assert as_customer.delete(f"{URL}/{full.id}").status_code == 204

    assert states() == [(1, "LEFT"), (1, "OFFERED")]
    assert_seats_add_up(full)


def test_an_offer_that_expired_cannot_be_accepted(full: Event, customer: User, as_customer):
    join(full, customer)
    add_seats(full, 5)
    WaitlistEntry.objects.update(offer_expires_at=now() - timedelta(seconds=1))

    assert is_problem(as_customer.post(f"{URL}/{full.id}/accept"), 409, "offer_expired")


def test_expired_offers_go_to_the_next(full: Event, customer: User, other_customer: User, as_customer):
    join(full, customer)
    join(full, other_customer)
    add_seats(full, 5)

    expired = list(offers.expire_offers(now=now() + settings.WAITLIST_OFFER + timedelta(seconds=1)))

    assert (expired, states()) == ([1], [(1, "EXPIRED"), (1, "OFFERED")])
    assert as_customer.get(f"{URL}/position/{full.id}").json()["status"] == "EXPIRED"
    assert_seats_add_up(full)


def test_offers_that_still_hold_are_left_alone(full: Event, customer: User):
    join(full, customer)
    add_seats(full, 5)

    assert list(offers.expire_offers(now=now())) == []
    assert states() == [(1, "OFFERED")]


def test_two_workers_expire_an_offer_once(full: Event, customer: User, other_customer: User):
    join(full, customer)
    join(full, other_customer)
    add_seats(full, 5)
    later = now() + settings.WAITLIST_OFFER + timedelta(seconds=1)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: list(offers.expire_offers(now=later)), range(4)))

    assert Entry.objects.filter(type="waitlist.expired").count() == 1
    assert states()[0] == (1, "EXPIRED")
    assert_seats_add_up(full)


def test_who_left_may_join_again_at_the_end(full: Event, customer: User, other_customer: User, as_customer):
    join(full, customer)
    join(full, other_customer)
    as_customer.delete(f"{URL}/{full.id}")

    assert as_customer.post(URL, {"eventId": full.id}).json()["position"] == 2


def test_own_entries_are_listed_newest_first(full: Event, customer: User, as_customer):
    join(full, customer)
    as_customer.delete(f"{URL}/{full.id}")
    join(full, customer, 2)

    listed = as_customer.get(f"{URL}/me").json()

    assert [(entry["qty"], entry["status"]) for entry in listed["results"]] == [(2, "WAITING"), (1, "LEFT")]


def test_seats_do_not_go_below_what_is_held(full: Event, customer: User, as_organizer):
    join(full, customer, 2)
    add_seats(full, 6)

    response = as_organizer.patch(f"/api/events/{full.id}", {"totalSeats": 5})

    assert is_problem(response, 409, "seats_taken")
    assert (response.json()["sold"], response.json()["held"]) == (4, 2)


def test_a_long_line_is_served_in_order_by_one_change(full: Event):
    guests = people(60)
    for guest in guests:
        join(full, guest)

    add_seats(full, 4 + 50)

    assert [status for _, status in states()] == ["OFFERED"] * 50 + ["WAITING"] * 10
    assert factories.reload(full).waitlist_length == 10
    assert_seats_add_up(full)


def test_an_event_that_fails_does_not_keep_the_others_offers_from_expiring(
    full: Event, customer: User, organizer: User
):
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


def test_nobody_waits_for_long_behind_an_event_that_is_stuck(full: Event, customer: User, monkeypatch):
    monkeypatch.setattr(transactions, "LOCK_SECONDS", 0.05)

    with transactions._locks[hash(full.id) % len(transactions._locks)], pytest.raises(Unavailable):
        join(full, customer)

    assert join(full, customer).status == "WAITING"


def test_the_line_ends_when_the_event_begins(full: Event, customer: User, other_customer: User, as_customer):
    join(full, customer)
    join(full, other_customer)
    began = full.starts_at + timedelta(seconds=1)

    closed = list(closing.close_past_waitlists(now=began))

    assert (closed, list(closing.close_past_waitlists(now=began))) == ([2], [])
    assert states() == [(1, "EXPIRED"), (1, "EXPIRED")]
    assert as_customer.get(f"{URL}/position/{full.id}").json()["position"] is None
    assert "notify" not in Entry.objects.filter(type="waitlist.expired").first().pending
    assert_seats_add_up(full)


def test_lines_of_events_to_come_are_left_alone(full: Event, customer: User):
    join(full, customer)

    assert list(closing.close_past_waitlists(now=now())) == []
    assert states() == [(1, "WAITING")]


def test_past_events_with_a_line_are_found_by_an_index(full: Event, organizer: User, customer: User):
    join(full, customer)
    (document,) = Event.documents.find({"_id": full.id})
    Event.documents.insert_many([{**document, "_id": f"EVT-{number}", "waitlist_length": 0} for number in range(50)])
    query = {"find": "events_event", "filter": closing.has_begun_with_waitlist(full.starts_at)}

    plan = connection.database.command("explain", query, verbosity="executionStats")

    assert plan["executionStats"]["totalDocsExamined"] == 1
