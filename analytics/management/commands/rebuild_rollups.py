"""manage.py rebuild_rollups: prove the figures by day, and repair them."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics import rebuild
from analytics.rebuild import Finding
from config.progress import progress


class Command(BaseCommand):
    help = (
        "Prove the figures by day against the bookings and repair what is off. Bookings may go on meanwhile. "
        "Reads one moment, which MongoDB keeps for minSnapshotHistoryWindowInSeconds (300)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="repair nothing; exit with 1 if something is off")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        checked, off = 0, 0
        for findings in self.checked_scopes():
            checked += 1
            off += len(findings)
            for finding in findings:
                self.stderr.write(self.style.ERROR(str(finding)))
            if findings and not check:
                self.repair(findings)
        self.report(checked, off, check=check)

    def checked_scopes(self) -> Iterator[list[Finding]]:
        return progress(rebuild.check_rollups(), total=rebuild.count_scopes(), label="scopes", out=sys.stderr)

    def repair(self, findings: list[Finding]) -> None:
        try:
            rebuild.repair(findings)
        except rebuild.RepairedElsewhere as refusal:
            raise CommandError(refusal.detail) from refusal

    def report(self, checked: int, off: int, *, check: bool) -> None:
        if off and check:
            self.stderr.write("Run manage.py rebuild_rollups to repair it.")
            sys.exit(1)
        outcome = f"{off} figures repaired" if off else "every figure agrees with the bookings"
        self.stdout.write(self.style.SUCCESS(f"{checked} scopes checked: {outcome}."))
