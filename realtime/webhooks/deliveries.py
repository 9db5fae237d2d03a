"""From journal entries to deliveries: which webhooks get an entry, and which of its data."""

import json
from collections.abc import Sequence
from datetime import datetime

from config.core.clock import as_utc, iso, now
from journal.models import Entry
from realtime.documents import DeliveryDocument
from realtime.models import Webhook
from realtime.webhooks import delivery_queue, retries
from realtime.webhooks.notifier import notify_worker

# All that receivers are sent, whatever else an entry may hold one day.
PUBLIC = {
    "id", "eventId", "eventTitle", "eventDate", "title", "date", "changes", "reason", "customerId", "customerName",
    "qty", "unitPrice", "amount", "currency", "availableSeats", "status", "timezone", "city", "venue", "bookedAt",
    "note", "reasonCode",
}  # fmt: skip
API_NAMES = {"starts_at": "date", "ends_at": "endDate", "total_seats": "totalSeats"}


def store_deliveries(entries: Sequence[Entry]) -> None:
    """Store a delivery for each webhook that wants an entry, then notify the worker that sends them."""
    webhooks = Webhook.objects.filter(organizer__in={organizer_of(entry) for entry in entries})
    moment, known = now(), list(webhooks)
    wanted = [delivery_of(webhook, entry, moment) for entry in entries for webhook in known if is_for(webhook, entry)]
    if wanted:
        delivery_queue.enqueue(wanted)
        notify_worker()


def organizer_of(entry: Entry) -> str:
    return str(entry.data.get("organizerId", ""))


def is_for(webhook: Webhook, entry: Entry) -> bool:
    """Tell whether a webhook gets an entry: its organizer's, of a type it asked for, not older than the webhook."""
    is_asked_for = webhook.organizer == organizer_of(entry) and entry.type in webhook.event_types
    return is_asked_for and webhook.created_at <= as_utc(entry.at)


def delivery_of(webhook: Webhook, entry: Entry, moment: datetime) -> DeliveryDocument:
    """Return a delivery, due at once. Its id follows from webhook and entry, so a repeated entry is stored once."""
    delivery_id = f"{webhook.id}.{entry.id.replace(':', '~')}"  # no entry has ~ in its id, and URLs take it as it is
    return {
        "_id": delivery_id,
        "webhook": webhook.id,
        "type": entry.type,
        "body": body_of(entry, delivery_id),
        "status": retries.PENDING,
        "created_at": moment,
        "due_at": moment,
        "locked_until": moment,
        "round": 0,
        "tries": 0,
        "log": [],
    }


def body_of(entry: Entry, delivery_id: str) -> str:
    data = {name: value for name, value in entry.data.items() if name in PUBLIC}
    if "changes" in data:
        data["changes"] = {API_NAMES.get(name, name): change for name, change in data["changes"].items()}
    message = {"id": delivery_id, "type": entry.type, "createdAt": iso(entry.at), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
