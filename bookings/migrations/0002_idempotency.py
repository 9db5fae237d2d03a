"""One booking for a customer's idempotency key.

A partial index on ``$gt: ""`` holds strings only and, unlike the ``$type`` filter that Meta would make,
serves an equality lookup.
"""

from django.db import migrations

COLLECTION, NAME = "bookings_booking", "booking_idempotency"
KEYS = [("customer_id", 1), ("idempotency_key", 1)]


def create(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].create_index(
        KEYS, unique=True, name=NAME, partialFilterExpression={"idempotency_key": {"$gt": ""}}
    )


def drop(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].drop_index(NAME)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
