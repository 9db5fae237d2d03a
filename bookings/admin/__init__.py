"""The admin pages of bookings; importing them registers them."""

from bookings.admin import bookings

__all__ = ["bookings"]
