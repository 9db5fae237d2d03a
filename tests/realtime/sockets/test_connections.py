"""Checking the tokens of open connections."""

from accounts.access_tokens import verify
from accounts.models import User
from realtime.sockets.connections import Connection, find_ended
from realtime.sockets.feed import Feed
from tests.support.socketio_client import token


async def ignore(*_: object) -> None: ...


def connection(user: User, **changes: int) -> Connection:
    claims = verify(token(user))._replace(**changes)
    return Connection(claims, Feed(user.id, send=ignore), ignore, ignore)


def test_the_check_verifies_no_signature_again(organizer: User, customer: User):
    """Also when the tokens are no longer in the cache of verified signatures."""
    connections = [connection(organizer), connection(customer)]
    verify.cache_clear()

    assert find_ended(connections) == []

    assert verify.cache_info().misses == 0


def test_an_expired_token_ends_its_connection(organizer: User):
    expired = connection(organizer, expires_at=0)

    assert find_ended([expired]) == [(expired, "token_expired")]
