"""The admin pages of accounts; importing them registers them."""

from accounts.admin import users

__all__ = ["users"]
