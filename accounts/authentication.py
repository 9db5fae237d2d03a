"""``Authorization: Bearer <token>`` in the REST API: from a request to its user."""

from typing import cast

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.access_tokens import TokenRefused, read_token
from accounts.actors import Actor, AnonymousActor


class BearerAuthentication(BaseAuthentication):
    """Without a header the request is anonymous; with an invalid token it is a 401, also where no token is needed."""

    def authenticate(self, request: Request) -> tuple[Actor, str] | None:
        header = get_authorization_header(request).split()
        if not header:
            return None
        if len(header) != 2 or header[0].lower() != b"bearer":
            raise AuthenticationFailed("Send the header as `Authorization: Bearer <token>`.")
        try:
            token = header[1].decode("ascii")
            actor = read_token(token)
        except (UnicodeDecodeError, TokenRefused):
            raise AuthenticationFailed("The access token is invalid or expired: refresh it or sign in again.") from None
        request._request.actor_id = actor.id  # type: ignore[attr-defined]  # for the access log
        return actor, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def actor_of_request(request: Request) -> Actor | AnonymousActor:
    """Return the user of a request that needs no token."""
    return cast("Actor | AnonymousActor", request.user)


def signed_in(request: Request) -> Actor:
    """Return the user of a request whose view admits nobody without a token."""
    return cast("Actor", request.user)
