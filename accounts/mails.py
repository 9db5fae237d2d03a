"""Mails about accounts."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts import reset_tokens
from accounts.models import User
from journal.handlers import Handler
from journal.models import Entry


def deliver(entries: Sequence[Entry]) -> None:
    """Send the mail that each entry asks for. The Message-ID follows from the entry: a repeat is recognised as one."""
    for entry in entries:
        user = User.objects.filter(pk=entry.subject).first()
        if user is not None and reset_tokens.may_reset(user):
            password_reset(user, entry.id).send()


def password_reset(user: User, entry_id: str) -> EmailMultiAlternatives:
    """Return the mail with a token made for it now: none waits in the journal."""
    token = reset_tokens.make_token(user)
    # Browsers keep what follows the # to themselves: no proxy or server has the token in its log.
    link = f"{settings.PASSWORD_RESET_URL}#token={token}"
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    name = " ".join(user.name.split())
    context = {"name": name, "link": link, "token": token, "minutes": minutes, "public_url": settings.PUBLIC_URL}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMultiAlternatives(
        subject="Choose a new password",
        body=render_to_string("accounts/mail/password_reset.txt", context),
        to=[user.email],
        headers={"Message-ID": f"<{entry_id}@{domain}>"},
    )
    message.attach_alternative(render_to_string("accounts/mail/password_reset.html", context), "text/html")
    return message


HANDLER = Handler(name="account_mail", types=frozenset({"user.password_reset_requested"}), deliver=deliver, batch=1)
