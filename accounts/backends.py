"""Signing in with e-mail and password."""

from django.contrib.auth.backends import AllowAllUsersModelBackend


class EmailBackend(AllowAllUsersModelBackend):
    """Finds blocked users too: accounts.registration tells them so, and the admin's login form refuses them itself."""
