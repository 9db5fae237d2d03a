"""Attempts to deliver: one HTTP request each, and the record of its outcome."""

import http.client
import ssl
import time
from enum import Enum, auto

from accounts.models import User
from config.core.clock import now
from realtime.models import Delivery, Webhook
from realtime.webhooks import delivery_queue
from realtime.webhooks.addresses import AddressRefused, parse_url, resolve
from realtime.webhooks.attempts import Attempt
from realtime.webhooks.connection import CheckedConnection, Deadline
from realtime.webhooks.signing import sign

ATTEMPT_SECONDS = 10.0  # for an attempt as a whole; far less than the lease
SLOW_MS = 2_000
MAX_BODY_READ = 2048  # bytes
BLOCKED = "Your account is blocked: nothing was sent."


class Outcome(Enum):
    NOTHING_DUE = auto()
    SENT = auto()
    STRUGGLING = auto()  # no response, or a slow one: other webhooks go first


def send_next(webhook_id: str) -> Outcome:
    """Make one attempt for the delivery of a webhook that has been due longest, and record its outcome.

    The webhook is read after the delivery is leased, so nothing is sent to one that was deleted before. While its
    organizer is blocked, each attempt is recorded as failed; deliveries that are not given up by the end of the block
    are sent then.
    """
    delivery = delivery_queue.lease_next(webhook_id, now=now())
    if delivery is None:
        return Outcome.NOTHING_DUE
    webhook: Webhook | None = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        delivery_queue.delete_deliveries_of(webhook_id)
        return Outcome.NOTHING_DUE
    if is_active(webhook.organizer):
        attempt = attempt_delivery(webhook, delivery)
    else:
        attempt = Attempt(at=now(), status=None, error=BLOCKED, duration_ms=0)
    delivery_queue.record_attempt(delivery, attempt, now=now())
    return update_struggling(webhook, attempt)


def is_active(organizer_id: str) -> bool:
    return bool(User.objects.filter(pk=organizer_id, is_active=True).exists())


def update_struggling(webhook: Webhook, attempt: Attempt) -> Outcome:
    struggling = attempt.status is None or attempt.duration_ms > SLOW_MS
    if struggling != webhook.struggling:
        Webhook.objects.filter(pk=webhook.pk).update(struggling=struggling)
    return Outcome.STRUGGLING if struggling else Outcome.SENT


def attempt_delivery(webhook: Webhook, delivery: Delivery, *, seconds: float = ATTEMPT_SECONDS) -> Attempt:
    """Send a delivery once. What goes wrong is a sentence in the attempt's ``error``, for the webhook's owner."""
    at, started = now(), time.monotonic()
    try:
        status = post(webhook.url, headers_for(webhook, delivery, int(at.timestamp())), delivery.body, seconds=seconds)
        error = None if 200 <= status < 300 else describe_status(status)
    except (AddressRefused, OSError, ValueError, http.client.HTTPException) as raised:
        status, error = None, describe_failure(raised, seconds)
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
    """Send a body and return the status of the response; redirects are not followed.

    Raises:
        AddressRefused: the host now has an address that webhooks may not have.
        OSError, ValueError, HTTPException: no response, or none that is HTTP.
    """
    deadline, target = Deadline(seconds), parse_url(url)
    connection = CheckedConnection(target, resolve(target), deadline)
    try:
        connection.request("POST", target.path, body.encode(), headers)
        response = connection.getresponse()
        read_some_of_body(response)
        return response.status
    finally:
        connection.close_socket()


def read_some_of_body(response: http.client.HTTPResponse) -> None:
    """Let a receiver send a short body to its end. Errors do not matter: the status is known already."""
    try:
        response.read(MAX_BODY_READ)
    except (OSError, ValueError, http.client.HTTPException):
        return


def describe_status(status: int) -> str:
    if 300 <= status < 400:
        return f"The receiver answered {status}: redirects are not followed, register the final address."
    return f"The receiver answered {status}."


def describe_failure(raised: Exception, seconds: float) -> str:
    sentences: list[tuple[type[Exception], str]] = [
        (AddressRefused, str(raised)),
        (TimeoutError, f"No complete response within {seconds:g} seconds."),
        (ConnectionRefusedError, "The connection was refused."),
        (ssl.SSLCertVerificationError, f"The certificate is not valid: {getattr(raised, 'verify_message', '')}."),
        (ssl.SSLError, f"The TLS handshake failed: {getattr(raised, 'reason', '')}."),
        (http.client.HTTPException, "The response is not HTTP, or it was cut off."),
        (Exception, f"The connection failed: {getattr(raised, 'strerror', '') or type(raised).__name__}."),
    ]
    return next(sentence for kind, sentence in sentences if isinstance(raised, kind))
