"""Rate limits."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import get_resolver

from accounts.models import User
from config.api import rates
from config.api.throttling import RateLimit
from config.core.call_counter import count_call
from events.models import Event
from tests.support.api_client import client_of
from tests.support.bad_input import is_problem

LOGIN = {"email": "nora@example.com", "password": "Wrong-pass-917"}


@pytest.fixture(autouse=True)
def limits_on(settings):
    settings.RATE_LIMITS = True


def test_too_many_logins_to_one_account_are_429(anonymous):
    responses = [anonymous.post("/api/auth/login", LOGIN, REMOTE_ADDR=f"10.0.0.{number}") for number in range(45)]

    assert responses[0].status_code == 401
    refused = max(responses, key=lambda response: int(response.status_code))  # the last may be in the next minute
    assert is_problem(refused, 429, "too_many_requests")
    assert 0 < int(refused["Retry-After"]) <= 61


def test_logins_to_another_account_are_not_limited(anonymous):
    for _ in range(45):
        anonymous.post("/api/auth/login", LOGIN)

    assert anonymous.post("/api/auth/login", {**LOGIN, "email": "other@example.com"}).status_code == 401


def test_a_made_up_forwarded_address_does_not_evade_the_limit(anonymous):
    statuses = {
        anonymous.post("/api/auth/refresh", {"refresh": "x"}, HTTP_X_FORWARDED_FOR=f"1.1.1.{number % 250}").status_code
        for number in range(1300)
    }

    assert statuses == {401, 429}


def limits(of: type[RateLimit] = RateLimit) -> list[type[RateLimit]]:
    """Return all limits of this process, in the table or not."""
    return [one for kind in of.__subclasses__() for one in [kind, *limits(kind)] if one.scope]


def test_every_limit_is_in_the_table():
    get_resolver().url_patterns  # noqa: B018 - imports every view

    assert set(limits()) == {one for one in vars(rates).values() if getattr(one, "scope", "")}


def test_limits_do_not_share_a_counter():
    names = [limit.__name__ for limit in limits()]

    assert sorted(names) == sorted(set(names))


def test_reading_events_does_not_count_for_bookings(customer: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rates.READ_BOOKINGS, "allowed", 1)
    client = client_of(customer)
    for _ in range(3):
        client.get("/api/events")

    assert client.get("/api/bookings/me").status_code == 200


def test_calls_of_threads_are_all_counted():
    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(lambda _: count_call("test", 3600), range(200)))

    assert sorted(counts) == list(range(1, 201))


def test_without_redis_calls_are_served_without_limit(event: Event, anonymous, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    statuses = {anonymous.post("/api/auth/login", LOGIN).status_code for _ in range(25)}

    assert statuses == {401}
