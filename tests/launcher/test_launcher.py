"""python -m config.launcher: what it starts it also stops, and what is missing it says in one sentence."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pymongo
import pymongo.errors
import pytest

from config.launcher import mongo
from config.launcher.errors import LaunchError
from config.launcher.mongo import Mongod
from config.launcher.ports import free_port
from config.launcher.redis import RedisServer
from tests.waiting import eventually

pytestmark = [pytest.mark.no_database, pytest.mark.processes]


def clean_environment() -> dict[str, str]:
    own = ("MONGODB_URI", "REDIS_URL", "SECRET_KEY", "DEBUG")
    return {name: value for name, value in os.environ.items() if name not in own}


def launch(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run the launcher to its end with nothing of the test's own servers in its environment."""
    command = [sys.executable, "-m", "config.launcher", *arguments]
    return subprocess.run(
        command, env={**clean_environment(), **env}, capture_output=True, text=True, check=False, timeout=60
    )


def one_sentence(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 1
    (sentence,) = done.stderr.strip().splitlines()
    return sentence


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def test_a_taken_port_is_one_sentence(tmp_path: Path, taken_port: str):
    sentence = one_sentence(launch("run", PORT=taken_port, DATA_DIR=str(tmp_path)))

    assert sentence.startswith(f"Port {taken_port} is taken by another program: stop it, or choose another with PORT=")


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_a_port_that_is_none_is_one_sentence(tmp_path: Path, port: str):
    assert f"PORT={port}" in one_sentence(launch("run", PORT=port, DATA_DIR=str(tmp_path)))


def test_a_mongodb_that_is_away_is_one_sentence_without_its_password(tmp_path: Path):
    uri = "mongodb://user:s3cret@127.0.0.1:1/x?replicaSet=rs0"

    sentence = one_sentence(launch("run", PORT=str(free_port()), DATA_DIR=str(tmp_path), MONGODB_URI=uri))

    assert sentence == "MongoDB at mongodb://127.0.0.1:1 cannot be reached: start it, or correct MONGODB_URI."


def test_a_mongodb_that_is_no_replica_set_is_one_sentence(tmp_path: Path, standalone: int):
    for options in ("", "?replicaSet=rs0"):
        uri = f"mongodb://127.0.0.1:{standalone}/x{options}"

        sentence = one_sentence(launch("run", PORT=str(free_port()), DATA_DIR=str(tmp_path), MONGODB_URI=uri))

        assert "is not a replica set: start mongod with --replSet rs0" in sentence


def answers(client: "pymongo.MongoClient[dict[str, object]]") -> bool:
    try:
        return bool(client.admin.command("ping"))
    except pymongo.errors.PyMongoError:
        return False


@pytest.fixture
def standalone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A mongod started without --replSet."""
    mongod = Mongod(tmp_path / "standalone")
    without = [word for word in mongod.command() if word not in ("--replSet", "rs0")]
    monkeypatch.setattr(mongod, "command", lambda: without)
    monkeypatch.setattr(mongod, "is_primary", answers)
    mongod.start()
    yield mongod.port
    mongod.stop()


def test_a_redis_that_is_away_is_one_sentence():
    env = {"MONGODB_URI": os.environ["MONGODB_URI"], "SECRET_KEY": "x" * 50, "PORT": str(free_port())}

    sentence = one_sentence(launch("serve", REDIS_URL="redis://:s3cret@127.0.0.1:1/0", **env))

    assert sentence == "Redis at redis://127.0.0.1:1 cannot be reached: start it, or correct REDIS_URL."


def test_serve_names_every_variable_that_is_missing():
    sentence = one_sentence(launch("serve"))

    assert [name in sentence for name in ("MONGODB_URI", "REDIS_URL", "SECRET_KEY")] == [True, True, True]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file",
            "mongod needs the library libcurl.so.4: install it (Debian: apt-get install libcurl4) and start again.",
        ),
        ("Fatal assertion 1", "mongod ended at start with code 127: see {log}."),
    ],
)
def test_a_mongod_that_cannot_start_is_one_sentence(tmp_path: Path, monkeypatch, words: str, sentence: str):
    program = tmp_path / "mongod"
    program.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 127\n")
    program.chmod(0o755)
    monkeypatch.setattr(mongo, "find_mongod", lambda: program)
    mongod = Mongod(tmp_path / "data")

    with pytest.raises(LaunchError) as raised:
        mongod.start()

    assert str(raised.value) == sentence.format(log=mongod.log)


def test_data_survives_a_restart_on_another_port(tmp_path: Path):
    first = Mongod(tmp_path)
    first.start()
    with pymongo.MongoClient(first.uri("x")) as client:
        client["x"]["y"].insert_one({"_id": 1})
    first.stop()

    second = Mongod(tmp_path)
    second.start()

    with pymongo.MongoClient(second.uri("x")) as client:
        found = client["x"]["y"].find_one()
    second.stop()
    assert (found, first.port == second.port) == ({"_id": 1}, False)


def test_a_wanted_port_that_is_taken_is_not_insisted_on(tmp_path: Path, taken_port: str):
    assert RedisServer(tmp_path, port=int(taken_port)).port != int(taken_port)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one run leaves, however it ends, the next one starts with."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_however_run_ends_no_process_is_left(data_dir: Path, end: signal.Signals):
    port = free_port()
    env = {**clean_environment(), "PORT": str(port), "DATA_DIR": str(data_dir)}
    run = subprocess.Popen([sys.executable, "-m", "config.launcher", "run"], env=env, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    said = read_until(run, "Ctrl-C stops everything")
    children = psutil.Process(run.pid).children(recursive=True)
    addresses = json.loads((data_dir / "services.json").read_text())

    run.send_signal(end)
    run.communicate(timeout=40)

    assert f"http://127.0.0.1:{port}/api/docs" in said
    assert set(addresses) == {"MONGODB_URI", "REDIS_URL", "DEBUG"}
    assert len(children) >= 5
    eventually(lambda: not [child for child in children if child.is_running() and child.status() != "zombie"])
    assert run.returncode == (-9 if end == signal.SIGKILL else 0)


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout is not None
    said, deadline = "", time.monotonic() + 120
    while words not in said:
        assert time.monotonic() < deadline, said
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def test_a_second_run_with_the_same_data_is_told_who_has_it(tmp_path: Path):
    import fcntl

    lock = tmp_path / "lock"
    lock.write_text("4711")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sentence = one_sentence(launch("run", PORT=str(free_port()), DATA_DIR=str(tmp_path)))

    assert "is up already with this data (process 4711)" in sentence


def test_with_servers_gives_a_command_its_own_servers_and_its_exit_code():
    code = "import os, sys; print(os.environ['MONGODB_URI'][:20]); sys.exit(7)"

    done = launch("with-servers", "--", sys.executable, "-c", code)

    assert (done.returncode, done.stdout.strip()) == (7, "mongodb://127.0.0.1:")


@pytest.mark.parametrize("arguments", [[], ["walk"], ["with-servers"], ["with-servers", "--"]])
def test_anything_else_explains_itself(arguments: list[str]):
    done = launch(*arguments)

    assert (done.returncode, done.stderr.split(":")[0]) == (2, "usage")
