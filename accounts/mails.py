"""Mails about accounts."""

from django.conf import settings

from accounts import reset_tokens
from accounts.models import User
from config.core import mail
from journal.models import Entry


def send_password_reset(entry: Entry) -> None:
    """Send a token made for this mail now, if its user may still have one: none waits in the journal."""
    user = User.objects.filter(pk=entry.subject).first()
    if user is None or not reset_tokens.may_reset(user):
        return
    token = reset_tokens.make_token(user)
    context = {
        "name": " ".join(user.name.split()),
        # Browsers keep what follows the # to themselves: no proxy or server has the token in its log.
        "link": f"{settings.PASSWORD_RESET_URL}#token={token}",
        "token": token,
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    template = "accounts/mail/password_reset"
    mail.send(to=user.email, subject="Choose a new password", template=template, context=context, key=entry.id)
