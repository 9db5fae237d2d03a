"""The admin: usable for staff, closed to others, and unable to break the ledger."""

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import User
from bookings.models import Booking
from events.models import Event
from journal.models import Entry
from tests import factories
from tests.admin.conftest import browser_of
from tests.bookings.ledger_state import assert_seats_add_up

LISTS = [
    f"/admin/{path}/" for path in ("accounts/user", "events/event", "bookings/booking", "journal/entry", "auth/group")
]
SEARCHES = ["", "jazz", "EVT-00000000", "BK-00000000", "USR-00000000", "(", ".*", "$ne", "%", "🎷", "x" * 500]
MIDNIGHT = "2026-01-01+00%3A00%3A00%2B00%3A00"
FILTERS = {
    "/admin/events/event/": [
        "status__exact=DRAFT",
        "hidden__exact=1",
        "starts_at__gte=" + MIDNIGHT,
        "o=4.-8",
        "p=9",
    ],
    "/admin/bookings/booking/": [
        "status__exact=CONFIRMED",
        "created_at__gte=" + MIDNIGHT,
        "o=-4",
    ],
    "/admin/journal/entry/": [
        "delivery=waiting",
        "delivery=done",
        "type=event.created",
        "at__gte=" + MIDNIGHT,
    ],
    "/admin/accounts/user/": ["role__exact=CUSTOMER", "is_active__exact=0", "is_staff__exact=1"],
}


@pytest.fixture
def booked(event: Event, customer: User) -> Event:
    factories.make_booking(event, customer, qty=2)
    return event


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("url", ["/admin/", *LISTS])
def test_staff_open_every_list(booked: Event, moderator: Client, url: str):
    assert moderator.get(url).status_code == 200


@pytest.mark.parametrize("url", LISTS[:4])
@pytest.mark.parametrize("query", SEARCHES)
def test_any_search_is_answered(booked: Event, moderator: Client, url: str, query: str):
    assert moderator.get(url, {"q": query}).status_code == 200


@pytest.mark.parametrize(("url", "query"), [(url, query) for url, queries in FILTERS.items() for query in queries])
def test_every_filter_is_answered(booked: Event, moderator: Client, url: str, query: str):
    assert moderator.get(f"{url}?{query}", follow=True).status_code == 200


def details(event: Event) -> Iterator[str]:
    yield f"/admin/events/event/{event.pk}/change/"
    yield f"/admin/events/event/{event.pk}/history/"
    yield f"/admin/accounts/user/{event.organizer_id}/change/"
    yield f"/admin/bookings/booking/{Booking.objects.get().pk}/change/"
    yield f"/admin/journal/entry/{Entry.objects.first().pk}/change/"


def test_staff_open_every_detail(booked: Event, moderator: Client):
    assert {moderator.get(url).status_code for url in details(booked)} == {200}


@pytest.mark.parametrize("who", ["organizer", "customer"])
def test_organizers_and_customers_never_get_in(booked: Event, who: str, request: pytest.FixtureRequest):
    browser = browser_of(request.getfixturevalue(who))

    answers = [browser.get(url) for url in ("/admin/", *LISTS, *details(booked))]

    assert {(answer.status_code, answer["Location"].split("?")[0]) for answer in answers} == {(302, "/admin/login/")}


def test_searching_finds_by_words_of_the_title_and_by_id(booked: Event, organizer: User, moderator: Client):
    factories.make_event(organizer, title="Blues Night")

    for query in ("jazz", "JAZZ nig", booked.pk, booked.pk.lower()):
        page = moderator.get("/admin/events/event/", {"q": query}).content.decode()
        assert ("Jazz Night" in page, "Blues Night" in page) == (True, False), query


def form_of(browser: Client, event: Event) -> dict[str, object]:
    """Return what the browser would post if nothing were changed."""
    form = browser.get(f"/admin/events/event/{event.pk}/change/").context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    starts_at = values.pop("starts_at")
    values |= {
        "starts_at_0": f"{starts_at:%Y-%m-%d}",
        "starts_at_1": f"{starts_at:%H:%M:%S}",
        "ends_at_0": "",
        "ends_at_1": "",
    }
    return {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value is not None
    }


def save(browser: Client, event: Event, form: dict[str, object], **changes: object):
    return browser.post(f"/admin/events/event/{event.pk}/change/", {**form, **changes}, follow=True)


def test_an_edit_goes_through_the_service(booked: Event, staff: User, moderator: Client):
    save(moderator, booked, form_of(moderator, booked), title="Blues Night")

    entry = Entry.objects.get(type="event.updated")
    assert (entry.actor, entry.data["changes"]["title"]["new"]) == (staff.pk, "Blues Night")
    assert factories.reload(booked).title == "Blues Night"


