"""The users of the benchmark: organizers with an event each, and customers who watch one and book."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from accounts.access_tokens import issue_access_token
from accounts.models import User
from bench.seed import make_event, make_user
from config.mongo.collections import client
from events.models import Event

NODE_DATABASE = "boxoffice_node"


@dataclass(frozen=True, slots=True)
class Participants:
    """``events[i]`` belongs to ``organizers[i]``. Both servers know the same users, events and tokens."""

    organizers: list[User]
    watchers: list[User]
    events: list[Event]

    @classmethod
    def make(cls, *, organizers: int, watchers: int) -> "Participants":
        owners = [make_user("organizer", number) for number in range(organizers)]
        events = [make_event(owner, number) for number, owner in enumerate(owners)]
        customers = [make_user("customer", number) for number in range(watchers)]
        client()[NODE_DATABASE]["events"].insert_many([for_node(event) for event in events])
        return cls(owners, customers, events)


def for_node(event: Event) -> dict[str, object]:
    """Return an event as the service under Node stores it."""
    return {
        "_id": event.pk, "title": event.title, "organizerId": event.organizer_id, "status": "PUBLISHED",
        "priceCents": int(event.price * 100), "totalSeats": event.total_seats, "availableSeats": event.total_seats,
        "ticketsSold": 0,
    }  # fmt: skip


def node_uri() -> str:
    """Return the address of the database that the service under Node uses, on the same MongoDB."""
    return urlsplit(settings.MONGODB_URI)._replace(path=f"/{NODE_DATABASE}").geturl()


def token_of(user: User) -> str:
    return issue_access_token(user.as_actor())
