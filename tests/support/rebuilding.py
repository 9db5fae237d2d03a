"""manage.py rebuild_rollups, and wrong figures for it to find."""

from io import StringIO

from django.core.management import call_command

from analytics.models import DailySales


def run_rebuild(*options: str) -> tuple[int, str, str]:
    """Return the exit code of rebuild_rollups, its output and its errors."""
    out, err = StringIO(), StringIO()
    try:
        call_command("rebuild_rollups", *options, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def falsify(key: str, **added: object) -> None:
    """Add to the counters of a stored roll-up."""
    DailySales.documents.update_one({"_id": key}, {"$inc": added})
