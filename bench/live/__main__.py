"""How soon does a booking reach its organizer's socket, beside a Socket.IO server under Node?

    python -m config.launcher with-servers -- python -m bench.live [--rounds 5] [--seconds 10] [--rate 30]

A thousand Socket.IO clients on one process: 200 organizers, 800 customers who watch an event each. Then bookings at a
fixed pace, whether or not earlier ones are answered. Both servers get the same people, the same MongoDB and the same
clients, and take turns: each round starts a server anew and warms it up.

Prints the time from a booking's 201 to its arrival at the organizer's socket (0 where it was there first), the time
from when the request was due, and the memory that an idle connection takes. Exits with 1 if a booking did not arrive
exactly once and in order, or if Box Office is slower at p99.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.core.management import call_command

from accounts.models import User
from bench.live import report, servers
from bench.live.clients import Failed
from bench.live.crowd import Crowd
from bench.live.house import House
from bench.live.report import Round
from bench.live.servers import Running
from config.launcher.errors import LaunchError
from config.launcher.supervisor import Signals, Stop

WARM_PEOPLE, WARM_SECONDS = 20, 2.0
SETTLE_SECONDS = 3.0  # until what connecting stirred up has come to rest

Server = Callable[[], AbstractContextManager[Running]]


def main() -> int:
    plan = read_arguments()
    call_command("migrate", verbosity=0)
    if User.objects.exists():
        sys.exit("This benchmark fills the database: run it on an empty one, as `make bench` does.")
    with Signals():
        try:
            return compare(plan)
        except (Failed, LaunchError) as error:
            print(error)
            return 1
        except Stop:
            return 130


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.live", description="How soon does a booking reach its organizer?")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each server (5)")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long a round books (10)")
    parser.add_argument("--rate", type=float, default=30.0, help="bookings a second (30)")
    parser.add_argument(
        "--connections", type=int, default=1_000, help="organizers, a fifth of them, and watchers (1000)"
    )
    return parser.parse_known_args()[0]  # the other arguments are those of bench.figures


def compare(plan: argparse.Namespace) -> int:
    contestants: dict[str, Server] = {report.OURS: servers.ours}
    if why := servers.why_no_node():
        print(f"Box Office alone, for there is no Node service to compare it with: {why}.")
    else:
        contestants[report.NODE] = servers.node
    organizers = plan.connections // 5
    house = House.make(organizers=organizers, watchers=plan.connections - organizers)
    rounds: dict[str, list[Round]] = {name: [] for name in contestants}
    for number in range(plan.rounds):
        names = list(contestants) if number % 2 == 0 else list(reversed(contestants))
        for name in names:
            say(f"round {number + 1} of {plan.rounds}, {name}: starting")
            with contestants[name]() as server:
                one = asyncio.run(play(server, house, plan))
            say(f"round {number + 1} of {plan.rounds}, {name}: {report.in_short(one)}")
            rounds[name].append(one)
    return report.print_table(rounds, plan)


async def play(server: Running, house: House, plan: argparse.Namespace) -> Round:
    """Warm a server up, let everybody in, and book."""
    warm = Crowd(server, house)
    people = min(WARM_PEOPLE, len(house.organizers))
    await warm.connect(organizers=people, watchers=people)
    await warm.book(rate=plan.rate, seconds=WARM_SECONDS, events=people)
    await warm.leave()
    await asyncio.sleep(SETTLE_SECONDS)
    crowd, before, started = Crowd(server, house), server.realtime.memory_info().rss, time.monotonic()
    await crowd.connect(organizers=len(house.organizers), watchers=len(house.watchers))
    connected = time.monotonic() - started
    await asyncio.sleep(SETTLE_SECONDS)
    idle = (server.realtime.memory_info().rss - before) / plan.connections
    booked = await crowd.book(rate=plan.rate, seconds=plan.seconds, events=len(house.events))
    await crowd.leave()
    return Round(booked, idle_bytes=idle, connect_seconds=connected, seats_heard=crowd.seats_heard)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
