"""Cached events: quick responses that are never wrong."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from config.core.clock import now
from config.core.errors import NotFound
from events import editing, responses
from events.models import Event
from events.response_cache import GENERATION, list_key
from tests.support import factories
from tests.support.mongodb_commands import database_commands, recorder
from tests.support.waiting import eventually

URL = "/api/events"
OWN = {"ticketsSold", "revenue", "hidden", "hiddenReason"}


def titles(client, query: str = "") -> list[str]:
    return [event["title"] for event in client.get(f"{URL}?{query}").json()["results"]]


def rename(event: Event, title: str) -> None:
    by = event.organizer.as_actor()
    editing.update_event(event_id=event.id, by=by, changes={"title": title}, now=now())


def test_a_cached_list_asks_mongodb_nothing(event: Event, anonymous):
    anonymous.get(URL)

    with database_commands() as sent:
        anonymous.get(URL)

    assert sent == []


def test_a_cached_detail_asks_mongodb_for_the_counters_only(event: Event, anonymous):
    anonymous.get(f"{URL}/{event.id}")

    with database_commands() as sent:
        anonymous.get(f"{URL}/{event.id}")

    assert sent == ["aggregate events_event"]


def test_seats_in_a_detail_are_never_stale(event: Event, customer: User, anonymous):
    seen = []
    for _ in range(3):
        seen.append(anonymous.get(f"{URL}/{event.id}").json()["availableSeats"])
        factories.make_booking(event, customer)

    assert seen == [10, 9, 8]


def test_a_cached_page_expires_a_second_after_its_read_began(event: Event):
    """The age of what was read counts, not only the time since it reached the cache."""

    def read_slowly() -> dict[str, object]:
        time.sleep(0.2)
        return {"results": []}

    responses.cached_page("query", read_slowly)

    assert 0 < cache.pttl(list_key("query")) <= 800


@pytest.mark.parametrize("who", ["as_organizer", "as_staff"])
def test_fields_for_owner_and_staff_never_reach_others(
    event: Event, who: str, anonymous, request: pytest.FixtureRequest
):
    for url in (URL, f"{URL}/{event.id}"):
        request.getfixturevalue(who).get(url)

    assert OWN & set(anonymous.get(f"{URL}/{event.id}").json()) == set()
    assert OWN & set(anonymous.get(URL).json()["results"][0]) == set()


def test_a_change_shows_at_once_in_detail_and_list(event: Event, as_organizer, anonymous):
    for url in (f"{URL}/{event.id}", URL):
        anonymous.get(url)

    as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"})

    assert anonymous.get(f"{URL}/{event.id}").json()["title"] == "Blues Night"
    assert titles(anonymous) == ["Blues Night"]


def test_publishing_and_cancelling_show_at_once(draft: Event, as_organizer, anonymous):
    seen = [titles(anonymous)]
    for transition in ("publish", "cancel"):
        as_organizer.post(f"{URL}/{draft.id}/{transition}")
        seen.append(titles(anonymous))

    assert seen == [[], ["Jazz Night"], []]


def test_hiding_shows_at_once_in_the_detail(event: Event, anonymous):
    anonymous.get(f"{URL}/{event.id}")

    Event.objects.filter(pk=event.pk).update(hidden=True)

    assert anonymous.get(f"{URL}/{event.id}").status_code == 404


def test_a_page_read_before_a_change_is_not_found_after_it(event: Event):
    """The event changes between the read of the list and the write of the page to the cache."""

    def read_slowly() -> dict[str, object]:
        rename(event, "Blues Night")
        return {"results": ["as it was before"]}

    responses.cached_page("query", read_slowly)

    assert responses.cached_page("query", lambda: {"results": ["as it is"]})[0] == b'{"results":["as it is"]}'


class Interruption:
    """Listens to the commands of this process and calls ``do`` just before the second read of events is sent."""

    def __init__(self, do: Callable[[], object]) -> None:
        self.reads, self.do = 0, do

    def append(self, command: str) -> None:
        self.reads += command == "aggregate events_event"
        if self.reads == 2:
            self.reads = 100  # what it does reads too
            self.do()


def test_a_detail_that_is_read_twice_has_values_of_one_moment(event: Event, organizer: User, monkeypatch):
    """A cache miss reads the event again: seats from before a change must not mix with seats from after it."""
    by, changes = organizer.as_actor(), {"total_seats": 30}
    interruption = Interruption(lambda: editing.update_event(event_id=event.id, by=by, changes=changes, now=now()))

    monkeypatch.setattr(recorder, "targets", [(interruption, None)])
    body, etag = responses.cached_detail(event_id=event.id, actor=by)

    assert b'"totalSeats":30,"availableSeats":30' in body
    assert etag.startswith('"3.')


def test_readers_at_once_make_a_page_once(event: Event, monkeypatch: pytest.MonkeyPatch):
    started, finish = Signal(), Signal()
    made: list[int] = []
    asked: list[str] = []
    real = responses.single_flight.run

    def make() -> dict[str, object]:
        made.append(1)
        started.set()
        finish.wait(timeout=20)
        return {"results": []}

    def run(key: str, make: Callable[[], Any]) -> Any:
        asked.append(key)
        return real(key, make)

    monkeypatch.setattr(responses.single_flight, "run", run)
    with ThreadPoolExecutor(6) as threads:
        first = threads.submit(responses.cached_page, "query", make)
        started.wait(timeout=20)
        others = [threads.submit(responses.cached_page, "query", make) for _ in range(5)]
        eventually(lambda: len(asked) == 6)
        time.sleep(0.1)  # from the call to the wait inside: nothing shows that the last of them is there
        finish.set()
        answers = {one.result(timeout=20) for one in [first, *others]}

    assert (len(made), len(answers)) == (1, 1)


def test_a_page_that_could_not_be_made_is_tried_again():
    def fail() -> dict[str, object]:
        raise NotFound

    for _ in range(2):
        with pytest.raises(NotFound):
            responses.cached_page("query", fail)

    assert responses.cached_page("query", lambda: {"results": []})[0] == b'{"results":[]}'


@pytest.mark.parametrize(("one", "other"), [("sort=title", "sort=-title"), ("page=1", "pageSize=1"), ("", "city=pune")])
def test_each_query_has_a_page_of_its_own(one: str, other: str):
    pages = [responses.cached_page(query, lambda query=query: {"query": query})[0] for query in (one, other, one)]

    assert pages == [f'{{"query":"{query}"}}'.encode() for query in (one, other, one)]


def test_the_links_of_a_page_have_the_host_of_the_request(organizer: User, anonymous):
    for _ in range(2):
        factories.make_published_event(organizer)

    hosts = ["testserver", "localhost", "testserver"]

    links = [anonymous.get(f"{URL}?pageSize=1", headers={"Host": host}).json()["next"] for host in hosts]
    assert links == [f"http://{host}{URL}?page=2&pageSize=1" for host in hosts]


def test_an_emptied_redis_begins_a_new_generation(event: Event, anonymous):
    titles(anonymous)
    kept = cache.get(GENERATION)

    cache.delete(GENERATION)
    titles(anonymous)

    assert cache.get(GENERATION) not in (None, kept)


@pytest.fixture
def redis_away(settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}


def test_without_redis_every_response_is_current(
    event: Event, customer: User, redis_away: None, as_organizer, anonymous
):
    before = titles(anonymous)
    factories.make_booking(event, customer)
    changed = as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"})

    assert (before, changed.status_code, titles(anonymous)) == (["Jazz Night"], 200, ["Blues Night"])
    assert anonymous.get(f"{URL}/{event.id}").json()["availableSeats"] == 9
    assert anonymous.get(f"{URL}/{event.id}/availability").json()["availableSeats"] == 9
    assert as_organizer.get(f"{URL}/me").json()["results"][0]["ticketsSold"] == 1