def test_the_ledgers_fields_cannot_be_edited(booked: Event, moderator: Client):
    form = form_of(moderator, booked)
    forged = {
        "available_seats": 99,
        "tickets_sold": 0,
        "revenue": 0,
        "held_seats": 5,
        "status": "DRAFT",
        "hidden": "on",
    }

    save(moderator, booked, form, **forged, title="Blues Night")

    after = factories.reload(booked)
    assert (after.available_seats, after.status, after.hidden) == (8, "PUBLISHED", False)
    assert_seats_add_up(booked, sold=2)


def test_seats_below_those_sold_are_refused_with_a_sentence(booked: Event, moderator: Client):
    response = save(moderator, booked, form_of(moderator, booked), total_seats=1)

    assert "Not saved: More seats than that are sold or held already." in messages(response)
    assert_seats_add_up(booked, sold=2)


def test_of_two_editors_the_second_is_told(booked: Event, moderator: Client):
    form = form_of(moderator, booked)
    save(moderator, booked, form, title="First")

    response = save(moderator, booked, form, title="Second")

    assert "Not saved: It changed since you read it: read it again and repeat your change." in messages(response)
    assert factories.reload(booked).title == "First"


@pytest.mark.parametrize(("action", "status"), [("publish", "PUBLISHED"), ("cancel", "CANCELLED")])
def test_actions_make_the_transition(draft: Event, moderator: Client, action: str, status: str):
    moderator.post("/admin/events/event/", {"action": action, "_selected_action": [draft.pk]})

    assert factories.reload(draft).status == status


def test_an_action_that_is_refused_says_why(event: Event, moderator: Client):
    response = moderator.post(
        "/admin/events/event/", {"action": "publish", "_selected_action": [event.pk]}, follow=True
    )

    assert messages(response) == [f"Jazz Night ({event.pk}): Only a draft can be published; this event is PUBLISHED."]


@pytest.mark.parametrize("url", LISTS[:4])
def test_nothing_is_deleted_in_bulk(booked: Event, moderator: Client, url: str):
    ids = [*Event.objects.values_list("pk", flat=True), *Booking.objects.values_list("pk", flat=True)]

    moderator.post(url, {"action": "delete_selected", "_selected_action": ids, "post": "yes"})

    assert (Event.objects.count(), Booking.objects.count(), User.objects.count()) == (1, 1, 3)


def test_nothing_is_added_or_deleted_by_hand(booked: Event, moderator: Client):
    urls = ["/admin/events/event/add/", "/admin/bookings/booking/add/", "/admin/journal/entry/add/"]
    urls += [url.replace("/change/", "/delete/") for url in details(booked) if "/change/" in url]

    assert {(url, moderator.post(url, {"post": "yes"}).status_code) for url in urls} == {(url, 403) for url in urls}


def test_bookings_are_to_look_at(booked: Event, moderator: Client):
    booking = Booking.objects.get()

    response = moderator.post(f"/admin/bookings/booking/{booking.pk}/change/", {"qty": 9, "status": "CANCELLED"})

    assert response.status_code == 403
    assert_seats_add_up(booked, sold=2)


def test_blocking_and_unblocking_a_user(customer: User, moderator: Client):
    for action, active in (("block", False), ("unblock", True)):
        moderator.post("/admin/accounts/user/", {"action": action, "_selected_action": [customer.pk]})
        assert User.objects.get(pk=customer.pk).is_active is active


def test_nobody_blocks_themselves(staff: User, moderator: Client):
    moderator.post("/admin/accounts/user/", {"action": "block", "_selected_action": [staff.pk]})

    assert User.objects.get(pk=staff.pk).is_active


def test_adding_a_user_folds_the_address(moderator: Client):
    form = {"email": "New.Mod@Example.com", "name": "New", "role": "CUSTOMER", "usable_password": "true"}

    moderator.post(
        "/admin/accounts/user/add/", {**form, "password1": factories.PASSWORD, "password2": factories.PASSWORD}
    )

    assert User.objects.get(email="new.mod@example.com").check_password(factories.PASSWORD)


def test_nobody_becomes_superuser_by_form(customer: User, moderator: Client):
    form = {"email": customer.email, "name": "Carl", "role": "CUSTOMER", "is_superuser": "on", "is_active": ""}

    moderator.post(f"/admin/accounts/user/{customer.pk}/change/", form)

    after = User.objects.get(pk=customer.pk)
    assert (after.is_superuser, after.is_active) == (False, True)
