"""Notifying the worker costs a request nothing, and bursts of notifications send one task."""

import socket

import redis
from django.conf import settings

from journal.handler_notifier import background_notifier, finish, notify_handlers
from journal.tasks import dispatch_entries
from tests.support.waiting import eventually


def queued() -> int:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return int(client.llen("celery"))  # type: ignore[arg-type]  # synchronous


def test_many_notifications_send_one_task_until_it_starts():
    before = queued()
    for _ in range(50):
        notify_handlers(["mail"])
    assert finish()
    assert queued() == before + 1

    dispatch_entries("mail")
    notify_handlers(["mail"])

    assert finish()
    assert queued() == before + 2


def test_the_mark_of_a_lost_task_expires():
    """So a task that never started does not keep later ones from being sent."""
    background_notifier.send_tasks(["mail"])

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert 0 < client.ttl(f"boxoffice:1:{background_notifier.mark_key('mail')}") <= 2


def test_notifying_neither_fails_nor_blocks_without_redis(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (1, silent.getsockname()[1]):
            settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{port}/0"}}

            notify_handlers(["mail"])

            eventually(lambda: finish(seconds=5))
