"""Effects of journal entries that concern events."""

from collections.abc import Sequence

from events import mails
from journal.documents import EntryData
from journal.handlers import MailHandler
from journal.models import Entry


class DecisionMail(MailHandler):
    """Mails organizers about decisions of staff, not about what they cancelled themselves."""

    name = "event_mail"
    types = frozenset(mails.SUBJECTS)

    def wants(self, entry_type: str, data: EntryData) -> bool:
        return bool(data.get("byStaff"))

    def deliver(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            mails.send_decision(entry)
