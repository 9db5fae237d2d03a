"""GET /api/events: pages, cursors, and what a page costs."""

from base64 import b64encode

import pytest

from accounts.models import User
from accounts.revocations import revocations
from events.models import Event
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.mongodb_commands import database_commands

URL = "/api/events"


@pytest.fixture
def titles(organizer: User) -> list[str]:
    """Three events, two of them at the same price."""
    for title, price in (("A", "10"), ("B", "20"), ("C", "10")):
        factories.make_published_event(organizer, title=title, price=price)
    return ["A", "B", "C"]


def test_a_page_links_to_the_next_and_the_previous_page(titles: list[str], anonymous):
    page = anonymous.get(f"{URL}?sort=title&pageSize=1&page=2&city=pune").json()

    assert (page["count"], [event["title"] for event in page["results"]]) == (3, ["B"])
    assert page["next"] == f"http://testserver{URL}?city=pune&page=3&pageSize=1&sort=title"
    assert page["previous"] == f"http://testserver{URL}?city=pune&pageSize=1&sort=title"


@pytest.mark.parametrize("page", ["0", "-1", "x", "4", "1" * 30, "1" * 5000, "%00", "1.0"])
def test_a_page_that_is_not_there_is_404(titles: list[str], anonymous, page: str):
    assert is_problem(anonymous.get(f"{URL}?pageSize=1&page={page}"), 404, "not_found")


def test_the_first_page_of_nothing_is_empty(anonymous):
    assert anonymous.get(URL).json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_of_a_repeated_parameter_the_last_counts(titles: list[str], anonymous):
    page = anonymous.get(f"{URL}?sort=title&sort=-title&pageSize=2&pageSize=1&page=9&page=1").json()

    assert [event["title"] for event in page["results"]] == ["C"]


@pytest.mark.parametrize(
    "cursor", ["x", "cD14", b64encode(b"p=soon").decode(), b64encode(b"p=%00&r=1").decode(), "%F0%9F%8E%B7", "a" * 5000]
)
def test_an_unreadable_cursor_is_404(titles: list[str], anonymous, cursor: str):
    assert is_problem(anonymous.get(f"{URL}?cursor={cursor}"), 404, "not_found")


@pytest.mark.parametrize("step", ["pageSize=2", "pageSize=1&cursor="])
@pytest.mark.parametrize("sort", ["date", "-date", "price", "-price", "title", "createdAt", "-popularity"])
def test_walking_the_pages_finds_each_event_once(titles: list[str], anonymous, step: str, sort: str):
    seen, url = [], f"{URL}?{step}&sort={sort}"

    while url and len(seen) < 10:
        page = anonymous.get(url).json()
        seen += [event["title"] for event in page["results"]]
        url = page["next"]

    assert sorted(seen) == titles


def test_previous_leads_back_to_the_page_before(titles: list[str], anonymous):
    first = anonymous.get(f"{URL}?cursor=&pageSize=1&sort=title").json()

    back = anonymous.get(anonymous.get(first["next"]).json()["previous"]).json()

    assert back["results"] == first["results"]


def commands_for(client, url: str, *, events: int) -> list[str]:
    revocations.forget()
    client.get("/api/analytics/me")  # reads who is blocked, which every process does every few seconds
    with database_commands() as sent:
        assert len(client.get(url).json()["results"]) == events
    return sent


@pytest.mark.parametrize("path", ["", "/me"])
def test_costs_the_same_number_of_commands_for_1_and_for_50(organizer: User, as_organizer, path: str):
    factories.make_published_event(organizer)
    one = commands_for(as_organizer, f"{URL}{path}?pageSize=50", events=1)
    for _ in range(49):
        factories.make_published_event(organizer)

    assert commands_for(as_organizer, f"{URL}{path}?pageSize=50", events=50) == one


def test_a_cursor_gets_past_a_thousand_equal_prices(event: Event, anonymous):
    documents = Event.documents
    (one,) = documents.find({"_id": event.pk})
    documents.insert_many([{**one, "_id": f"EVT-{number:08d}"} for number in range(1150)])
    ids, url = set(), "/api/events?cursor=&sort=price&pageSize=100"

    for _ in range(12):
        page = anonymous.get(url).json()
        ids |= {found["id"] for found in page["results"]}
        url = page["next"] or url

    assert (len(ids), page["next"]) == (1151, None)
