"""The admin pages of bookings; importing them registers them."""

from bookings.admin import bookings, event_jobs, waitlist_entries

__all__ = ["bookings", "event_jobs", "waitlist_entries"]
