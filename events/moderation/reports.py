"""What customers and organizers may say to staff: a report, an appeal."""

from datetime import datetime
from functools import partial

from django.db import IntegrityError

from accounts.callers import Caller
from config.errors import Conflict, Invalid, NotFound
from config.mongo.duplicates import violated_fields
from config.mongo.raw import running_session
from config.mongo.transactions import run_in_transaction
from events import services
from events.documents import EventUpdates
from events.journal_entries import event_appealed, event_reported
from events.models import Event, Report
from events.moderation.queue import enqueue
from events.moderation.reasons import Cause, ReportReason
from events.moderation.services import NotHidden
from events.reads import find_visible
from journal.append import append


class AlreadyReported(Conflict):
    code = "already_reported"
    detail = "You have reported this event already: we look into it."


class AlreadyAppealed(Conflict):
    code = "already_appealed"
    detail = "Your appeal is with us already: you hear from us once it is decided."


def report_event(*, event_id: str, customer: Caller, reason: str, text: str, now: datetime) -> Report:
    """Keep what a customer says is wrong with an event, and put it in the queue.

    Raises:
        NotFound: no such event, or not this customer's to see.  AlreadyReported.
        Invalid: another reason than those of the list, and not which.
    """
    if reason == ReportReason.OTHER and not text:
        raise Invalid("text", "Say what is wrong with it.", code="required")
    event = find_visible(Event.objects.all(), event_id, customer)
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
    """Move the queue and leave the version alone: an organizer's edit has nothing to do with it."""
    update = {
        "reports": {"$add": ["$reports", 1]},
        "queue": {"$setUnion": ["$queue", [Cause.REPORTED.value]]},
        "queued_at": {"$ifNull": ["$queued_at", now]},
    }
    Event.documents.update_one({"_id": event_id}, [{"$set": update}], session=running_session())


def appeal(*, event_id: str, by: Caller, text: str, now: datetime) -> Event:
    """Ask staff to look at a hidden event again.

    Raises:
        NotFound: not the caller's own.  NotHidden.  AlreadyAppealed: one open appeal at a time.
    """

    def plan(event: Event) -> EventUpdates:
        if not event.is_owned_by(by):
            raise NotFound
        if not event.hidden:
            raise NotHidden
        if Cause.APPEALED in event.queue:
            raise AlreadyAppealed
        return {"appeal": text, **enqueue(event, [Cause.APPEALED], now=now)}

    return services.change(
        event_id=event_id,
        by=by,
        now=now,
        plan=plan,
        build_entry=partial(event_appealed, text=text),
    )
