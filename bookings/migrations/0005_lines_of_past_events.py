"""Events that have begun while parties still wait: among 200,000 events they are few, and sought every 5 seconds.

The index holds only events with a line; a booking does not touch it.
"""

from django.db import migrations

COLLECTION, NAME = "events_event", "event_with_line"


def create(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].create_index(
        [("starts_at", 1)], name=NAME, partialFilterExpression={"waitlist_length": {"$gt": 0}}
    )


def drop(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].drop_index(NAME)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_open_waitlist_entries"), ("events", "0002_waitlist")]
    operations = [migrations.RunPython(create, drop)]
