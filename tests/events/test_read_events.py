"""GET /api/events/{id}, its availability and ETag, and /api/events/me."""

import pytest

from accounts.models import User
from config.clock import now
from events import reads, services
from events.models import Event
from tests import factories
from tests.bad_input import faulty_fields, is_problem
from tests.commands import database_commands

URL = "/api/events"
OWN = {"ticketsSold", "revenue", "hidden", "hiddenReason"}


def hide(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(hidden=True, hidden_reason="Spam", version=event.version + 1)


@pytest.mark.parametrize("who", ["anonymous", "as_customer", "as_stranger"])
def test_anyone_reads_a_published_event(event: Event, who: str, request: pytest.FixtureRequest):
    response = request.getfixturevalue(who).get(f"{URL}/{event.id}")

    assert (response.status_code, response.json()["id"]) == (200, event.id)
    assert OWN & set(response.json()) == set()


@pytest.mark.parametrize("who", ["as_organizer", "as_staff"])
def test_owner_and_staff_see_what_it_earned(event: Event, customer: User, who: str, request: pytest.FixtureRequest):
    factories.make_booking(event, customer, qty=2)

    answer = request.getfixturevalue(who).get(f"{URL}/{event.id}").json()

    assert {name: answer[name] for name in OWN} == {
        "ticketsSold": 2,
        "revenue": "50.00",
        "hidden": False,
        "hiddenReason": "",
    }


def test_the_owners_answer_is_never_given_to_others(event: Event, as_organizer, anonymous):
    as_organizer.get(f"{URL}/{event.id}")

    assert OWN & set(anonymous.get(f"{URL}/{event.id}").json()) == set()


@pytest.mark.parametrize("path", ["", "/availability"])
@pytest.mark.parametrize("state", ["draft", "hidden"])
def test_drafts_and_hidden_events_are_the_owners_and_staffs(
    draft: Event, event: Event, state: str, path: str, request: pytest.FixtureRequest
):
    hide(event)
    url = f"{URL}/{draft.id if state == 'draft' else event.id}{path}"

    seen = {who: request.getfixturevalue(who).get(url).status_code for who in ("as_organizer", "as_staff")}
    unseen = [request.getfixturevalue(who).get(url) for who in ("anonymous", "as_customer", "as_stranger")]

    assert seen == {"as_organizer": 200, "as_staff": 200}
    assert all(is_problem(response, 404, "not_found") for response in unseen)


def test_the_owner_reads_why_it_is_hidden(event: Event, as_organizer):
    hide(event)

    answer = as_organizer.get(f"{URL}/{event.id}").json()
    assert (answer["hidden"], answer["hiddenReason"]) == (True, "Spam")


def test_a_cancelled_event_can_still_be_read(event: Event, organizer: User, anonymous):
    services.cancel_event(event_id=event.id, by=organizer.as_caller(), now=now())

    assert anonymous.get(f"{URL}/{event.id}").json()["status"] == "CANCELLED"


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "$ne", "🎷", "e" * 3000])
def test_an_unknown_event_is_404(anonymous, event_id: str):
    for path in ("", "/availability"):
        assert is_problem(anonymous.get(f"{URL}/{event_id}{path}"), 404, "not_found")


def test_seats_in_a_detail_are_never_stale(event: Event, customer: User, anonymous):
    seen = []
    for _ in range(3):
        seen.append(anonymous.get(f"{URL}/{event.id}").json()["availableSeats"])
        factories.make_booking(event, customer)

    assert seen == [10, 9, 8]


def test_a_change_shows_at_once_in_detail_and_list(event: Event, as_organizer, anonymous):
    for url in (f"{URL}/{event.id}", URL):
        anonymous.get(url)

    as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"})

    assert anonymous.get(f"{URL}/{event.id}").json()["title"] == "Blues Night"
    assert [one["title"] for one in anonymous.get(URL).json()["results"]] == ["Blues Night"]


