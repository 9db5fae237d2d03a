"""manage.py rebuild_rollups: compare the roll-ups with the bookings and repair them."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError
from pymongo.errors import OperationFailure
from tqdm import tqdm

from analytics import rollup_repair
from analytics.rollup_repair import Finding

SHOWN = 200
SNAPSHOT_TOO_OLD = 239
TOO_SLOW = (
    "Reading all bookings took longer than MongoDB keeps a snapshot readable: "
    "raise its parameter minSnapshotHistoryWindowInSeconds (300 by default) and run this again."
)


class Command(BaseCommand):
    help = (
        "Compare the figures by day with the bookings and repair those that differ. Bookings may go on meanwhile. "
        "Reads a snapshot, which MongoDB keeps for minSnapshotHistoryWindowInSeconds (300)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="repair nothing; exit with 1 if a figure differs")

    def handle(self, *args: object, check: bool, **options: object) -> None:
        try:
            checked, found = self.check_and_repair(check=check)
        except rollup_repair.RepairedElsewhere as refusal:
            raise CommandError(refusal.detail) from refusal
        except OperationFailure as error:
            if error.code != SNAPSHOT_TOO_OLD:
                raise
            raise CommandError(TOO_SLOW) from error
        self.report(checked, found, check=check)

    def check_and_repair(self, *, check: bool) -> tuple[int, int]:
        """Return how many scopes were checked, and how many figures differed."""
        scopes = tqdm(rollup_repair.check_rollups(), total=rollup_repair.count_scopes(), desc="scopes", disable=None)
        checked, found = 0, 0
        for findings in scopes:
            self.show(findings[: max(0, SHOWN - found)])
            checked, found = checked + 1, found + len(findings)
            if findings and not check:
                rollup_repair.repair(findings)
        return checked, found

    def show(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            self.stderr.write(self.style.ERROR(str(finding)))

    def report(self, checked: int, found: int, *, check: bool) -> None:
        if found > SHOWN:
            self.stderr.write(f"... and {found - SHOWN:,} more")
        if found and check:
            self.stderr.write("Run manage.py rebuild_rollups to repair them.")
            sys.exit(1)
        outcome = f"{found} figures repaired" if found else "every figure agrees with the bookings"
        self.stdout.write(self.style.SUCCESS(f"{checked} scopes checked: {outcome}."))
