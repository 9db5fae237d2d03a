"""MongoDB deletes deliveries of webhooks 30 days after they were made. Meta cannot express a TTL index."""

from django.db import migrations

COLLECTION, NAME = "realtime_delivery", "delivery_ttl"
THIRTY_DAYS = 30 * 24 * 3600


def create(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].create_index("created_at", expireAfterSeconds=THIRTY_DAYS, name=NAME)


def drop(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].drop_index(NAME)


class Migration(migrations.Migration):
    dependencies = [("realtime", "0002_webhooks")]
    operations = [migrations.RunPython(create, drop)]
