"""Django's own apps with ids that MongoDB can make, and the project's checks."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig

OBJECT_ID = "django_mongodb_backend.fields.ObjectIdAutoField"


class BoxOfficeConfig(AppConfig):
    name = "config"
    verbose_name = "Box Office"

    def ready(self) -> None:
        from config import checks, logs, openapi  # noqa: F401, PLC0415 - they register themselves once apps are loaded

        logs.configure(settings.LOGGING)


class MongoAdminConfig(AdminConfig):
    default_auto_field = OBJECT_ID


class MongoAuthConfig(AuthConfig):
    default_auto_field = OBJECT_ID


class MongoContentTypesConfig(ContentTypesConfig):
    default_auto_field = OBJECT_ID
