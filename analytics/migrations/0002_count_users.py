"""Indexes that count users for the overview: MongoDB then counts keys and reads nobody's document."""

from django.db import migrations

COLLECTION = "accounts_user"
INDEXES = {"user_by_role": [("is_staff", 1), ("role", 1)], "user_by_activity": [("is_active", 1)]}


def create(apps, schema_editor):
    for name, keys in INDEXES.items():
        schema_editor.connection.database[COLLECTION].create_index(keys, name=name)


def drop(apps, schema_editor):
    for name in INDEXES:
        schema_editor.connection.database[COLLECTION].drop_index(name)


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_initial"), ("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
