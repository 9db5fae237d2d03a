"""Formats besides JSON. Views stream them themselves; what reaches a renderer here is a problem, and stays JSON."""

from typing import Any

from rest_framework.renderers import JSONRenderer


class CSVRenderer(JSONRenderer):
    media_type, format = "text/csv", "csv"


class CalendarRenderer(JSONRenderer):
    media_type, format = "text/calendar", "ics"


def wants_csv(request: Any) -> bool:
    """Tell whether the client asked for CSV."""
    return isinstance(request.accepted_renderer, CSVRenderer)
