"""Notifications, mails, webhooks and event log of decisions."""

import json
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from bookings.bulk import jobs
from config.core.clock import now
from events.lifecycle import cancel_event
from events.models import Event
from journal import event_log
from journal.dispatch import dispatch
from journal.models import Entry
from realtime.models import Notification
from realtime.webhooks.deliveries import body_of
from tests.support import factories
from tests.support.moderation import decide, hide

SENTENCE = "Misleading or false information: There is no such band."


@pytest.fixture(autouse=True)
def outbox(settings) -> list[EmailMultiAlternatives]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def notified(user: User) -> list[tuple[str, Any]]:
    dispatch("notify")
    stored = Notification.objects.filter(recipient=user.pk).order_by("seq")
    return [(one.type, one.data) for one in stored]


def mailed() -> EmailMultiAlternatives:
    dispatch("event_mail")
    (sent,) = mail.outbox
    return sent


def html_of(sent: EmailMultiAlternatives) -> str:
    return str(sent.alternatives[0][0])


def about(event: Event, reason: str, code: str) -> dict[str, str]:
    return {"eventId": event.id, "eventTitle": "Jazz Night", "reason": reason, "reasonCode": code}


def test_the_organizer_of_a_hidden_event_is_notified(event: Event, staff: User, organizer: User):
    hide(event, staff)

    assert notified(organizer) == [("event.hidden", about(event, SENTENCE, "MISLEADING"))]


def test_the_organizer_of_a_restored_event_is_notified(hidden: Event, staff: User, organizer: User):
    notified(organizer)
    decide("restore", hidden, staff, text="You were right.")

    assert notified(organizer)[1] == ("event.restored", about(hidden, "You were right.", ""))


def test_only_a_cancellation_by_staff_notifies_the_organizer(organizer: User, staff: User):
    theirs, own = (factories.make_published_event(organizer) for _ in range(2))

    decide("cancel", theirs, staff, reason="FRAUD")
    cancel_event(event_id=own.id, by=organizer.as_actor(), now=now())

    assert notified(organizer) == [("event.cancelled", about(theirs, "Suspected fraud", "FRAUD"))]
    dispatch("event_mail")
    assert [sent.subject for sent in mail.outbox] == ["Jazz Night was cancelled by us"]


def test_approving_featuring_and_noting_notify_nobody(event: Event, staff: User, organizer: User):
    decide("approve", event, staff)
    decide("feature", event, staff)
    decide("note", event, staff, text="x")

    dispatch("event_mail")
    assert (notified(organizer), mail.outbox) == ([], [])


def test_the_mail_about_hiding_has_the_reason_and_the_appeal(event: Event, staff: User, organizer: User):
    hide(event, staff)

    sent = mailed()
    assert (sent.to, sent.subject) == ([organizer.email], "Jazz Night is hidden")
    for body in (sent.body, html_of(sent)):
        assert SENTENCE in body
        assert f"/api/events/{event.id}/appeal" in body


def test_the_mail_about_restoring_has_the_moderators_text(hidden: Event, staff: User):
    dispatch("event_mail")
    mail.outbox.clear()
    decide("restore", hidden, staff, text="You were right.")

    sent = mailed()
    assert sent.subject == "Jazz Night is back on the list"
    assert "You were right." in sent.body
    assert "You were right." in html_of(sent)


def test_title_and_reason_are_escaped_in_html_mail(organizer: User, staff: User):
    event = factories.make_published_event(organizer, title="<b>Jazz</b>")
    hide(event, staff, text="<script>x</script>")

    sent = mailed()
    assert "<script>x</script>" in sent.body
    assert "<script>" not in html_of(sent)
    assert "<b>Jazz" not in html_of(sent)


def test_a_blocked_organizer_gets_no_mail(event: Event, staff: User, organizer: User):
    hide(event, staff)
    User.objects.filter(pk=organizer.pk).update(is_active=False)

    dispatch("event_mail")

    assert mail.outbox == []


def test_the_event_log_has_hiding_and_restoring(hidden: Event, staff: User, organizer: User, settings, tmp_path):
    settings.EVENT_LOG = tmp_path / "events.log.jsonl"
    decide("restore", hidden, staff)
    dispatch(event_log.NAME)

    rows = [json.loads(line) for line in settings.EVENT_LOG.read_text().splitlines()]
    logged = {line["event"]: line["data"] for line in rows}
    base = {"id": hidden.id, "title": "Jazz Night", "organizerId": organizer.id}
    assert logged["event.hidden"] == {**base, "reason": SENTENCE}
    assert logged["event.restored"] == base


def test_a_webhook_has_the_reason_and_no_internal_fields(event: Event, staff: User):
    hide(event, staff)

    data = json.loads(body_of(Entry.objects.get(type="event.hidden"), "x"))["data"]
    assert (data["reason"], data["reasonCode"]) == (SENTENCE, "MISLEADING")
    assert not {"text", "before", "after", "byStaff"} & data.keys()


def test_the_mail_to_customers_has_the_reason_of_staff(event: Event, staff: User, customer: User):
    factories.make_booking(event, customer)
    decide("cancel", event, staff, reason="FRAUD", text="Ask your bank.")
    dispatch("jobs")
    jobs.run_jobs()
    dispatch("mail")

    body = mail.outbox[-1].body
    assert "The reason: Suspected fraud: Ask your bank." in body
    assert "The organizer says" not in body
