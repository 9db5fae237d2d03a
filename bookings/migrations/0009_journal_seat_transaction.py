"""Data of journal entries: ``turn`` becomes ``seatTransaction``, ``joinedInTurn`` becomes ``place``.

Entries can be many, so they are renamed in batches. Their ids come from the index ``entry_type``, whose keys stay as
they are. After an interruption the migration goes on where it stopped: it finds only entries with the old names.
"""

from itertools import islice

from django.db import migrations

COLLECTION, BATCH = "journal_entry", 1_000
TYPES = [
    "booking.cancelled", "waitlist.joined", "waitlist.offered", "waitlist.converted", "waitlist.expired",
    "waitlist.left",
]  # fmt: skip
RENAMED = {"data.turn": "data.seatTransaction", "data.joinedInTurn": "data.place"}


def rename(database, names):
    entries = database[COLLECTION]
    unchanged = {"type": {"$in": TYPES}, "$or": [{old: {"$exists": True}} for old in names]}
    ids = (entry["_id"] for entry in entries.find(unchanged, {"_id": 1}, batch_size=BATCH))
    while batch := list(islice(ids, BATCH)):
        entries.update_many({"_id": {"$in": batch}}, {"$rename": names})


def forwards(apps, schema_editor):
    rename(schema_editor.connection.database, RENAMED)


def backwards(apps, schema_editor):
    rename(schema_editor.connection.database, {new: old for old, new in RENAMED.items()})


class Migration(migrations.Migration):
    dependencies = [("bookings", "0008_event_with_waitlist"), ("journal", "0003_staff_cancellations")]
    operations = [migrations.RunPython(forwards, backwards)]
