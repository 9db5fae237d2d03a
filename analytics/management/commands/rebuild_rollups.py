"""manage.py rebuild_rollups: prove the figures by day, and repair them."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pymongo.errors import OperationFailure
from tqdm import tqdm

from analytics import rollup_repair
from analytics.rollup_repair import Finding

SHOWN = 200
SNAPSHOT_TOO_OLD = 239
TOO_SLOW = (
    "Reading all bookings took longer than MongoDB keeps a moment readable: "
    "raise its parameter minSnapshotHistoryWindowInSeconds (300 by default) and run this again."
)


class Command(BaseCommand):
    help = (
        "Prove the figures by day against the bookings and repair what is off. Bookings may go on meanwhile. "
        "Reads one moment, which MongoDB keeps for minSnapshotHistoryWindowInSeconds (300)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="repair nothing; exit with 1 if something is off")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            checked, off = self.go_through(check=check)
        except rollup_repair.RepairedElsewhere as refusal:
            raise CommandError(refusal.detail) from refusal
        except OperationFailure as error:
            if error.code != SNAPSHOT_TOO_OLD:
                raise
            raise CommandError(TOO_SLOW) from error
        self.report(checked, off, check=check)

    def go_through(self, *, check: bool) -> tuple[int, int]:
        """Return how many scopes there are, and how many figures were off."""
        scopes = tqdm(rollup_repair.check_rollups(), total=rollup_repair.count_scopes(), desc="scopes", disable=None)
        checked, off = 0, 0
        for findings in scopes:
            self.show(findings[: max(0, SHOWN - off)])
            checked, off = checked + 1, off + len(findings)
            if findings and not check:
                rollup_repair.repair(findings)
        return checked, off

    def show(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            self.stderr.write(self.style.ERROR(str(finding)))

    def report(self, checked: int, off: int, *, check: bool) -> None:
        if off > SHOWN:
            self.stderr.write(f"... and {off - SHOWN:,} more")
        if off and check:
            self.stderr.write("Run manage.py rebuild_rollups to repair it.")
            sys.exit(1)
        outcome = f"{off} figures repaired" if off else "every figure agrees with the bookings"
        self.stdout.write(self.style.SUCCESS(f"{checked} scopes checked: {outcome}."))
