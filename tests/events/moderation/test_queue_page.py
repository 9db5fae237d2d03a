"""The queue page in the admin: its list, its filters, and the way from event to event."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.admin_client import messages
from tests.support.moderation import QUEUE, queue_of, report, review


def titles(response: Any) -> list[str]:
    return [event.title for event in response.context["page"].object_list]


def test_the_queue_lists_the_oldest_first(three: list[Event], moderator: Client):
    Event.objects.filter(pk=three[2].pk).update(queued_at=now() - timedelta(days=1))

    assert titles(moderator.get(QUEUE)) == ["Number 3", "Number 1", "Number 2"]


def test_a_cause_filters_the_queue_and_each_tab_has_its_count(three: list[Event], customer: User, moderator: Client):
    report(three[1], customer)

    page = moderator.get(f"{QUEUE}?cause=reported")

    assert titles(page) == ["Number 2"]
    assert [tab["count"] for tab in page.context["tabs"]] == ["3", "3", "0", "1", "0", "0"]


@pytest.mark.parametrize("query", ["cause=x", "p=0", "p=x", "p=999", "cause=reported&p=-1", "cause[$ne]=x"])
def test_invalid_query_parameters_are_ignored(three: list[Event], moderator: Client, query: str):
    assert moderator.get(f"{QUEUE}?{query}").status_code == 200


def test_an_empty_queue_says_so(moderator: Client):
    assert "No events are waiting here." in moderator.get(QUEUE).content.decode()


def test_a_queue_of_26_events_has_two_pages(organizer: User, moderator: Client):
    for number in range(26):
        factories.make_published_event(organizer, title=f"Number {number}")

    assert len(titles(moderator.get(QUEUE))) == 25
    assert titles(moderator.get(f"{QUEUE}?p=2")) == ["Number 25"]


def test_after_a_decision_the_next_event_is_shown(three: list[Event], post):
    response = post(three[0], "approve")

    assert response.redirect_chain == [(f"{QUEUE}{three[1].pk}/", 302)]
    assert messages(response) == ["Number 1: approved."]
    assert queue_of(three[0]) == []


def test_the_next_event_has_the_same_cause(three: list[Event], customer: User, moderator: Client):
    report(three[0], customer)
    report(three[2], customer)

    reviewed = review(three[0])
    form = {"action": "approve", "version": reviewed.version, "reports": reviewed.reports}
    response = moderator.post(f"{QUEUE}{three[0].pk}/?cause=reported", form)

    assert response["Location"] == f"{QUEUE}{three[2].pk}/?cause=reported"


def test_after_the_last_event_the_queue_is_shown(event: Event, post):
    response = post(event, "approve")

    assert response.redirect_chain == [(QUEUE, 302)]
    assert messages(response) == ["Jazz Night: approved.", "That was the last one."]


def test_next_skips_an_event_without_deciding(three: list[Event], moderator: Client):
    assert moderator.get(f"{QUEUE}next/")["Location"] == f"{QUEUE}{three[0].pk}/"
    assert moderator.get(f"{QUEUE}{three[0].pk}/next/")["Location"] == f"{QUEUE}{three[1].pk}/"
    assert moderator.get(f"{QUEUE}{three[2].pk}/next/")["Location"] == QUEUE
    assert [queue_of(event) for event in three] == [["new"]] * 3


def test_next_visits_all_events_queued_at_the_same_moment(three: list[Event], moderator: Client):
    Event.objects.all().update(queued_at=now())
    ids = sorted(event.pk for event in three)

    visited = [moderator.get(f"{QUEUE}{one}/next/")["Location"] for one in ids]

    assert visited == [f"{QUEUE}{ids[1]}/", f"{QUEUE}{ids[2]}/", QUEUE]
