"""DELETE /api/events/{id}."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.models import User
from events.models import Event
from journal.models import Entry
from tests.conftest import client_of
from tests.support.bad_input import is_problem

URL = "/api/events"


def test_a_deleted_draft_is_gone(draft: Event, as_organizer):
    response = as_organizer.delete(f"{URL}/{draft.id}")

    assert (response.status_code, response.content) == (204, b"")
    assert is_problem(as_organizer.get(f"{URL}/{draft.id}"), 404)
    assert as_organizer.get(f"{URL}/me").json()["count"] == 0


def test_the_entry_of_a_deleted_draft_has_its_title(draft: Event, as_organizer, organizer: User):
    as_organizer.delete(f"{URL}/{draft.id}")

    entry = Entry.objects.get(type="event.deleted")
    assert (entry.subject, entry.actor, entry.data["title"]) == (draft.id, organizer.id, "Jazz Night")


@pytest.mark.parametrize("status", ["PUBLISHED", "CANCELLED"])
def test_deleting_a_published_or_cancelled_event_is_refused(event: Event, as_organizer, status: str):
    if status == "CANCELLED":
        as_organizer.post(f"{URL}/{event.id}/cancel")

    response = as_organizer.delete(f"{URL}/{event.id}")

    assert is_problem(response, 409, "not_a_draft")
    assert response.json()["currentStatus"] == status


def test_deleting_and_publishing_at_once_never_loses_a_published_event(organizer: User, as_organizer, draft: Event):
    def call(path: str) -> int:
        client = client_of(organizer)
        url = f"{URL}/{draft.id}"
        return int((client.delete(url) if path == "delete" else client.post(f"{url}/publish")).status_code)

    with ThreadPoolExecutor(2) as threads:
        deleted, published = threads.map(call, ("delete", "publish"))

    exists = Event.objects.filter(pk=draft.pk).exists()
    assert (deleted, published, exists) in ((204, 404, False), (409, 200, True))


def test_only_the_owner_deletes_a_draft(draft: Event, as_stranger, as_customer, as_staff, anonymous):
    url = f"{URL}/{draft.id}"

    assert is_problem(as_stranger.delete(url), 404, "not_found")
    assert is_problem(as_customer.delete(url), 403, "forbidden")
    assert is_problem(as_staff.delete(url), 403, "forbidden")
    assert is_problem(anonymous.delete(url), 401, "unauthorized")
    assert Event.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("event_id", ["EVT-00000000", "x", "%00", "$ne"])
def test_an_unknown_event_is_404(as_organizer, event_id: str):
    assert is_problem(as_organizer.delete(f"{URL}/{event_id}"), 404, "not_found")
