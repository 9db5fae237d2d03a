"""What the rounds say together."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from bench.live.crowd import Booked

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
    seats_heard: int  # messages to those who watch


def percentile(times: Sequence[float], share: float) -> float:
    """Return the smallest time that ``share`` of the times do not exceed."""
    return sorted(times)[ceil(share * len(times)) - 1]


def after_answer(rounds: Sequence[Round]) -> list[float]:
    """Return the milliseconds from each 201 to the arrival; 0 where the notification was there first."""
    return [max(0.0, one.arrived[0][1] - one.answered) * 1_000 for each in rounds for one in each.booked]


def after_due(rounds: Sequence[Round]) -> list[float]:
    """Return the milliseconds from when each request was due, sent or not yet, to the arrival."""
    return [(one.arrived[0][1] - one.due) * 1_000 for each in rounds for one in each.booked]


def idle_kib(rounds: Sequence[Round]) -> float:
    return sum(each.idle_bytes for each in rounds) / len(rounds) / 1024


def in_short(one: Round) -> str:
    times = after_answer([one])
    return (
        f"connected in {one.connect_seconds:.1f} s, {idle_kib([one]):.0f} KiB each; {len(one.booked)} bookings, "
        f"arrived p50 {percentile(times, 0.5):.1f} ms, p99 {percentile(times, 0.99):.1f} ms after their 201; "
        f"{one.seats_heard} messages to watchers"
    )


def print_table(rounds: dict[str, list[Round]], plan: argparse.Namespace) -> int:
    """Print the comparison; return 1 if Box Office is slower at p99."""
    print(ROW.format(f"live, {plan.connections:,} connections", *(rounds if NODE in rounds else (OURS, "")), "ratio"))
    for name, figure in FIGURES.items():
        print_row(f"201 to arrival, {name}, ms", {who: figure(after_answer(each)) for who, each in rounds.items()})
    for name, figure in FIGURES.items():
        print_row(f"request to arrival, {name}, ms", {who: figure(after_due(each)) for who, each in rounds.items()})
    print_row("memory of an idle connection, KiB", {who: idle_kib(each) for who, each in rounds.items()})
    print_counts("arrived before their 201", {who: after_answer(each).count(0.0) for who, each in rounds.items()})
    print_counts("bookings", {who: sum(len(one.booked) for one in each) for who, each in rounds.items()})
    print("\nEvery booking arrived exactly once at its organizer, and in order.")
    return verdict(rounds) if NODE in rounds else 0


def print_row(name: str, values: dict[str, float]) -> None:
    ours, other = values[OURS], values.get(NODE)
    ratio = f"{ours / other:.2f}" if other else ""
    print(ROW.format(name, f"{ours:.1f}", "" if other is None else f"{other:.1f}", ratio))


def print_counts(name: str, values: dict[str, int]) -> None:
    print(ROW.format(name, values[OURS], values.get(NODE, ""), ""))


def verdict(rounds: dict[str, list[Round]]) -> int:
    ours, other = (percentile(after_answer(rounds[who]), 0.99) for who in (OURS, NODE))
    print(f"From the 201 to the arrival, Box Office is {'slower' if ours > other else 'not slower'} at p99.")
    return int(ours > other)
