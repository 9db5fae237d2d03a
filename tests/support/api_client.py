"""Clients of the API, as anyone or signed in."""

import json
from typing import Any

from rest_framework.test import APIClient

from accounts.access_tokens import issue_access_token
from accounts.actors import Actor
from accounts.models import User


class Client(APIClient):
    """Encodes bodies as a browser does, so that any text can be sent, lone surrogates too; CSRF checks are on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **options)

    def _encode_data(self, data: Any, format: str | None = None, content_type: str | None = None) -> tuple[bytes, str]:  # noqa: A002 - DRF's name
        return (b"", "") if data is None else (json.dumps(data).encode(), "application/json")


def client_of(user: User | Actor) -> APIClient:
    """Return an API client that is signed in as this user."""
    actor = user.as_actor() if isinstance(user, User) else user
    client = Client(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_access_token(actor)}")
    return client
