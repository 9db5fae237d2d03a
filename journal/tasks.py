"""Delivery in the background."""

from celery import shared_task

from journal.dispatch import dispatch
from journal.handler_notifier import notifier_of, send_task
from journal.handlers import HANDLERS


@shared_task
def dispatch_entries(handler_name: str) -> None:
    """Deliver the due entries of one handler; sent after each append."""
    notifier_of(handler_name).mark_started(handler_name)
    dispatch(handler_name)


@shared_task
def sweep() -> None:
    """Have every handler dispatched, in a task of its own: mails must not delay sockets. Sent by beat."""
    for handler_name in HANDLERS:
        send_task(handler_name)
