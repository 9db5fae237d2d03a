"""The scope of the roll-ups of the whole platform is called ``platform``; it was ``house``, in their ids too.

A worker of the version before, still running afterwards, adds to ``house`` again: ``manage.py rebuild_rollups`` then
repairs both scopes.
"""

from functools import partial

from django.db import migrations

from config.mongo.collections import running_session
from config.mongo.transactions import run_in_transaction

COLLECTION, OLD, NEW = "analytics_dailysales", "house", "platform"
ATTEMPTS = 100  # every delivery writes the running totals, so a busy worker wins most conflicts over them
COUNTERS = ("bookings", "tickets", "revenue", "cancellations", "repairs")


def rename_scope(database, old, new):
    """Move the roll-ups of one scope to another, each in a transaction of its own.

    Nothing counts twice or gets lost when this breaks off, runs again, or runs while workers add to either scope.
    """
    rollups = database[COLLECTION]
    for document in list(rollups.find({"scope": old}, {"_id": 1})):
        run_in_transaction(partial(move, rollups, document["_id"], new), attempts=ATTEMPTS)


def move(rollups, key, scope):
    """Add a roll-up to the one of the same day in another scope and delete it: an ``_id`` cannot be changed."""
    document = rollups.find_one_and_delete({"_id": key}, session=running_session())
    if document is None:
        return
    day = document["day"]
    added = {name: document.get(name, 0) for name in COUNTERS}
    update = {"$inc": added, "$setOnInsert": {"scope": scope, "day": day}}
    rollups.update_one({"_id": f"{scope}:{day}"}, update, upsert=True, session=running_session())


def forwards(apps, schema_editor):
    rename_scope(schema_editor.connection.database, OLD, NEW)


def backwards(apps, schema_editor):
    rename_scope(schema_editor.connection.database, NEW, OLD)


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_count_users")]
    operations = [migrations.RunPython(forwards, backwards)]
