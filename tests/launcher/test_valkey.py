"""The Valkey server that the launcher starts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from config.launcher.valkey import ValkeyServer

pytestmark = [pytest.mark.no_database, pytest.mark.processes]
WRITTEN_BY_REDIS = Path(__file__).parent / "redis-6.2.14-appendonly.aof"  # a snapshot, and a command after it


@contextmanager
def running(server: ValkeyServer) -> Iterator["redis.Redis"]:
    """Yield a client of the server while it runs."""
    server.start()
    try:
        with redis.Redis.from_url(server.url()) as client:
            yield client
    finally:
        server.stop()


def test_the_server_is_valkey_9(tmp_path: Path):
    with running(ValkeyServer(tmp_path)) as client:
        info = client.info("server")

    assert (info["server_name"], info["valkey_version"].split(".")[0]) == ("valkey", "9")


def test_a_durable_server_keeps_queued_tasks_over_a_restart(tmp_path: Path):
    with running(ValkeyServer(tmp_path, durable=True)) as client:
        client.rpush("celery", "first")

    with running(ValkeyServer(tmp_path, durable=True)) as client:
        assert client.lrange("celery", 0, -1) == [b"first"]


def test_data_of_redis_6_2_survives_two_restarts(tmp_path: Path):
    shutil.copy(WRITTEN_BY_REDIS, tmp_path / "appendonly.aof")

    with running(ValkeyServer(tmp_path, durable=True)) as client:
        client.rpush("celery", "fourth")
    with running(ValkeyServer(tmp_path, durable=True)) as client:
        found = client.lrange("celery", 0, -1), client.get("boxoffice:1:page")

    assert found == ([b"first", b"second", b"third", b"fourth"], b"cached")


def test_a_taken_port_is_replaced_by_a_free_one(tmp_path: Path, taken_port: int):
    assert ValkeyServer(tmp_path, port=taken_port).port != taken_port
