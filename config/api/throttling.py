"""Rate limits: a counter a minute in Redis. Redis away means no limit, not no service."""

import hashlib
import time
from typing import Self

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

PERIODS = {"min": 60, "hour": 3600}


class Limit(BaseThrottle):
    """At most ``allowed`` calls a period for each caller; one atomic INCR a call, so threads can't slip through."""

    scope = ""
    allowed, period = 0, 60

    @classmethod
    def at(cls, scope: str, rate: str) -> type[Self]:
        """Return this limit for a scope, as in ``ByAddress.at("login", "300/min")``."""
        allowed, period = rate.split("/")
        return type(
            f"{cls.__name__}_{scope}", (cls,), {"scope": scope, "allowed": int(allowed), "period": PERIODS[period]}
        )

    def allow_request(self, request: Request, view: APIView) -> bool:
        caller = self.identify(request) if settings.RATE_LIMITS else ""
        return not caller or self.admits(caller)

    @classmethod
    def admits(cls, caller: str) -> bool:
        """Count one more call and tell whether it is within the limit."""
        return count_call(f"limit:{cls.__name__}:{caller}", cls.period) <= cls.allowed

    def wait(self) -> float:
        return self.period - time.time() % self.period

    def identify(self, request: Request) -> str:
        raise NotImplementedError


def count_call(key: str, period: int) -> int:
    """Count one call in the running period and return how many there were; 0 when Redis is away."""
    key = f"{key}:{int(time.time() // period)}"
    if cache.add(key, 1, timeout=period):
        return 1
    try:
        return int(cache.incr(key) or 0)
    except ValueError:  # the period ended in between, or Redis is away
        return 0


class ByAddress(Limit):
    """For calls without a user. Behind proxies NUM_PROXIES says how many X-Forwarded-For entries to trust."""

    def identify(self, request: Request) -> str:
        return self.get_ident(request)


class ByUser(Limit):
    """For signed-in callers; others are counted by address."""

    def identify(self, request: Request) -> str:
        return str(request.user.pk or "") or self.get_ident(request)


class ByEmail(Limit):
    """For guesses at one account's password, whatever addresses they come from."""

    def identify(self, request: Request) -> str:
        email = request.data.get("email", "") if isinstance(request.data, dict) else ""
        return digest_of(str(email))


def digest_of(email: str) -> str:
    """Return what stands for an address in Redis, however the caller writes it."""
    return hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()[:32]
