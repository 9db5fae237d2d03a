"""Demo data: what `make run` shows at first. It is made through the same services as all other data."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.actors import CUSTOMER, ORGANIZER
from accounts.models import User
from accounts.registration import register
from bookings.bulk import jobs
from bookings.checkout.post_commit_worker import post_commit_worker
from bookings.handlers import CustomerMail, EventJobs
from bookings.seats.refusals import SoldOut
from bookings.services import book_seats
from bookings.waitlist.joining import join_waitlist
from events.lifecycle import cancel_event, create_event, publish_event
from events.models import Event
from journal.dispatch import dispatch
from journal.models import Entry

PASSWORD = "Demo-pass-2026"  # noqa: S105 - public: every start of `make run` prints it, and only demo users have it
STAFF_EMAIL = "staff@demo.example"
EVENTS = 36
CITIES = [
    ("Berlin", "Europe/Berlin"), ("Pune", "Asia/Kolkata"), ("Lisbon", "Europe/Lisbon"), ("Chicago", "America/Chicago"),
    ("Nairobi", "Africa/Nairobi"), ("Kyoto", "Asia/Tokyo"),
]  # fmt: skip
THEMES = [
    ("Jazz Night", "music", ["music", "jazz", "live"]),
    ("Open Air Cinema", "film", ["film", "outdoor"]),
    ("Python Meetup", "tech", ["tech", "python", "talks"]),
    ("Street Food Market", "food", ["food", "outdoor", "family"]),
    ("Improv Comedy", "comedy", ["comedy", "live"]),
    ("Half Marathon", "sport", ["sport", "outdoor"]),
]
VENUES = ["Old Town Hall", "Harbour Stage", "Garden Pavilion", "Factory Nine"]
ORGANIZERS = [
    ("Olga Okafor", "olga@demo.example"),
    ("Otto Ortiz", "otto@demo.example"),
    ("Oriana Olsen", "oriana@demo.example"),
]
CUSTOMERS = [
    (f"{name} Customer", f"{name.lower()}@demo.example") for name in ("Carl", "Clara", "Chen", "Chidi", "Carmen", "Cem")
]


@dataclass(frozen=True, slots=True)
class Login:
    """A demo user to sign in with."""

    role: str
    email: str
    password: str = PASSWORD


LOGINS = [Login("organizer", ORGANIZERS[0][1]), Login("customer", CUSTOMERS[0][1]), Login("staff", STAFF_EMAIL)]


def existing_logins() -> list[Login]:
    """Return the demo logins that exist in this database."""
    made = set(User.objects.filter(email__in=[login.email for login in LOGINS]).values_list("email", flat=True))
    return [login for login in LOGINS if login.email in made]


def is_empty() -> bool:
    return not User.objects.exists()


def seed(*, now: datetime) -> Iterator[Event]:
    """Make users, events and bookings; yield each event when it is done."""
    rng = random.Random(2026)  # noqa: S311 - the same demo each time, not a secret
    User.objects.create_superuser(STAFF_EMAIL, PASSWORD, name="Stella Staff")
    organizers = [register(name=n, email=e, password=PASSWORD, role=ORGANIZER, now=now) for n, e in ORGANIZERS]
    customers = [register(name=n, email=e, password=PASSWORD, role=CUSTOMER, now=now) for n, e in CUSTOMERS]
    for number in range(EVENTS):
        event = make_event(number, organizers[number % len(organizers)], rng=rng, now=now)
        if event.status == Event.Status.PUBLISHED:
            book_some(event, customers, rng=rng, now=now)
        if number % 12 == 11:
            event = cancel_event(
                event_id=event.id, by=event.organizer.as_actor(), now=now, reason="The venue is flooded."
            )
        yield event
    drop_mails()


def drop_mails() -> None:
    """Send no mails to demo customers: on a console they would push the logins off the screen."""
    post_commit_worker.finish()
    dispatch(EventJobs.name)
    jobs.run_jobs()
    Entry.documents.update_many({"pending": CustomerMail.name}, {"$pull": {"pending": CustomerMail.name}})


def make_event(number: int, organizer: User, *, rng: random.Random, now: datetime) -> Event:
    """Every ninth event stays a draft, every twelfth has 8 seats only."""
    (theme, category, tags), (city, zone) = THEMES[number % len(THEMES)], CITIES[number // 2 % len(CITIES)]
    starts_at = (now + timedelta(days=3 + number * 4)).replace(
        hour=rng.choice((15, 17, 19)), minute=0, second=0, microsecond=0
    )
    event = create_event(
        by=organizer.as_actor(),
        now=now,
        title=f"{theme} {city}",
        description=f"An evening of {category} in {city}. Doors open one hour before.",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        timezone=zone,
        city=city,
        venue=rng.choice(VENUES),
        category=category,
        tags=tags,
        price=Decimal(rng.choice(("0.00", "12.50", "25.00", "48.00"))),
        total_seats=8 if number % 12 == 5 else rng.choice((60, 120, 400)),
    )
    return event if number % 9 == 8 else publish_event(event_id=event.id, by=organizer.as_actor(), now=now)


def book_some(event: Event, customers: list[User], *, rng: random.Random, now: datetime) -> None:
    for customer in rng.sample(customers, k=rng.randint(2, len(customers))):
        try:
            book_seats(event_id=event.id, customer=customer.as_actor(), qty=rng.randint(1, 4), now=now)
        except SoldOut:
            join_waitlist(event_id=event.id, customer=customer.as_actor(), qty=4, now=now)
