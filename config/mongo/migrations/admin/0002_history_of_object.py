"""The admin's log by object, newest first: its History tab would otherwise read the log of every object of the kind."""

from django.db import migrations

COLLECTION, NAME = "django_admin_log", "log_of_object"


def create(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].create_index(
        [("object_id", 1), ("content_type_id", 1), ("action_time", -1)], name=NAME
    )


def drop(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].drop_index(NAME)


class Migration(migrations.Migration):
    dependencies = [("admin", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
