"""Mails about accounts."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from accounts import reset_tokens
from accounts.models import User
from config import mail
from journal.handlers import mail_handler
from journal.models import Entry


def deliver(entries: Sequence[Entry]) -> None:
    """Send the mail that each entry asks for, to those who still may have it."""
    for entry in entries:
        user = User.objects.filter(pk=entry.subject).first()
        if user is not None and reset_tokens.may_reset(user):
            send_password_reset(user, key=entry.id)


def send_password_reset(user: User, *, key: str) -> None:
    """Send a token made for this mail now: none waits in the journal."""
    token = reset_tokens.make_token(user)
    context = {
        "name": " ".join(user.name.split()),
        # Browsers keep what follows the # to themselves: no proxy or server has the token in its log.
        "link": f"{settings.PASSWORD_RESET_URL}#token={token}",
        "token": token,
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    template = "accounts/mail/password_reset"
    mail.send(to=user.email, subject="Choose a new password", template=template, context=context, key=key)


HANDLER = mail_handler(
    name="account_mail",
    types=frozenset({"user.password_reset_requested"}),
    deliver=deliver,
    give_up_after=timedelta(days=1),
)
