"""The app of the project, and Django's own apps with ids that MongoDB can make."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig

from config.core import process_tuning

process_tuning.pause_collection()

OBJECT_ID = "django_mongodb_backend.fields.ObjectIdAutoField"


class BoxOfficeConfig(AppConfig):
    name = "config"
    verbose_name = "Box Office"

    def ready(self) -> None:
        from config import checks, logs  # noqa: F401, PLC0415 - they register themselves once apps are loaded
        from config.api import openapi  # noqa: F401, PLC0415 - they register themselves once apps are loaded

        process_tuning.resume_collection()
        logs.configure(settings.LOGGING)
        if not settings.DEBUG:
            process_tuning.disconnect_connection_signals()


class MongoAdminConfig(AdminConfig):
    default_site = "config.admin.site.Site"
    default_auto_field = OBJECT_ID


class MongoAuthConfig(AuthConfig):
    default_auto_field = OBJECT_ID


class MongoContentTypesConfig(ContentTypesConfig):
    default_auto_field = OBJECT_ID
