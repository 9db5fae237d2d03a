"""MongoDB deletes refresh tokens once they have expired. Meta cannot express a TTL index."""

from django.db import migrations

COLLECTION, NAME = "accounts_refreshtoken", "refresh_ttl"


def create(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].create_index("expires_at", expireAfterSeconds=0, name=NAME)


def drop(apps, schema_editor):
    schema_editor.connection.database[COLLECTION].drop_index(NAME)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
