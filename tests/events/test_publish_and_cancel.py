"""POST /api/events/{id}/publish and /cancel: DRAFT -> PUBLISHED -> CANCELLED."""

import pytest

from accounts.models import User
from config.core.clock import now
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.bad_input import BROKEN_BODIES, NUL, SURROGATE, faulty_fields, is_problem


def url(event: Event, transition: str) -> str:
    return f"/api/events/{event.id}/{transition}"


def test_publishes_a_draft(draft: Event, as_organizer):
    response = as_organizer.post(url(draft, "publish"))

    assert (response.status_code, response.json()["status"]) == (200, "PUBLISHED")
    assert response.json()["publishedAt"] is not None
    assert Entry.objects.get(type="event.published").subject == draft.id


def test_publishing_twice_is_refused(event: Event, as_organizer):
    assert is_problem(as_organizer.post(url(event, "publish")), 409, "invalid_transition")


def test_publishing_a_past_event_is_refused(organizer: User, as_organizer):
    late = factories.make_event(organizer, starts_at=now())

    assert is_problem(as_organizer.post(url(late, "publish")), 409, "invalid_transition")


def test_publishing_a_cancelled_event_is_refused(event: Event, as_organizer):
    as_organizer.post(url(event, "cancel"))

    assert is_problem(as_organizer.post(url(event, "publish")), 409, "invalid_transition")


@pytest.mark.parametrize("which", ["draft", "event"])
def test_cancels_a_draft_and_a_published_event(which: str, as_organizer, request: pytest.FixtureRequest):
    event = request.getfixturevalue(which)

    response = as_organizer.post(url(event, "cancel"), {"reason": "Flood"})

    assert (response.status_code, response.json()["status"]) == (200, "CANCELLED")
    assert Entry.objects.get(type="event.cancelled").data["reason"] == "Flood"


def test_cancels_without_a_body(event: Event, as_organizer):
    assert as_organizer.post(url(event, "cancel")).status_code == 200


def test_cancelling_twice_is_refused(event: Event, as_organizer):
    as_organizer.post(url(event, "cancel"))

    assert is_problem(as_organizer.post(url(event, "cancel")), 409, "invalid_transition")


@pytest.mark.parametrize("reason", [5, True, ["a"], {"a": 1}, None, NUL, SURROGATE, "r" * 501])
def test_refuses_a_bad_reason(event: Event, as_organizer, reason: object):
    assert faulty_fields(as_organizer.post(url(event, "cancel"), {"reason": reason})) == {"reason"}
    assert factories.reload(event).status == Event.Status.PUBLISHED


@pytest.mark.parametrize("name", sorted(set(BROKEN_BODIES) - {"nothing", "infinite"}))
def test_refuses_a_broken_body(event: Event, as_organizer, name: str):
    response = as_organizer.generic("POST", url(event, "cancel"), BROKEN_BODIES[name], "application/json")

    assert is_problem(response, 400, "invalid")


@pytest.mark.parametrize("transition", ["publish", "cancel"])
def test_only_the_owner_publishes_and_cancels(draft: Event, anonymous, as_customer, as_stranger, transition: str):
    assert is_problem(anonymous.post(url(draft, transition)), 401, "unauthorized")
    assert is_problem(as_customer.post(url(draft, transition)), 403, "forbidden")
    assert is_problem(as_stranger.post(url(draft, transition)), 404, "not_found")
    assert factories.reload(draft).status == Event.Status.DRAFT


def test_saving_a_copy_over_an_event_is_refused(event: Event):
    with pytest.raises(TypeError):
        event.save()
