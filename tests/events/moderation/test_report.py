"""POST /api/events/{id}/report."""

from datetime import timedelta

import pytest

from accounts.models import User
from config.core.clock import iso, now
from events.models import Event, Report
from journal.models import Entry
from tests.conftest import client_of
from tests.support import factories
from tests.support.bad_input import BROKEN_BODIES, NOT_TEXT, NUL, SURROGATE, faulty_fields, is_problem
from tests.support.moderation import queue_of
from tests.support.threads import at_once

BODY = {"reason": "FRAUD", "text": "They sold the same hall twice."}


def url(event: Event) -> str:
    return f"/api/events/{event.id}/report"


def test_a_report_is_stored_and_returned(event: Event, customer: User, as_customer):
    response = as_customer.post(url(event), BODY)

    report = Report.objects.get()
    assert response.status_code == 201
    assert response.json() == {"id": report.id, "createdAt": iso(report.created_at), **BODY}
    assert (report.event_id, report.customer_id) == (event.id, customer.id)


def test_a_report_puts_the_event_in_the_queue(approved: Event, as_customer):
    as_customer.post(url(approved), BODY)

    after = factories.reload(approved)
    assert (after.queue, after.reports, after.queued_at) == (["reported"], 1, Report.objects.get().created_at)


def test_a_report_leaves_the_etag_valid_for_changes(approved: Event, as_customer, as_organizer):
    etag = as_organizer.get(f"/api/events/{approved.id}")["ETag"]

    as_customer.post(url(approved), BODY)

    change = as_organizer.patch(f"/api/events/{approved.id}", {"title": "Blues Night"}, HTTP_IF_MATCH=etag)
    assert change.status_code == 200
    assert sorted(queue_of(approved)) == ["changed", "reported"]


def test_a_report_has_a_journal_entry(event: Event, customer: User, as_customer):
    as_customer.post(url(event), BODY)

    entry = Entry.objects.get(type="event.reported")
    assert (entry.subject, entry.actor, entry.data["reason"]) == (event.id, customer.id, "FRAUD")


def test_a_second_report_of_the_same_customer_is_refused(event: Event, as_customer, as_other_customer):
    assert as_customer.post(url(event), BODY).status_code == 201
    assert is_problem(as_customer.post(url(event), BODY), 409, "already_reported")
    assert as_other_customer.post(url(event), {"reason": "OFFENSIVE"}).status_code == 201
    assert factories.reload(event).reports == 2


def test_of_eight_reports_of_one_customer_at_once_one_is_stored(event: Event, customer: User):
    answers = at_once([lambda: client_of(customer).post(url(event), BODY)] * 8)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert (Report.objects.count(), factories.reload(event).reports) == (1, 1)
    assert Entry.objects.filter(type="event.reported").count() == 1


def test_reports_of_eight_customers_at_once_all_count(event: Event):
    guests = [factories.make_user(f"Guest {number}", role="CUSTOMER") for number in range(8)]

    answers = at_once([lambda one=one: client_of(one).post(url(event), BODY) for one in guests])

    assert [answer.status_code for answer in answers] == [201] * 8
    assert factories.reload(event).reports == 8


def test_reporting_an_invisible_event_is_404(draft: Event, event: Event, as_customer):
    Event.objects.filter(pk=event.pk).update(hidden=True)

    for unseen in (draft, event, Event(id="EVT-00000000")):
        assert is_problem(as_customer.post(url(unseen), BODY), 404)
    assert Report.objects.count() == 0


def test_a_past_or_cancelled_event_can_be_reported(organizer: User, as_customer, as_organizer):
    past, cancelled = factories.make_past_event(organizer), factories.make_published_event(organizer)
    as_organizer.post(f"/api/events/{cancelled.id}/cancel")

    assert [as_customer.post(url(event), BODY).status_code for event in (past, cancelled)] == [201, 201]


def test_only_customers_report(event: Event, anonymous, as_organizer, as_stranger, as_staff):
    assert is_problem(anonymous.post(url(event), BODY), 401)
    for nobody in (as_organizer, as_stranger, as_staff):
        assert is_problem(nobody.post(url(event), BODY), 403)
    assert queue_of(event) == ["new"]


@pytest.mark.parametrize("reason", [*NOT_TEXT, "", "fraud", "x", NUL, SURROGATE])
def test_an_unknown_reason_is_refused(event: Event, as_customer, reason: object):
    assert faulty_fields(as_customer.post(url(event), {"reason": reason})) == {"reason"}


@pytest.mark.parametrize("text", [*NOT_TEXT, NUL, SURROGATE, "x" * 1001])
def test_an_invalid_text_is_refused(event: Event, as_customer, text: object):
    assert faulty_fields(as_customer.post(url(event), {"reason": "FRAUD", "text": text})) == {"text"}


@pytest.mark.parametrize(
    "body", [{"reason": "OTHER"}, {"reason": "OTHER", "text": ""}, {"reason": "OTHER", "text": " "}]
)
def test_reason_other_without_a_text_is_refused(event: Event, as_customer, body: dict[str, str]):
    assert faulty_fields(as_customer.post(url(event), body)) == {"text"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_a_broken_body_is_a_400(event: Event, as_customer, body: bytes):
    assert is_problem(as_customer.generic("POST", url(event), body, content_type="application/json"), 400)


def test_a_customer_who_reports_too_often_gets_429(settings, organizer: User, as_customer):
    settings.RATE_LIMITS = True
    event = factories.make_published_event(organizer)

    statuses = [as_customer.post(url(event), BODY).status_code for _ in range(61)]  # wherever an hour ends

    assert (statuses[0], statuses[1], max(statuses)) == (201, 409, 429)


def test_a_report_after_the_approval_queues_the_event_again(approved: Event, as_customer):
    before = now() - timedelta(seconds=1)

    as_customer.post(url(approved), BODY)

    after = factories.reload(approved)
    assert after.queue == ["reported"]
    assert after.queued_at is not None
    assert after.queued_at > before
