"""Every filter and every order of the lists is served by an index, at the size of a real installation."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from config.core.clock import now
from events.response_cache import forget_lists
from tests.conftest import Client, client_of, empty_collections
from tests.support import factories
from tests.support.event_documents import event_document
from tests.support.mongodb_profiler import ProfiledCommand, profiled

pytestmark = pytest.mark.no_database  # cleans up for itself: the events are inserted once for all tests here
EVENTS = 20_000
KEYS = ["date", "price", "title", "createdAt", "popularity"]


@pytest.fixture(scope="module")
def owner(migrated: None, django_db_blocker: Any) -> Iterator[User]:
    """An organizer with a tenth of the events; half of all are past, a tenth are drafts."""
    with django_db_blocker.unblock():
        empty_collections()
        owner, other = (factories.make_user(name, role="ORGANIZER") for name in ("Olga Owner", "Otto Other"))
        moment = now()
        events = [event_document(number, other if number % 11 else owner, moment) for number in range(EVENTS)]
        connection.database["events_event"].insert_many(events, ordered=False)
        yield owner
        empty_collections()
        connection.database["system.profile"].drop()


def work_of(client: Any, url: str) -> list[ProfiledCommand]:
    forget_lists()
    with profiled() as done:
        assert client.get(url).status_code == 200, url
    works = [work for work in done if work.collection == "events_event"]
    assert works, "answered without asking MongoDB"
    return works


def public(query: str) -> list[ProfiledCommand]:
    """Return what counting the matches cost, and what reading the page did."""
    return work_of(Client(raise_request_exception=False), f"/api/events?{query}")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_order_comes_from_an_index(owner: User, sign: str, key: str):
    count, page = public(f"sort={sign}{key}")

    assert (count.documents, page.sorts_in_memory) == (0, False)
    assert page.plan.startswith("IXSCAN")
    assert page.documents <= 50  # 20 events and their organizers


@pytest.mark.parametrize(
    "query",
    ["city=city 7", "featured=true", "category=c7", "tags=tag 7", "tags=tag 7,tag 8", "priceMin=990",
     "priceMin=10&priceMax=12", "q=word149",
     "q=word149 event", "tags=tag 7,tag 107&tagsMode=all", "city=city 7&tags=tag 7&category=c7&q=word7"],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["", "&sort=-price"])
def test_every_filter_reads_little_more_than_it_finds(owner: User, query: str, sort: str):
    for work in public(query + sort):
        assert "COLLSCAN" not in work.plan
        assert work.documents <= 300, work


@pytest.mark.parametrize(
    "query",
    ["", "city=city 7", "category=c7", "tags=tag 7", "tags=tag 7,tag 8", "priceMin=990", "q=word1", "featured=true",
     "dateFrom=2020-01-01", "organizer={owner}"],
)  # fmt: skip
def test_a_filters_matches_are_counted_without_reading_them(owner: User, query: str):
    count, _ = public(query.format(owner=owner.pk))

    assert (count.documents, "COLLSCAN" in count.plan) == (0, False)


@pytest.mark.parametrize("query", ["available=true", "q=event", "organizer={owner}", "cursor=", "dateFrom=2020-01-01"])
def test_a_page_of_many_matches_reads_that_page(owner: User, query: str):
    _, page = public(query.format(owner=owner.pk))

    assert ("COLLSCAN" in page.plan, page.sorts_in_memory) == (False, False)
    assert page.documents <= 100, page


def test_a_late_page_skips_over_keys_and_reads_its_own_events_only(owner: User):
    _, page = public("page=400")

    assert page.documents <= 50


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=-date",
        "dateFrom={soon}",
        "status=DRAFT",
        "status=PUBLISHED&sort=-date",
        "status=PUBLISHED&dateFrom={soon}",
    ],
)
def test_an_organizers_own_list_comes_from_an_index(owner: User, query: str):
    soon = (now() + timedelta(days=1)).date()
    count, page = work_of(client_of(owner), f"/api/events/me?{query.format(soon=soon)}")

    assert (count.documents, page.sorts_in_memory) == (0, False)
    assert page.documents <= 50, page


@pytest.mark.parametrize("key", KEYS)
def test_an_organizers_own_list_reads_no_others(owner: User, key: str):
    for work in work_of(client_of(owner), f"/api/events/me?sort={key}"):
        assert work.plan.startswith("IXSCAN")
        assert work.documents <= EVENTS // 11 + 50, work


def test_organizer_figures_read_own_events_only(owner: User):
    by_status, best = work_of(client_of(owner), "/api/analytics/me")

    for work in (by_status, best):
        assert work.plan.startswith("IXSCAN")
        assert work.documents <= EVENTS // 11 + 50, work
