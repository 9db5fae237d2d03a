"""GET /api/notifications and POST /api/notifications/read."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import iso, now
from events.models import Event
from journal.models import Entry
from realtime.models import Notification
from realtime.notifications import store
from realtime.notifications.views import NotificationViewSet
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import BROKEN_BODIES, NOT_A_NUMBER, faulty_fields, is_problem
from tests.support.mongodb_profiler import ProfiledCommand, profiled

URL, READ = "/api/notifications", "/api/notifications/read"
BIGGEST = 2**63 - 1


def store_notifications(recipient: User, count: int = 1, **fields: Any) -> None:
    """Store the next notifications of a recipient."""
    first = store.last_seq(recipient.pk) + 1
    common = {"recipient": recipient.pk, "type": "event.updated", "created_at": now(), "read": False, "data": {}}
    documents = [
        {"_id": f"{recipient.pk}:e{seq}", "seq": seq, **common, **fields} for seq in range(first, first + count)
    ]
    connection.database["realtime_notification"].insert_many(documents)


def seqs(response: Any) -> list[int]:
    assert response.status_code == 200, response.content
    return [one["seq"] for one in response.json()["results"]]


def test_the_organizer_reads_the_notification_of_a_booking(event: Event, customer: User, as_organizer):
    booking = factories.make_booking(event, customer, qty=2)
    store.notify(list(Entry.objects.filter(type="booking.created")))

    page = as_organizer.get(URL).json()

    (one,) = page["results"]
    assert (page["count"], page["next"], page["previous"]) == (1, None, None)
    assert {**one, "data": one["data"]["bookingId"]} == {
        "seq": 1,
        "type": "booking.created",
        "createdAt": booking["createdAt"],
        "read": False,
        "data": booking["id"],
    }


@pytest.mark.parametrize("who", ["organizer", "customer", "staff"])
def test_everyone_signed_in_reads_their_own(who: str, stranger: User, request: pytest.FixtureRequest):
    user = request.getfixturevalue(who)
    moment = now()
    store_notifications(user, created_at=moment)
    store_notifications(stranger, 3)

    response = client_of(user).get(URL)

    assert seqs(response) == [1]
    assert response.json()["results"][0]["createdAt"] == iso(moment)


def test_a_stranger_reads_none_of_them(customer: User, as_stranger):
    store_notifications(customer, 3)

    assert seqs(as_stranger.get(URL)) == []


@pytest.mark.parametrize(("method", "url"), [("get", URL), ("post", READ)])
def test_without_a_token_it_is_401(anonymous, method: str, url: str):
    assert is_problem(getattr(anonymous, method)(url, {"upTo": 1}), 401, "unauthorized")


@pytest.mark.parametrize("walk", ["page=1", "cursor="])
def test_pages_are_in_order_without_repeats(customer: User, as_customer, walk: str):
    store_notifications(customer, 7)
    url, found = f"{URL}?pageSize=3&{walk}", []

    while url:
        page = as_customer.get(url)
        found += seqs(page)
        url = page.json()["next"]

    assert found == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("after=0", [1, 2, 3, 4]),
        ("after=2", [3, 4]),
        ("after=4", []),
        (f"after={BIGGEST}", []),
        ("unread=true", [3, 4]),
        ("unread=false", [1, 2, 3, 4]),
        ("unread=true&after=3", [4]),
    ],
)
def test_filters(customer: User, as_customer, query: str, expected: list[int]):
    store_notifications(customer, 2, read=True)
    store_notifications(customer, 2)

    assert seqs(as_customer.get(f"{URL}?{query}")) == expected


@pytest.mark.parametrize(
    "after", ["-1", "x", "1.0", "1e3", "0x1", "٣", "1 2", "%00", "NaN", str(BIGGEST + 1), "9" * 4000]
)
def test_an_invalid_after_is_refused(as_customer, after: str):
    assert faulty_fields(as_customer.get(f"{URL}?after={after}")) == {"after"}


@pytest.mark.parametrize("unread", ["1", "yes", "True", "%00", "x" * 500])
def test_an_invalid_unread_is_refused(as_customer, unread: str):
    assert faulty_fields(as_customer.get(f"{URL}?unread={unread}")) == {"unread"}


def test_all_up_to_a_seq_become_read(customer: User, as_customer):
    store_notifications(customer, 5)

    response = as_customer.post(READ, {"upTo": 3})

    assert (response.status_code, response.json()) == (200, {"updated": 3, "unread": 2})
    assert seqs(as_customer.get(f"{URL}?unread=true")) == [4, 5]


@pytest.mark.parametrize(
    ("up_to", "expected"),
    [(0, {"updated": 0, "unread": 2}), (1, {"updated": 1, "unread": 1}), (BIGGEST, {"updated": 2, "unread": 0})],
)
def test_any_seq_is_accepted(customer: User, as_customer, up_to: int, expected: dict[str, int]):
    store_notifications(customer, 2)

    assert as_customer.post(READ, {"upTo": up_to}).json() == expected


def test_read_ones_are_not_counted_again(customer: User, as_customer):
    store_notifications(customer, 3)
    as_customer.post(READ, {"upTo": 2})

    assert as_customer.post(READ, {"upTo": 3}).json() == {"updated": 1, "unread": 0}


def test_concurrent_calls_count_each_notification_once(customer: User):
    store_notifications(customer, 50)

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: client_of(customer).post(READ, {"upTo": 50}).json(), range(6)))

    assert sum(answer["updated"] for answer in answers) == 50


def test_notifications_of_others_stay_unread(customer: User, as_stranger):
    store_notifications(customer, 3)

    assert as_stranger.post(READ, {"upTo": 3}).json() == {"updated": 0, "unread": 0}
    assert Notification.objects.filter(read=True).count() == 0


@pytest.mark.parametrize("up_to", [*NOT_A_NUMBER, -1, BIGGEST + 1, 10**30])
def test_an_invalid_seq_is_refused(as_customer, up_to: Any):
    assert faulty_fields(as_customer.post(READ, {"upTo": up_to})) == {"upTo"}


def test_a_missing_seq_is_refused(as_customer):
    assert faulty_fields(as_customer.post(READ, {})) == {"upTo"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_refused(as_customer, body: bytes):
    assert is_problem(as_customer.generic("POST", READ, body, "application/json"), 400)


def test_too_many_calls_are_429(as_customer, settings, monkeypatch: pytest.MonkeyPatch):
    """Twice the limit and one more, since a minute may end in between."""
    settings.RATE_LIMITS = True
    monkeypatch.setattr(NotificationViewSet.throttle_classes[0], "allowed", 10)

    statuses = [as_customer.get(URL).status_code for _ in range(21)]

    assert (statuses[0], max(statuses)) == (200, 429)


def work_of(client: Any, query: str) -> list[ProfiledCommand]:
    """Return what MongoDB did to count and read a page of a long inbox."""
    with profiled() as done:
        assert client.get(f"{URL}?{query}").status_code == 200
    works = [work for work in done if work.collection == "realtime_notification"]
    assert works, "MongoDB was not used"
    return works


@pytest.mark.parametrize("query", ["unread=true", "unread=true&after=1990", "after=1990", "after=1990&cursor="])
def test_a_page_reads_little_more_than_it_shows(customer: User, other_customer: User, as_customer, query: str):
    store_notifications(customer, 1995, read=True)
    store_notifications(customer, 5)
    store_notifications(other_customer, 100)

    works = work_of(as_customer, query)

    assert {work.plan.split()[0] for work in works} <= {"IXSCAN", "COUNT_SCAN"}
    assert not any(work.sorts_in_memory for work in works)
    assert max(work.documents for work in works) <= 10
