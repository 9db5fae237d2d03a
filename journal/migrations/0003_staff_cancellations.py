"""Bookings that staff cancelled, among all that were cancelled: a partial index that ordinary entries never touch."""

from django.db import migrations

COLLECTION, NAME = "journal_entry", "entry_staff_cancellation"


def create(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].create_index(
        [("type", 1), ("data.reason", 1), ("at", -1)], name=NAME, partialFilterExpression={"data.reason": "staff"}
    )


def drop(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].drop_index(NAME)


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_event_log")]
    operations = [migrations.RunPython(create, drop)]