def test_a_page_made_before_a_change_is_not_found_after_it(event: Event, organizer: User, anonymous):
    """Somebody reads the list, the event changes, and only then the read page reaches the cache."""

    def read_slowly() -> dict[str, object]:
        page = {"results": ["as it was before"]}
        services.update_event(event_id=event.id, by=organizer.as_caller(), changes={"title": "Blues Night"}, now=now())
        return page

    reads.cached_page("query", read_slowly)

    assert reads.cached_page("query", lambda: {"results": ["as it is"]})[0] == b'{"results":["as it is"]}'


def test_a_cached_list_asks_mongodb_nothing(event: Event, anonymous):
    anonymous.get(URL)

    with database_commands() as sent:
        anonymous.get(URL)

    assert sent == []


@pytest.mark.parametrize("path", ["", "/{id}", "/me"])
def test_if_none_match_gives_304(event: Event, as_organizer, path: str):
    url = URL + path.format(id=event.id)
    first = as_organizer.get(url)

    response = as_organizer.get(url, headers={"If-None-Match": f'"x", {first["ETag"]}'})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", first["ETag"])


def test_the_etag_changes_when_seats_do(event: Event, customer: User, anonymous):
    before = anonymous.get(f"{URL}/{event.id}")["ETag"]
    factories.make_booking(event, customer)

    response = anonymous.get(f"{URL}/{event.id}", headers={"If-None-Match": before})

    assert (response.status_code, response.json()["availableSeats"]) == (200, 9)


def test_availability_is_the_moments(event: Event, customer: User, anonymous):
    factories.make_booking(event, customer, qty=3)

    assert anonymous.get(f"{URL}/{event.id}/availability").json() == {
        "totalSeats": 10,
        "availableSeats": 7,
        "status": "PUBLISHED",
        "waitlistLength": 0,
    }


def test_without_redis_answers_are_the_same(event: Event, as_organizer, anonymous, settings):
    cached = {url: anonymous.get(url).json() for url in (URL, f"{URL}/{event.id}")}
    redis_away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}

    settings.CACHES = {"default": redis_away}

    assert {url: anonymous.get(url).json() for url in cached} == cached
    assert as_organizer.patch(f"{URL}/{event.id}", {"title": "Blues Night"}).status_code == 200
    assert anonymous.get(URL).json()["results"][0]["title"] == "Blues Night"


def test_me_lists_own_events_in_every_state(draft: Event, event: Event, stranger: User, customer: User, as_organizer):
    factories.make_published_event(stranger)
    factories.make_booking(event, customer, qty=2)

    page = as_organizer.get(f"{URL}/me").json()

    assert {one["id"]: (one["status"], one["ticketsSold"], one["revenue"]) for one in page["results"]} == {
        draft.id: ("DRAFT", 0, "0.00"),
        event.id: ("PUBLISHED", 2, "50.00"),
    }


def test_me_filters_by_status(draft: Event, event: Event, as_organizer):
    assert [one["id"] for one in as_organizer.get(f"{URL}/me?status=DRAFT").json()["results"]] == [draft.id]


def test_me_sorts_and_pages(organizer: User, as_organizer):
    for title in ("B", "C", "A"):
        factories.make_event(organizer, title=title)

    pages = [as_organizer.get(f"{URL}/me?sort=-title&pageSize=2&page={page}").json() for page in (1, 2)]

    assert [[one["title"] for one in page["results"]] for page in pages] == [["C", "B"], ["A"]]


@pytest.mark.parametrize(("field", "value"), [("status", "VOID"), ("sort", "x"), ("pageSize", "0")])
def test_me_refuses_bad_parameters(as_organizer, field: str, value: str):
    assert faulty_fields(as_organizer.get(f"{URL}/me?{field}={value}")) == {field}


def test_me_is_for_organizers(anonymous, as_customer):
    assert is_problem(anonymous.get(f"{URL}/me"), 401, "unauthorized")
    assert is_problem(as_customer.get(f"{URL}/me"), 403, "forbidden")


def test_me_shows_a_stranger_nothing_of_others(event: Event, as_stranger):
    assert as_stranger.get(f"{URL}/me").json()["count"] == 0


@pytest.mark.parametrize("path", ["", "/x", "/x/publish", "/x/nothing"])
def test_other_methods_are_405_or_404(as_organizer, path: str):
    response = as_organizer.delete(f"{URL}{path}")

    assert is_problem(response, 404 if path == "/x/nothing" else 405)
