"""What organizers can do with their webhooks."""

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

LIMIT = 10
ATTEMPTS = 50
# A host's own name server decides how long looking it up takes: this many requests of a process may wait for one.
looking_up = threading.BoundedSemaphore(4)


class TooManyWebhooks(Conflict):
    code = "too_many_webhooks"
    detail = f"You have {LIMIT} webhooks already: delete one first."


def create_webhook(*, by: Actor, url: str, event_types: list[str], now: datetime) -> Webhook:
    """Register a URL for some types of events. The answer's ``secret`` signs every delivery.

    Raises:
        Invalid: webhooks don't go to this URL.  TooManyWebhooks: the caller has the most that one can have.
        Unavailable: too many hosts are being looked up at once.
    """
    free_slot(by)
    refuse_address(url)
    for _ in range(ATTEMPTS):
        webhook = Webhook(
            organizer=by.id,
            slot=free_slot(by),
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
            continue  # another request took the slot (or, once in ten years, the id)
        return webhook
    raise Unavailable


def free_slot(by: Actor) -> int:
    """Return the caller's lowest slot that is free."""
    taken = set(Webhook.objects.of(by).values_list("slot", flat=True))
    for slot in range(LIMIT):
        if slot not in taken:
            return slot
    raise TooManyWebhooks


def refuse_address(url: str) -> None:
    try:
        target = addresses.parse(url)
        with a_place_in_line():
            addresses.look_up(target)
    except addresses.AddressRefused as refused:
        raise Invalid("url", str(refused), code="address_refused") from None


@contextmanager
def a_place_in_line() -> Iterator[None]:
    if not looking_up.acquire(timeout=2):
        raise Unavailable
    try:
        yield
    finally:
        looking_up.release()


def find_webhook(webhook_id: str, *, by: Actor) -> Webhook:
    """Return one of the caller's webhooks; those of others do not exist."""
    webhook: Webhook | None = Webhook.objects.of(by).filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    return webhook


def delete_webhook(*, webhook_id: str, by: Actor) -> None:
    """Delete a webhook with its log; what it was still to get is not sent any more."""
    webhook = find_webhook(webhook_id, by=by)
    webhook.delete()
    delivery_queue.forget(webhook_id)


def redeliver(*, webhook_id: str, delivery_id: str, by: Actor, now: datetime) -> Delivery:
    """Have a delivery sent again as soon as possible, whatever became of it; return it."""
    webhook = find_webhook(webhook_id, by=by)
    if not delivery_queue.ask_again(webhook_id=webhook.id, delivery_id=delivery_id, now=now):
        raise NotFound
    notify_worker()
    delivery: Delivery | None = Delivery.objects.of(webhook).filter(pk=delivery_id).first()
    if delivery is None:  # deleted meanwhile
        raise NotFound
    return delivery
