"""Sending deliveries: one attempt at a time for each webhook and process."""

import http.client
import ssl
import time
from collections.abc import Callable
from enum import Enum, auto
from functools import partial

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery, Webhook
from realtime.webhooks import delivery_queue
from realtime.webhooks.addresses import AddressRefused, look_up, parse
from realtime.webhooks.connection import CheckedConnection, Deadline
from realtime.webhooks.delivery_queue import Attempt
from realtime.webhooks.signing import sign

SECONDS = 10.0  # for an attempt as a whole; far less than the lease
SLOW_MS = 2_000
MOST_READ = 2048
BLOCKED = partial(Attempt, status=None, error="Your account is blocked: nothing was sent.", duration_ms=0)


class Outcome(Enum):
    NOTHING_DUE = auto()
    SENT = auto()
    STRUGGLING = auto()  # no answer, or a slow one: let the others go first


def send_next(webhook_id: str) -> Outcome:
    """Send what has been due longest for a webhook and record how it went.

    The webhook is read after the lease is held, so that a deleted one gets nothing any more. While its organizer is
    blocked every attempt fails here; what is not too old by then follows once they are let in again.
    """
    delivery = delivery_queue.take(webhook_id, now=now())
    if delivery is None:
        return Outcome.NOTHING_DUE
    webhook: Webhook | None = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        delivery_queue.forget(webhook_id)
        return Outcome.NOTHING_DUE
    attempt = try_once(webhook, delivery) if is_active(webhook.organizer) else BLOCKED(at=now())
    delivery_queue.record(delivery, attempt, now=now())
    return assess(webhook, attempt)


def is_active(organizer_id: str) -> bool:
    return bool(User.objects.filter(pk=organizer_id, is_active=True).exists())


def assess(webhook: Webhook, attempt: Attempt) -> Outcome:
    """Note whether a receiver is struggling, where that changed."""
    struggling = attempt.status is None or attempt.duration_ms > SLOW_MS
    if struggling != webhook.struggling:
        Webhook.objects.filter(pk=webhook.pk).update(struggling=struggling)
    return Outcome.STRUGGLING if struggling else Outcome.SENT


def try_once(webhook: Webhook, delivery: Delivery, *, seconds: float = SECONDS) -> Attempt:
    """Make one attempt. Whatever goes wrong on the way is a sentence in its ``error``."""
    at, started = now(), time.monotonic()
    try:
        status = post(webhook.url, headers_for(webhook, delivery, int(at.timestamp())), delivery.body, seconds=seconds)
        error = None if 200 <= status < 300 else complaint(status)
    except (AddressRefused, OSError, ValueError, http.client.HTTPException) as raised:
        status, error = None, explain(raised, seconds)
    return Attempt(at=at, status=status, error=error, duration_ms=round((time.monotonic() - started) * 1000))


def headers_for(webhook: Webhook, delivery: Delivery, timestamp: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "BoxOffice-Webhooks/1",
        "X-BoxOffice-Delivery": delivery.id,
        "X-BoxOffice-Event": delivery.type,
        "X-BoxOffice-Signature": sign(secret=webhook.secret, body=delivery.body, timestamp=timestamp),
        "Connection": "close",
    }


def post(url: str, headers: dict[str, str], body: str, *, seconds: float) -> int:
    """Send a body and return the status of the answer; redirects are answers like any other.

    Raises:
        AddressRefused: the host has come to mean a place that webhooks don't go to.
        OSError, ValueError, HTTPException: no answer, or none that is HTTP.
    """
    deadline, target = Deadline(seconds), parse(url)
    connection = CheckedConnection(target, look_up(target), deadline)
    try:
        connection.request("POST", target.path, body.encode(), headers)
        response = connection.getresponse()
        ignoring_faults(lambda: response.read(MOST_READ))
        return response.status
    finally:
        connection.hang_up()


def ignoring_faults(read: Callable[[], object]) -> None:
    """Take some of the answer's body, so that its sender does not see the line cut; its status is known already."""
    try:
        read()
    except (OSError, ValueError, http.client.HTTPException):
        return


def complaint(status: int) -> str:
    if 300 <= status < 400:
        return f"The receiver answered {status}: redirects are not followed, register the final address."
    return f"The receiver answered {status}."


def explain(raised: Exception, seconds: float) -> str:
    """Return why there was no answer, for the webhook's owner."""
    sentences: list[tuple[type[Exception], str]] = [
        (AddressRefused, str(raised)),
        (TimeoutError, f"No complete answer within {seconds:g} seconds."),
        (ConnectionRefusedError, "The connection was refused."),
        (ssl.SSLCertVerificationError, f"The certificate does not hold: {getattr(raised, 'verify_message', '')}."),
        (ssl.SSLError, f"No encrypted connection came about: {getattr(raised, 'reason', '')}."),
        (http.client.HTTPException, "The answer is not HTTP, or was cut off."),
        (Exception, f"The connection failed: {getattr(raised, 'strerror', '') or type(raised).__name__}."),
    ]
    return next(sentence for kind, sentence in sentences if isinstance(raised, kind))
