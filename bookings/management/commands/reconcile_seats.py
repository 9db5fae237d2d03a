"""manage.py reconcile_seats: end claims whose process died."""

from django.core.management.base import BaseCommand
from tqdm import tqdm

from bookings.checkout import recovery
from config.core.clock import now


class Command(BaseCommand):
    help = (
        "End claims older than CLAIM_HORIZON_SECONDS: complete the bookings that were inserted and give back the other "
        "seats. Safe at any time."
    )

    def handle(self, *args: object, **options: object) -> None:
        moment = now()
        stale = list(recovery.stale_claims(now=moment))
        shown = tqdm(stale, desc="claims", disable=None)
        ended = [recovery.end_claim(claim, now=moment) for claim in shown]
        for one in ended:
            self.stdout.write(
                f"{one.event_id} claim {one.claim_id}: {one.inserted} bookings kept, {one.voided} given back"
            )
        self.stdout.write(self.style.SUCCESS(f"{len(ended)} stale claims ended."))
