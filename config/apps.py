"""Django's own apps with ids that MongoDB can make, and the project's checks."""

import gc

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries

gc.disable()  # until the apps are loaded: there is nothing to collect yet, and looking for it is a fifth of the start

OBJECT_ID = "django_mongodb_backend.fields.ObjectIdAutoField"


class BoxOfficeConfig(AppConfig):
    name = "config"
    verbose_name = "Box Office"

    def ready(self) -> None:
        from config import checks, logs, openapi  # noqa: F401, PLC0415 - they register themselves once apps are loaded

        gc.enable()
        logs.configure(settings.LOGGING)
        if not settings.DEBUG:
            forget_connection_rituals()


def forget_connection_rituals() -> None:
    """Drop what Django does around each request for connections that a request owns (6 % of a booking's time).

    MongoDB's client is a pool that all threads share and that mends itself.
    """
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)


class MongoAdminConfig(AdminConfig):
    default_site = "config.site.Site"
    default_auto_field = OBJECT_ID


class MongoAuthConfig(AuthConfig):
    default_auto_field = OBJECT_ID


class MongoContentTypesConfig(ContentTypesConfig):
    default_auto_field = OBJECT_ID
