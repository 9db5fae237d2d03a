"""The admin pages of events; importing them registers them."""

from events.admin import events, reports

__all__ = ["events", "reports"]
