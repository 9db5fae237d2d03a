"""What `run` and `serve` have in common."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import pymongo
import pymongo.errors
import redis

from config.launcher.errors import LaunchError
from config.launcher.processes import Child, die_with_parent

READY_SECONDS = 90


def say(text: str) -> None:
    print(text, flush=True)


def number(env: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number from the environment."""
    raw = env.get(name) or str(default)
    if not raw.isdecimal():
        raise LaunchError(f"{name}={raw} is not a whole number: correct it or leave it out.")
    return int(raw)


def program(name: str) -> str:
    """Return a console script of this environment."""
    return os.path.join(os.path.dirname(sys.executable), name)


def manage(env: Mapping[str, str], *arguments: str) -> str:
    """Run a management command and return its output.

    Raises:
        LaunchError: it failed; its own last words are in the sentence.
    """
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command,
        env=dict(env),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=die_with_parent,
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise LaunchError(f"manage.py {arguments[0]} failed: {words[-1]}")
    return done.stdout


def without_secrets(uri: str) -> str:
    """Return an address as it may be printed: host and port only."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc.rsplit('@', 1)[-1]}"


def require_mongodb(uri: str) -> None:
    """Raise LaunchError unless a replica set answers at this address."""
    where = without_secrets(uri)
    try:
        client: pymongo.MongoClient[dict[str, Any]]
        with pymongo.MongoClient(uri, serverSelectionTimeoutMS=4000, connectTimeoutMS=4000) as client:
            hello = client.admin.command("hello")
    except pymongo.errors.ConfigurationError as error:
        raise LaunchError(f"MONGODB_URI cannot be used: {error}.") from None
    except pymongo.errors.PyMongoError as error:
        raise LaunchError(why_unreachable(uri, where, error)) from None
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise LaunchError(not_a_replica_set(where))


def why_unreachable(uri: str, where: str, error: pymongo.errors.PyMongoError) -> str:
    """Tell a standalone server (which a client that asks for a replica set finds unreachable) from a missing one."""
    if isinstance(error, pymongo.errors.OperationFailure):
        return f"MongoDB at {where} refuses the sign-in: correct user and password in MONGODB_URI."
    try:
        bare = f"mongodb://{urlsplit(uri).netloc.split(',')[0]}"
        client: pymongo.MongoClient[dict[str, Any]]
        with pymongo.MongoClient(bare, directConnection=True, serverSelectionTimeoutMS=2000) as client:
            if "setName" not in client.admin.command("hello"):
                return not_a_replica_set(where)
    except pymongo.errors.PyMongoError:
        pass
    return f"MongoDB at {where} cannot be reached: start it, or correct MONGODB_URI."


def not_a_replica_set(where: str) -> str:
    return f"MongoDB at {where} is not a replica set: start mongod with --replSet rs0 and run rs.initiate() once."


def require_redis(url: str) -> None:
    """Raise LaunchError unless a Redis answers at this address."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=4, socket_timeout=4) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError):
        where = without_secrets(url)
        raise LaunchError(f"Redis at {where} cannot be reached: start it, or correct REDIS_URL.") from None


def wait_ready(url: str, watched: Child, *, tick: Callable[[], None] = lambda: None) -> None:
    """Wait until ``url`` answers 200.

    Raises:
        LaunchError: the server ended, or is not ready in time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not answers_ok(url):
        if not watched.is_alive:
            raise LaunchError(f"The {watched.name} ended with code {watched.exit_code}: its output above says why.")
        if time.monotonic() > deadline:
            raise LaunchError(f"{url} did not answer in {READY_SECONDS} s: the output above says why.")
        tick()
        time.sleep(0.2)


def answers_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
