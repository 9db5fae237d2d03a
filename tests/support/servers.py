"""A pytest plugin (`-p tests.support.servers`): a real MongoDB and a real Valkey for the run, deleted afterwards.

Loaded before Django's settings, which read the addresses from the environment. The workers of pytest-xdist
inherit the addresses from the process that starts them; each has a database and a Valkey database number of its own.
"""

import os
import sys
import tempfile
from contextlib import ExitStack

import pytest

from config.launcher.errors import LaunchError
from config.launcher.temporary_servers import temporary_servers

SECRET = "test-" + "s" * 60
_servers = ExitStack()


def start() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        use_own_settings()
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    address, _, options = os.environ["TEST_MONGODB_URI"].partition("?")
    name = os.environ["TEST_APP_NAME"] = f"test_{worker or 'alone'}"  # tests/support/mongodb_commands.py breaks its own
    os.environ["MONGODB_URI"] = f"{address.rsplit('/', 1)[0]}/{name}?{options}&appName={name}"
    os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS_URL']}/{number % 16}"


def use_own_settings() -> None:
    """Set and remove variables, so that the environment of the shell does not change what is tested."""
    if "TEST_MONGODB_URI" not in os.environ:
        servers = _servers.enter_context(temporary_servers())
        os.environ["TEST_MONGODB_URI"] = servers.mongod.uri("boxoffice")
        os.environ["TEST_REDIS_URL"] = servers.valkey.url().removesuffix("/0")
    fixed = {
        "SECRET_KEY": SECRET,
        "DEBUG": "false",
        "RATE_LIMITS": "off",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    }
    os.environ.update(fixed, DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="INFO", LOG_FORMAT="json")
    os.environ["EVENT_LOG"] = os.path.join(tempfile.mkdtemp(prefix="boxoffice-log-"), "events.log.jsonl")
    for name in (
        "CORS_ALLOWED_ORIGINS",
        "METRICS_TOKEN",
        "EMAIL_HOST",
        "NUM_PROXIES",
        "CURRENCY",
        "ADMIN_CREATION_TOKEN",
        "PASSWORD_RESET_URL",
        "REALTIME_URL",
        "WEBHOOK_ALLOW_PRIVATE",
        "PROMETHEUS_MULTIPROC_DIR",
    ):
        os.environ.pop(name, None)


try:
    start()
except LaunchError as error:
    sys.exit(str(error))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _servers.close()
