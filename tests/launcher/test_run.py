"""`make run` starts everything, and leaves no process behind however it ends."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config.launcher.ports import free_port
from tests.support.launcher_process import clean_environment, launch
from tests.support.waiting import eventually

pytestmark = [pytest.mark.no_database, pytest.mark.processes]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each run starts with the data that the one before left, however that one ended."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_outlives_run(data_dir: Path, end: signal.Signals):
    port = free_port()
    env = {**clean_environment(), "PORT": str(port), "DATA_DIR": str(data_dir)}
    run = subprocess.Popen([sys.executable, "-m", "config.launcher", "run"], env=env, stdout=subprocess.PIPE, text=True)
    output = read_until(run, "Ctrl-C stops everything")
    children = psutil.Process(run.pid).children(recursive=True)
    addresses = json.loads((data_dir / "services.json").read_text())

    run.send_signal(end)
    run.communicate(timeout=40)

    assert f"http://127.0.0.1:{port}/api/docs" in output
    assert set(addresses) == {"MONGODB_URI", "REDIS_URL", "DEBUG"}
    assert len(children) >= 5
    eventually(lambda: not [child for child in children if child.is_running() and child.status() != "zombie"])
    assert run.returncode == (-9 if end == signal.SIGKILL else 0)


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout is not None
    output, deadline = "", time.monotonic() + 120
    while words not in output:
        assert time.monotonic() < deadline, output
        line = process.stdout.readline()
        assert line, output
        output += line
    return output


def test_with_servers_runs_a_command_on_its_own_servers():
    code = "import os, sys; print(os.environ['MONGODB_URI'][:20]); sys.exit(7)"

    done = launch("with-servers", "--", sys.executable, "-c", code)

    assert (done.returncode, done.stdout.strip()) == (7, "mongodb://127.0.0.1:")
