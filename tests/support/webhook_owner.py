"""An organizer with webhooks: registering them, and causing deliveries."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from accounts.models import User
from config.core.clock import now
from journal.models import Entry
from realtime.models import Delivery, Webhook
from realtime.webhooks import deliveries
from realtime.webhooks.services import create_webhook
from tests.support.webhook_receiver import Receiver

DOCS = Path(__file__).parents[2] / "docs" / "webhooks.md"
URL = "/api/webhooks"
HOOK = "https://1.1.1.1/hook"  # public, and needs no DNS lookup; nothing is sent to it here
BODY = {"url": HOOK, "eventTypes": ["booking.created"]}
EVENT_TYPES = ("booking.created", "event.updated", "event.cancelled")


def register(owner: User, receiver: Receiver, path: str = "/hook", types: Sequence[str] = EVENT_TYPES) -> Webhook:
    return create_webhook(by=owner.as_actor(), url=receiver.url + path, event_types=list(types), now=now())


def record_bookings(organizer: User, count: int = 1) -> list[Delivery]:
    """Deliver the journal entries of so many bookings to the webhooks; return the new deliveries."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    numbers = range(len(before), len(before) + count)
    data = {"organizerId": organizer.pk, "qty": 2}
    entries = [
        Entry(id=f"booking.created:BK-{number}", type="booking.created", at=now(), data={"id": f"BK-{number}", **data})
        for number in numbers
    ]
    deliveries.store_deliveries(entries)
    return list(Delivery.objects.exclude(pk__in=before).order_by("id"))


def make_due(**fields: Any) -> None:
    """End the delay before the next attempt of all pending deliveries."""
    Delivery.objects.filter(status="PENDING").update(due_at=now(), **fields)


def statuses() -> list[str]:
    return sorted(Delivery.objects.values_list("status", flat=True))


def only_delivery() -> Delivery:
    return Delivery.objects.get()


def documented_check() -> Callable[..., bool]:
    """Return the function with which docs/webhooks.md lets receivers verify a delivery."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the project's own page
    return names["is_from_box_office"]


def register_over_api(client: Any, **fields: Any) -> dict[str, Any]:
    """Register a webhook over the API; anything but 201 fails the test."""
    response = client.post(URL, {**BODY, **fields})
    assert response.status_code == 201, response.content
    return dict(response.json())
