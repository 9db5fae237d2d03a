"""Django's authentication by e-mail address and password."""

from django.contrib.auth.backends import AllowAllUsersModelBackend


class EmailBackend(AllowAllUsersModelBackend):
    """Accepts blocked users: accounts.sign_in refuses them with a reason, and so does the admin's login form."""
