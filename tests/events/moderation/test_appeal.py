"""POST /api/events/{id}/appeal."""

import pytest

from accounts.models import User
from config.core.clock import now
from config.core.errors import NotFound
from events.models import Event
from events.moderation import appeals
from journal.models import Entry
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, faulty_fields, is_problem
from tests.support.moderation import decide, hide
from tests.support.threads import at_once

BODY = {"text": "The band exists: see their page."}


def url(event: Event) -> str:
    return f"/api/events/{event.id}/appeal"


def test_an_appeal_puts_the_event_in_the_queue(hidden: Event, as_organizer):
    response = as_organizer.post(url(hidden), BODY)

    after = factories.reload(hidden)
    assert (response.status_code, response.json()["hidden"]) == (200, True)
    assert (after.queue, after.appeal) == (["appealed"], BODY["text"])
    assert after.queued_at is not None


def test_an_appeal_has_a_journal_entry(hidden: Event, organizer: User, as_organizer):
    as_organizer.post(url(hidden), BODY)

    entry = Entry.objects.get(type="event.appealed")
    assert (entry.subject, entry.actor, entry.data["text"]) == (hidden.id, organizer.id, BODY["text"])


def test_of_six_appeals_at_once_one_is_accepted(hidden: Event, organizer: User):
    answers = at_once([lambda: client_of(organizer).post(url(hidden), BODY)] * 6)

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    assert is_problem(client_of(organizer).post(url(hidden), BODY), 409, "already_appealed")


def test_an_appeal_after_the_decision_is_accepted(hidden: Event, staff: User, as_organizer):
    as_organizer.post(url(hidden), BODY)
    hide(hidden, staff)

    assert as_organizer.post(url(hidden), BODY).status_code == 200


def test_an_appeal_for_a_visible_event_is_refused(event: Event, draft: Event, hidden: Event, staff: User, as_organizer):
    decide("restore", hidden, staff)

    for visible in (event, draft, hidden):
        assert is_problem(as_organizer.post(url(visible), BODY), 409, "not_hidden")


def test_only_the_owner_appeals(hidden: Event, anonymous, as_stranger, as_customer, as_staff):
    assert is_problem(anonymous.post(url(hidden), BODY), 401)
    assert is_problem(as_stranger.post(url(hidden), BODY), 404)
    for nobody in (as_customer, as_staff):
        assert is_problem(nobody.post(url(hidden), BODY), 403)
    assert factories.reload(hidden).queue == []


def test_an_appeal_by_staff_is_refused(hidden: Event, staff: User):
    with pytest.raises(NotFound):
        appeals.appeal(event_id=hidden.pk, by=staff.as_actor(), text="x", now=now())


def test_an_appeal_for_an_unknown_event_is_404(as_organizer):
    assert is_problem(as_organizer.post("/api/events/EVT-00000000/appeal", BODY), 404)


@pytest.mark.parametrize("text", [*BAD_TEXT, "x" * 2001])
def test_an_invalid_text_is_refused(hidden: Event, as_organizer, text: object):
    assert faulty_fields(as_organizer.post(url(hidden), {"text": text})) == {"text"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_a_broken_body_is_a_400(hidden: Event, as_organizer, body: bytes):
    assert is_problem(as_organizer.generic("POST", url(hidden), body, content_type="application/json"), 400)
