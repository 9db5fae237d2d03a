"""Rate limits."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import get_resolver

from accounts.models import User
from config.api import rates
from config.api.throttling import RateLimit, count_call
from events.models import Event
from tests.conftest import client_of
from tests.support.bad_input import is_problem

LOGIN = {"email": "nora@example.com", "password": "Wrong-pass-917"}


@pytest.fixture(autouse=True)
def limits_on(settings):
    settings.RATE_LIMITS = True


def test_too_many_guesses_at_one_account_are_429(anonymous):
    answers = [anonymous.post("/api/auth/login", LOGIN, REMOTE_ADDR=f"10.0.0.{number}") for number in range(45)]

    assert answers[0].status_code == 401
    refused = max(answers, key=lambda answer: int(answer.status_code))  # the last may be in the next minute
    assert is_problem(refused, 429, "too_many_requests")
    assert 0 < int(refused["Retry-After"]) <= 61


def test_another_account_is_not_counted(anonymous):
    for _ in range(45):
        anonymous.post("/api/auth/login", LOGIN)

    assert anonymous.post("/api/auth/login", {**LOGIN, "email": "other@example.com"}).status_code == 401


def test_a_made_up_forwarded_address_does_not_help(anonymous):
    statuses = {
        anonymous.post("/api/auth/refresh", {"refresh": "x"}, HTTP_X_FORWARDED_FOR=f"1.1.1.{number % 250}").status_code
        for number in range(1300)
    }

    assert statuses == {401, 429}


def limits(of: type[RateLimit] = RateLimit) -> list[type[RateLimit]]:
    """Return every limit that there is in this process, the table's and others."""
    return [one for kind in of.__subclasses__() for one in [kind, *limits(kind)] if one.scope]


def test_every_limit_stands_in_the_table():
    get_resolver().url_patterns  # noqa: B018 - imports every view

    assert set(limits()) == {one for one in vars(rates).values() if getattr(one, "scope", "")}


def test_no_two_limits_count_together():
    names = [limit.__name__ for limit in limits()]

    assert sorted(names) == sorted(set(names))


def test_reading_events_leaves_the_limit_of_bookings_alone(customer: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rates.READ_BOOKINGS, "allowed", 1)
    client = client_of(customer)
    for _ in range(3):
        client.get("/api/events")

    assert client.get("/api/bookings/me").status_code == 200


def test_threads_do_not_slip_through():
    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(lambda _: count_call("test", 3600), range(200)))

    assert sorted(counts) == list(range(1, 201))


def test_without_redis_there_is_service_and_no_limit(event: Event, anonymous, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}

    statuses = {anonymous.post("/api/auth/login", LOGIN).status_code for _ in range(25)}

    assert statuses == {401}
