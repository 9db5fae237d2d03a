"""Effects of journal entries that concern accounts."""

from collections.abc import Sequence
from datetime import timedelta

from accounts import mails
from accounts.journal_entries import UserEntry
from journal.handlers import MailHandler
from journal.models import Entry


class PasswordResetMail(MailHandler):
    name = "account_mail"
    types = frozenset({UserEntry.PASSWORD_RESET_REQUESTED})
    give_up_after = timedelta(days=1)

    def deliver(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            mails.send_password_reset(entry)
