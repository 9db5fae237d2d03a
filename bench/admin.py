"""What do the admin's pages cost with a full database?

    python -m config.launcher with-servers -- python -m bench.admin [--large 1000000] [--events 200000]

Prints, for each page, what MongoDB examines and how long it takes. Exits with 1 if a page examines more documents than
a list counts at most, whatever the size of the database.
"""

import argparse
import sys
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from bench import explained
from bench.figures import call, seconds
from bench.other_events import OtherEvents
from bench.seed import Dataset
from config.admin.model_admin import LONGEST_COUNT
from config.mongo.collections import client as mongodb

CALLS, PAGE = 5, 400
PAGES = (
    "", "events/event/", "events/event/?o=-7", "events/event/?o=4", "events/event/?status__exact=DRAFT",
    "events/event/?hidden__exact=1", "events/event/?starts_at_from=2026-01-01", "events/event/?q=concert",
    "events/event/?q={event}", "events/event/?q={organizer}", "events/event/?p=2",
    "events/event/{event}/change/", "bookings/booking/", "bookings/booking/?p=2",
    "bookings/booking/?q={event}", "bookings/booking/?q={customer}", "bookings/booking/?q=customer7",
    "bookings/booking/?status__exact=CANCELLED", "bookings/booking/?created_at_from=2026-01-01", "accounts/user/",
    "accounts/user/?role__exact=ORGANIZER", "accounts/user/{organizer}/change/", "accounts/user/{customer}/change/",
    "bookings/booking/{booking}/change/", "bookings/waitlistentry/", "bookings/eventjob/", "journal/entry/",
    "moderation/", "moderation/?cause=new", "moderation/{queued}/", "journal/entry/decisions/",
)  # fmt: skip
TWO_WORDS = "events/event/?q=concert 5"  # no index has both words: MongoDB examines all events with one of them
ROW = "{:<48} {:>10} {:>10} {:>8}"


def main() -> int:
    question = "What do the admin's pages cost with a full database?"
    parser = argparse.ArgumentParser(prog="bench.admin", description=question)
    parser.add_argument("--large", type=int, default=1_000_000, help="how many bookings (1000000)")
    parser.add_argument("--events", type=int, default=200_000, help="how many events (200000)")
    arguments, _ = parser.parse_known_args()  # the other arguments are for the other benchmarks
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}  # no manifest: collectstatic did not run
    call_command("migrate", verbosity=0)
    if User.objects.exists():
        sys.exit("This benchmark fills the database: run it on an empty one, as `make bench` does.")
    dataset = Dataset()
    others = OtherEvents(dataset.events[0].pk, [organizer.pk for organizer in dataset.organizers])
    others.add(arguments.events - len(dataset.events))
    dataset.book(0, arguments.large)
    dataset.roll_up()
    mongodb().admin.command("fsync")
    sizes = f"{arguments.large:,} bookings, {arguments.events:,} events"
    print(ROW.format(sizes, "documents", "keys", "ms"))
    most = max([print_page(dataset, page) for page in PAGES])
    print_page(dataset, TWO_WORDS)
    too_much = most > LONGEST_COUNT + PAGE
    print(
        f"\nNo page may examine more than {LONGEST_COUNT + PAGE:,} documents, except a search for two words: "
        f"{'exceeded' if too_much else 'held'}."
    )
    return int(too_much)


def print_page(dataset: Dataset, page: str) -> int:
    """Print what a page costs; return the documents examined."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(dataset.staff)
    names = {"event": dataset.events[0].pk, "organizer": dataset.organizers[0].pk, "customer": dataset.customers[0]}
    url = "/admin/" + page.format(**names, booking="BK-00000000", queued="EVT-00000000")
    call(browser, url)
    with explained.recorded_reads() as commands:
        call(browser, url)
    cost, times = explained.examined(commands), [seconds(lambda: call(browser, url)) for _ in range(CALLS)]
    print(ROW.format(page or "(dashboard)", cost.documents, cost.keys, f"{median(times) * 1_000:.0f}"))
    return cost.documents


if __name__ == "__main__":
    sys.exit(main())
