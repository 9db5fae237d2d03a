"""Customers report events to the moderators."""

from datetime import datetime

from django.db import IntegrityError

from accounts.actors import Actor
from config.core.errors import Conflict, Invalid
from config.mongo.collections import running_session
from config.mongo.duplicates import violated_fields
from config.mongo.transactions import run_in_transaction
from events.journal_entries import event_reported
from events.models import Event, Report
from events.moderation.reasons import Cause, ReportReason
from journal.append import append


class AlreadyReported(Conflict):
    code = "already_reported"
    detail = "You have reported this event already: we look into it."


def report_event(*, event_id: str, customer: Actor, reason: str, text: str, now: datetime) -> Report:
    """Store a report and put the event in the queue.

    Raises:
        NotFound: no event that this customer sees.  AlreadyReported.  Invalid: OTHER without a text.
    """
    if reason == ReportReason.OTHER and not text:
        raise Invalid("text", "Say what is wrong with it.", code="required")
    event = Event.objects.get_visible(event_id, customer)
    report = Report(event_id=event.pk, customer_id=customer.id, reason=reason, text=text, created_at=now)

    def work() -> None:
        insert(report)
        count_report(event.pk, now=now)
        append(event_reported(event, report, by=customer))

    run_in_transaction(work)
    return report


def insert(report: Report) -> None:
    report._state.adding = True  # a repeated attempt inserts again
    try:
        report.save(force_insert=True)
    except IntegrityError as error:
        if "customer_id" not in violated_fields(error):
            raise
        raise AlreadyReported from None


def count_report(event_id: str, *, now: datetime) -> None:
    """Queue the event and leave its version alone: a report must not make an organizer's edit fail."""
    update = {
        "reports": {"$add": ["$reports", 1]},
        "queue": {"$setUnion": ["$queue", [Cause.REPORTED.value]]},
        "queued_at": {"$ifNull": ["$queued_at", now]},
    }
    Event.documents.update_one({"_id": event_id}, [{"$set": update}], session=running_session())
