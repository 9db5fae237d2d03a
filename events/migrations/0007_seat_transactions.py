"""``turns`` becomes ``seat_transactions``. MongoDB renames it in every event, in place; no index holds it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0006_newest_reports")]
    operations = [migrations.RenameField("event", "turns", "seat_transactions")]
