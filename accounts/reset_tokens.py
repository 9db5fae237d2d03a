"""The token in a password reset mail: opaque, valid for PASSWORD_RESET_TIMEOUT seconds and for one change.

Nothing is stored. The signature covers the stored password and the address, so a change of either ends the token.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts.models import User

generator = PasswordResetTokenGenerator()


def may_reset(user: User) -> bool:
    """Tell whether a mail may reset the password: not of a blocked user, nor of one whose password staff turned off."""
    return user.is_active and user.has_usable_password()


def make_token(user: User) -> str:
    """Return a token for a user, of letters, digits, ``-`` and ``_``."""
    return urlsafe_base64_encode(f"{user.id}:{generator.make_token(user)}".encode())


def user_of_token(token: str) -> User | None:
    """Return the user of a token; None if it is invalid, expired or used, or its user may not reset."""
    try:
        user_id, _, signature = urlsafe_base64_decode(token).decode().partition(":")
    except ValueError:
        return None
    user = User.objects.filter(pk=user_id).first()
    if user is None or not may_reset(user) or not generator.check_token(user, signature):
        return None
    return user
