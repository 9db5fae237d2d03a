"""A user's own profile."""

from accounts.models import User
from config.core.errors import Unauthorized


class UserGone(Unauthorized):
    code = "account_gone"
    detail = "This account no longer exists."


def find_user(user_id: str) -> User:
    """Return a user.

    Raises:
        UserGone: deleted since the token was issued.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise UserGone
    return user


def rename(*, user_id: str, name: str) -> User:
    User.objects.filter(pk=user_id).update(name=name)
    return find_user(user_id)
