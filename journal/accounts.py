"""Names of actors. The journal may not import the app of accounts, which appends entries to it."""

from collections.abc import Iterable
from typing import Protocol, cast

from django.contrib.auth import get_user_model


class Account(Protocol):
    name: str
    email: str


def accounts_of(actors: Iterable[str]) -> dict[str, Account]:
    """Return accounts by actor, in one query; actors without an account, such as the worker, are left out."""
    fields = ("pk", "name", "email")
    found = get_user_model()._default_manager.only(*fields).in_bulk({actor for actor in actors if actor})
    return cast("dict[str, Account]", found)
