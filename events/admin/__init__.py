"""The admin pages of events; importing them registers them."""

from events.admin import events

__all__ = ["events"]
