"""Rate limits: a counter for each period in Redis. While Redis cannot be reached there is no limit."""

import hashlib
import time
from typing import Self

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from config.core.call_counter import count_call

PERIODS = {"min": 60, "hour": 3600}


class RateLimit(BaseThrottle):
    """At most ``allowed`` calls of a client in ``period`` seconds. An atomic INCR counts: no thread can exceed it."""

    scope = ""
    allowed, period = 0, 60

    @classmethod
    def limit(cls, scope: str, rate: str) -> type[Self]:
        """Return a subclass: ``ByAddress.limit("login", "300/min")``. ``scope`` names the counter."""
        allowed, period = rate.split("/")
        return type(
            f"{cls.__name__}_{scope}", (cls,), {"scope": scope, "allowed": int(allowed), "period": PERIODS[period]}
        )

    def allow_request(self, request: Request, view: APIView) -> bool:
        client = self.identify(request) if settings.RATE_LIMITS else ""
        return not client or self.allows(client)

    @classmethod
    def allows(cls, client: str) -> bool:
        """Count one more call and tell whether it is within the limit."""
        return count_call(f"limit:{cls.__name__}:{client}", cls.period) <= cls.allowed

    def wait(self) -> float:
        return self.period - time.time() % self.period

    def identify(self, request: Request) -> str:
        raise NotImplementedError


class ByAddress(RateLimit):
    """Counts by address, for calls without a user. NUM_PROXIES says how many X-Forwarded-For entries to trust."""

    def identify(self, request: Request) -> str:
        return self.get_ident(request)


class ByUser(RateLimit):
    """Counts signed-in users by id and others by address."""

    def identify(self, request: Request) -> str:
        return str(request.user.pk or "") or self.get_ident(request)


class ByEmail(RateLimit):
    """Counts by the e-mail address in the body: guesses at one account's password, from any address."""

    def identify(self, request: Request) -> str:
        email = request.data.get("email", "") if isinstance(request.data, dict) else ""
        return digest_of(str(email))


def digest_of(email: str) -> str:
    """Return the digest that Redis has instead of an e-mail address; case and blanks do not change it."""
    return hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()[:32]
