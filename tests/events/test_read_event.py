"""GET /api/events/{id} and its availability; HEAD, OPTIONS and unknown methods."""

import pytest

from accounts.models import User
from config.core.clock import now
from events import lifecycle
from events.models import Event
from tests.support import factories
from tests.support.bad_input import is_problem

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
def test_owner_and_staff_see_sold_seats_and_revenue(
    event: Event, customer: User, who: str, request: pytest.FixtureRequest
):
    factories.make_booking(event, customer, qty=2)

    answer = request.getfixturevalue(who).get(f"{URL}/{event.id}").json()

    assert {name: answer[name] for name in OWN} == {
        "ticketsSold": 2,
        "revenue": "50.00",
        "hidden": False,
        "hiddenReason": "",
    }


@pytest.mark.parametrize("path", ["", "/availability"])
@pytest.mark.parametrize("state", ["draft", "hidden"])
def test_only_owner_and_staff_read_drafts_and_hidden_events(
    draft: Event, event: Event, state: str, path: str, request: pytest.FixtureRequest
):
    hide(event)
    url = f"{URL}/{draft.id if state == 'draft' else event.id}{path}"

    seen = {who: request.getfixturevalue(who).get(url).status_code for who in ("as_organizer", "as_staff")}
    unseen = [request.getfixturevalue(who).get(url) for who in ("anonymous", "as_customer", "as_stranger")]

    assert seen == {"as_organizer": 200, "as_staff": 200}
    assert all(is_problem(response, 404, "not_found") for response in unseen)


def test_the_owner_reads_why_an_event_is_hidden(event: Event, as_organizer):
    hide(event)

    answer = as_organizer.get(f"{URL}/{event.id}").json()
    assert (answer["hidden"], answer["hiddenReason"]) == (True, "Spam")


def test_a_cancelled_event_can_still_be_read(event: Event, organizer: User, anonymous):
    lifecycle.cancel_event(event_id=event.id, by=organizer.as_actor(), now=now())

    for path in ("", "/availability"):
        assert anonymous.get(f"{URL}/{event.id}{path}").json()["status"] == "CANCELLED"


def test_availability_is_current_and_not_cached(event: Event, customer: User, anonymous):
    factories.make_booking(event, customer, qty=3)

    response = anonymous.get(f"{URL}/{event.id}/availability")

    assert response["Cache-Control"] == "no-store"
    assert response.json() == {"totalSeats": 10, "availableSeats": 7, "status": "PUBLISHED", "waitlistLength": 0}


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "$ne", "🎷", "%0A", "%ED%A0%80", "a%2Fb", "e" * 3000])
def test_an_unknown_event_is_404(anonymous, event_id: str):
    for path in ("", "/availability"):
        assert is_problem(anonymous.get(f"{URL}/{event_id}{path}"), 404, "not_found")


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/availability", "/me"])
def test_head_answers_as_get_does_without_a_body(event: Event, as_organizer, path: str):
    url = URL + path.format(id=event.id)
    got = as_organizer.get(url)

    response = as_organizer.head(url)

    assert (response.status_code, response.content) == (200, b"")
    assert response.get("ETag") == got.get("ETag")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("", {"GET", "POST"}),
        ("/{id}", {"GET", "PUT", "PATCH"}),
        ("/{id}/publish", {"POST"}),
        ("/{id}/cancel", {"POST"}),
        ("/{id}/availability", {"GET"}),
        ("/me", {"GET"}),
    ],
)
def test_options_names_the_methods_and_others_are_405(
    event: Event, anonymous, as_organizer, path: str, methods: set[str]
):
    url = URL + path.format(id=event.id)

    options = anonymous.options(url)

    assert options.status_code == 200
    assert methods <= set(options["Allow"].split(", "))
    for method in {"GET", "POST", "PUT", "PATCH"} - methods:
        assert is_problem(as_organizer.generic(method, url, "{}", "application/json"), 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/", "/x/nothing", "/x/publish/", "/x/y/z"])
def test_an_unknown_address_is_404(as_organizer, path: str):
    assert is_problem(as_organizer.get(URL + path), 404, "not_found")


@pytest.mark.parametrize("token", ["x", "", "a.b.c", "é"])
def test_a_bad_token_is_401_even_where_none_is_needed(event: Event, anonymous, token: str):
    for path in ("", f"/{event.id}", f"/{event.id}/availability"):
        response = anonymous.get(URL + path, HTTP_AUTHORIZATION=f"Bearer {token}")
        assert is_problem(response, 401, "unauthorized")
