"""What was missed comes first, in order, each once."""

import random
import threading
import time

import pytest

from accounts import services
from accounts.models import User
from config.clock import now
from events.models import Event
from realtime.feed import AT_ONCE
from realtime.models import Notification
from realtime.notifications import store
from tests.realtime.listener import Listener, is_refused, token
from tests.realtime.stack import Stack
from tests.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def put(recipient: User, count: int) -> None:
    """Store notifications that nobody was told of live."""
    start = Notification.objects.filter(recipient=recipient.id).count()
    common = {"recipient": recipient.id, "type": "booking.created", "created_at": now(), "read": False, "data": {}}
    store([{**common, "_id": f"{recipient.id}:e{start + number}"} for number in range(count)])


def test_a_client_that_says_its_last_seq_gets_the_rest_first(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    put(organizer, 5)

    listener = listen(organizer, lastSeq=2)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [3, 4, 5, 6])
    assert listener.of("ready")[0]["seq"] == 5


def test_a_client_that_says_none_gets_only_what_happens(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    put(organizer, 5)

    listener = listen(organizer)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [6])


def test_a_hundred_are_sent_one_by_one(stack: Stack, organizer: User, listen):
    put(organizer, AT_ONCE)

    listener = listen(organizer, lastSeq=0)

    eventually(lambda: listener.notifications() == list(range(1, AT_ONCE + 1)))
    assert listener.of("notifications.skipped") == []


def test_more_than_a_hundred_are_announced_by_one(stack: Stack, event: Event, organizer: User, customer: User, listen):
    put(organizer, AT_ONCE + 1)

    listener = listen(organizer, lastSeq=0)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [AT_ONCE + 2])
    assert listener.of("notifications.skipped") == [{"fromSeq": 1, "toSeq": AT_ONCE + 1}]
    read = stack.get("/api/notifications?after=0&pageSize=100", token(organizer)).json()
    assert [one["seq"] for one in read["results"]] == list(range(1, AT_ONCE + 1))


def test_a_last_seq_from_the_future_is_taken_for_the_newest(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    put(organizer, 2)

    listener = listen(organizer, lastSeq=99)
    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [3])


@pytest.mark.parametrize("seq", ["1", -1, 1.5, True, [1], 2**63])
def test_a_last_seq_that_is_none_is_refused(stack: Stack, organizer: User, seq: object):
    assert is_refused(stack.url, {"token": token(organizer), "lastSeq": seq})


def test_what_was_stored_while_redis_could_not_say_so_arrives_with_the_next(
    stack: Stack, event: Event, organizer: User, customer: User, listen
):
    listener = listen(organizer)
    eventually(lambda: listener.heard)
    put(organizer, 3)

    stack.book(event, customer)

    eventually(lambda: listener.notifications() == [1, 2, 3, 4])


def test_a_blocked_users_socket_is_ended(stack: Stack, organizer: User, listen):
    listener = listen(organizer)
    eventually(lambda: listener.heard)

    services.block(user_id=organizer.id, now=now())

    eventually(lambda: not listener.is_connected)
    assert listener.of("closing") == [{"reason": "signed_out"}]


class Flaky:
    """A client that is cut off at random, and comes back saying what it has."""

    def __init__(self, stack: Stack, user: User) -> None:
        self.stack, self.user, self.seqs = stack, user, list[int]()
        self.listener: Listener | None = None

    def connect(self) -> None:
        self.listener = Listener(self.stack.url, self.user, lastSeq=self.seqs[-1] if self.seqs else 0)

    def newest(self) -> int:
        """Return the last seq that this connection brought, or told of."""
        heard = self.listener.heard if self.listener else []
        told = [data.get("toSeq") or data.get("seq", 0) for kind, data in heard if kind != "ready"]
        return max(told, default=self.seqs[-1] if self.seqs else 0)

    def cut_off(self) -> None:
        """Tear the connection down, and keep what came until then."""
        assert self.listener is not None
        self.listener.close()
        for kind, data in self.listener.heard:
            if kind == "notifications.skipped":
                self.seqs += self.read_skipped(data["fromSeq"], data["toSeq"])
            elif kind != "ready" and "seq" in data:
                self.seqs.append(data["seq"])

    def read_skipped(self, first: int, last: int) -> list[int]:
        found: list[int] = []
        while len(found) < last - first + 1:
            after = found[-1] if found else first - 1
            page = self.stack.get(f"/api/notifications?after={after}&pageSize=100", token(self.user)).json()
            found += [one["seq"] for one in page["results"] if one["seq"] <= last]
        return found


def test_a_client_cut_off_at_random_has_all_of_them_in_order(stack: Stack, organizer: User, customer: User):
    """15 breaks while 300 bookings are made; docs/architecture.md says how to run the long version."""
    from tests import factories

    bookings, breaks = 300, 15
    event = factories.make_published_event(organizer, total_seats=bookings)
    flaky, dice = Flaky(stack, organizer), random.Random(7)  # noqa: S311 - a test's dice

    def book() -> None:
        for _ in range(bookings // 4):
            stack.book(event, customer)

    crowd = [threading.Thread(target=book) for _ in range(4)]
    for one in crowd:
        one.start()
    for _ in range(breaks):
        flaky.connect()
        time.sleep(dice.uniform(0.02, 0.3))
        flaky.cut_off()
    for one in crowd:
        one.join()
    eventually(lambda: Notification.objects.filter(recipient=organizer.id).count() == bookings)
    flaky.connect()
    eventually(lambda: flaky.newest() == bookings)
    flaky.cut_off()

    assert flaky.seqs == list(range(1, bookings + 1))
