"""Which web pages may open sockets: the same rule for Socket.IO and plain WebSockets."""

import pytest

from realtime.sockets.origins import is_allowed_origin

pytestmark = pytest.mark.no_database
HOST = "tickets.example"


@pytest.fixture(autouse=True)
def _allowed_host(settings) -> None:
    settings.ALLOWED_HOSTS = [HOST]


@pytest.mark.parametrize("origin", ["", f"https://{HOST}", f"http://{HOST}"])
def test_own_pages_and_programs_are_allowed(origin: str):
    assert is_allowed_origin(origin=origin, host=HOST)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        f"https://{HOST}:8443",
        f"https://{HOST}.evil.example",
        f"https://evil@{HOST}",
        "http://[evil",
        HOST,
        "https://",
    ],
)
def test_pages_of_other_origins_are_refused(origin: str):
    assert not is_allowed_origin(origin=origin, host=HOST)


def test_a_host_outside_allowed_hosts_is_refused():
    """DNS rebinding gives a foreign page a name of this machine."""
    assert not is_allowed_origin(origin="http://evil.example", host="evil.example")


def test_own_pages_stay_allowed_beside_a_cors_origin(settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example"]

    assert is_allowed_origin(origin="https://shop.example", host=HOST)
    assert is_allowed_origin(origin=f"https://{HOST}", host=HOST)


def test_sockets_on_another_host_allow_pages_of_the_public_url(settings):
    settings.PUBLIC_URL = f"https://{HOST}"

    assert not is_allowed_origin(origin=f"https://{HOST}", host="live.example")
    settings.REALTIME_URL = "wss://live.example"
    assert is_allowed_origin(origin=f"https://{HOST}", host="live.example")
