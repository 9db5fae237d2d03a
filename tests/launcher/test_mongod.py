"""The mongod that the launcher starts."""

from pathlib import Path

import pymongo
import pytest

from config.launcher import mongod as mongod_module
from config.launcher.errors import LaunchError
from config.launcher.mongod import Mongod

pytestmark = [pytest.mark.no_database, pytest.mark.processes]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file",
            "mongod needs the library libcurl.so.4: install it (Debian: apt-get install libcurl4) and start again.",
        ),
        ("Fatal assertion 1", "mongod ended at start with code 127: see {log}."),
    ],
)
def test_a_failed_start_is_explained_in_one_sentence(tmp_path: Path, monkeypatch, output: str, sentence: str):
    program = tmp_path / "mongod"
    program.write_text(f"#!/bin/sh\necho '{output}' >&2\nexit 127\n")
    program.chmod(0o755)
    monkeypatch.setattr(mongod_module, "find_mongod", lambda: program)
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
