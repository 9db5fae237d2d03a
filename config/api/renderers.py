"""Media types besides JSON. Views stream them; these renderers render problems only, as JSON."""

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request


class CSVRenderer(JSONRenderer):
    media_type, format = "text/csv", "csv"


class CalendarRenderer(JSONRenderer):
    media_type, format = "text/calendar", "ics"


def wants_csv(request: Request) -> bool:
    """Tell whether the client asked for CSV."""
    return isinstance(request.accepted_renderer, CSVRenderer)
