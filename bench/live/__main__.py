"""How soon does a booking reach its organizer's socket, compared with a Socket.IO server under Node?

    python -m config.launcher with-servers -- python -m bench.live [--rounds 5] [--seconds 10] [--rate 30]

A thousand Socket.IO clients connect to one process: 200 organizers, and 800 customers who watch an event each. Then
seats are booked at a fixed rate, whether or not earlier requests are answered. Both servers get the same users, the
same MongoDB and the same clients, and alternate: each round starts a server anew and warms it up.

Prints the time from a booking's 201 to its arrival at the organizer's socket (0 if it arrived before the 201), the time
from the moment when the request was due, and the memory of an idle connection. Exits with 1 if a booking did not arrive
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
from bench.live.load_generator import LoadGenerator
from bench.live.participants import Participants
from bench.live.report import Round
from bench.live.servers import Running
from config.launcher.errors import LaunchError
from config.launcher.supervisor import Signals, Stop

WARM_UP_CLIENTS, WARM_UP_SECONDS = 20, 2.0  # so many organizers, and as many watchers
SETTLE_SECONDS = 3.0  # until the server is idle again after many connections

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
    competitors: dict[str, Server] = {report.OURS: servers.ours}
    if reason := servers.why_no_node():
        print(f"Box Office alone, since there is no Node service to compare it with: {reason}.")
    else:
        competitors[report.NODE] = servers.node
    organizers = plan.connections // 5
    participants = Participants.make(organizers=organizers, watchers=plan.connections - organizers)
    rounds: dict[str, list[Round]] = {name: [] for name in competitors}
    for number in range(plan.rounds):
        names = list(competitors) if number % 2 == 0 else list(reversed(competitors))
        for name in names:
            log(f"round {number + 1} of {plan.rounds}, {name}: starting")
            with competitors[name]() as server:
                finished = asyncio.run(run_round(server, participants, plan))
            log(f"round {number + 1} of {plan.rounds}, {name}: {report.summary(finished)}")
            rounds[name].append(finished)
    return report.print_table(rounds, plan)


async def run_round(server: Running, participants: Participants, plan: argparse.Namespace) -> Round:
    """Warm the server up, connect all clients, and book."""
    warm_up = LoadGenerator(server, participants)
    clients = min(WARM_UP_CLIENTS, len(participants.organizers))
    await warm_up.connect(organizers=clients, watchers=clients)
    await warm_up.book(rate=plan.rate, seconds=WARM_UP_SECONDS, events=clients)
    await warm_up.disconnect()
    await asyncio.sleep(SETTLE_SECONDS)
    load, before, started = LoadGenerator(server, participants), server.realtime.memory_info().rss, time.monotonic()
    await load.connect(organizers=len(participants.organizers), watchers=len(participants.watchers))
    connected = time.monotonic() - started
    await asyncio.sleep(SETTLE_SECONDS)
    idle = (server.realtime.memory_info().rss - before) / plan.connections
    booked = await load.book(rate=plan.rate, seconds=plan.seconds, events=len(participants.events))
    await load.disconnect()
    return Round(booked, idle_bytes=idle, connect_seconds=connected, availability_messages=load.availability_messages)


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
