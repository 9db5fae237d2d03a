"""What do the admin's pages cost in a full house?

    python -m config.launcher with-servers -- python -m bench.admin [--large 1000000] [--events 200000]

Prints, for each page, what MongoDB examines and how long it takes. Exits with 1 if one examines more documents than a
list counts to, whatever the size of the house.
"""

import argparse
import sys
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from bench import explained
from bench.crowd import Crowd
from bench.figures import call, seconds
from bench.seed import House
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
TWO_WORDS = "events/event/?q=concert 5"  # no index has the two of them: all events with the one are looked at
ROW = "{:<48} {:>10} {:>10} {:>8}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.admin", description="What do the admin's pages cost in a full house?")
    parser.add_argument("--large", type=int, default=1_000_000, help="how many bookings (1000000)")
    parser.add_argument("--events", type=int, default=200_000, help="how many events (200000)")
    arguments, _ = parser.parse_known_args()  # the others are those of the other benchmarks
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}  # no manifest: nothing was collected for this
    call_command("migrate", verbosity=0)
    if User.objects.exists():
        sys.exit("This benchmark fills the database: run it on an empty one, as `make bench` does.")
    house = House()
    Crowd(house.events[0].pk, [one.pk for one in house.organizers]).add(arguments.events - len(house.events))
    house.book(0, arguments.large)
    house.roll_up()
    mongodb().admin.command("fsync")
    sizes = f"{arguments.large:,} bookings, {arguments.events:,} events"
    print(ROW.format(sizes, "documents", "keys", "ms"))
    most = max([print_page(house, page) for page in PAGES])
    print_page(house, TWO_WORDS)
    too_much = most > LONGEST_COUNT + PAGE
    print(
        f"\nNo page may examine more than {LONGEST_COUNT + PAGE:,} documents, a search for two words "
        f"but those with one of them: {'too much' if too_much else 'held'}."
    )
    return int(too_much)


def print_page(house: House, page: str) -> int:
    """Print what a page costs; return the documents examined."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(house.staff)
    names = {"event": house.events[0].pk, "organizer": house.organizers[0].pk, "customer": house.customers[0]}
    url = "/admin/" + page.format(**names, booking="BK-00000000", queued="EVT-00000000")
    call(browser, url)
    with explained.reads() as commands:
        call(browser, url)
    cost, times = explained.examined(commands), [seconds(lambda: call(browser, url)) for _ in range(CALLS)]
    print(ROW.format(page or "(dashboard)", cost.documents, cost.keys, f"{median(times) * 1_000:.0f}"))
    return cost.documents


if __name__ == "__main__":
    sys.exit(main())
