"""Numbered system checks. The ones about secrets also run when a server process starts."""

from collections.abc import Sequence
from typing import Any

import pymongo.errors
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

MINIMUM_SECRET = 50


@register(Tags.security)
def check_secret(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E001: production with the development secret. E002: a secret short enough to guess."""
    if settings.DEBUG:
        return []
    if settings.IS_DEVELOPMENT_SECRET:
        hint = "Set SECRET_KEY, e.g. to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        return [Error("SECRET_KEY is the development default and DEBUG is off.", hint=hint, id="boxoffice.E001")]
    if len(settings.SECRET_KEY) < MINIMUM_SECRET:
        return [
            Error(
                f"SECRET_KEY is shorter than {MINIMUM_SECRET} characters.",
                hint="Use a longer one.",
                id="boxoffice.E002",
            )
        ]
    return []


@register(Tags.database)
def check_replica_set(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E003: MongoDB not reachable. E004: not a replica set, so neither transactions nor majority writes work."""
    if not databases or "default" not in databases:
        return []
    connection = connections["default"]
    try:
        connection.ensure_connection()
        hello = connection.connection.admin.command("hello")
    except pymongo.errors.PyMongoError as error:
        hint = "Start it, or correct MONGODB_URI."
        return [Error(f"MongoDB cannot be reached: {type(error).__name__}.", hint=hint, id="boxoffice.E003")]
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        hint = "Start mongod with --replSet rs0 and run rs.initiate(); one node is enough."
        return [Error("MongoDB is not a replica set.", hint=hint, id="boxoffice.E004")]
    return []


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured where a server process must not start; no database is asked."""
    for message in check_secret():
        raise ImproperlyConfigured(f"{message.id}: {message.msg} {message.hint}")
