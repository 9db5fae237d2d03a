"""A database with any number of bookings of the same users, events and days."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from bson.decimal128 import Decimal128
from pymongo import UpdateOne
from pymongo.write_concern import WriteConcern
from tqdm import tqdm

from accounts.models import User
from analytics import rollup_repair
from bookings.documents import BookingDocument
from bookings.models import Booking
from bookings.seats.ledger import counters
from config.core.clock import now
from events.lifecycle import create_event, publish_event
from events.models import Event

EVENTS, ORGANIZERS, CUSTOMERS, DAYS = 50, 5, 200, 365
CHUNK = 10_000
PRICE = Decimal("25.00")


class Dataset:
    """Half of the events belong to the first organizer, whose figures are measured; the others share the rest."""

    def __init__(self) -> None:
        self.staff = User.objects.create_superuser("staff@bench.example", None, name="Stella Staff")
        self.organizers = [make_user("organizer", number) for number in range(ORGANIZERS)]
        self.customers = [make_user("customer", number).pk for number in range(CUSTOMERS)]
        self.events = [make_event(self.owner_of(number), number) for number in range(EVENTS)]
        self.first_day = datetime.combine(now().date() - timedelta(days=DAYS), time(), tzinfo=UTC)

    def owner_of(self, number: int) -> User:
        return self.organizers[0] if number % 2 == 0 else self.organizers[1 + number // 2 % (ORGANIZERS - 1)]

    def booking(self, number: int) -> BookingDocument:
        """Return a booking; any 730 in a row cover every day, half of them for events of the first organizer."""
        moment = self.first_day + timedelta(days=number % DAYS, seconds=number * 7919 % 80_000)
        qty, cancelled = 1 + number % 4, number % 20 == 13
        return {
            "_id": f"BK-{number:08d}", "event_id": self.events[number % EVENTS].pk,
            "customer_id": self.customers[number * 31 % CUSTOMERS], "qty": qty, "unit_price": Decimal128(PRICE),
            "amount": Decimal128(PRICE * qty), "status": "CANCELLED" if cancelled else "CONFIRMED",
            "created_at": moment, "cancelled_at": moment + timedelta(hours=1) if cancelled else None,
            "checked_in_at": None,
        }  # fmt: skip

    def book(self, first: int, last: int) -> None:
        """Insert the bookings from ``first`` up to, not including, ``last``, and count them in their events."""
        chunks = range(first, last, CHUNK)
        for start in tqdm(chunks, desc=f"{last:,} bookings", disable=None):
            self.insert(range(start, min(start + CHUNK, last)))

    def roll_up(self) -> None:
        """Bring the figures by day up to date, as ``manage.py rebuild_rollups`` does."""
        scopes = tqdm(rollup_repair.check_rollups(), total=rollup_repair.count_scopes(), desc="roll-ups", disable=None)
        for findings in scopes:
            rollup_repair.repair(findings)

    def insert(self, numbers: range) -> None:
        documents = [self.booking(number) for number in numbers]
        quick = Booking.documents.with_options(write_concern=WriteConcern(w=1))  # a benchmark may lose its data
        quick.insert_many(documents, ordered=False)
        sold: Counter[str] = Counter()
        for document in documents:
            sold[document["event_id"]] += document["qty"] if document["status"] == "CONFIRMED" else 0
        Event.documents.bulk_write(
            [UpdateOne({"_id": event}, {"$inc": counters(seats=seats, price=PRICE)}) for event, seats in sold.items()]
        )


def make_user(role: str, number: int) -> User:
    return User.objects.create_user(f"{role}{number}@bench.example", None, name=f"{role} {number}", role=role.upper())


def make_event(organizer: User, number: int) -> Event:
    by, moment = organizer.as_actor(), now()
    fields = {"title": f"Event {number}", "city": "Pune", "price": PRICE, "total_seats": 1_000_000}
    event = create_event(by=by, now=moment, starts_at=moment + timedelta(days=30 + number), **fields)
    return publish_event(event_id=event.pk, by=by, now=moment)
