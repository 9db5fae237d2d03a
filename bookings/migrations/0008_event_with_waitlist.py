"""The index of migration 0005 gets the name that says what it holds. MongoDB cannot rename an index."""

from django.db import migrations

COLLECTION = "events_event"
OLD, NEW = "event_with_line", "event_with_waitlist"


def recreate(database, old, new):
    events = database[COLLECTION]
    if old in events.index_information():  # else an interrupted run has dropped it
        events.drop_index(old)
    events.create_index(
        [("starts_at", 1)], name=new, partialFilterExpression={"waitlist_length": {"$gt": 0}}
    )


def forwards(apps, schema_editor):
    recreate(schema_editor.connection.database, OLD, NEW)


def backwards(apps, schema_editor):
    recreate(schema_editor.connection.database, NEW, OLD)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_waitlist_place")]
    operations = [migrations.RunPython(forwards, backwards)]
