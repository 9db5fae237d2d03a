"""The results of all rounds."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from bench.live.load_generator import Booked

OURS, NODE = "Box Office", "Node"
ROW = "{:<36} {:>12} {:>12} {:>8}"
FIGURES: dict[str, Callable[[Sequence[float]], float]] = {
    "p50": lambda times: percentile(times, 0.5),
    "p99": lambda times: percentile(times, 0.99),
    "max": max,
}


@dataclass(frozen=True, slots=True)
class Round:
    booked: list[Booked]
    idle_bytes: float  # of memory that a connection adds to the process that holds it
    connect_seconds: float
    availability_messages: int  # to all watchers together


def percentile(times: Sequence[float], fraction: float) -> float:
    """Return the smallest time that ``fraction`` of the times do not exceed."""
    return sorted(times)[ceil(fraction * len(times)) - 1]


def after_answer(rounds: Sequence[Round]) -> list[float]:
    """Return the milliseconds from each 201 to the arrival; 0 if the notification came first."""
    return [max(0.0, booking.arrived[0][1] - booking.answered) * 1_000 for each in rounds for booking in each.booked]


def after_due(rounds: Sequence[Round]) -> list[float]:
    """Return the milliseconds from the moment when each request was due to the arrival."""
    return [(booking.arrived[0][1] - booking.due) * 1_000 for each in rounds for booking in each.booked]


def idle_kib(rounds: Sequence[Round]) -> float:
    return sum(each.idle_bytes for each in rounds) / len(rounds) / 1024


def summary(finished: Round) -> str:
    times = after_answer([finished])
    return (
        f"connected in {finished.connect_seconds:.1f} s, {idle_kib([finished]):.0f} KiB each; "
        f"{len(finished.booked)} bookings arrived after their 201, "
        f"p50 {percentile(times, 0.5):.1f} ms, p99 {percentile(times, 0.99):.1f} ms; "
        f"{finished.availability_messages} messages to watchers"
    )


def print_table(rounds: dict[str, list[Round]], plan: argparse.Namespace) -> int:
    """Print the comparison; return 1 if Box Office is slower at p99."""
    print(ROW.format(f"live, {plan.connections:,} connections", *(rounds if NODE in rounds else (OURS, "")), "ratio"))
    for title, figure in FIGURES.items():
        print_row(f"201 to arrival, {title}, ms", {name: figure(after_answer(each)) for name, each in rounds.items()})
    for title, figure in FIGURES.items():
        print_row(f"request to arrival, {title}, ms", {name: figure(after_due(each)) for name, each in rounds.items()})
    print_row("memory of an idle connection, KiB", {name: idle_kib(each) for name, each in rounds.items()})
    print_counts("arrived before their 201", {name: after_answer(each).count(0.0) for name, each in rounds.items()})
    print_counts("bookings", {name: sum(len(finished.booked) for finished in each) for name, each in rounds.items()})
    print("\nEvery booking arrived exactly once at its organizer, and in order.")
    return verdict(rounds) if NODE in rounds else 0


def print_row(name: str, values: dict[str, float]) -> None:
    ours, other = values[OURS], values.get(NODE)
    ratio = f"{ours / other:.2f}" if other else ""
    print(ROW.format(name, f"{ours:.1f}", "" if other is None else f"{other:.1f}", ratio))


def print_counts(name: str, values: dict[str, int]) -> None:
    print(ROW.format(name, values[OURS], values.get(NODE, ""), ""))


def verdict(rounds: dict[str, list[Round]]) -> int:
    ours, other = (percentile(after_answer(rounds[name]), 0.99) for name in (OURS, NODE))
    print(f"From the 201 to the arrival, Box Office is {'slower' if ours > other else 'not slower'} at p99.")
    return int(ours > other)
