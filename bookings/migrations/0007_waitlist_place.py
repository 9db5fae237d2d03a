"""``turn`` of a waitlist entry becomes ``place``.

The backend renames the field in every document but leaves the indexes of Meta on the old name, where they would hold
nothing. So they are dropped before and created after.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_staff_pages")]
    operations = [
        migrations.RemoveIndex("waitlistentry", "waitlist_line"),
        migrations.RemoveIndex("waitlistentry", "waitlist_by_size"),
        migrations.RenameField("waitlistentry", "turn", "place"),
        migrations.AddIndex("waitlistentry", models.Index(fields=["event", "status", "place"], name="waitlist_order")),
        migrations.AddIndex(
            "waitlistentry", models.Index(fields=["event", "status", "qty", "place"], name="waitlist_by_size")
        ),
    ]
