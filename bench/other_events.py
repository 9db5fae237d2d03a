"""Events beside those that are measured: any number, of every kind, city and age; some wait for staff."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pymongo.write_concern import WriteConcern
from tqdm import tqdm

from config.core.clock import now
from events.models import Event
from events.moderation.reasons import Cause
from events.text_folding import fold, words_of

CHUNK, CITIES, KINDS = 5_000, 40, ("Concert", "Match", "Reading", "Festival", "Lecture")
STATUSES = ("PUBLISHED",) * 8 + ("DRAFT", "CANCELLED")
QUEUED = 10  # every tenth waits in the moderation queue
DAYS = 700


class OtherEvents:
    """Copies of an event without bookings, under other titles."""

    def __init__(self, pattern: str, organizers: Sequence[str]) -> None:
        self.pattern, self.organizers = Event.documents.find_one({"_id": pattern}), organizers
        self.moment = now()

    def add(self, count: int) -> None:
        quick = Event.documents.with_options(write_concern=WriteConcern(w=1))  # a benchmark may lose its data
        starts = range(0, count, CHUNK)
        for start in tqdm(starts, desc=f"{count:,} events", disable=None):
            documents = [self.event(number) for number in range(start, min(start + CHUNK, count))]
            quick.insert_many(documents, ordered=False)

    def event(self, number: int) -> dict[str, object]:
        title, city = f"{KINDS[number % len(KINDS)]} {number}", f"City {number % CITIES}"
        status, waits = STATUSES[number * 7 % len(STATUSES)], number % QUEUED == 0
        created = self.moment - timedelta(minutes=number * 3 + 1)
        return {
            **self.pattern, "_id": f"EVT-{number:08d}", "title": title, "title_key": fold(title),
            "words": words_of(title), "city": city, "city_key": fold(city), "status": status,
            "organizer_id": self.organizers[number % len(self.organizers)], "starts_at": self.date(number),
            "created_at": created, "updated_at": created, "hidden": number % 50 == 7,
            "queue": [Cause.NEW.value] if waits else [], "queued_at": created if waits else None,
        }  # fmt: skip

    def date(self, number: int) -> datetime:
        """Return a date; two thirds of them lie in the future."""
        return self.moment + timedelta(days=number % DAYS - DAYS // 3, minutes=number % 1440)
