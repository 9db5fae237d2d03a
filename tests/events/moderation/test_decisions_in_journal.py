"""The journal entries of decisions."""

import pytest

from accounts.models import User
from events import versioned_change
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.moderation import SENTENCE, WHY, decide, hide


def test_an_entry_has_actor_reason_and_fields_before_and_after(event: Event, staff: User):
    hide(event, staff)

    entry = Entry.objects.get(type="event.hidden")
    assert (entry.subject, entry.actor) == (event.id, staff.id)
    assert {name: entry.data[name] for name in ("reason", "reasonCode", "text", "before", "after", "byStaff")} == {
        "reason": SENTENCE,
        "reasonCode": "MISLEADING",
        "text": "There is no such band.",
        "before": {"hidden": False, "hidden_reason": "", "queue": ["new"], "appeal": ""},
        "after": {"hidden": True, "hidden_reason": SENTENCE, "queue": [], "appeal": ""},
        "byStaff": True,
    }


def test_every_decision_has_an_entry(event: Event, staff: User):
    decide("approve", event, staff, text="Fine.")
    decide("feature", event, staff)
    decide("unfeature", event, staff)
    decide("note", event, staff, text="Look again in May.")
    hide(event, staff)
    decide("restore", event, staff)
    decide("cancel", event, staff, **WHY)

    entries = Entry.objects.filter(subject=event.id, actor=staff.id).order_by("at", "id")
    assert [(entry.type, entry.data["text"]) for entry in entries] == [
        ("event.approved", "Fine."),
        ("event.featured", ""),
        ("event.unfeatured", ""),
        ("event.noted", "Look again in May."),
        ("event.hidden", "There is no such band."),
        ("event.restored", ""),
        ("event.cancelled", "There is no such band."),
    ]
    assert entries.last().data["after"] == {"status": "CANCELLED", "queue": []}


def test_a_decision_whose_entry_fails_is_not_written(event: Event, staff: User, monkeypatch):
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(versioned_change, "append", fails)

    with pytest.raises(RuntimeError):
        hide(event, staff)

    assert factories.reload(event).hidden is False
