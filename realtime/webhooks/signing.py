"""The signature by which a receiver verifies a delivery; docs/webhooks.md shows how."""

import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """Return a secret of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def sign(*, secret: str, body: str, timestamp: int) -> str:
    """Return the value of ``X-BoxOffice-Signature``. The time is signed too, so receivers can reject old messages."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
