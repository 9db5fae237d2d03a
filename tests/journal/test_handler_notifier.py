"""Waking the worker never costs the one who wakes."""

import socket

import redis
from django.conf import settings

from journal.handler_notifier import finish, notify_handlers, patient
from journal.tasks import drain
from tests.support.waiting import eventually


def queued() -> int:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return int(client.llen("celery"))  # type: ignore[arg-type]  # synchronous


def test_many_wakes_make_one_message_until_the_drain_starts():
    before = queued()
    for _ in range(50):
        notify_handlers(["mail"])
    assert finish()
    assert queued() == before + 1

    drain("mail")
    notify_handlers(["mail"])

    assert finish()
    assert queued() == before + 2


def test_a_lost_message_is_made_up_for():
    """The mark that merges wakes expires, so a drain that never started does not silence the next ones."""
    patient.announce(["mail"])

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert 0 < client.ttl(f"boxoffice:1:{patient.mark('mail')}") <= 2


def test_redis_away_or_silent_is_nobodys_problem(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (1, silent.getsockname()[1]):
            settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{port}/0"}}

            notify_handlers(["mail"])

            eventually(lambda: finish(seconds=5))
