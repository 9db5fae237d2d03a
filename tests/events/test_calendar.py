"""GET /api/events/{id}/calendar.ics."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from accounts.models import User
from config.core.clock import iso
from events.models import Event
from tests.support import factories
from tests.support.bad_input import is_problem

URL = "/api/events"


def entry_of(response):
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = Calendar.from_ical(response.content).events
    return entry


def test_anyone_gets_the_event_for_a_calendar(organizer: User, anonymous, settings):
    event = factories.make_published_event(organizer, venue="Old Town Hall", description="Line one\nline, two; three")

    entry = entry_of(anonymous.get(f"{URL}/{event.id}/calendar.ics"))

    assert (str(entry["summary"]), str(entry["location"])) == ("Jazz Night", "Old Town Hall, Pune")
    assert (entry.start, entry.end) == (event.starts_at, event.starts_at + timedelta(hours=2))
    assert str(entry["description"]) == "Line one\nline, two; three"
    assert str(entry["url"]) == f"{settings.PUBLIC_URL}/e/{event.id}"


@pytest.mark.parametrize("accept", ["text/calendar", "*/*", "application/json", "text/html,*/*;q=0.8"])
def test_any_accept_header_gets_a_calendar(event: Event, anonymous, accept: str):
    entry_of(anonymous.get(f"{URL}/{event.id}/calendar.ics", HTTP_ACCEPT=accept))


def test_line_breaks_in_a_title_add_no_calendar_properties(organizer: User, anonymous):
    event = factories.make_published_event(organizer, title="Jazz\r\nATTENDEE:mailto:x@example.com")

    entry = entry_of(anonymous.get(f"{URL}/{event.id}/calendar.ics"))

    assert "attendee" not in entry


def test_a_changed_event_has_its_uid_and_a_higher_sequence(event: Event, anonymous, as_organizer):
    before = entry_of(anonymous.get(f"{URL}/{event.id}/calendar.ics"))
    as_organizer.patch(f"{URL}/{event.id}", {"date": iso(event.starts_at + timedelta(days=1))})

    after = entry_of(anonymous.get(f"{URL}/{event.id}/calendar.ics"))

    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]


def test_the_calendar_of_a_cancelled_event_says_cancelled(event: Event, anonymous, as_organizer):
    as_organizer.post(f"{URL}/{event.id}/cancel")

    assert entry_of(anonymous.get(f"{URL}/{event.id}/calendar.ics"))["status"] == "CANCELLED"


def test_only_the_owner_gets_the_calendar_of_a_draft(draft: Event, anonymous, as_stranger, as_organizer):
    for client in (anonymous, as_stranger):
        assert is_problem(client.get(f"{URL}/{draft.id}/calendar.ics", HTTP_ACCEPT="text/calendar"), 404)
    assert as_organizer.get(f"{URL}/{draft.id}/calendar.ics").status_code == 200


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "$ne"])
def test_an_unknown_event_is_404(anonymous, event_id: str):
    assert is_problem(anonymous.get(f"{URL}/{event_id}/calendar.ics"), 404, "not_found")
