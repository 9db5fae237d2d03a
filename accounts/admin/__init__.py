"""The admin pages of accounts; importing them registers them."""

from accounts.admin import groups, users

__all__ = ["groups", "users"]
