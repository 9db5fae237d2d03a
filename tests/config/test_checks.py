"""Numbered system checks, which also keep an unsafe process from starting."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import checks


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_a_safe_configuration_passes_all_checks():
    assert checks.check_secret() + checks.check_replica_set(databases=["default"]) == []


def test_the_development_secret_in_production_is_e001(settings):
    settings.IS_DEVELOPMENT_SECRET = True

    assert ids(checks.check_secret()) == ["boxoffice.E001"]


def test_a_short_secret_is_e002(settings):
    settings.SECRET_KEY = "x" * 49

    assert ids(checks.check_secret()) == ["boxoffice.E002"]


def test_debug_mode_accepts_the_development_secret(settings):
    settings.DEBUG, settings.IS_DEVELOPMENT_SECRET = True, True

    assert checks.check_secret() == []


def test_an_unsafe_process_does_not_start(settings):
    settings.IS_DEVELOPMENT_SECRET = True

    with pytest.raises(ImproperlyConfigured, match=r"E001.*Set SECRET_KEY"):
        checks.refuse_unsafe_start()


@pytest.mark.processes
@pytest.mark.parametrize("module", ["config.wsgi", "config.asgi"])
def test_servers_refuse_the_development_secret(module: str):
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}

    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"], env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "boxoffice.E001" in done.stderr


def manage(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=False)


@pytest.mark.processes
def test_an_unreachable_database_is_e003():
    done = manage("check", "--database", "default", MONGODB_URI="mongodb://127.0.0.1:1/x?replicaSet=rs0")

    assert "boxoffice.E003" in done.stderr


@pytest.mark.processes
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps-s3cret"),
        ("CURRENCY", "euro-s3cret"),
        ("NUM_PROXIES", "-1"),
        ("LOG_LEVEL", "LOUD-s3cret"),
        ("MONGODB_URI", "postgres://u:s3cret@h/x"),
        ("REDIS_URL", "http://:s3cret@h"),
        ("CLAIM_HORIZON_SECONDS", "1"),
        ("PASSWORD_RESET_URL", "s3cret/reset"),
        ("ADMIN_CREATION_TOKEN", "s3cret7"),
        ("ADMIN_CREATION_TOKEN", "s3cret with blanks" + "x" * 32),
    ],
)
def test_an_invalid_variable_is_named_without_its_value(name: str, value: str):
    done = manage("check", **{name: value})

    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr
