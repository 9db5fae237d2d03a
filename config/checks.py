"""Numbered system checks. Server processes also run the checks of secrets when they start."""

from collections.abc import Sequence

import pymongo.errors
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

MINIMUM_SECRET = 50


@register(Tags.security)
def check_secret(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    """E001: the development secret in production. E002: a secret that is short enough to guess."""
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
    app_configs: object = None, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """E003: MongoDB cannot be reached. E004: it is no replica set, so that transactions and majority writes fail."""
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
    """Raise ImproperlyConfigured if a server process must not start. Reads no database."""
    for message in check_secret():
        raise ImproperlyConfigured(f"{message.id}: {message.msg} {message.hint}")
