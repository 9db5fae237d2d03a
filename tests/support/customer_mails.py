"""Steps of tests about mails to customers; they need the fixture ``outbox``."""

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from journal.dispatch import dispatch
from tests.support.event_jobs import run_jobs


def send_one() -> EmailMultiAlternatives:
    """Do all that the worker would, and return the only mail that was sent."""
    run_jobs()
    dispatch("mail")
    (sent,) = mail.outbox
    return sent


def discard() -> None:
    """Send what is due, and forget it."""
    dispatch("mail")
    mail.outbox.clear()


def html_of(sent: EmailMultiAlternatives) -> str:
    ((content, mime_type),) = sent.alternatives
    assert mime_type == "text/html"
    return str(content)
