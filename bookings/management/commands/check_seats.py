"""manage.py check_seats: check the seat ledger."""

import sys

from django.core.management.base import BaseCommand
from tqdm import tqdm

from bookings.seats import consistency
from config.core.clock import now


class Command(BaseCommand):
    help = (
        "Check for every event that its seats, tickets sold and revenue agree with its bookings. Prints what does not, "
        "and then exits with 1."
    )

    def handle(self, *args: object, **options: object) -> None:
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
                "Old claims are ended by manage.py reconcile_seats. Anything else is a defect: please report it."
            )
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(f"{checked} events checked: every seat is accounted for."))
