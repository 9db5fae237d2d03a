"""Mails: text and HTML from one pair of templates, many over one connection, each once for its journal entry."""

import smtplib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends import console
from django.template.loader import render_to_string

from config.core.errors import Undeliverable

NO_SUCH_MAILBOX = {501, 510, 511, 512, 521, 523, 550, 551, 552, 553, 554, 556}  # others of 500 and up are about us: 530

_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mime_type: str


@contextmanager
def connection() -> Iterator[None]:
    """Let the mails that this thread sends meanwhile share one connection."""
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
    context: dict[str, Any],
    key: str,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Send ``<template>.txt`` and ``<template>.html``. The Message-ID follows from ``key``: a repeat shows as one.

    Raises:
        Undeliverable: the server refuses it for good.  OSError, smtplib.SMTPException: not now. That goes for a sender
            who is refused, too: our set-up is wrong, not this mail.
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
    *, to: str, subject: str, template: str, context: dict[str, Any], key: str, attachments: Sequence[Attachment] = ()
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
    """Development's mailbox: who gets what, and the text. The HTML says the same, and fills the screen."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"\nMail to {', '.join(message.to)}: {message.subject}\n\n{message.body.strip()}\n\n")


def shared_connection() -> Any:
    return getattr(_thread, "connection", None)
