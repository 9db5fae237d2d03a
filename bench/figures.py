"""Does reading sales figures cost the same, however many bookings there are?

    python -m config.launcher with-servers -- python -m bench.figures [--small 1000] [--large 1000000]

Prints, for each endpoint, what MongoDB examines at both sizes and how long a call takes. Exits with 1 if one
examines more than 1.2 times the documents.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.access_tokens import issue_access_token
from accounts.models import User
from bench import explained
from bench.seed import Dataset
from config.mongo.collections import client

CALLS, LIMIT = 20, 1.2
OWN_URLS = {"me": "/api/analytics/me", "timeseries": "/api/analytics/me/timeseries"}
PLATFORM_URLS = {name: f"/api/analytics/{name}" for name in ("overview", "revenue", "events")}
ROW = "{:<12} {:>10} {:>10} {:>7} {:>10} {:>10} {:>9} {:>9}"


@dataclass(frozen=True, slots=True)
class Cost:
    examined: explained.Examined
    milliseconds: float


def main() -> int:
    sizes = read_arguments()
    call_command("migrate", verbosity=0)
    if User.objects.exists():
        sys.exit("This benchmark fills the database: run it on an empty one, as `make bench` does.")
    dataset, filled, costs = Dataset(), 0, []
    for size in (sizes.small, sizes.large):
        made, rolled_up = seconds(lambda: dataset.book(filled, size)), seconds(dataset.roll_up)  # noqa: B023 - called at once
        print(f"{size:,} bookings made in {made:.1f} s, rolled up in {rolled_up:.1f} s", file=sys.stderr)
        filled = size
        costs.append(measure(dataset))
    return report(*costs, sizes=sizes)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.figures", description="Do figures cost the same at any size?")
    parser.add_argument("--small", type=int, default=1_000, help="bookings at first (1000)")
    parser.add_argument("--large", type=int, default=1_000_000, help="bookings in the end (1000000)")
    return parser.parse_args()


def seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(dataset: Dataset) -> dict[str, Cost]:
    """Return what each endpoint costs, once MongoDB has flushed the inserted documents to disk."""
    client().admin.command("fsync")
    own, staff = client_of(dataset.organizers[0]), client_of(dataset.staff)
    return {name: cost(own if name in OWN_URLS else staff, url) for name, url in {**OWN_URLS, **PLATFORM_URLS}.items()}


def client_of(user: User) -> APIClient:
    client = APIClient(SERVER_NAME="localhost")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_access_token(user.as_actor())}")
    return client


def cost(client: APIClient, url: str) -> Cost:
    call(client, url)
    with explained.recorded_reads() as commands:
        call(client, url)
    times = [seconds(lambda: call(client, url)) for _ in range(CALLS)]
    return Cost(explained.examined(commands), median(times) * 1_000)


def call(client: APIClient, url: str) -> None:
    response = client.get(url)
    if response.status_code != 200:
        raise SystemExit(f"{url} answered {response.status_code}: {response.content[:300]!r}")


def report(small: dict[str, Cost], large: dict[str, Cost], *, sizes: argparse.Namespace) -> int:
    """Print the table; return 1 if the cost of an endpoint grows with the bookings."""
    before, after = f"{sizes.small:,}", f"{sizes.large:,}"
    print(ROW.format("", "documents", "documents", "", "keys", "keys", "ms", "ms"))
    print(ROW.format("bookings", before, after, "ratio", before, after, before, after))
    ratios = [print_row(name, small[name], large[name]) for name in small]
    too_much = max(ratios) > LIMIT
    grows = "grows" if too_much else "does not grow"
    print(f"\nThe cost of figures {grows} with the bookings (limit: {LIMIT} times).")
    return int(too_much)


def print_row(name: str, small: Cost, large: Cost) -> float:
    few, many = small.examined, large.examined
    ratio = many.documents / few.documents if few.documents else 1.0 + many.documents
    times = (f"{small.milliseconds:.1f}", f"{large.milliseconds:.1f}")
    print(ROW.format(name, few.documents, many.documents, f"{ratio:.2f}", few.keys, many.keys, *times))
    return ratio


if __name__ == "__main__":
    sys.exit(main())
