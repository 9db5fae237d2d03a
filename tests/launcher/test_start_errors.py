"""If the launcher cannot start, it prints one sentence: why, and what to do."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pymongo.errors
import pytest

from config.launcher.mongod import Mongod
from config.launcher.ports import free_port
from tests.support.launcher_process import error_of, launch

pytestmark = [pytest.mark.no_database, pytest.mark.processes]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"PORT": str(free_port()), "DATA_DIR": str(tmp_path)}


def test_run_names_a_taken_port_and_its_variable(env: dict[str, str], taken_port: int):
    error = error_of(launch("run", env={**env, "PORT": str(taken_port)}))

    assert error.startswith(f"Port {taken_port} is taken by another program: stop it, or choose another with PORT=")


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_run_refuses_an_invalid_port(env: dict[str, str], port: str):
    assert f"PORT={port}" in error_of(launch("run", env={**env, "PORT": port}))


def test_run_names_an_unreachable_mongodb_without_its_password(env: dict[str, str]):
    uri = "mongodb://user:s3cret@127.0.0.1:1/x?replicaSet=rs0"

    error = error_of(launch("run", env={**env, "MONGODB_URI": uri}))

    assert error == "MongoDB at mongodb://127.0.0.1:1 cannot be reached: start it, or correct MONGODB_URI."


def is_up(client: "pymongo.MongoClient[dict[str, object]]") -> bool:
    try:
        return bool(client.admin.command("ping"))
    except pymongo.errors.PyMongoError:
        return False


@pytest.fixture
def standalone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a mongod started without --replSet."""
    mongod = Mongod(tmp_path / "standalone")
    without = [word for word in mongod.command() if word not in ("--replSet", "rs0")]
    monkeypatch.setattr(mongod, "command", lambda: without)
    monkeypatch.setattr(mongod, "is_primary", is_up)
    mongod.start()
    yield mongod.port
    mongod.stop()


@pytest.mark.parametrize("options", ["", "?replicaSet=rs0"])
def test_run_refuses_a_mongodb_that_is_no_replica_set(env: dict[str, str], standalone: int, options: str):
    uri = f"mongodb://127.0.0.1:{standalone}/x{options}"

    error = error_of(launch("run", env={**env, "MONGODB_URI": uri}))

    assert "is not a replica set: start mongod with --replSet rs0" in error


def test_serve_names_an_unreachable_redis_without_its_password(env: dict[str, str]):
    own = {"MONGODB_URI": os.environ["MONGODB_URI"], "SECRET_KEY": "x" * 50}

    error = error_of(launch("serve", env={**env, **own, "REDIS_URL": "redis://:s3cret@127.0.0.1:1/0"}))

    assert error == "Redis at redis://127.0.0.1:1 cannot be reached: start it, or correct REDIS_URL."


def test_serve_names_every_missing_variable():
    error = error_of(launch("serve"))

    assert [name in error for name in ("MONGODB_URI", "REDIS_URL", "SECRET_KEY")] == [True, True, True]


def test_run_refuses_data_that_another_run_has_locked(env: dict[str, str], tmp_path: Path):
    lock = tmp_path / "lock"
    lock.write_text("4711")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        error = error_of(launch("run", env=env))

    assert "is up already with this data (process 4711)" in error


@pytest.mark.parametrize("arguments", [[], ["walk"], ["with-servers"], ["with-servers", "--"]])
def test_unknown_arguments_print_the_usage(arguments: list[str]):
    done = launch(*arguments)

    assert (done.returncode, done.stderr.split(":")[0]) == (2, "usage")
