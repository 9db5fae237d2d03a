"""Checks that a MongoDB and a Redis which the environment names can be used, before anything is started."""

from urllib.parse import urlsplit

import pymongo
import pymongo.errors
import redis

from config.launcher.errors import LaunchError


def require_mongodb(uri: str) -> None:
    """Raise LaunchError unless a replica set, or a router of a sharded cluster, answers at this address."""
    try:
        hello = send_hello(uri, timeout_ms=4000)
    except pymongo.errors.ConfigurationError as error:
        raise LaunchError(f"MONGODB_URI cannot be used: {error}.") from None
    except pymongo.errors.PyMongoError as error:
        raise LaunchError(why_unreachable(uri, error)) from None
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise LaunchError(no_replica_set(uri))


def send_hello(uri: str, *, timeout_ms: int) -> dict[str, object]:
    client: pymongo.MongoClient[dict[str, object]]
    with pymongo.MongoClient(uri, serverSelectionTimeoutMS=timeout_ms, connectTimeoutMS=timeout_ms) as client:
        return client.admin.command("hello")


def why_unreachable(uri: str, error: pymongo.errors.PyMongoError) -> str:
    if isinstance(error, pymongo.errors.OperationFailure):
        return f"MongoDB at {without_secrets(uri)} refuses the sign-in: correct user and password in MONGODB_URI."
    if is_standalone(uri):
        return no_replica_set(uri)
    return f"MongoDB at {without_secrets(uri)} cannot be reached: start it, or correct MONGODB_URI."


def is_standalone(uri: str) -> bool:
    """Return whether a server without a replica set answers; with replicaSet= in its URI it counts as unreachable."""
    first_host = urlsplit(uri).netloc.split(",")[0]
    try:
        hello = send_hello(f"mongodb://{first_host}/?directConnection=true", timeout_ms=2000)
    except pymongo.errors.PyMongoError:
        return False
    return "setName" not in hello


def no_replica_set(uri: str) -> str:
    where = without_secrets(uri)
    return f"MongoDB at {where} is not a replica set: start mongod with --replSet rs0 and run rs.initiate() once."


def require_redis(url: str) -> None:
    """Raise LaunchError unless a Redis or Valkey answers at this address."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=4, socket_timeout=4) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError):
        where = without_secrets(url)
        raise LaunchError(f"Redis at {where} cannot be reached: start it, or correct REDIS_URL.") from None


def without_secrets(uri: str) -> str:
    """Return an address as it may be printed: scheme, host and port only."""
    address = urlsplit(uri)
    return f"{address.scheme}://{address.netloc.rsplit('@', 1)[-1]}"
