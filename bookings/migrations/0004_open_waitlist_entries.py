"""One open waitlist entry for a customer and an event: a partial index that serves an equality lookup too."""

from django.db import migrations

COLLECTION, NAME = "bookings_waitlistentry", "waitlist_open"


def create(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].create_index(
        [("event_id", 1), ("customer_id", 1)], unique=True, name=NAME, partialFilterExpression={"open": True}
    )


def drop(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].drop_index(NAME)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_waitlist")]
    operations = [migrations.RunPython(create, drop)]
