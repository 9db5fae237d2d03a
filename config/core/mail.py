"""Mails with text and HTML, from a pair of templates. A batch of mails shares one connection."""

import smtplib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends import console
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from config.core.errors import Undeliverable

NO_SUCH_MAILBOX = {
    501,
    510,
    511,
    512,
    521,
    523,
    550,
    551,
    552,
    553,
    554,
    556,
}  # others, such as 530, are our own fault

_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mime_type: str


@contextmanager
def connection() -> Iterator[None]:
    """Share one connection among the mails that this thread sends inside."""
    _thread.connection = get_connection()
    try:
        _thread.connection.open()
        yield
    finally:
        _thread.connection.close()
        _thread.connection = None


def send(
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, object],
    key: str,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Send ``<template>.txt`` and ``<template>.html``. The Message-ID is made of ``key``: repeats have the same one.

    Raises:
        Undeliverable: the server refuses this mail for good.
        OSError, smtplib.SMTPException: the mail may be sent later. A refused sender counts as such: our configuration
            is wrong, not the mail.
    """
    try:
        compose(to=to, subject=subject, template=template, context=context, key=key, attachments=attachments).send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code in NO_SUCH_MAILBOX for code, _ in error.recipients.values()):
            raise Undeliverable(f"the address was refused: {error.recipients}") from error
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= 500:
            raise Undeliverable(str(error)) from error
        raise
    except (smtplib.SMTPServerDisconnected, OSError):
        if shared := shared_connection():
            shared.close()  # the next mail opens a new one
        raise


def compose(
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, object],
    key: str,
    attachments: Sequence[Attachment] = (),
) -> EmailMultiAlternatives:
    context = {"public_url": settings.PUBLIC_URL, "currency": settings.CURRENCY, **context}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),  # a line break would end the header
        body=render_to_string(f"{template}.txt", context),
        to=[to],
        headers={"Message-ID": f"<{key.replace(':', '.')}@{domain}>"},
        connection=shared_connection(),
    )
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    for attachment in attachments:
        mail.attach(attachment.name, attachment.content, attachment.mime_type)
    return mail


class ConsoleBackend(console.EmailBackend):
    """For development: prints recipient, subject and text, but not the HTML, which says the same."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"\nMail to {', '.join(message.to)}: {message.subject}\n\n{message.body.strip()}\n\n")


def shared_connection() -> BaseEmailBackend | None:
    connection: BaseEmailBackend | None = getattr(_thread, "connection", None)
    return connection
