"""Looking after open connections: cheap, however many there are."""

from accounts.authentication import verify
from accounts.models import User
from realtime.sockets.connections import Connection, refused
from realtime.sockets.feed import Feed
from tests.support.socketio_client import token


async def nobody(*_: object) -> None: ...


def connection(user: User, **changes: int) -> Connection:
    claims = verify(token(user))._replace(**changes)
    return Connection(claims, Feed(user.id, send=nobody), nobody, nobody)


def test_no_signature_is_checked_again(organizer: User, customer: User):
    """The cache of signatures may be full of others."""
    connections = [connection(organizer), connection(customer)]
    verify.cache_clear()

    assert refused(connections) == []

    assert verify.cache_info().misses == 0


def test_an_expired_one_is_told_so(organizer: User):
    expired = connection(organizer, expires_at=0)

    assert refused([expired]) == [(expired, "token_expired")]
