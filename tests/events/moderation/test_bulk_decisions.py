"""Decisions about several events at once, from the queue page."""

import pytest
from django.test import Client

from accounts.models import User
from events.models import Event
from journal.models import Entry
from tests.support import factories
from tests.support.admin_client import messages
from tests.support.moderation import QUEUE, SENTENCE, WHY, decide, queue_of


def as_chosen(events: list[Event]) -> list[str]:
    """Return the values of the page's checkboxes."""
    return [f"{event.pk}:{event.version}:{event.reports}" for event in events]


def test_the_chosen_events_are_approved(three: list[Event], moderator: Client):
    chosen = as_chosen(three[:2])

    response = moderator.post(QUEUE, {"action": "approve", "chosen": chosen}, follow=True)

    assert messages(response) == ["Number 1: approved.", "Number 2: approved."]
    assert [queue_of(event) for event in three] == [[], [], ["new"]]


def test_the_chosen_events_are_hidden_for_one_reason(three: list[Event], moderator: Client):
    chosen = as_chosen(three)

    moderator.post(QUEUE, {"action": "hide", "chosen": chosen, **WHY})

    assert {factories.reload(event).hidden_reason for event in three} == {SENTENCE}
    assert Entry.objects.filter(type="event.hidden").count() == 3


def test_an_event_that_changed_is_named_and_the_others_approved(three: list[Event], staff: User, moderator: Client):
    chosen = as_chosen(three)
    decide("note", three[1], staff, text="Wait.")

    response = moderator.post(QUEUE, {"action": "approve", "chosen": chosen}, follow=True)

    assert messages(response) == [
        "Number 1: approved.",
        f"{three[1].pk}: It changed since you read it: read it again and repeat your change.",
        "Number 3: approved.",
    ]


@pytest.mark.parametrize(
    "form",
    [{}, {"action": "approve"}, {"action": "cancel", "chosen": "{0}"}, {"action": "approve", "chosen": "EVT-1"},
     {"action": "hide", "chosen": "{0}"}, {"action": "hide", "chosen": "{0}", "reason": "x"},
     {"action": "approve", "chosen": "EVT-00000000:1:0"}],
)  # fmt: skip
def test_an_invalid_bulk_form_changes_nothing(event: Event, moderator: Client, form: dict[str, str]):
    chosen = form.get("chosen", "").format(f"{event.pk}:{event.version}:0")

    response = moderator.post(QUEUE, {**form, "chosen": chosen}, follow=True)

    assert len(messages(response)) == 1
    assert factories.reload(event).version == event.version
