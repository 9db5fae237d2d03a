"""manage.py check_seats: prove the seat ledger."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from bookings.seats import consistency
from config.core.clock import now


class Command(BaseCommand):
    help = (
        "Prove for every event that seats, sold and revenue agree with its bookings. Exits with 1 naming what is off."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        checks = tqdm(
            consistency.check_events(now=now()), total=consistency.count_events(), desc="events", disable=None
        )
        checked, findings = 0, []
        for found in checks:
            checked += 1
            findings += found
        for finding in findings:
            self.stderr.write(self.style.ERROR(str(finding)))
        if findings:
            self.stderr.write(
                "Run manage.py reconcile_seats if claims are stale; anything else is a defect worth reporting."
            )
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"{checked} events checked: every seat is accounted for."))
