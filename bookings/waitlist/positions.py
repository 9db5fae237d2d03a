"""Positions in waitlists: 1 for the first entry that waits."""

from collections.abc import Iterable

from accounts.actors import Actor
from bookings.models import WaitlistEntry
from bookings.waitlist.entries import WAITING, NotOnWaitlist
from config.mongo.collections import Stage, aggregate


def find_latest_entry(*, event_id: str, customer: Actor) -> WaitlistEntry:
    """Return the customer's latest entry for an event, in any state but LEFT.

    Raises:
        NotOnWaitlist: the customer never joined, or left.
    """
    own = WaitlistEntry.objects.of(customer).filter(event=event_id)
    entry: WaitlistEntry | None = own.newest_first().first()
    if entry is None or entry.status == WaitlistEntry.Status.LEFT:
        raise NotOnWaitlist
    return entry


def position_of(entry: WaitlistEntry) -> int | None:
    """Return None for an entry that does not wait."""
    return positions_of([entry]).get(entry.id)


def positions_of(entries: Iterable[WaitlistEntry]) -> dict[str, int]:
    """Return the position of each waiting entry by id, in one aggregation; other entries are left out.

    MongoDB counts the entries ahead by the index ``waitlist_order``.
    """
    waiting = [entry.id for entry in entries if entry.status == WAITING]
    earlier: list[Stage] = [
        {"$match": {"status": WAITING, "$expr": {"$lt": ["$place", "$$place"]}}},
        {"$count": "entries"},
    ]
    ahead: Stage = {
        "from": WaitlistEntry._meta.db_table,
        "localField": "event_id",
        "foreignField": "event_id",
        "let": {"place": "$place"},
        "pipeline": earlier,
        "as": "ahead",
    }
    stages: list[Stage] = [{"$match": {"_id": {"$in": waiting}}}, {"$lookup": ahead}]
    rows = aggregate(WaitlistEntry.documents, stages) if waiting else ()
    return {row["_id"]: 1 + sum(group["entries"] for group in row["ahead"]) for row in rows}
