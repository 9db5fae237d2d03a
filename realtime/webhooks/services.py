"""An organizer's webhooks: registering, finding, deleting, sending a delivery again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError

from accounts.actors import Actor
from config.core.errors import Conflict, Invalid, NotFound, Unavailable
from config.mongo.duplicates import violated_fields
from realtime.models import Delivery, Webhook
from realtime.webhooks import addresses, delivery_queue
from realtime.webhooks.notifier import notify_worker
from realtime.webhooks.signing import new_secret

MAX_WEBHOOKS = 10
ATTEMPTS = 50
# A host's own name server decides how long a DNS lookup takes: it must not occupy all threads of this process.
dns_lookups = threading.BoundedSemaphore(4)


class TooManyWebhooks(Conflict):
    code = "too_many_webhooks"
    detail = f"You already have {MAX_WEBHOOKS} webhooks: delete one first."


def create_webhook(*, by: Actor, url: str, event_types: list[str], now: datetime) -> Webhook:
    """Register a URL for some types of events. Each delivery will be signed with the ``secret``.

    Raises:
        Invalid: webhooks may not have this URL.  TooManyWebhooks: the actor has as many as one can have.
        Unavailable: too many hosts are being looked up at once.
    """
    lowest_free_slot(by)
    check_address(url)
    for _ in range(ATTEMPTS):
        webhook = Webhook(
            organizer=by.id,
            slot=lowest_free_slot(by),
            url=url,
            event_types=sorted(set(event_types)),
            secret=new_secret(),
            created_at=now,
        )
        try:
            webhook.save(force_insert=True)
        except IntegrityError as error:
            if not violated_fields(error) & {"_id", "slot"}:
                raise
            continue  # a concurrent request took the slot, or the random id exists already
        return webhook
    raise Unavailable


def lowest_free_slot(by: Actor) -> int:
    taken = set(Webhook.objects.of(by).values_list("slot", flat=True))
    for slot in range(MAX_WEBHOOKS):
        if slot not in taken:
            return slot
    raise TooManyWebhooks


def check_address(url: str) -> None:
    try:
        target = addresses.parse_url(url)
        with dns_lookup():
            addresses.resolve(target)
    except addresses.AddressRefused as refused:
        raise Invalid("url", str(refused), code="address_refused") from None


@contextmanager
def dns_lookup() -> Iterator[None]:
    """Enter one of the few lookups at a time; raise Unavailable if none ends within 2 seconds."""
    if not dns_lookups.acquire(timeout=2):
        raise Unavailable
    try:
        yield
    finally:
        dns_lookups.release()


def find_webhook(webhook_id: str, *, by: Actor) -> Webhook:
    """Return one of the actor's webhooks; for those of others raise NotFound too."""
    webhook: Webhook | None = Webhook.objects.of(by).filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    return webhook


def delete_webhook(*, webhook_id: str, by: Actor) -> None:
    webhook = find_webhook(webhook_id, by=by)
    webhook.delete()
    delivery_queue.delete_deliveries_of(webhook_id)


def redeliver(*, webhook_id: str, delivery_id: str, by: Actor, now: datetime) -> Delivery:
    webhook = find_webhook(webhook_id, by=by)
    if not delivery_queue.requeue(webhook_id=webhook.id, delivery_id=delivery_id, now=now):
        raise NotFound
    notify_worker()
    delivery: Delivery | None = Delivery.objects.of(webhook).filter(pk=delivery_id).first()
    if delivery is None:  # deleted meanwhile
        raise NotFound
    return delivery
